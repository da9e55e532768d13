package io.deeplog.log;

import io.deeplog.UserException;
import io.deeplog.log.FormatSpec.Join;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.spark.api.java.JavaNewHadoopRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Reads raw logs: text, .gz, .bz2 or .zst, files, directories and globs on any Hadoop file system.
 *
 * <pre>{@code
 * Dataset<Row> logs = new LogReader(spark).format("hdfs").load("/var/log/hdfs");
 * }</pre>
 */
public final class LogReader {
  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);

  /** Chooses, for each file, the preset that reads most of its head. */
  public static final String AUTO = "auto";

  /** A longer line is a reject, of which the head is kept. */
  static final int MAX_LINE_BYTES = 32 << 20;

  /** Bytes kept of such a line. */
  static final int KEPT_OF_LONG_LINES = 1 << 16;

  /** Lines, and bytes, of a file's head that its format is chosen by. */
  private static final int SAMPLE_LINES = 500;

  private static final int SAMPLE_BYTES = 4 << 20;

  /** Of more files, each is sampled by fewer lines. */
  private static final int MANY_FILES = 50;

  private static final int SAMPLE_LINES_OF_MANY = 100;

  /** Files whose samples are kept, to tell what does not fit. */
  private static final int KEPT_SAMPLES = 10;

  /** Files without a format of their own that are told by name. */
  private static final int MOST_UNREAD = 10;

  /** Bytes before a split that tell whether a message in parts is open at its start. */
  private static final int LOOK_BACK = 256 << 10;

  private static final long LARGEST_SPLIT = 128L << 20;
  private static final long SMALLEST_SPLIT = 1L << 20;

  private final SparkSession spark;
  private final Files files;
  private final LogFormats formats = LogFormats.load();
  private String format = AUTO;
  private String timestamp;
  private Integer year;

  /** A reader on a session. */
  public LogReader(SparkSession spark) {
    this.spark = spark;
    this.files = Files.of(spark);
  }

  /**
   * Sets a preset's name, several with commas between, a layout such as {@code <Date> <Time>
   * <Level>: <Content>}, or {@link #AUTO}, the default.
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
   * Sets names of the message and the time in JSON objects and tables, and which lines belong to
   * the entry before: {@code none}, {@code stack-trace} or {@code all}. Null leaves each to the
   * format.
   *
   * @throws UserException when there is no such rule
   */
  public LogReader fields(String message, String time, String multiline) {
    formats.with(message, time, multiline);
    return this;
  }

  /**
   * Adds formats of a file that is laid out like {@code conf/formats.yaml}; null adds none.
   *
   * @throws UserException when it is missing or wrong
   */
  public LogReader formats(String file) {
    if (file != null) {
      Path path = files.qualified(file);
      if (!files.exists(path)) {
        throw UserException.input("no file of formats " + file + " (check --formats)");
      }
      formats.withOwn(files.readText(path), file);
    }
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
   * Finds the files of some paths and settles the format of each on its head; reads nothing else.
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
    boolean choose = format.equalsIgnoreCase(AUTO) || formats.isChoice(format);
    int lines = distinct.size() > MANY_FILES ? SAMPLE_LINES_OF_MANY : SAMPLE_LINES;
    // Most of the time goes into opening files.
    List<Head> heads = distinct.parallelStream().map(file -> head(file, lines, choose)).toList();
    List<String> sample = new ArrayList<>();
    heads.subList(0, Math.min(KEPT_SAMPLES, heads.size())).forEach(h -> sample.addAll(h.lines));
    LogFormats.Choice common = common(heads);
    if (common == null && choose) {
      throw noPreset(sample, paths);
    }
    LogFormat fallback =
        common == null ? formats.resolve(format, timestamp, List.of()) : common.format();
    Map<String, LogFormat> shared = new HashMap<>();
    Input input =
        new Input(
            heads.stream()
                .map(
                    head -> {
                      LogFormat own = head.choice == null ? fallback : head.choice.format();
                      return new InputFile(
                          head.file,
                          shared.computeIfAbsent(own.key(), key -> own),
                          head.lines.isEmpty()
                              ? Double.NaN
                              : head.choice == null ? 0 : head.choice.share(),
                          head.first);
                    })
                .toList(),
            sample);
    input.unread().forEach(LOG::warn);
    return input;
  }

  /**
   * What the head of a file tells.
   *
   * @param choice null when it is empty, or no preset fits
   * @param first its first time, where times have no year
   */
  private record Head(
      FileStatus file, List<String> lines, LogFormats.Choice choice, Timestamps.Yearless first) {}

  private Head head(FileStatus file, int most, boolean choose) {
    List<String> lines;
    try {
      lines = RawLines.head(files, file.getPath(), most, SAMPLE_BYTES);
    } catch (IOException e) {
      throw UserException.input("cannot read " + file.getPath() + ": " + e.getMessage(), e);
    }
    LogFormats.Choice choice = null;
    if (choose) {
      choice = formats.best(format, timestamp, lines);
    } else if (!lines.isEmpty()) {
      LogFormat settled = formats.resolve(format, timestamp, lines);
      choice = new LogFormats.Choice(settled, LogFormats.share(settled, lines));
    }
    Timestamps.Yearless first =
        choice == null || !choice.format().needsYear()
            ? null
            : choice.format().firstYearless(lines);
    return new Head(file, lines, choice, first);
  }

  /** The format of most files, the first of equals; null when no file has one. */
  private static LogFormats.Choice common(List<Head> heads) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Map<String, LogFormats.Choice> choices = new HashMap<>();
    for (Head head : heads) {
      if (head.choice != null) {
        counts.merge(head.choice.format().key(), 1, Integer::sum);
        choices.putIfAbsent(head.choice.format().key(), head.choice);
      }
    }
    String most = null;
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      if (most == null || entry.getValue() > counts.get(most)) {
        most = entry.getKey();
      }
    }
    return most == null ? null : choices.get(most);
  }

  private static UserException noPreset(List<String> sample, List<String> paths) {
    return UserException.input(
        "no preset reads "
            + String.join(", ", paths)
            + (sample.isEmpty() ? ", which is empty" : ", which starts '" + sample.get(0) + "'")
            + " (describe the header with --format '<Date> <Time> <Level>: <Content>', or name the"
            + " message of JSON or CSV with --message-field)");
  }

  /**
   * A file and how it is read.
   *
   * @param share of the entries of its head that fit the format; not a number for an empty file
   * @param first the first time of its head, null where times have a year or there is none
   */
  private record InputFile(
      FileStatus status, LogFormat format, double share, Timestamps.Yearless first) {
    Path path() {
      return status.getPath();
    }
  }

  /**
   * A format and the files it was settled on.
   *
   * @param format with the pattern of its time
   * @param files how many
   * @param share of the entries of their heads that fit, the mean over the files of which some do
   */
  public record Found(LogFormat format, int files, double share) {
    /** In words, for the log and the screen. */
    public String text() {
      return String.format(
          Locale.ROOT,
          "%s (%d file%s, %s%% of sampled entries fit)",
          format.description(),
          files,
          files == 1 ? "" : "s",
          BigDecimal.valueOf(share * 100)
              .setScale(1, RoundingMode.FLOOR)
              .stripTrailingZeros()
              .toPlainString());
    }
  }

  /** Files found and the format of each settled. */
  public final class Input {
    private final List<InputFile> inputs;
    private final List<String> sample;

    private Input(List<InputFile> inputs, List<String> sample) {
      this.inputs = inputs;
      this.sample = sample;
    }

    /** Number of files. */
    public int fileCount() {
      return inputs.size();
    }

    /** Bytes of all files as stored. */
    public long bytes() {
      return inputs.stream().mapToLong(file -> file.status.getLen()).sum();
    }

    /** The format that most files are read with, the first of equals. */
    public LogFormat format() {
      Found most = null;
      for (Found found : formats()) {
        most = most == null || found.files > most.files ? found : most;
      }
      return most.format;
    }

    /** The formats with the number of files each reads, in the order of the files. */
    public List<Found> formats() {
      Map<String, List<InputFile>> byFormat = new LinkedHashMap<>();
      for (InputFile file : inputs) {
        byFormat.computeIfAbsent(file.format.key(), key -> new ArrayList<>()).add(file);
      }
      return byFormat.values().stream()
          .map(
              group ->
                  new Found(
                      group.get(0).format,
                      group.size(),
                      group.stream()
                          .mapToDouble(file -> file.share)
                          // Empty files say nothing; those that do not fit are told by name.
                          .filter(share -> share > 0)
                          .average()
                          .orElse(0)))
          .toList();
    }

    /** Names of the formats, each once, in the order of the files, with commas between. */
    public String formatNames() {
      return inputs.stream()
          .map(file -> file.format.name())
          .distinct()
          .collect(Collectors.joining(","));
    }

    /** The pattern of the time where all files have the same, else null. */
    public String timestampPattern() {
      List<String> patterns =
          inputs.stream()
              .map(file -> String.valueOf(file.format.timestampPattern()))
              .distinct()
              .toList();
      return patterns.size() == 1 ? format().timestampPattern() : null;
    }

    /** The format of every file, by its path. */
    public Map<String, LogFormat> formatsByPath() {
      Map<String, LogFormat> result = new LinkedHashMap<>();
      inputs.forEach(file -> result.put(file.path().toString(), file.format));
      return result;
    }

    /**
     * The share of every file's sampled entries that fit its format, by its path; not a number for
     * an empty file.
     */
    public Map<String, Double> sharesByPath() {
      Map<String, Double> result = new LinkedHashMap<>();
      inputs.forEach(file -> result.put(file.path().toString(), file.share));
      return result;
    }

    /**
     * Says of every file that is not empty, and of whose head no entry fits its format, that it is
     * so; of so many at the most.
     */
    public List<String> unread() {
      List<String> result = new ArrayList<>();
      for (InputFile file : inputs) {
        if (file.share == 0) {
          result.add(
              "nothing at the head of "
                  + file.path()
                  + " fits "
                  + file.format.description()
                  + ", by which it is read (leave it out, or describe its header by a layout:"
                  + " --format, --formats)");
        }
      }
      int more = result.size() - MOST_UNREAD;
      if (more <= 0) {
        return result;
      }
      List<String> shown = new ArrayList<>(result.subList(0, MOST_UNREAD));
      shown.add("and so for " + more + " more files");
      return shown;
    }

    /** Lines from the heads of the first files. */
    public List<String> sample() {
      return sample;
    }

    /** The sample's lines that the format of most files rejects, in order. */
    public List<String> rejectedSample() {
      LogFormat most = format();
      LogFormat.Entry entry = new LogFormat.Entry();
      Timestamps.YearRule rule = Timestamps.YearRule.anyYear();
      return sample.stream()
          .filter(
              line -> {
                most.read(line, rule, entry, (name, value) -> {});
                return entry.reject != null;
              })
          .toList();
    }

    /** {@link #lines(LongAccumulator)} without a counter. */
    public Dataset<Row> lines() {
      return lines(null);
    }

    /**
     * Every entry, lazily, accepted or rejected: {@code source, offset, micros, level, component,
     * host, pid, fields, content} of those that fit the format, {@code source, offset, line,
     * reason} of those that do not; see {@link #entries} and {@link #rejects}.
     *
     * @param rejects counts the rejects whenever lines are read; after an action that read all
     *     lines, 0 means that there are none (a task that ran twice has counted twice). May be null
     */
    public Dataset<Row> lines(LongAccumulator rejects) {
      return rows(false, rejects, EntryRows.SCHEMA);
    }

    /**
     * Of the accepted lines {@code source, offset, content}, lazily: in less time than {@link
     * #lines} takes.
     *
     * @param rejects as that of {@link #lines}
     */
    public Dataset<Row> contents(LongAccumulator rejects) {
      return rows(true, rejects, EntryRows.CONTENT_SCHEMA);
    }

    private Dataset<Row> rows(boolean contentOnly, LongAccumulator rejects, StructType schema) {
      JavaRDD<InternalRow> rows =
          hadoop()
              .mapPartitionsWithInputSplit(new SplitReader(rules(), contentOnly, rejects), true);
      // Thousands of small files must not become thousands of tasks.
      int tasks =
          (int)
              Math.max(
                  4L * spark.sparkContext().defaultParallelism(), bytes() / SMALLEST_SPLIT + 1);
      return Spark.rows(
          spark, rows.getNumPartitions() > tasks ? rows.coalesce(tasks) : rows, schema);
    }

    /** Every line as it is, lazily: {@code offset, line}. */
    public Dataset<Row> unparsed() {
      JavaRDD<Tuple2<Long, String>> lines =
          hadoop().mapPartitionsWithInputSplit(new SplitLines(rules()), true);
      return spark
          .createDataset(lines.rdd(), Encoders.tuple(Encoders.LONG(), Encoders.STRING()))
          .toDF("offset", "line");
    }

    private JavaNewHadoopRDD<LongWritable, Text> hadoop() {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      Configuration configuration = new Configuration(files.configuration());
      long wanted = bytes() / (2L * context.defaultParallelism()) + 1;
      configuration.setLong(
          FileInputFormat.SPLIT_MAXSIZE, Math.min(LARGEST_SPLIT, Math.max(SMALLEST_SPLIT, wanted)));
      boolean parts = inputs.stream().anyMatch(f -> f.format.join() == Join.PARTIAL);
      LogInputFormat.configure(
          configuration,
          inputs.stream().map(InputFile::path).toList(),
          inputs.stream().filter(f -> f.format.join() == Join.QUOTES).map(InputFile::path).toList(),
          parts ? LOOK_BACK : 0,
          MAX_LINE_BYTES);
      return (JavaNewHadoopRDD<LongWritable, Text>)
          context.newAPIHadoopRDD(
              configuration, LogInputFormat.class, LongWritable.class, Text.class);
    }

    /** The accepted lines, lazily. */
    public Dataset<Row> entries() {
      return LogReader.entries(lines());
    }

    private Map<String, EntryReader.Rule> rules() {
      Compression compression = new Compression(files.configuration());
      Map<String, Timestamps.YearRule> years = yearRules();
      Map<String, EntryReader.Rule> rules = new HashMap<>();
      for (InputFile file : inputs) {
        String path = file.path().toString();
        rules.put(
            path,
            new EntryReader.Rule(
                file.format,
                years.get(path),
                compression.isCompressed(file.path()) || file.format.join() == Join.QUOTES));
      }
      return rules;
    }

    private Map<String, Timestamps.YearRule> yearRules() {
      List<YearRules.File> yearless =
          inputs.stream()
              .filter(file -> file.format.needsYear())
              .map(
                  file ->
                      new YearRules.File(
                          file.path().toString(),
                          java.time.Instant.ofEpochMilli(file.status.getModificationTime()),
                          file.first))
              .toList();
      return year == null ? YearRules.byDate(yearless) : YearRules.startingIn(year, yearless);
    }
  }

  /** Of all lines, those that fit the format. */
  public static Dataset<Row> entries(Dataset<Row> lines) {
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

  /** Column of the number of lines that an entry is made of. */
  public static Column lineCount() {
    return functions.coalesce(
        functions.col("fields").getItem(EntryReader.LINES).cast("long"), functions.lit(1L));
  }

  /** Of all lines, those that do not fit: {@code source, offset, line, reason}. */
  public static Dataset<Row> rejects(Dataset<Row> lines) {
    return lines
        .filter(functions.col("reason").isNotNull())
        .select("source", "offset", "line", "reason");
  }
}
