package io.deeplog.jobs.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.UserException;
import io.deeplog.jobs.generate.ValueLogs;
import io.deeplog.log.LogReader;
import io.deeplog.sequence.SessionKey;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Files;
import io.deeplog.template.Template;
import io.deeplog.template.TemplateParser;
import io.deeplog.template.TemplateParserModel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Sessions whose abnormal values are known.
 *
 * @param train sessions to learn from
 * @param test sessions to judge, their entries with what comes before
 * @param events by a line's source, a colon and its offset: the event that it is part of, "" for a
 *     line that is not judged
 * @param kinds whether events have kinds, told by their names up to the last dash
 * @param known templates of the training
 * @param all templates of both
 */
public record ValueData(
    Dataset<Row> train,
    Dataset<Row> test,
    Map<String, String> events,
    boolean kinds,
    List<Template> known,
    List<Template> all) {
  private static final StructType POINT =
      new StructType()
          .add("session", DataTypes.createArrayType(DataTypes.StringType))
          .add("ts", DataTypes.TimestampType)
          .add("source", DataTypes.StringType)
          .add("offset", DataTypes.LongType)
          .add("template_id", DataTypes.StringType)
          .add("params", DataTypes.createArrayType(DataTypes.StringType));

  /**
   * A generated log with wrong values, and one without to learn from.
   *
   * @param directory where the logs are written
   * @param lines of each
   */
  public static ValueData generated(SparkSession spark, Path directory, ValueLogs logs, int lines) {
    Files files = Files.of(spark);
    Path train = new Path(directory, "train.log");
    Path test = new Path(directory, "test.log");
    Map<Long, String> labels;
    try (OutputStream first = files.create(train);
        OutputStream second = files.create(test)) {
      logs.write(first, lines, 0);
      labels = logs.write(second, lines, lines / 200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> events = new HashMap<>();
    labels.forEach((offset, event) -> events.put(test + ":" + offset, event));
    LogReader reader = new LogReader(spark).format(ValueLogs.LAYOUT);
    Dataset<Row> trainEntries =
        LogReader.entries(reader.open(List.of(train.toString())).lines()).persist();
    TemplateParserModel parser = new TemplateParser().fit(trainEntries);
    SessionKey key = SessionKey.byPattern(logs.session());
    Dataset<Row> testEntries = LogReader.entries(reader.open(List.of(test.toString())).lines());
    TemplateParserModel testParser =
        new TemplateParser().setKnownTemplates(parser.templates()).fit(testEntries);
    return new ValueData(
        Sessions.collect(Sessions.assign(parser.transform(trainEntries), key)),
        Sessions.collect(Sessions.assign(testParser.transform(testEntries), key)),
        events,
        true,
        parser.templates(),
        testParser.templates());
  }

  /**
   * Series of which each point is taken for a log line.
   *
   * @param names of CSV files with the columns timestamp and value
   * @param windowsFile abnormal windows, [begin, end], by directory and name of the file
   * @param trainShare the first part of a series, which is learned from and not judged
   * @throws UserException when a file is not as said
   */
  public static ValueData series(
      SparkSession spark, List<String> names, String windowsFile, double trainShare) {
    Files files = Files.of(spark);
    JsonNode windows = files.readJson(files.qualified(windowsFile));
    List<Row> train = new ArrayList<>();
    List<Row> test = new ArrayList<>();
    Map<String, String> events = new HashMap<>();
    for (String name : names) {
      Path file = files.qualified(name);
      String key = file.getParent().getName() + "/" + file.getName();
      if (!windows.has(key)) {
        throw UserException.input(windowsFile + " has no windows of " + key);
      }
      String[] lines = files.readText(file).lines().toArray(String[]::new);
      int learned = (int) ((lines.length - 1) * trainShare);
      for (int i = 1; i < lines.length; i++) {
        String[] parts = lines[i].split(",", -1);
        if (parts.length != 2) {
          throw UserException.input(
              file + " line " + (i + 1) + " is not timestamp,value: '" + lines[i] + "'");
        }
        Instant time = instant(parts[0], file);
        Row row =
            RowFactory.create(
                new String[] {key}, time, key, (long) i, key, new String[] {parts[1]});
        if (i <= learned) {
          train.add(row);
          events.put(key + ":" + i, "");
        } else {
          String event = window(windows.path(key), time, file);
          if (event != null) {
            events.put(key + ":" + i, key + "-" + event);
          }
        }
        test.add(row);
      }
    }
    return new ValueData(
        Sessions.collect(spark.createDataFrame(train, POINT)),
        Sessions.collect(spark.createDataFrame(test, POINT)),
        events,
        false,
        List.of(),
        List.of());
  }

  private static String window(JsonNode windows, Instant time, Path file) {
    for (int w = 0; w < windows.size(); w++) {
      if (!time.isBefore(instant(windows.path(w).path(0).asText(), file))
          && !time.isAfter(instant(windows.path(w).path(1).asText(), file))) {
        return String.valueOf(w);
      }
    }
    return null;
  }

  private static Instant instant(String text, Path file) {
    try {
      return LocalDateTime.parse(text.trim().replace(' ', 'T'), DateTimeFormatter.ISO_DATE_TIME)
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw UserException.input("bad time '" + text + "' of " + file, e);
    }
  }
}
