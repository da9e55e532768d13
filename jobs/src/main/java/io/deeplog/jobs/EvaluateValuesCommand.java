package io.deeplog.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.udf;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.UserException;
import io.deeplog.detect.TailThreshold;
import io.deeplog.detect.value.ValueDetector;
import io.deeplog.detect.value.ValueDetectorModel;
import io.deeplog.evaluate.ValueRules;
import io.deeplog.evaluate.ValueScore;
import io.deeplog.jobs.generate.ValueLogs;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.ValueOptions;
import io.deeplog.log.LogReader;
import io.deeplog.sequence.SessionKey;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import io.deeplog.template.Template;
import io.deeplog.template.TemplateParser;
import io.deeplog.template.TemplateParserModel;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Compares the value models with simple rules, where the abnormal values are known. */
public final class EvaluateValuesCommand implements Command {
  private static final StructType POINT =
      new StructType()
          .add("session", DataTypes.createArrayType(DataTypes.StringType))
          .add("ts", DataTypes.TimestampType)
          .add("source", DataTypes.StringType)
          .add("offset", DataTypes.LongType)
          .add("template_id", DataTypes.StringType)
          .add("params", DataTypes.createArrayType(DataTypes.StringType));

  /** False alarms per 1,000 lines at which the detectors are compared. */
  private static final double[] EQUAL = {1, 5, 10};

  private static final List<String> DETECTORS = List.of("value", "value-gaussian", "sigma", "mad");

  /** Bounds of the detectors but the first; of the Gaussian the paper's 99.9 %. */
  private static final Map<String, Double> CUSTOMARY =
      Map.of(
          "value-gaussian", 3.29,
          "sigma", ValueRules.SIGMA_THRESHOLD,
          "mad", ValueRules.MAD_THRESHOLD);

  private final ValueOptions options = new ValueOptions();

  @Override
  public String name() {
    return "evaluate-values";
  }

  @Override
  public String summary() {
    return "compares the value models with simple rules on known wrong values";
  }

