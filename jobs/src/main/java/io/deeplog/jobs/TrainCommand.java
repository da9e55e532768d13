package io.deeplog.jobs;

import io.deeplog.UserException;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.InputOptions;
import io.deeplog.jobs.options.InputPaths;
import io.deeplog.jobs.options.ModelOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.SessionOptions;
import io.deeplog.jobs.options.TemplateOptions;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.jobs.pipeline.ParseStage;
import io.deeplog.jobs.pipeline.Plan;
import io.deeplog.jobs.pipeline.Settings;
import io.deeplog.jobs.pipeline.TrainStage;
import io.deeplog.log.LogReader;
import io.deeplog.model.ModelStore;
import io.deeplog.spark.Output;
import io.deeplog.spark.Spark;
import io.deeplog.spark.Stages;
import io.deeplog.spark.TableFormat;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/** Learns what is normal from raw logs. */
public final class TrainCommand implements Command {
  private final InputPaths paths = new InputPaths();
  private final InputOptions input = new InputOptions();
  private final SessionOptions session = new SessionOptions();
  private final TemplateOptions templates = new TemplateOptions();
  private final TrainingOptions training = new TrainingOptions();
  private final ModelOptions model = new ModelOptions();

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String summary() {
    return "learns what is normal from raw logs, into a model store";
  }

  @Override
  public String description() {
    return """
        Reads:  raw logs of normal operation.
        Writes: MODEL/vNNNN/{manifest.json,verdict.json,vocabulary.json,templates,detectors/NAME}
                and, last, MODEL/LATEST.

          deeplog train --input logs/normal --format hdfs --session 'blk_-?\\d+' --model models/hdfs
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(paths, input, session, templates, training, training.counts, model);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    if (model.directory == null) {
      throw UserException.usage("no model store given (give " + Flags.MODEL + " DIR)");
    }
    SparkSession spark = Spark.session("deeplog train");
    List<String> inputs = Arrays.asList(paths.paths);
    LogReader.Input logs = input.reader(spark).open(inputs);
    ModelStore store = new ModelStore(spark, model.directory);
    if (dryRun) {
      new Plan(out)
          .input(Flags.INPUT, logs)
          .sessions(session.key())
          .line("would write a new version to " + store.directory());
      return;
    }
    session.key();
    Stages stages =
        new Stages(spark)
            .plan("train-learn-templates", "train-parse", "train-rejects", "train-sessions")
            .plan(training.stages())
            .plan("save-model");
    // Only a place to work in: nothing of it is published.
    try (Output work =
        Output.open(spark, model.directory, "none", TableFormat.PARQUET, List.of(), false)) {
      ParseStage.Parsed parsed =
          new ParseStage(stages, work, "train-").run(logs, templates.parser(), 0, session.key());
      ModelStore.Version version =
          new TrainStage(stages, work, store, training)
              .run(parsed, inputs, Settings.of(logs, input, session, templates), Version.current());
      out.printf(
          Locale.ROOT,
          "%,d lines (%,d rejected), %,d templates%n",
          parsed.lines(),
          parsed.rejected(),
          parsed.templates().templates().size());
      out.println("model: " + store.directory() + "/" + version.manifest().version());
    }
  }
}
