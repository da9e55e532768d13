package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.deeplog.UserException;
import io.deeplog.count.CountVectors;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.Detector;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.DistinctSequences;
import io.deeplog.detect.count.InvariantsDetector;
import io.deeplog.detect.count.IsolationForestDetector;
import io.deeplog.detect.count.LabelledDetector;
import io.deeplog.detect.count.LogClusteringDetector;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.detect.path.PathDetectorModel;
import io.deeplog.detect.path.PathRule;
import io.deeplog.evaluate.KeySequences;
import io.deeplog.evaluate.Tally;
import io.deeplog.jobs.options.DetectorChoice;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.SequenceOptions;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Stages;
import io.deeplog.verdict.Anomalies;
import io.deeplog.verdict.Combine;
import io.deeplog.verdict.Verdict;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;

/**
 * Trains every detector on normal sessions and judges labelled ones: the figures of each, beside
 * those of everything simpler.
 */
public final class SequenceEvaluation {
  /** Figure that says whether a detector learned from labels. */
  public static final String SUPERVISED = "supervised";

  /** The row of the paper's protocol: top-g, sessions shorter than the history flagged. */
  public static final String PAPER = "lstm-paper";

  /** The paper's history h; sessions with fewer keys are short. */
  private static final int PAPER_HISTORY = 10;

  /**
   * Large batches, few of them and long steps: what an epoch costs is mostly the number of batches.
   */
  private static final int PAPER_BATCH = 128;

  private static final int PAPER_EPOCHS = 24;
  private static final double PAPER_LEARNING_RATE = 0.02;

  /** Detectors that are compared though the verdict is reached without them. */
  private static final List<String> BESIDE =
      List.of(InvariantsDetector.NAME, LogClusteringDetector.NAME, IsolationForestDetector.NAME);

  /** Digits of a score that rank sessions. */
  private static final MathContext DIGITS = new MathContext(5);

  private final Stages stages;
  private final SequenceOptions options;
  private final TrainingOptions training;

  /**
   * What was measured.
   *
   * @param data of the sessions: counts, overlap
   * @param rows one for every detector, by name of the figure
   */
  public record Result(Map<String, Object> data, List<Map<String, Object>> rows) {}

  /** What one detector did, of one seed. */
  private record Judged(
      String detector, double trainSeconds, double detectSeconds, List<Counted> counted) {}

  /** Sessions that agree in all that counts. */
  private record Counted(Tally.Cell cell, boolean isShort, boolean first) {}

  /** An evaluation. */
  public SequenceEvaluation(Stages stages, SequenceOptions options, TrainingOptions training) {
    this.stages = stages;
    this.options = options;
    this.training = training;
  }

  /**
   * Evaluates.
   *
   * @throws UserException when there is nothing to learn from or a session has no label
   */
  public Result run() {
    SequenceData read = SequenceData.read(stages.spark(), options, training.seed);
    Dataset<Row> train = KeySequences.normal(read.train()).persist();
    Dataset<Row> test =
        read.test()
            .withColumn("is_short", size(col(Sessions.ENTRIES)).lt(PAPER_HISTORY))
            // The first session of its keys and label stands for them, deduplicated.
            .withColumn(
                "is_first",
                row_number()
                    .over(
                        Window.partitionBy(KeySequences.KEYS, KeySequences.ANOMALOUS)
                            .orderBy(Sessions.SESSION))
                    .equalTo(1))
            .persist();
    try {
      Map<String, Object> data = stages.run("read", "", () -> data(train, test));
      data.put("split", read.split());
      Map<String, List<Judged>> judged = new LinkedHashMap<>();
      judge(train, test, judged);
      SequenceData labelled = new SequenceData(read.train(), test, read.split()).supervised();
      data.put("supervised_detectors_learn_from", labelled.split());
      judgeLabelled(labelled, judged);
      return new Result(data, judged.values().stream().map(this::row).toList());
    } finally {
      train.unpersist();
      test.unpersist();
    }
  }

