package io.deeplog.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.detect.rules.LineRules;
import io.deeplog.jobs.options.AlertOptions;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.InputOptions;
import io.deeplog.jobs.options.LabelOptions;
import io.deeplog.jobs.options.ModelOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.OutputOptions;
import io.deeplog.jobs.options.ReportOptions;
import io.deeplog.jobs.options.RuleOptions;
import io.deeplog.jobs.options.SessionOptions;
import io.deeplog.jobs.options.TemplateOptions;
import io.deeplog.jobs.options.TrainAndInputPaths;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.jobs.pipeline.DetectionRun;
import io.deeplog.jobs.pipeline.ParseStage;
import io.deeplog.jobs.pipeline.Plan;
import io.deeplog.jobs.pipeline.Settings;
import io.deeplog.jobs.pipeline.Summary;
import io.deeplog.jobs.pipeline.TrainStage;
import io.deeplog.log.LogReader;
import io.deeplog.model.ModelStore;
import io.deeplog.spark.Output;
import io.deeplog.spark.Spark;
import io.deeplog.spark.Stages;
import io.deeplog.template.Generations;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Learns from one set of logs and judges another, in one application. */
public final class RunCommand implements Command {
  final TrainAndInputPaths paths = new TrainAndInputPaths();
  final InputOptions input = new InputOptions();
  final SessionOptions session = new SessionOptions();
  final TemplateOptions templates = new TemplateOptions();
  final TrainingOptions training;
  final ModelOptions model = new ModelOptions();
  final OutputOptions output = new OutputOptions();
  final LabelOptions labels = new LabelOptions();
  private final RuleOptions rules = new RuleOptions();
  final ReportOptions report = new ReportOptions();
  final AlertOptions alerts = new AlertOptions();

  /** A run with options of its own. */
  public RunCommand() {
    this(new TrainingOptions());
  }

  /** A run that shares training options with a larger command. */
  RunCommand(TrainingOptions training) {
    this.training = training;
  }

  @Override
  public String name() {
    return "run";
  }

  @Override
  public String summary() {
    return "learns from normal logs and judges others, with a report, in one go";
  }

  @Override
  public String description() {
    return """
        Reads:  raw logs to learn from (--train) and to judge (--input).
        Writes: a model version to MODEL (default OUTPUT/models), and what detect writes.

          deeplog run --train logs/normal --input logs/today --format hdfs \\
              --session 'blk_-?\\d+' --output out/hdfs
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(
        paths,
        input,
        session,
        templates,
        training,
        training.counts,
        model,
        rules,
        output,
        labels,
        report,
        alerts);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    execute(Spark.session("deeplog run"), dryRun, out);
  }

  /** Runs with the options as they are; gives the figures, null in a dry run. */
  JsonNode execute(SparkSession spark, boolean dryRun, PrintStream out) {
    session.key();
    List<String> trainPaths = Arrays.asList(paths.train);
    List<String> inputPaths = Arrays.asList(paths.input);
    LogReader.Input trainLogs = input.reader(spark).open(trainPaths);
    if (input.format == null) {
      // What was found for the training logs holds for the others too.
      input.format = trainLogs.formatNames();
    }
    LogReader.Input logs = input.reader(spark).open(inputPaths);
    labels.check(spark);
    LineRules lineRules = rules.rules(spark);
    ModelStore store =
        new ModelStore(
            spark, model.directory == null ? output.directory + "/models" : model.directory);
    // A wrong file of masks is told before anything is done.
    templates.maskEntries();
    List<String> inputs = new ArrayList<>(trainPaths);
    inputs.addAll(inputPaths);
    try (Output target = output.open(spark, DetectionRun.tables(alerts), inputs)) {
      if (dryRun) {
        new Plan(out)
            .input(Flags.TRAIN, trainLogs)
            .input(Flags.INPUT, logs)
            .sessions(session.key())
            .labels(spark, labels.file)
            .line("would write a new model version to " + store.directory())
            .tables(target, DetectionRun.tables(alerts));
        return null;
      }
      Stages stages =
          new Stages(spark)
              .plan("train-learn-templates", "train-parse", "train-rejects", "train-sessions")
              .plan(training.stages())
              .plan("save-model", "learn-templates", "parse")
              .plan("rejects", "templates", "sessions", "detect", "anomalies", "report", "publish");
      ParseStage.Parsed trained =
          new ParseStage(stages, target, "train-")
              .run(trainLogs, templates.parser(), 0, session.key());
      ModelStore.Version version =
          new TrainStage(stages, target, store, training)
              .run(
                  trained,
                  trainPaths,
                  Settings.of(trainLogs, input, session, templates),
                  Version.current());
      Generations known = version.models().templates().generations();
      ParseStage.Parsed parsed =
          new ParseStage(stages, target, "")
              .run(
                  logs,
                  templates.parser().setKnownTemplates(known),
                  known.templates().size(),
                  session.key());
      return new DetectionRun(stages, target, lineRules, labels, report, alerts)
          .run(
              parsed,
              version,
              new Summary()
                  .put("command", name())
                  .put("date", target.date())
                  .put("train_inputs", trainPaths)
                  .put("inputs", inputPaths)
                  .put("format", logs.formatNames())
                  .formats(logs)
                  .put("session", session.key().toString()),
              out);
    }
  }
}