  @Override
  public String description() {
    return """
        Reads:  series (CSV: timestamp, value) whose abnormal windows are known, each point taken
                for a log line; or, without --series, nothing: it generates logs with wrong values.
        Writes: OUTPUT/values.md and OUTPUT/values.json: events found and false alarms per 1,000
                lines of the value models, of the same with Gaussian bounds, of three standard
                deviations and of median absolute deviations, at their own thresholds and at equal
                false alarms.

          deeplog evaluate-values --output out/values
          deeplog evaluate-values --series nab/realAWSCloudwatch/*.csv \\
              --windows nab/labels/combined_windows.json --output out/nab
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(options);
  }

  /**
   * What is compared on.
   *
   * @param train sessions to learn from
   * @param test sessions to judge, their entries with what comes before
   * @param events by source and offset of a line, "" for a line that is not judged
   */
  private record Data(
      Dataset<Row> train,
      Dataset<Row> test,
      Map<String, String> events,
      List<Template> known,
      List<Template> all) {}

  @Override
  public void run(boolean dryRun, PrintStream out) {
    SparkSession spark = Spark.session("deeplog evaluate-values");
    Files files = Files.of(spark);
    Path directory = files.qualified(options.output);
    if (dryRun) {
      out.println(
          "would compare on "
              + (options.series.length == 0
                  ? "two generated logs of " + options.lines + " lines"
                  : options.series.length + " series")
              + " and write values.md and values.json to "
              + directory);
      return;
    }
    Data data = options.series.length == 0 ? generated(spark, directory) : series(spark);
    ValueDetectorModel model =
        new ValueDetector()
            .setSeed(options.seed)
            .setNetworks(!options.noNetworks)
            .setFalseAlarms(options.falseAlarms)
            .setTemplates(
                data.known.stream().collect(Collectors.toMap(Template::id, Template::text)))
            .fit(data.train)
            .setTemplates(data.all);
    Dataset<Row> trained = entries(model, data.train).persist();
    ValueRules rules = rules(trained);
    Map<Double, Long> training = new HashMap<>();
    scored(trained, rules, Map.of())
        .groupBy("value")
        .count()
        .collectAsList()
        .forEach(row -> training.put(row.getDouble(0), row.getLong(1)));
    // As the detector's own: not below the surprise of the rate, however tame the training is.
    double threshold =
        Math.max(TailThreshold.of(training, options.falseAlarms), -Math.log(options.falseAlarms));
    trained.unpersist();
    Dataset<Row> judged =
        scored(entries(model, data.test), rules, data.events)
            .filter("event is null or event <> ''")
            .persist();
    List<ValueScore> own = new ArrayList<>();
    Map<Double, List<ValueScore>> equal = new TreeMap<>();
    Map<String, Map<String, ValueScore>> kinds = new LinkedHashMap<>();
    for (String detector : DETECTORS) {
      Map<Double, Long> normals = new HashMap<>();
      judged
          .filter("event is null")
          .groupBy(detector(detector))
          .count()
          .collectAsList()
          .forEach(row -> normals.put(row.getDouble(0), row.getLong(1)));
      Map<String, Double> events = new TreeMap<>();
      judged
          .filter("event is not null")
          .groupBy("event")
          .agg(org.apache.spark.sql.functions.max(detector(detector)))
          .collectAsList()
          .forEach(row -> events.put(row.getString(0), row.getDouble(1)));
      double bound = CUSTOMARY.getOrDefault(detector, threshold);
      own.add(ValueScore.at(detector, bound, normals, events.values()));
      for (double rate : EQUAL) {
        equal
            .computeIfAbsent(rate, r -> new ArrayList<>())
            .add(ValueScore.equalFalseAlarms(detector, rate, normals, events.values()));
      }
      if (options.series.length == 0) {
        Map<String, List<Double>> byKind = new TreeMap<>();
        events.forEach(
            (event, score) ->
                byKind
                    .computeIfAbsent(event.replaceAll("-\\d+$", ""), k -> new ArrayList<>())
                    .add(score));
        Map<String, ValueScore> scores = new LinkedHashMap<>();
        byKind.forEach((k, s) -> scores.put(k, ValueScore.at(detector, bound, normals, s)));
        kinds.put(detector, scores);
      }
    }
    judged.unpersist();
    String page = markdown(own, equal, kinds);
    out.print(page);
    files.writeText(new Path(directory, "values.md"), page);
    files.writeJson(new Path(directory, "values.json"), json(own, equal, kinds, model));
  }

  private static String detector(String name) {
    return name.replace('-', '_');
  }

  // ---- data

  private Data generated(SparkSession spark, Path directory) {
    Files files = Files.of(spark);
    ValueLogs logs = new ValueLogs(options.seed);
    Path train = new Path(directory, "train.log");
    Path test = new Path(directory, "test.log");
    Map<Long, String> labels;
    try (OutputStream first = files.create(train);
        OutputStream second = files.create(test)) {
      logs.write(first, options.lines, 0);
      labels = logs.write(second, options.lines, options.lines / 200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> events = new HashMap<>();
    labels.forEach((offset, event) -> events.put(String.valueOf(offset), event));
    LogReader reader = new LogReader(spark).format(ValueLogs.LAYOUT);
    Dataset<Row> trainEntries =
        LogReader.entries(reader.open(List.of(train.toString())).lines()).persist();
    TemplateParserModel parser = new TemplateParser().fit(trainEntries);
    SessionKey key = SessionKey.byPattern(ValueLogs.SESSION);
    Dataset<Row> testEntries = LogReader.entries(reader.open(List.of(test.toString())).lines());
    TemplateParserModel testParser =
        new TemplateParser().setKnownTemplates(parser.templates()).fit(testEntries);
    return new Data(
        Sessions.collect(Sessions.assign(parser.transform(trainEntries), key)),
        Sessions.collect(Sessions.assign(testParser.transform(testEntries), key)),
        events,
        parser.templates(),
        testParser.templates());
  }

  private Data series(SparkSession spark) {
    Files files = Files.of(spark);
    JsonNode windows = files.readJson(files.qualified(options.windows));
    List<Row> train = new ArrayList<>();
    List<Row> test = new ArrayList<>();
    Map<String, String> events = new HashMap<>();
    for (String name : options.series) {
      Path file = files.qualified(name);
      String key = file.getParent().getName() + "/" + file.getName();
      if (!windows.has(key)) {
        throw UserException.input(options.windows + " has no windows of " + key);
      }
      String[] lines = files.readText(file).lines().toArray(String[]::new);
      int learned = (int) ((lines.length - 1) * options.trainShare);
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
          events.put(key + i, "");
        } else {
          String event = window(windows.path(key), time, file);
          if (event != null) {
            events.put(key + i, key + "-" + event);
          }
        }
        test.add(row);
      }
    }
    return new Data(
        Sessions.collect(spark.createDataFrame(train, POINT)),
        Sessions.collect(spark.createDataFrame(test, POINT)),
        events,
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

  // ---- scores

  /** A row an entry: {@code id, template_id, gap, params, surprise, gaussian}. */
  private Dataset<Row> entries(ValueDetectorModel model, Dataset<Row> sessions) {
    return model
        .entries(sessions)
        .select(expr("explode(arrays_zip(entries, values)) as e"))
        .select(
            (options.series.length == 0
                    ? col("e.entries.offset").cast("string")
                    : org.apache.spark.sql.functions.concat(
                        col("e.entries.source"), col("e.entries.offset")))
                .as("id"),
            col("e.values.template_id").as("template_id"),
            col("e.values.gap").as("gap"),
            col("e.entries.params").as("params"),
            col("e.values.surprise").as("surprise"),
            col("e.values.gaussian").as("gaussian"));
  }

  private static ValueRules rules(Dataset<Row> trained) {
    ValueRules rules = new ValueRules();
    trained
        .withColumn(
            "numbers",
            udf(new Numbers(), DataTypes.createArrayType(DataTypes.DoubleType))
                .apply(col("gap"), col("params")))
        .select(
            col("template_id"),
            org.apache
                .spark
                .sql
                .functions
                .posexplode(col("numbers"))
                .as(new String[] {"column", "number"}))
        .filter("not isnan(number)")
        .groupBy("template_id", "column")
        .agg(expr("slice(collect_list(number), 1, 100000)").as("numbers"))
        .collectAsList()
        .forEach(
            row ->
                rules.learn(
                    row.getString(0),
                    row.getInt(1),
                    row.<Double>getList(2).stream().mapToDouble(Double::doubleValue).toArray()));
    return rules;
  }

  private static final class Numbers implements UDF2<Double, Seq<String>, double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public double[] call(Double gap, Seq<String> params) {
      return ValueRules.numbers(gap, JavaConverters.seqAsJavaList(params));
    }
  }

  private static Dataset<Row> scored(
      Dataset<Row> entries, ValueRules rules, Map<String, String> events) {
    SparkSession spark = entries.sparkSession();
    Broadcast<ValueRules> broadcastRules = Spark.broadcast(spark, rules);
    Broadcast<Map<String, String>> broadcastEvents = Spark.broadcast(spark, events);
    StructType type = new StructType().add("event", DataTypes.StringType);
    for (String detector : DETECTORS) {
      type = type.add(detector(detector), DataTypes.DoubleType);
    }
    UDF3<Row, Double, Double, Row> score = new Scoring(broadcastRules, broadcastEvents);
    return entries
        .select(
            udf(score, type)
                .apply(
                    org.apache.spark.sql.functions.struct("id", "template_id", "gap", "params"),
                    col("surprise"),
                    col("gaussian"))
                .as("s"))
        .select("s.*");
  }

  /** Scores of all detectors, rounded so that few differ. */
  private record Scoring(Broadcast<ValueRules> rules, Broadcast<Map<String, String>> events)
      implements UDF3<Row, Double, Double, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Row call(Row entry, Double surprise, Double gaussian) {
      double[] numbers = ValueRules.numbers(entry.getDouble(2), entry.getList(3));
      return RowFactory.create(
          events.value().get(entry.getString(0)),
          rounded(surprise),
          rounded(gaussian),
          rounded(rules.value().sigmas(entry.getString(1), numbers)),
          rounded(rules.value().deviations(entry.getString(1), numbers)));
    }

    private static double rounded(double score) {
      return score == 0
          ? 0
          : new java.math.BigDecimal(score).round(new java.math.MathContext(3)).doubleValue();
    }
  }

  // ---- results

  private String markdown(
      List<ValueScore> own,
      Map<Double, List<ValueScore>> equal,
      Map<String, Map<String, ValueScore>> kinds) {
    StringBuilder text = new StringBuilder("# Values\n\n");
    text.append("At their own thresholds:\n\n");
    table(text, own);
    equal.forEach(
        (rate, scores) -> {
          text.append(
              String.format(
                  Locale.ROOT,
                  "%nAt equal false alarms, %.0f per 1,000 lines at most (thresholds by the"
                      + " labels):%n%n",
                  rate));
          table(text, scores);
        });
    if (!kinds.isEmpty()) {
      text.append("\nFound by kind, at their own thresholds:\n\n| detector |");
      kinds
          .values()
          .iterator()
          .next()
          .keySet()
          .forEach(k -> text.append(' ').append(k).append(" |"));
      text.append("\n|---|").append("---|".repeat(kinds.values().iterator().next().size()));
      kinds.forEach(
          (detector, scores) -> {
            text.append("\n| ").append(detector).append(" |");
            scores
                .values()
                .forEach(
                    s ->
                        text.append(' ')
                            .append(s.found())
                            .append(" of ")
                            .append(s.events())
                            .append(" |"));
          });
      text.append('\n');
    }
    return text.toString();
  }

  private static void table(StringBuilder text, List<ValueScore> scores) {
    text.append("| detector | threshold | events found | recall | false alarms per 1,000 |\n");
    text.append("|---|---|---|---|---|\n");
    for (ValueScore s : scores) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.3g | %d of %d | %.3f | %.2f |%n",
              s.detector(),
              s.threshold(),
              s.found(),
              s.events(),
              s.recall(),
              s.falseAlarmsPerThousand()));
    }
  }

  private Map<String, Object> json(
      List<ValueScore> own,
      Map<Double, List<ValueScore>> equal,
      Map<String, Map<String, ValueScore>> kinds,
      ValueDetectorModel model) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("detectors", own.stream().map(EvaluateValuesCommand::figures).toList());
    Map<String, Object> equals = new LinkedHashMap<>();
    equal.forEach(
        (rate, scores) ->
            equals.put(
                String.format(Locale.ROOT, "%.0f", rate),
                scores.stream().map(EvaluateValuesCommand::figures).toList()));
    json.put("at_equal_false_alarms_per_1000", equals);
    Map<String, Object> byKind = new LinkedHashMap<>();
    kinds.forEach(
        (detector, scores) -> {
          Map<String, Object> recall = new LinkedHashMap<>();
          scores.forEach((k, s) -> recall.put(k, s.recall()));
          byKind.put(detector, recall);
        });
    json.put("recall_per_kind", byKind);
    json.put("model", model.metrics());
    return json;
  }

  private static Map<String, Object> figures(ValueScore score) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("detector", score.detector());
    figures.put("threshold", score.threshold());
    figures.put("events", score.events());
    figures.put("found", score.found());
    figures.put("recall", score.recall());
    figures.put("normal_lines", score.normals());
    figures.put("false_alarms", score.falseAlarms());
    figures.put("false_alarms_per_1000", score.falseAlarmsPerThousand());
    return figures;
  }
}
