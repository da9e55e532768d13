package io.deeplog.jobs.pipeline;

import io.deeplog.UserException;
import io.deeplog.detect.Detector;
import io.deeplog.detect.DetectorModel;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.model.Manifest;
import io.deeplog.model.ModelStore;
import io.deeplog.model.TrainedModels;
import io.deeplog.model.TrainingCheckpoint;
import io.deeplog.spark.Output;
import io.deeplog.spark.Stages;
import io.deeplog.verdict.Anomalies;
import io.deeplog.verdict.Combine;
import io.deeplog.verdict.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From parsed training logs to a version in the model store. */
public final class TrainStage {
  private final Stages stages;
  private final Output output;
  private final ModelStore store;
  private final TrainingOptions options;

  /** A stage that saves to a store; the output holds what it works with. */
  public TrainStage(Stages stages, Output output, ModelStore store, TrainingOptions options) {
    this.stages = stages;
    this.output = output;
    this.store = store;
    this.options = options;
  }

  /**
   * Trains and saves.
   *
   * @param inputs paths, for the manifest
   * @param shared settings that detection must share, by option name
   * @param codeVersion for the manifest
   * @throws UserException when there is no session
   */
  public ModelStore.Version run(
      ParseStage.Parsed parsed,
      List<String> inputs,
      Map<String, Object> shared,
      String codeVersion) {
    Dataset<Row> sessions =
        stages.run("train-sessions", "", () -> output.work("train-sessions", parsed.sessions()));
    long count = sessions.count();
    if (count == 0) {
      throw UserException.input(
          "no session in the training logs (check --session: it matched none of "
              + (parsed.lines() - parsed.rejected())
              + " lines)");
    }
    Map<String, Object> settings = new LinkedHashMap<>(shared);
    settings.putAll(options.toMap());
    TrainingCheckpoint checkpoint =
        store.checkpoint(fingerprint(parsed, inputs, settings), options.resume);
    List<DetectorModel<?>> trained = new ArrayList<>();
    for (Detector<?> detector : options.detectors(checkpoint)) {
      trained.add(
          stages.run(
              "train-" + detector.detector(), count + " sessions", () -> detector.fit(sessions)));
    }
    Verdict verdict =
        stages.run(
            "train-verdict",
            options.combine,
            () -> Verdict.fit(Combine.of(options.combine), trained, sessions, options.falseAlarms));
    TrainedModels models = new TrainedModels(parsed.templates(), trained, verdict);
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("lines", parsed.lines());
    metrics.put("rejects", parsed.rejected());
    metrics.put("templates", parsed.templates().templates().size());
    metrics.put("sessions", count);
    trained.forEach(model -> metrics.put(model.detector(), model.metrics()));
    metrics.put(Anomalies.VERDICT, Map.of("threshold", verdict.threshold()));
    Manifest[] saved = new Manifest[1];
    stages.run(
        "save-model",
        store.directory().toString(),
        () ->
            store.save(
                models,
                version -> {
                  saved[0] =
                      new Manifest(
                          Manifest.FORMAT,
                          version,
                          Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                          codeVersion,
                          sessions.sparkSession().version(),
                          inputs,
                          text(parsed.first()),
                          text(parsed.last()),
                          settings,
                          metrics);
                  return saved[0];
                }));
    checkpoint.clear();
    return new ModelStore.Version(saved[0], models);
  }

  private static String text(Instant instant) {
    return instant == null ? null : instant.toString();
  }

  /** Tells a training from others: its data and every setting that shapes it. */
  private static String fingerprint(
      ParseStage.Parsed parsed, List<String> inputs, Map<String, Object> settings) {
    Map<String, Object> shaping = new LinkedHashMap<>(settings);
    // More epochs, or another patience, may be asked of a training that goes on.
    shaping.remove("epochs");
    shaping.remove("patience");
    return String.join(",", inputs)
        + " "
        + parsed.lines()
        + " lines "
        + parsed.templates().templates().hashCode()
        + " "
        + shaping;
  }
}
