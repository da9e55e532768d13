package io.deeplog.jobs;

import io.deeplog.UserException;
import io.deeplog.jobs.generate.ScaledLog;
import io.deeplog.jobs.generate.Service;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.InputOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.SessionOptions;
import io.deeplog.jobs.options.TemplateOptions;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.jobs.pipeline.CountsBenchmark;
import io.deeplog.jobs.pipeline.DetectBenchmark;
import io.deeplog.jobs.pipeline.ParseBenchmark;
import io.deeplog.log.LogReader;
import io.deeplog.sequence.SessionKey;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import io.deeplog.spark.Stages;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.Syncable;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Argument;
import org.kohsuke.args4j.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures what the program costs beside what the engine itself costs. */
public final class BenchmarkCommand implements Command {
  private static final Logger LOG = LoggerFactory.getLogger(BenchmarkCommand.class);

  private static final String PARSE = "parse";
  private static final String DETECT = "detect";
  private static final String COUNTS = "counts";
  private static final String WINDOW = "10m";
  private static final String STEP = "1m";
  private static final String ALL = PARSE + ", " + COUNTS + " or " + DETECT;

  private final Options options = new Options();
  private final InputOptions input = new InputOptions();
  private final SessionOptions session = new SessionOptions();
  private final TemplateOptions templates = new TemplateOptions();
  private final TrainingOptions training = new TrainingOptions();

  /** What is measured. */
  public static final class Options implements OptionGroup {
    @Argument(metaVar = "WHAT", usage = "what to measure: parse, counts or detect")
    public String what;

    @Option(name = Flags.LINES, metaVar = "N", usage = "lines of the generated log")
    public long lines = 1_000_000;

    @Option(
        name = Flags.SERVICE,
        metaVar = "NAME",
        usage = "service of the log: block, vm or syslog")
    public String service = Service.BLOCK.id();

    @Option(name = Flags.UNIQUE, usage = "make every line of the log unlike all others")
    public boolean unique;

    @Option(
        name = Flags.INPUT,
        metaVar = "PATH",
        usage = "measure on this log, or these logs, in place of a generated one")
    public String path;

    @Option(name = Flags.REPEAT, metaVar = "N", usage = "take the input N times (with --input)")
    public int repeat = 1;

    @Option(
        name = Flags.TRAIN,
        metaVar = "FILE",
        usage = "normal sessions of log keys to learn from (with " + DETECT + ")")
    public String train;

    @Option(
        name = Flags.TEST,
        metaVar = "FILE",
        usage = "sessions of log keys to judge (with " + DETECT + ")")
    public String test;

    @Option(
        name = Flags.SESSIONS,
        metaVar = "N",
        usage = "sessions to judge: those of " + Flags.TEST + ", repeated")
    public long sessions = 575_061;

    @Option(
        name = Flags.WORK,
        metaVar = "DIR",
        usage = "directory to write in; what is written is removed")
    public String work = System.getProperty("java.io.tmpdir");

    @Option(name = Flags.JSON, metaVar = "FILE", usage = "write the figures to FILE as well")
    public String json;

    @Override
    public String heading() {
      return "Measuring";
    }

    @Override
    public void validate() {
      if (what == null) {
        throw UserException.usage("nothing to measure given (give " + ALL + ")");
      }
      OptionGroup.require(List.of(PARSE, COUNTS, DETECT).contains(what), "WHAT", what, ALL);
      if (what.equals(DETECT) && (train == null || test == null)) {
        throw UserException.usage(
            "no sessions given (give " + Flags.TRAIN + " and " + Flags.TEST + ")");
      }
      OptionGroup.require(sessions >= 1, Flags.SESSIONS, sessions, "1 or more");
      OptionGroup.require(lines >= 1, Flags.LINES, lines, "1 or more");
      OptionGroup.require(repeat >= 1, Flags.REPEAT, repeat, "1 or more");
      OptionGroup.require(Flags.SERVICE, () -> Service.of(service));
    }
  }

  @Override
  public String name() {
    return "benchmark";
  }

  @Override
  public String summary() {
    return "measures a stage beside what Spark itself needs for the same lines";
  }

