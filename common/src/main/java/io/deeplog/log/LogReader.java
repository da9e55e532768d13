package io.deeplog.log;

import io.deeplog.UserException;
import io.deeplog.spark.Files;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.spark.api.java.JavaNewHadoopRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Reads raw logs: text, .gz or .bz2, files, directories and globs on any Hadoop file system.
 *
 * <pre>{@code
 * Dataset<Row> logs = new LogReader(spark).format("hdfs").load("/var/log/hdfs");
 * }</pre>
 */
public final class LogReader {
  /** Chooses the preset that reads most lines of the input's head. */
  public static final String AUTO = "auto";

  /** Lines of the input's head that a format is chosen by. */
  private static final int SAMPLE_LINES = 1000;

  private static final int SAMPLE_FILES = 10;
  private static final int SAMPLE_LINE_BYTES = 1 << 16;
  private static final long LARGEST_SPLIT = 128L << 20;
  private static final long SMALLEST_SPLIT = 1L << 20;

  private final SparkSession spark;
  private final Files files;
  private String format = AUTO;
  private String timestamp;
  private Integer year;

  /** A reader on a session. */
  public LogReader(SparkSession spark) {
    this.spark = spark;
    this.files = Files.of(spark);
  }

  /**
   * Sets a preset's name, a layout such as {@code <Date> <Time> <Level>: <Content>}, or {@link
   * #AUTO}, the default.
   */
  public LogReader format(String nameOrLayout) {
    this.format = nameOrLayout;
    return this;
  }

  /** Sets the pattern of the time; null chooses it by the input. */
  public LogReader timestamp(String pattern) {
    this.timestamp = pattern;
    return this;
  }

  /** Sets the year in which files without a year start; null takes the files' dates. */
  public LogReader year(Integer firstYear) {
    this.year = firstYear;
    return this;
  }

  /**
   * The entries of some paths, lazily: {@code source, offset, ts, level, component, host, pid,
   * fields, content}. Lines that do not fit the format are not among them; see {@link #open}.
   *
   * @throws UserException when a path or the format is wrong
   */
  public Dataset<Row> load(String... paths) {
    return open(List.of(paths)).entries();
  }

  /**
   * Finds the files of some paths and settles the format on a sample of them; reads nothing else.
   *
   * @throws UserException when a path or the format is wrong
   */
  public Input open(List<String> paths) {
    List<FileStatus> found = new ArrayList<>();
    paths.forEach(path -> found.addAll(files.inputs(path)));
    if (found.isEmpty()) {
      throw UserException.input("no files in " + String.join(", ", paths));
    }
    List<FileStatus> distinct =
        new ArrayList<>(
            found.stream()
                .collect(Collectors.toMap(FileStatus::getPath, f -> f, (a, b) -> a, HashMap::new))
                .values());
    distinct.sort(null);
    List<String> sample = new ArrayList<>();
    for (FileStatus file : distinct.subList(0, Math.min(SAMPLE_FILES, distinct.size()))) {
      sample.addAll(head(file.getPath(), SAMPLE_LINES / SAMPLE_FILES));
    }
    LogFormats formats = LogFormats.load();
    String name = format.equalsIgnoreCase(AUTO) ? nearest(formats, sample, paths) : format;
    LogFormat resolved = formats.resolve(name, timestamp, sample);
    return new Input(distinct, resolved, sample);
  }

  private static String nearest(LogFormats formats, List<String> sample, List<String> paths) {
    String nearest = formats.nearest(sample);
    if (nearest == null) {
      throw UserException.input(
          "no preset reads "
              + String.join(", ", paths)
              + (sample.isEmpty() ? ", which is empty" : ", which starts '" + sample.get(0) + "'")
              + " (describe the header with --format '<Date> <Time> <Level>: <Content>')");
    }
    return nearest;
  }

