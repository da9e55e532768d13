package io.deeplog.jobs;

import io.deeplog.UserException;
import io.deeplog.jobs.generate.KnownSystem;
import io.deeplog.jobs.generate.ScaledLog;
import io.deeplog.jobs.generate.Service;
import io.deeplog.jobs.generate.TestData;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.spark.Files;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.kohsuke.args4j.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes made-up logs: test-data, or one log of any size. */
public final class GenerateCommand implements Command {
  private static final int MAX_SYSTEM_LINES = 1_000_000;
  private static final int SYSTEM_LINES = 2000;

  private static final Logger LOG = LoggerFactory.getLogger(GenerateCommand.class);

  private final Options options = new Options();

  /** What is generated. */
  public static final class Options implements OptionGroup {
    @Option(
        name = Flags.OUTPUT,
        metaVar = "PATH",
        required = true,
        usage = "directory of the test data, or file of the log with " + Flags.LINES)
    public String output;

    @Option(name = Flags.SEED, metaVar = "N", usage = "the same seed gives the same bytes")
    public long seed = 1;

    @Option(
        name = Flags.LINES,
        metaVar = "N",
        usage =
            "write one log of exactly N lines; with "
                + Flags.SYSTEMS
                + ", N of each (default 2000)")
    public Long lines;

    @Option(
        name = Flags.SYSTEMS,
        metaVar = "NAMES",
        usage =
            "write logs whose true templates are known, for evaluate-parse: all, or names joined"
                + " by commas, as mail,storage,game (a wrong name tells them all)")
    public String systems;

    @Option(
        name = Flags.SERVICE,
        metaVar = "NAME",
        usage = "service of the log: block, vm or syslog")
    public String service = Service.BLOCK.id();

    @Option(
        name = Flags.ANOMALY_RATE,
        metaVar = "X",
        usage = "share of abnormal sessions in the log, 0 to 1")
    public double anomalyRate;

    @Option(name = Flags.UNIQUE, usage = "make every line of the log unlike all others")
    public boolean unique;

    @Option(name = Flags.OVERWRITE, usage = "replace what is there")
    public boolean overwrite;

    @Override
    public String heading() {
      return "Generating";
    }

    @Override
    public void validate() {
      OptionGroup.require(lines == null || lines >= 1, Flags.LINES, lines, "1 or more");
      OptionGroup.require(
          anomalyRate >= 0 && anomalyRate <= 1, Flags.ANOMALY_RATE, anomalyRate, "0 to 1");
      try {
        Service.of(service);
      } catch (IllegalArgumentException e) {
        throw UserException.usage("bad " + Flags.SERVICE + ": " + e.getMessage());
      }
      if (systems != null) {
        OptionGroup.require(
            lines == null || lines <= MAX_SYSTEM_LINES,
            Flags.LINES,
            lines,
            "at most " + MAX_SYSTEM_LINES + " with " + Flags.SYSTEMS);
        systemNames();
      }
    }

    List<String> systemNames() {
      List<String> names =
          systems.equals("all") ? KnownSystem.NAMES : List.of(systems.split(",", -1));
      try {
        names.forEach(KnownSystem::of);
      } catch (IllegalArgumentException e) {
        throw UserException.usage("bad " + Flags.SYSTEMS + ": " + e.getMessage());
      }
      return names;
    }
  }

  @Override
  public String name() {
    return "generate";
  }

  @Override
  public String summary() {
    return "writes made-up logs with labelled anomalies, of any size";
  }

  @Override
  public String description() {
    return """
        Writes: block/, vm/ and syslog/ with train.log, test.log, labels.csv and line_labels.csv;
        or, with --lines, one log of that many lines in constant memory; or, with --systems,
        NAME/NAME.log and NAME/NAME.log_structured.csv, the log's true templates.

          deeplog generate --seed 1 --output test-data
          deeplog generate --service block --lines 10000000 --output /tmp/block.log
          deeplog generate --systems all --output /tmp/systems
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(options);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    Files files = Files.of(new Configuration());
    Path output = files.qualified(options.output);
    boolean scaled = options.lines != null && options.systems == null;
    boolean there = files.exists(output) && (scaled || !files.list(output).isEmpty());
    if (there && !options.overwrite) {
      throw UserException.usage(
          "output exists: "
              + output
              + " (give "
              + Flags.OVERWRITE
              + ", or another "
              + Flags.OUTPUT
              + ")");
    }
    if (dryRun) {
      out.println(
          "would write "
              + (scaled
                  ? options.lines + " lines of " + options.service
                  : options.systems == null
                      ? "test data"
                      : String.join(", ", options.systemNames()))
              + " to "
              + output);
      return;
    }
    try {
      if (options.systems != null) {
        int lines = options.lines == null ? SYSTEM_LINES : options.lines.intValue();
        for (String name : options.systemNames()) {
          KnownSystem.write(
              path -> files.create(new Path(output, path)), name, options.seed, lines);
        }
      } else if (scaled) {
        writeLog(files, output);
      } else {
        TestData.write(path -> files.create(new Path(output, path)), options.seed);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.println("wrote " + output);
  }

  private void writeLog(Files files, Path output) throws IOException {
    // Beside its place and renamed: a log cut short would be taken for a whole one.
    Path temporary = new Path(output.getParent(), "." + output.getName() + ".tmp");
    long start = System.nanoTime();
    try (OutputStream stream = files.create(temporary)) {
      new ScaledLog(Service.of(options.service), options.seed)
          .withAnomalyRate(options.anomalyRate)
          .withUniqueLines(options.unique)
          .write(
              stream,
              options.lines,
              done ->
                  LOG.info(
                      String.format(
                          java.util.Locale.ROOT,
                          "%,d of %,d lines, %,.0f lines/s",
                          done,
                          options.lines,
                          done / ((System.nanoTime() - start) / 1e9))));
    }
    files.replace(temporary, output);
  }
}