  @Override
  public String description() {
    return """
        parse: the time of parsing a log (learning templates, then writing the structured, templates
               and rejects tables as Parquet), and that of copying its lines with their offsets to
               Parquet, in one application, after a warm-up of both on a tenth of the lines.
        counts: the time of counting the templates of a log's sessions, by default windows of 10
               minutes every minute, and of PCA over them, beside that of parsing the log.
        detect: the time of judging many sessions of log keys by every detector, and by all of them
               together with the verdict, after a warm-up of each on the sessions as they are.

        Writes: lines, parse_s, copy_s, ratio, lines_per_s and heap_mb (the driver's peak), or
                lines, rows, parse_s, counts_s, pca_s, ratio and heap_mb, or
                sessions, heap_mb, and seconds and sessions_per_s by detector, as JSON.

          deeplog benchmark parse --lines 10000000 --json parse.json
          deeplog benchmark parse --input '/var/log/app*.log' --repeat 100
          deeplog benchmark counts --lines 10000000 --session-window 10m --session-step 1m
          deeplog benchmark detect --train normal.txt --test test.tsv --sessions 575061
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(options, input, session, templates, training, training.counts);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    SparkSession spark = Spark.session("deeplog benchmark");
    Files files = Files.of(spark);
    Path work = new Path(files.qualified(options.work), "deeplog-benchmark-" + UUID.randomUUID());
    if (dryRun) {
      out.println("would write to " + work + " and remove it");
      return;
    }
    try {
      Map<String, Object> figures =
          !options.what.equals(DETECT)
              ? ofLog(spark, files, work)
              : new DetectBenchmark(new Stages(spark), training, work)
                  .run(options.train, options.test, options.sessions);
      figures.forEach((name, value) -> out.printf(Locale.ROOT, "%-12s %s%n", name, value));
      if (options.json != null) {
        files.writeJson(files.qualified(options.json), figures);
      }
    } finally {
      files.delete(work);
    }
  }

  private Map<String, Object> ofLog(SparkSession spark, Files files, Path work) {
    Path log = new Path(work, "input");
    Path warmUp = new Path(work, "warm-up");
    if (options.path == null) {
      generate(files, new Path(warmUp, "generated.log"), Math.max(1, options.lines / 10));
      generate(files, new Path(log, "generated.log"), options.lines);
    } else {
      repeat(files, warmUp, Math.max(1, options.repeat / 10));
      repeat(files, log, options.repeat);
    }
    LogReader reader = input.reader(spark);
    Function<Path, Map<String, Object>> benchmark =
        options.what.equals(PARSE)
            ? new ParseBenchmark(spark, reader, templates.parser(), work)::run
            : new CountsBenchmark(
                    spark,
                    reader,
                    templates.parser(),
                    rows(),
                    training.counts.pca(training.falseAlarms),
                    work)
                ::run;
    LOG.info("warm-up: {}", benchmark.apply(warmUp));
    return benchmark.apply(log);
  }

  private SessionKey rows() {
    return session.given() ? session.countsKey() : SessionKey.byWindow(WINDOW, STEP, List.of());
  }

  private void generate(Files files, Path path, long lines) {
    LOG.info("generating {} lines", lines);
    try (OutputStream out = files.create(path)) {
      new ScaledLog(Service.of(options.service), training.seed)
          .withUniqueLines(options.unique)
          .write(out, lines, done -> LOG.info("{} of {} lines", done, lines));
      flush(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Down to the disk, or what is measured first would wait for it. */
  private static void flush(OutputStream out) throws IOException {
    if (out instanceof Syncable file) {
      file.hsync();
    }
  }

  /** Each of the input's files, so many times in a row in a file of its own. */
  private void repeat(Files files, Path directory, int times) {
    int number = 0;
    for (FileStatus file : files.inputs(options.path)) {
      // Numbered, since names may be the same in two directories.
      Path copy = new Path(directory, ++number + "-" + file.getPath().getName());
      try (OutputStream out = files.create(copy)) {
        for (int i = 0; i < times; i++) {
          try (InputStream in = files.open(file.getPath())) {
            in.transferTo(out);
          }
        }
        flush(out);
      } catch (IOException e) {
        throw UserException.input("cannot repeat " + file.getPath() + ": " + e.getMessage(), e);
      }
    }
  }
}