  private Map<String, Object> data(Dataset<Row> train, Dataset<Row> test) {
    Dataset<Row> seen = train.groupBy(KeySequences.KEYS).agg(count(lit(1)).as("seen"));
    List<Row> groups =
        test.join(seen, new String[] {KeySequences.KEYS}, "left")
            .groupBy(KeySequences.ANOMALOUS)
            .agg(
                count(lit(1)).as("sessions"),
                count(when(col("is_first"), 1)).as("distinct"),
                count(when(col("is_short"), 1)).as("short"),
                avg(when(col("seen").isNotNull(), 1.0).otherwise(0.0)).as("overlap"))
            .orderBy(KeySequences.ANOMALOUS)
            .collectAsList();
    if (!groups.isEmpty() && groups.get(0).isNullAt(0)) {
      throw UserException.input(
          groups.get(0).getLong(1)
              + " sessions of "
              + (options.test == null ? options.train : options.test)
              + " have no label (give a column of labels, or "
              + Flags.TEST_LABEL
              + ")");
    }
    Row learned = seen.agg(coalesce(sum("seen"), lit(0L)), count(lit(1))).first();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("train", options.train);
    if (options.test != null) {
      data.put("test", options.test);
    }
    data.put("train_sessions", learned.getLong(0));
    data.put("train_distinct", learned.getLong(1));
    long ofEachLabel = 0;
    for (Row row : groups) {
      String label = row.getBoolean(0) ? "anomalous" : "normal";
      data.put("test_" + label, row.getLong(1));
      data.put("test_" + label + "_distinct", row.getLong(2));
      data.put("test_" + label + "_short", row.getLong(3));
      data.put("test_" + label + "_also_in_train", rounded(row.getDouble(4)));
      ofEachLabel += row.getLong(2);
    }
    long distinct = test.select(KeySequences.KEYS).distinct().count();
    data.put("distinct_with_both_labels", ofEachLabel - distinct);
    data.put("anomaly_rate", options.anomalyRate);
    data.put("history", training.history);
    data.put("false_alarms", training.falseAlarms);
    return data;
  }

  private void judge(Dataset<Row> train, Dataset<Row> test, Map<String, List<Judged>> judged) {
    List<DetectorModel<?>> models = new ArrayList<>();
    double[] trainSeconds = new double[1];
    double others = 0;
    int lstm = -1;
    List<String> names = training.choice(DetectorChoice.of(DetectorChoice.DEFAULT)).names();
    Vocabulary vocabulary = stages.run("vocabulary", "", () -> CountVectors.vocabulary(train));
    for (String name : names) {
      if (LabelledDetector.NAMES.contains(name)) {
        continue;
      }
      Detector<?> detector = detector(name, vocabulary);
      if (detector instanceof PathDetector) {
        lstm = models.size();
        models.add(null);
        continue;
      }
      DetectorModel<?> model = fit(detector, train, trainSeconds);
      others += trainSeconds[0];
      models.add(model);
      add(judged, measure(model.detector(), trainSeconds[0], test, model));
    }
    if (lstm < 0) {
      add(judged, verdict(others, train, test, models));
    }
    for (int i = 0; lstm >= 0 && i < options.seeds; i++) {
      PathDetector detector = training.pathDetector().setSeed(training.seed + i);
      detector.shareVocabulary(vocabulary);
      PathDetectorModel model = fit(detector, train, trainSeconds);
      double seconds = trainSeconds[0];
      models.set(lstm, model);
      add(judged, measure(model.detector(), seconds, test, model));
      PathDetectorModel paper = fit(PAPER, ofPaper(detector), train, trainSeconds);
      add(judged, measure(PAPER, trainSeconds[0], test, paper));
      add(judged, verdict(seconds + others, train, test, models));
    }
    for (String name : BESIDE) {
      if (!names.contains(name)) {
        DetectorModel<?> model = fit(detector(name, vocabulary), train, trainSeconds);
        add(judged, measure(name, trainSeconds[0], test, model));
      }
    }
  }

  private Detector<?> detector(String name, Vocabulary vocabulary) {
    Detector<?> detector = training.detector(name, PathDetector.noCheckpoint(), Map.of());
    detector.shareVocabulary(vocabulary);
    return detector;
  }

