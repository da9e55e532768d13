package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.deeplog.UserException;
import io.deeplog.count.CountVectors;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detector;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.count.LabelledDetector;
import io.deeplog.detect.value.ValueDetector;
import io.deeplog.evaluate.Labels;
import io.deeplog.jobs.options.DetectorChoice;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.model.Manifest;
import io.deeplog.model.ModelStore;
import io.deeplog.model.TrainedModels;
import io.deeplog.model.TrainingCheckpoint;
import io.deeplog.sequence.Windows;
import io.deeplog.spark.Output;
import io.deeplog.spark.Stages;
import io.deeplog.template.Template;
import io.deeplog.verdict.Anomalies;
import io.deeplog.verdict.Combine;
import io.deeplog.verdict.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From parsed training logs to a version in the model store. */
public final class TrainStage {
  private static final Logger LOG = LoggerFactory.getLogger(TrainStage.class);
  private static final int NAME_WORDS = 6;

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
    boolean counted = parsed.countable(options.byCountsAlone());
    Dataset<Row> sessions =
        stages.run(
            "train-sessions",
            counted ? "event counts alone" : "",
            () ->
                output.work(
                    "train-sessions",
                    counted ? Windows.toJudge(parsed.counts()) : parsed.sessions()));
    long count = sessions.count();
    if (count == 0) {
      throw UserException.input(
          parsed.key().windowRule() == null
              ? "no session in the training logs (check --session: it matched none of "
                  + (parsed.lines() - parsed.rejected())
                  + " lines)"
              : "no window in the training logs: "
                  + (parsed.first() == null
                      ? "their lines have no time (check --format)"
                      : "they are no longer than one window of the legacy rule (give a shorter "
                          + "--session-window, or another --window-rule)"));
    }
    Map<String, Object> settings = new LinkedHashMap<>(shared);
    settings.putAll(options.toMap());
    TrainingCheckpoint checkpoint =
        store.checkpoint(fingerprint(parsed, inputs, settings), options.resume);
    List<DetectorModel<?>> trained = new ArrayList<>();
    DetectorChoice choice =
        options.choice(
            DetectorChoice.auto(
                count, shared.get("session-window") != null, options.trainLabels != null));
    if (options.detectors.equals(DetectorChoice.DEFAULT)) {
      choice = choice.whereFew(count, options.validation);
    }
    if (!choice.reasons().isEmpty()) {
      LOG.info("detectors: {}", String.join("; ", choice.reasons()));
    }
    Dataset<Row> labelled = labelled(sessions);
    Column isNormal =
        options.trainLabels == null
            ? lit(true)
            : not(coalesce(col(LabelledDetector.LABEL), lit(false)));
    Dataset<Row> normal = labelled.filter(isNormal).drop(LabelledDetector.LABEL);
    Vocabulary vocabulary =
        stages.run("train-vocabulary", "", () -> CountVectors.vocabulary(labelled, isNormal));
    Map<String, String> names = names(parsed);
    for (String name : choice.names()) {
      Detector<?> detector = options.detector(name, checkpoint, names);
      if (detector instanceof ValueDetector values) {
        values.setTemplates(
            parsed.templates().templates().stream()
                .collect(Collectors.toMap(Template::id, Template::text)));
      }
      detector.shareVocabulary(vocabulary);
      Dataset<Row> own = detector instanceof LabelledDetector ? labelled : normal;
      trained.add(stages.run("train-" + name, count + " sessions", () -> detector.fit(own)));
    }
    Verdict verdict =
        stages.run(
            "train-verdict",
            options.combine,
            () -> Verdict.fit(Combine.of(options.combine), trained, normal, options.falseAlarms));
    TrainedModels models = new TrainedModels(parsed.templates(), vocabulary, trained, verdict);
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("lines", parsed.lines());
    metrics.put("rejects", parsed.rejected());
    metrics.put("templates", parsed.templates().templates().size());
    metrics.put("sessions", count);
    if (!choice.reasons().isEmpty()) {
      metrics.put("chosen", choice.reasons());
    }
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
                          vocabulary.version(),
                          settings,
                          metrics);
                  return saved[0];
                }));
    checkpoint.clear();
    return new ModelStore.Version(saved[0], models);
  }

  /** The sessions with their labels, where there are any. */
  private Dataset<Row> labelled(Dataset<Row> sessions) {
    if (options.trainLabels == null) {
      return sessions;
    }
    Dataset<Row> labels = Labels.read(sessions.sparkSession(), options.trainLabels);
    return sessions.join(
        labels.select(col("session"), col("anomalous").as(LabelledDetector.LABEL)),
        "session",
        "left");
  }

  /** What templates are called in a sentence: their first words, without the parameters. */
  private static Map<String, String> names(ParseStage.Parsed parsed) {
    Map<String, String> names = new LinkedHashMap<>();
    for (Template template : parsed.templates().templates()) {
      String words =
          Arrays.stream(template.text().split("\\s+", -1))
              .filter(word -> !word.isEmpty() && !word.contains("<"))
              .limit(NAME_WORDS)
              .collect(Collectors.joining(" "));
      names.put(template.id(), words.isEmpty() ? template.id() : "'" + words + "'");
    }
    return names;
  }

  private static String text(Instant instant) {
    return instant == null ? null : instant.toString();
  }

  /**
   * Tells a training from others: its data and every setting that shapes it. The epochs are among
   * them, since the learning rate falls to zero over their number. Another patience may be asked of
   * a training that goes on: it says only when to stop.
   */
  private static Map<String, String> fingerprint(
      ParseStage.Parsed parsed, List<String> inputs, Map<String, Object> settings) {
    Map<String, String> shaping = new TreeMap<>();
    settings.forEach((name, value) -> shaping.put(name, String.valueOf(value)));
    shaping.remove("patience");
    shaping.put("input", String.join(",", inputs));
    shaping.put("input lines", String.valueOf(parsed.lines()));
    shaping.put("input templates", String.valueOf(parsed.templates().templates().hashCode()));
    return shaping;
  }
}
