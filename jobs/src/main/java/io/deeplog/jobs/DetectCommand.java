package io.deeplog.jobs;

import io.deeplog.UserException;
import io.deeplog.detect.rules.LineRules;
import io.deeplog.jobs.options.AlertOptions;
import io.deeplog.jobs.options.DetectorChoice;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.InputOptions;
import io.deeplog.jobs.options.InputPaths;
import io.deeplog.jobs.options.LabelOptions;
import io.deeplog.jobs.options.ModelOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.OutputOptions;
import io.deeplog.jobs.options.ReportOptions;
import io.deeplog.jobs.options.RuleOptions;
import io.deeplog.jobs.options.SessionOptions;
import io.deeplog.jobs.options.TemplateOptions;
import io.deeplog.jobs.pipeline.DetectionRun;
import io.deeplog.jobs.pipeline.ParseStage;
import io.deeplog.jobs.pipeline.Plan;
import io.deeplog.jobs.pipeline.Settings;
import io.deeplog.jobs.pipeline.Summary;
import io.deeplog.log.LogReader;
import io.deeplog.model.ModelStore;
import io.deeplog.model.TrainedModels;
import io.deeplog.sequence.SessionKey;
import io.deeplog.spark.Output;
import io.deeplog.spark.Spark;
import io.deeplog.spark.Stages;
import io.deeplog.template.Generations;
import io.deeplog.verdict.Verdict;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges raw logs by a trained model. */
public final class DetectCommand implements Command {
  private static final Logger LOG = LoggerFactory.getLogger(DetectCommand.class);

  private final InputPaths paths = new InputPaths();
  private final InputOptions input = new InputOptions();
  private final SessionOptions session = new SessionOptions();
  private final ModelOptions model = new ModelOptions();
  private final VersionOption version = new VersionOption();
  private final OutputOptions output = new OutputOptions();
  private final LabelOptions labels = new LabelOptions();
  private final RuleOptions rules = new RuleOptions();
  private final ReportOptions report = new ReportOptions();
  private final AlertOptions alerts = new AlertOptions();

  /** Which version of a model judges. */
  public static final class VersionOption implements OptionGroup {
    @Option(
        name = Flags.MODEL_VERSION,
        metaVar = "vNNNN",
        usage = "version of the model (default: the latest)")
    public String name;

    @Option(
        name = Flags.DETECTORS,
        metaVar = "A,B,...",
        usage =
            "those of the model's detectors that judge (default: all), or auto: by the sessions to"
                + " judge and those that the model learned from; without all whose surprises are"
                + " added up, each decides by itself")
    public String detectors;

    @Override
    public String heading() {
      return "Version";
    }

    @Override
    public void validate() {
      if (detectors != null && !auto()) {
        OptionGroup.require(Flags.DETECTORS, () -> DetectorChoice.of(detectors));
      }
    }

    private boolean auto() {
      return detectors != null && detectors.trim().equals(DetectorChoice.AUTO);
    }

    /**
     * The detectors that judge.
     *
     * @param key of the sessions to judge
     */
    DetectorChoice choice(ModelStore.Version loaded, SessionKey key) {
      List<String> names = loaded.models().names();
      if (!auto()) {
        return detectors == null
            ? new DetectorChoice(names, List.of())
            : DetectorChoice.of(detectors);
      }
      SessionOptions learned = new SessionOptions();
      Settings.apply(
          loaded.manifest().settings(), new InputOptions(), learned, new TemplateOptions());
      DetectorChoice choice =
          DetectorChoice.ofModel(
              names,
              ((Number) loaded.manifest().metrics().getOrDefault("sessions", 0)).longValue(),
              key.window() > 0,
              learned.key().toString().equals(key.toString()));
      LOG.info("detectors: {}", String.join("; ", choice.reasons()));
      return choice;
    }

    ModelStore.Version chosen(ModelStore.Version loaded, DetectorChoice choice, PrintStream out) {
      if (choice.names().equals(loaded.models().names())) {
        return loaded;
      }
      TrainedModels models = loaded.models().only(choice.names());
      Verdict learned = loaded.models().verdict();
      if (models.verdict().combine() != learned.combine()) {
        out.println(
            "verdict: each of "
                + String.join(", ", models.names())
                + " decides by itself, because the sum of surprises that the model learned ("
                + learned.combine().id()
                + ") needs all of "
                + String.join(", ", learned.pooled())
                + "; give these too, or train with "
                + Flags.DETECTORS
                + " "
                + String.join(",", models.names())
                + " for a sum of their own");
      }
      return new ModelStore.Version(loaded.manifest(), models);
    }
  }

  @Override
  public String name() {
    return "detect";
  }

  @Override
  public String summary() {
    return "judges raw logs by a trained model: anomalies and a report";
  }

  @Override
  public String description() {
    return """
        Reads:  raw logs and a model store. Format and session are the model's unless given.
        Writes: OUTPUT/{structured,templates,rejects,sessions,anomalies}/date=DATE/,
                OUTPUT/summary.json and OUTPUT/report.html (by date below OUTPUT/reports/).

          deeplog detect --input logs/today --model models/hdfs --date 2026-01-31 --output out/hdfs
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(paths, input, session, model, version, rules, output, labels, report, alerts);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    if (model.directory == null) {
      throw UserException.usage("no model store given (give " + Flags.MODEL + " DIR)");
    }
    SparkSession spark = Spark.session("deeplog detect");
    List<String> inputs = Arrays.asList(paths.paths);
    ModelStore store = new ModelStore(spark, model.directory);
    TemplateOptions templates = new TemplateOptions();
    Settings.apply(store.manifest(version.name).settings(), input, session, templates);
    LogReader.Input logs = input.reader(spark).open(inputs);
    labels.check(spark);
    LineRules lineRules = rules.rules(spark);
    try (Output target = output.open(spark, DetectionRun.tables(alerts), inputs)) {
      if (dryRun) {
        new Plan(out)
            .input(Flags.INPUT, logs)
            .sessions(session.key())
            .line("model: " + store.manifest(version.name).version() + " of " + store.directory())
            .labels(spark, labels.file)
            .tables(target, DetectionRun.tables(alerts));
        return;
      }
      Stages stages =
          new Stages(spark)
              .plan(
                  "load-model",
                  "learn-templates",
                  "parse",
                  "rejects",
                  "templates",
                  "sessions",
                  "detect",
                  "anomalies");
      stages.plan("report", "publish");
      ModelStore.Version saved =
          stages.run("load-model", store.directory().toString(), () -> store.load(version.name));
      DetectorChoice choice = version.choice(saved, session.key());
      ModelStore.Version loaded = version.chosen(saved, choice, out);
      Generations known = loaded.models().templates().generations();
      ParseStage.Parsed parsed =
          new ParseStage(stages, target, "")
              .run(
                  logs,
                  templates.parser().setKnownTemplates(known),
                  known.templates().size(),
                  session.key());
      new DetectionRun(stages, target, lineRules, labels, report, alerts)
          .run(
              parsed,
              loaded,
              new Summary()
                  .put("command", name())
                  .put("date", target.date())
                  .put("inputs", inputs)
                  .put("format", logs.formatNames())
                  .formats(logs)
                  .put("detectors", loaded.models().names())
                  .put("chosen", choice.reasons().isEmpty() ? null : choice.reasons())
                  .put("combine", loaded.models().verdict().combine().id())
                  .put("session", session.key().toString()),
              out);
    }
  }
}