  private List<String> head(Path file, int lines) {
    List<String> result = new ArrayList<>();
    LineDecoder decoder = new LineDecoder();
    CompressionCodec codec = new CompressionCodecFactory(files.configuration()).getCodec(file);
    try (InputStream raw = files.open(file);
        InputStream in =
            new BufferedInputStream(codec == null ? raw : codec.createInputStream(raw))) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int b;
      while (result.size() < lines && (b = in.read()) >= 0) {
        if (b == '\n') {
          result.add(decoder.decode(line.toByteArray(), line.size()));
          line.reset();
        } else if (line.size() < SAMPLE_LINE_BYTES) {
          line.write(b);
        }
      }
      if (result.size() < lines && line.size() > 0) {
        result.add(decoder.decode(line.toByteArray(), line.size()));
      }
    } catch (IOException e) {
      throw UserException.input("cannot read " + file + ": " + e.getMessage(), e);
    }
    return result;
  }

  /** Files found and a format settled. */
  public final class Input {
    private final List<FileStatus> inputs;
    private final LogFormat resolved;
    private final List<String> sample;

    private Input(List<FileStatus> inputs, LogFormat resolved, List<String> sample) {
      this.inputs = inputs;
      this.resolved = resolved;
      this.sample = sample;
    }

    /** Number of files. */
    public int fileCount() {
      return inputs.size();
    }

    /** Bytes of all files as stored. */
    public long bytes() {
      return inputs.stream().mapToLong(FileStatus::getLen).sum();
    }

    /** The format the lines are read with. */
    public LogFormat format() {
      return resolved;
    }

    /** Lines from the heads of the first files. */
    public List<String> sample() {
      return sample;
    }

    /** The sample's lines that the format rejects, in order. */
    public List<String> rejectedSample() {
      LogFormat.Entry entry = new LogFormat.Entry();
      Timestamps.YearRule rule = resolved.yearRule(2000, null);
      return sample.stream()
          .filter(
              line -> {
                resolved.read(line, rule, entry, (name, value) -> {});
                return entry.reject != null;
              })
          .toList();
    }

    /** Every line, lazily, accepted or rejected. */
    public Dataset<RawLine> lines() {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      Configuration configuration = new Configuration(files.configuration());
      // A lone carriage return is part of a line; CR LF is mended by the decoder.
      configuration.set("textinputformat.record.delimiter", "\n");
      long wanted = bytes() / (2L * context.defaultParallelism()) + 1;
      configuration.setLong(
          FileInputFormat.SPLIT_MAXSIZE, Math.min(LARGEST_SPLIT, Math.max(SMALLEST_SPLIT, wanted)));
      configuration.set(
          FileInputFormat.INPUT_DIR,
          inputs.stream()
              .map(
                  file ->
                      org.apache.hadoop.util.StringUtils.escapeString(file.getPath().toString()))
              .collect(Collectors.joining(",")));
      JavaNewHadoopRDD<LongWritable, Text> hadoop =
          (JavaNewHadoopRDD<LongWritable, Text>)
              context.newAPIHadoopRDD(
                  configuration, LogInputFormat.class, LongWritable.class, Text.class);
      JavaRDD<RawLine> lines =
          hadoop.mapPartitionsWithInputSplit(new LineParser(resolved, yearRules()), true);
      // Thousands of small files must not become thousands of tasks.
      int tasks = (int) Math.max(4L * context.defaultParallelism(), bytes() / SMALLEST_SPLIT + 1);
      if (lines.getNumPartitions() > tasks) {
        lines = lines.coalesce(tasks);
      }
      return spark.createDataset(lines.rdd(), RawLine.ENCODER);
    }

    /** The accepted lines, lazily. */
    public Dataset<Row> entries() {
      return LogReader.entries(lines());
    }

    private Map<String, Timestamps.YearRule> yearRules() {
      Map<String, Timestamps.YearRule> rules = new HashMap<>();
      if (resolved.needsYear()) {
        for (FileStatus file : inputs) {
          rules.put(
              file.getPath().toString(),
              year == null
                  ? Timestamps.YearRule.endingAt(
                      java.time.Instant.ofEpochMilli(file.getModificationTime()))
                  : resolved.yearRule(year, firstTimed(file.getPath())));
        }
      }
      return rules;
    }

    private String firstTimed(Path file) {
      return head(file, SAMPLE_LINES / SAMPLE_FILES).stream()
          .filter(line -> resolved.timeText(line) != null)
          .findFirst()
          .orElse(null);
    }
  }

  /** Of all lines, those that fit the format. */
  public static Dataset<Row> entries(Dataset<RawLine> lines) {
    return lines
        .filter(functions.col("reason").isNull())
        .select(
            functions.col("source"),
            functions.col("offset"),
            functions.expr("timestamp_micros(micros)").as("ts"),
            functions.col("level"),
            functions.col("component"),
            functions.col("host"),
            functions.col("pid"),
            functions.col("fields"),
            functions.col("content"));
  }

  /** Of all lines, those that do not fit: {@code source, offset, line, reason}. */
  public static Dataset<Row> rejects(Dataset<RawLine> lines) {
    return lines
        .filter(functions.col("reason").isNotNull())
        .select("source", "offset", "line", "reason");
  }
}
