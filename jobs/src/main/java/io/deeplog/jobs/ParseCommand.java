package io.deeplog.jobs;

import io.deeplog.count.CountMatrix;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.InputOptions;
import io.deeplog.jobs.options.InputPaths;
import io.deeplog.jobs.options.KnownTemplatesOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.OutputOptions;
import io.deeplog.jobs.options.SessionOptions;
import io.deeplog.jobs.options.TemplateOptions;
import io.deeplog.jobs.pipeline.DetectStage;
import io.deeplog.jobs.pipeline.DetectionRun;
import io.deeplog.jobs.pipeline.ParseStage;
import io.deeplog.jobs.pipeline.Plan;
import io.deeplog.jobs.pipeline.Summary;
import io.deeplog.log.LogReader;
import io.deeplog.sequence.SessionKey;
import io.deeplog.spark.Files;
import io.deeplog.spark.Output;
import io.deeplog.spark.Spark;
import io.deeplog.spark.Stages;
import io.deeplog.template.Generations;
import io.deeplog.template.Template;
import io.deeplog.template.TemplateParser;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** Raw logs to tables of templates and parameters. */
public final class ParseCommand implements Command {
  private final InputPaths paths = new InputPaths();
  private final InputOptions input = new InputOptions();
  private final SessionOptions session = new SessionOptions();
  private final TemplateOptions templates = new TemplateOptions();
  private final KnownTemplatesOptions known = new KnownTemplatesOptions();
  private final CountOptions counts = new CountOptions();
  private final OutputOptions output = new OutputOptions();

  /** Whether counts are written. */
  public static final class CountOptions implements OptionGroup {
    @Option(
        name = Flags.COUNT_MATRIX,
        usage =
            "write OUTPUT/counts/date=DATE/counts.csv too: a row for each session or window, a"
                + " column for each template, all that are known included")
    public boolean matrix;

    @Override
    public String heading() {
      return "Counts";
    }
  }

  private static final String COUNTS = "counts";

  @Override
  public String name() {
    return "parse";
  }

  @Override
  public String summary() {
    return "turns raw logs into tables of templates and parameters";
  }

  @Override
  public String description() {
    return """
        Reads:  raw logs.
        Writes: OUTPUT/{structured,templates,rejects}/date=DATE/, sessions too when a session is
                given, counts when asked for, and OUTPUT/summary.json.

          deeplog parse --input /var/log/hdfs --format hdfs --output out/parsed
          deeplog parse --input /var/log/hdfs --templates out/parsed --output out/parsed
          deeplog parse --input /var/log/syslog --session-window 24h --session-step 3h \\
              --count-matrix --output out/parsed
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(paths, input, session, templates, known, counts, output);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    SessionKey key = counts.matrix ? session.countsKey() : session.given() ? session.key() : null;
    boolean sessionsToo = key != null && !key.countsOnly();
    SparkSession spark = Spark.session("deeplog parse");
    List<String> tables = new ArrayList<>(List.of("structured", "templates", "rejects"));
    if (sessionsToo) {
      tables.add("sessions");
    }
    if (counts.matrix) {
      tables.add(COUNTS);
    }
    List<String> inputs = Arrays.asList(paths.paths);
    LogReader.Input logs = input.reader(spark).open(inputs);
    Generations earlier = known.read(spark, templates, out);
    TemplateParser parser = templates.parser().setKnownTemplates(earlier);
    try (Output target = output.open(spark, tables, inputs)) {
      if (dryRun) {
        new Plan(out).input(Flags.INPUT, logs).tables(target, tables);
        return;
      }
      Stages stages = new Stages(spark).plan("learn-templates", "parse", "rejects", "templates");
      ParseStage.Parsed parsed =
          new ParseStage(stages, target, "").run(logs, parser, earlier.templates().size(), key);
      DetectStage.writeTemplates(stages, target, parsed);
      Summary summary =
          new Summary()
              .put("command", name())
              .put("date", target.date())
              .put("inputs", inputs)
              .put("format", logs.formatNames())
              .formats(logs)
              .parsed(parsed);
      if (sessionsToo) {
        Dataset<Row> sessions =
            stages.run("sessions", "", () -> DetectStage.writeSessions(target, parsed.sessions()));
        summary.put("sessions", sessions.count());
      }
      if (counts.matrix) {
        stages.run(
            "count-matrix",
            parsed.templates().templates().size() + " columns",
            () ->
                CountMatrix.write(
                    parsed.counts(),
                    parsed.templates().templates().stream().map(Template::id).toList(),
                    target.plain(COUNTS),
                    COUNTS));
      }
      stages.run("publish", target.directory().toString(), target::commit);
      Files.of(spark)
          .writeJson(
              new Path(target.directory(), DetectionRun.SUMMARY),
              summary.resources(stages.seconds()).values());
      if (key != null && !sessionsToo) {
        out.println("no table of sessions: " + key + " are only counted, every line lies in many");
      }
      logs.formats().forEach(found -> out.println("format: " + found.text()));
      logs.unread().forEach(unread -> out.println("warning: " + unread));
      out.printf(
          Locale.ROOT,
          "%,d lines (%,d rejected), %,d templates (%,d new)%n",
          parsed.lines(),
          parsed.rejected(),
          parsed.templates().templates().size(),
          parsed.newTemplates().size());
      out.println("tables: " + target.directory());
    }
  }
}
