package io.deeplog.detect.count;

import io.deeplog.count.CountVector;
import io.deeplog.count.Vocabulary;
import io.deeplog.count.Weighting;
import io.deeplog.detect.Detection;
import io.deeplog.detect.KeysDetectorModel;
import io.deeplog.detect.SessionScorer;
import io.deeplog.spark.Files;
import io.deeplog.spark.MlPersistence;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Appends {@code pca} to sessions: the squared prediction error of their counts. */
public final class CountDetectorModel extends KeysDetectorModel<CountDetectorModel> {
  private static final long serialVersionUID = 1L;

  private static final int MAX_CONTRIBUTIONS = 5;
  private static final String FILE = "pca.json";

  private final PcaModel pca;
  private final double qStatistic;
  private final DoubleParam threshold;

  CountDetectorModel(String uid, Vocabulary vocabulary, PcaModel pca, double qStatistic) {
    super(uid, CountDetector.NAME, vocabulary);
    this.pca = pca;
    this.qStatistic = qStatistic;
    this.threshold =
        new DoubleParam(
            this, "threshold", "squared prediction error above which a session is anomalous");
  }

  @Override
  public String condition() {
    return String.format(
        Locale.ROOT,
        "squared prediction error of the counts > %.4g",
        (double) getOrDefault(threshold));
  }

  @Override
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("threshold", getOrDefault(threshold));
    metrics.put("q_statistic", qStatistic);
    metrics.put("components", components());
    return metrics;
  }

  /** Squared prediction error above which a session is anomalous. */
  public DoubleParam threshold() {
    return threshold;
  }

  /** Sets {@link #threshold()}. */
  public CountDetectorModel setThreshold(double value) {
    set(threshold, value);
    return this;
  }

  /** The Q-statistic of the training data. */
  public double qStatistic() {
    return qStatistic;
  }

  /** Number of components of the normal subspace. */
  public int components() {
    return pca.components().length;
  }

  /** An outlier decides by itself; many sessions stand behind a subspace, none moves it much. */
  @Override
  public boolean pooled() {
    return false;
  }

  @Override
  protected SessionScorer scorer(boolean leaveOneOut) {
    return new Scorer(vocabulary(), pca, (double) getOrDefault(threshold));
  }

  private record Scorer(Vocabulary vocabulary, PcaModel pca, double threshold)
      implements SessionScorer {
    private static final long serialVersionUID = 1L;

    @Override
    public Row judge(int[] keys) {
      CountVector counts = CountVector.of(keys);
      double[] centred = pca.centred(counts);
      double[] residual = pca.residual(centred);
      double spe = PcaModel.spe(residual);
      return spe > threshold
          ? Detection.anomalous(spe, threshold, evidence(counts, centred, residual, spe))
          : Detection.normal(spe, threshold);
    }

    private Row evidence(CountVector counts, double[] centred, double[] residual, double spe) {
      double[] actual = new double[centred.length];
      for (int j = 0; j < counts.indices().length; j++) {
        actual[counts.indices()[j]] = counts.counts()[j];
      }
      List<Integer> largest =
          IntStream.range(0, residual.length)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer i) -> -residual[i] * residual[i]))
              .limit(MAX_CONTRIBUTIONS)
              .toList();
      Row[] contributions =
          largest.stream()
              .map(
                  i ->
                      RowFactory.create(
                          vocabulary.id(i + 1),
                          actual[i],
                          Detection.rounded(pca.expectedCount(i, centred[i], residual[i])),
                          Detection.rounded(residual[i] * residual[i] / spe)))
              .toArray(Row[]::new);
      int top = largest.get(0);
      String reason =
          String.format(
              Locale.ROOT,
              "unusual event counts: one template came %d times, expected about %.1f",
              (long) actual[top],
              pca.expectedCount(top, centred[top], residual[top]));
      return Detection.countEvidence(reason, contributions);
    }
  }

  @Override
  public CountDetectorModel copy(ParamMap extra) {
    return copyValues(new CountDetectorModel(uid(), vocabulary(), pca, qStatistic), extra)
        .setParent(parent());
  }

  /** What the model is beside its parameters. */
  private record Stored(
      List<String> templates,
      String weighting,
      double[] idf,
      double[] mean,
      double[][] components,
      double qStatistic) {}

  @Override
  public MLWriter write() {
    return MlPersistence.writer(
        this,
        (directory, spark) ->
            Files.of(spark)
                .writeJson(
                    new Path(directory, FILE),
                    new Stored(
                        vocabulary().ids(),
                        pca.weighting().id(),
                        pca.idf(),
                        pca.mean(),
                        pca.components(),
                        qStatistic)));
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<CountDetectorModel> read() {
    return MlPersistence.reader(
        CountDetectorModel.class,
        (String uid, String directory, SparkSession spark) -> {
          Stored stored = Files.of(spark).readJson(new Path(directory, FILE), Stored.class);
          return new CountDetectorModel(
              uid,
              new Vocabulary(stored.templates),
              new PcaModel(
                  Weighting.of(stored.weighting), stored.idf, stored.mean, stored.components),
              stored.qStatistic);
        });
  }

  /** Loads a saved model. */
  public static CountDetectorModel load(String path) {
    return read().load(path);
  }
}