  /** Detectors that learn from labels: apart from the others, whose thresholds need none. */
  private void judgeLabelled(SequenceData data, Map<String, List<Judged>> judged) {
    Dataset<Row> train = data.train().persist();
    try {
      if (train.filter(col(KeySequences.ANOMALOUS)).isEmpty()) {
        return;
      }
      Map<String, Fitted> fitted =
          stages.run(
              "train-supervised",
              String.join(", ", LabelledDetector.NAMES) + " side by side",
              () -> fitLabelled(train));
      fitted.forEach(
          (name, one) -> add(judged, measure(name, one.seconds, data.test(), one.model)));
    } finally {
      train.unpersist();
    }
  }

  /** A trained model and how long that took, beside others. */
  private record Fitted(DetectorModel<?> model, double seconds) {}

  /**
   * All at once: each is hundreds of small jobs of one task, and waits for Spark more than for a
   * core. Threads of their own, since those of Java's common pool know no classes of the
   * application.
   */
  private static Map<String, Fitted> fitLabelled(Dataset<Row> train) {
    List<Callable<Fitted>> tasks = new ArrayList<>();
    for (String name : LabelledDetector.NAMES) {
      tasks.add(
          () -> {
            long start = System.nanoTime();
            DetectorModel<?> model = new LabelledDetector().setAlgorithm(name).fit(train);
            return new Fitted(model, (System.nanoTime() - start) / 1e9);
          });
    }
    ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
    try {
      Map<String, Fitted> fitted = new LinkedHashMap<>();
      for (Future<Fitted> one : threads.invokeAll(tasks)) {
        fitted.put(LabelledDetector.NAMES.get(fitted.size()), one.get());
      }
      return fitted;
    } catch (ExecutionException e) {
      // As if it had run here.
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  /**
   * The paper's network (section 5.1); a few epochs show what its rule can do. It learns from all
   * sessions: with g and the epochs given there is nothing to hold some out for.
   */
  private static PathDetector ofPaper(PathDetector detector) {
    return detector
        .copy(new ParamMap())
        .setHistory(PAPER_HISTORY)
        .setLayers(2)
        .setUnits(64)
        .setBatchSize(PAPER_BATCH)
        .setLearningRate(PAPER_LEARNING_RATE)
        .setValidationShare(0)
        .setEpochs(Math.min(PAPER_EPOCHS, (int) detector.get(detector.epochs()).get()))
        .setRule(PathRule.TOP_G.id())
        .setTopG(9)
        .setFlagShort(true);
  }

  private <M extends DetectorModel<M>> M fit(
      Detector<M> detector, Dataset<Row> train, double[] seconds) {
    return fit(detector.detector(), detector, train, seconds);
  }

  private <M extends DetectorModel<M>> M fit(
      String row, Detector<M> detector, Dataset<Row> train, double[] seconds) {
    long start = System.nanoTime();
    M model = stages.run("train-" + row, "", () -> detector.fit(train));
    seconds[0] = (System.nanoTime() - start) / 1e9;
    return model;
  }

  private static void add(Map<String, List<Judged>> judged, Judged one) {
    judged.computeIfAbsent(one.detector, d -> new ArrayList<>()).add(one);
  }

  private Judged measure(
      String name, double trainSeconds, Dataset<Row> test, DetectorModel<?> model) {
    String column = Detection.column(model.detector());
    return measure(
        name,
        trainSeconds,
        DistinctSequences.judge(List.of(model), test),
        col(column + ".score"),
        col(column + ".anomalous"));
  }

  private Judged verdict(
      double trainSeconds, Dataset<Row> train, Dataset<Row> test, List<DetectorModel<?>> models) {
    long start = System.nanoTime();
    Verdict verdict =
        stages.run(
            "train-verdict",
            "",
            () -> Verdict.fit(Combine.of(training.combine), models, train, training.falseAlarms));
    double seconds = trainSeconds + (System.nanoTime() - start) / 1e9;
    return measure(
        Anomalies.VERDICT,
        seconds,
        verdict.judge(DistinctSequences.judge(models, test)),
        col(Anomalies.VERDICT + ".score"),
        col(Anomalies.VERDICT + ".anomalous"));
  }

  private Judged measure(
      String name, double trainSeconds, Dataset<Row> judged, Column score, Column flagged) {
    long start = System.nanoTime();
    List<Row> rows =
        stages.run(
            "detect-" + name,
            "",
            () ->
                judged
                    .groupBy(
                        udf(new Rounded(), DataTypes.DoubleType).apply(score).as("score"),
                        coalesce(flagged, lit(false)).as("flagged"),
                        col(KeySequences.ANOMALOUS),
                        col("is_short"),
                        col("is_first"))
                    .agg(count(lit(1)))
                    .collectAsList());
    double seconds = (System.nanoTime() - start) / 1e9;
    List<Counted> counted = new ArrayList<>();
    for (Row row : rows) {
      counted.add(
          new Counted(
              new Tally.Cell(
                  row.getDouble(0), row.getBoolean(1), row.getBoolean(2), row.getLong(5)),
              row.getBoolean(3),
              row.getBoolean(4)));
    }
    return new Judged(name, trainSeconds, seconds, counted);
  }

  private static final class Rounded implements UDF1<Double, Double> {
    private static final long serialVersionUID = 1L;

    @Override
    public Double call(Double score) {
      return score == null || score.isNaN() || score.isInfinite()
          ? 0
          : new BigDecimal(score).round(DIGITS).doubleValue();
    }
  }

  private Map<String, Object> row(List<Judged> seeds) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("detector", seeds.get(0).detector);
    row.put(SUPERVISED, LabelledDetector.NAMES.contains(seeds.get(0).detector));
    figures(row, seeds, c -> true);
    row.put("train_seconds", mean(seeds, Judged::trainSeconds));
    row.put("detect_seconds", mean(seeds, Judged::detectSeconds));
    row.put(
        "sessions_per_second",
        Math.round(
            mean(
                seeds,
                s -> s.counted.stream().mapToLong(c -> c.cell.count()).sum() / s.detectSeconds)));
    Map<String, Object> deduplicated = new LinkedHashMap<>();
    figures(deduplicated, seeds, Counted::first);
    row.put("deduplicated", deduplicated);
    Map<String, Object> ofShort = new LinkedHashMap<>();
    figures(ofShort, seeds, Counted::isShort);
    row.put("short_sessions", ofShort);
    Map<String, Object> rest = new LinkedHashMap<>();
    figures(rest, seeds, c -> !c.isShort);
    row.put("without_short_sessions", rest);
    return row;
  }

  private void figures(Map<String, Object> row, List<Judged> seeds, Predicate<Counted> which) {
    List<Tally> tallies =
        seeds.stream()
            .map(
                s ->
                    new Tally(
                        s.counted.stream().filter(which).map(Counted::cell).toList(),
                        options.anomalyRate))
            .toList();
    row.put("precision", mean(tallies, Tally::precision));
    row.put("recall", mean(tallies, Tally::recall));
    row.put("f1", mean(tallies, Tally::f1));
    row.put("auprc", mean(tallies, Tally::areaUnderPrecisionRecall));
    row.put("false_alarms_per_1000", mean(tallies, Tally::falseAlarmsPerThousand));
    if (tallies.size() > 1) {
      row.put("seeds", tallies.size());
      row.put("f1_least", rounded(tallies.stream().mapToDouble(Tally::f1).min().orElse(0)));
      row.put("f1_most", rounded(tallies.stream().mapToDouble(Tally::f1).max().orElse(0)));
      row.put(
          "f1_deviation", rounded(deviation(tallies.stream().mapToDouble(Tally::f1).toArray())));
    }
    row.put("tp", mean(tallies, t -> t.confusion().tp()));
    row.put("fp", mean(tallies, t -> t.confusion().fp()));
    row.put("fn", mean(tallies, t -> t.confusion().fn()));
    row.put("tn", mean(tallies, t -> t.confusion().tn()));
  }

  private static <T> double mean(List<T> values, ToDoubleFunction<T> of) {
    return rounded(values.stream().mapToDouble(of).average().orElse(0));
  }

  /** The standard deviation of a sample of two or more. */
  static double deviation(double[] values) {
    double mean = Arrays.stream(values).average().orElse(0);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  private static double rounded(double value) {
    return Math.round(value * 1e5) / 1e5;
  }
}
