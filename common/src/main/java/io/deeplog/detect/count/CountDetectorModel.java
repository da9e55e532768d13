package io.deeplog.detect.count;

import io.deeplog.UserException;
import io.deeplog.count.CountVector;
import io.deeplog.count.Vocabulary;
import io.deeplog.count.Weighting;
import io.deeplog.detect.DetectorModel;
import io.deeplog.spark.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Appends {@code pca} to sessions: the squared prediction error of their counts. */
public final class CountDetectorModel extends DetectorModel<CountDetectorModel> {
  private static final long serialVersionUID = 1L;

  private static final String FILE = "pca.json";

  /** More templates make a file of some hundred megabytes: their products are not saved. */
  private static final int MOST_REMEMBERED = 2_000;

  private final Vocabulary vocabulary;
  private final PcaModel pca;
  private final boolean oov;
  private final double qStatistic;
  private final double t2Limit;
  private final CountStatistics statistics;
  private final DoubleParam threshold;

  /**
   * A model.
   *
   * @param t2Limit of Hotelling's T2; 0 for none
   * @param statistics what it remembers; may be null
   */
  CountDetectorModel(
      String uid,
      Vocabulary vocabulary,
      PcaModel pca,
      boolean oov,
      double qStatistic,
      double t2Limit,
      CountStatistics statistics) {
    super(uid, CountDetector.NAME);
    this.vocabulary = vocabulary;
    this.pca = pca;
    this.oov = oov;
    this.qStatistic = qStatistic;
    this.t2Limit = t2Limit;
    this.statistics = statistics;
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
    metrics.put("templates", vocabulary.size());
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

  /** The Q-statistic of the training data; NaN when only the largest components are known. */
  public double qStatistic() {
    return qStatistic;
  }

  /** Number of components of the normal subspace. */
  public int components() {
    return pca.components().length;
  }

  /** The normal subspace. */
  PcaModel pca() {
    return pca;
  }

  /** What the model remembers of its sessions, to be merged with others. */
  CountStatistics remembered() {
    if (statistics == null) {
      throw UserException.input(
          "a PCA of "
              + vocabulary.size()
              + " templates does not remember its sessions (learn from all of them at once)");
    }
    return statistics;
  }

  @Override
  public boolean byCountsAlone() {
    return true;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    double limit = (double) getOrDefault(threshold);
    CountScorer scorer = t2Limit > 0 ? new WithinScorer(pca, limit, t2Limit) : pca;
    return CountJudge.judge(dataset.toDF(), CountDetector.NAME, vocabulary, oov, scorer, limit);
  }

  /**
   * The larger of SPE and T2, T2 put to the scale of SPE by their limits.
   *
   * @param limit of SPE
   * @param t2Limit of T2
   */
  private record WithinScorer(PcaModel pca, double limit, double t2Limit) implements CountScorer {
    private static final long serialVersionUID = 1L;

    @Override
    public double score(CountVector counts) {
      double[] centred = pca.centred(counts);
      double t2 = pca.t2(centred) / t2Limit * Math.max(limit, Double.MIN_NORMAL);
      return Math.max(t2, PcaModel.spe(pca.residual(centred)));
    }

    @Override
    public Explanation explain(CountVector counts) {
      if (pca.score(counts) > limit) {
        return pca.explain(counts);
      }
      return CountScorer.byOcclusion(
          this, counts, usual(), "event counts of a usual mix, but far from the usual number");
    }

    private double[] usual() {
      double[] usual = new double[pca.mean().length];
      for (int i = 0; i < usual.length; i++) {
        double count = pca.weighting().count(pca.mean()[i], pca.idf()[i]);
        usual[i] = Double.isNaN(count) ? 0 : Math.rint(count);
      }
      return usual;
    }
  }

  @Override
  public CountDetectorModel copy(ParamMap extra) {
    return copyValues(
            new CountDetectorModel(uid(), vocabulary, pca, oov, qStatistic, t2Limit, statistics),
            extra)
        .setParent(parent());
  }

  /** What the model is beside its parameters. */
  private record Stored(
      String weighting,
      double[] idf,
      double[] mean,
      double[][] components,
      double[] variances,
      boolean oov,
      double qStatistic,
      double t2Limit,
      CountStatistics statistics) {}

  @Override
  protected void write(Path directory, SparkSession spark) {
    Files.of(spark)
        .writeJson(
            new Path(directory, FILE),
            new Stored(
                pca.weighting().id(),
                pca.idf(),
                pca.mean(),
                pca.components(),
                pca.variances(),
                oov,
                qStatistic,
                t2Limit,
                statistics != null && vocabulary.size() < MOST_REMEMBERED
                    ? statistics.of(null)
                    : null));
  }

  /** Reads what {@link #write()} wrote. */
  public static MLReader<CountDetectorModel> read() {
    return read(null);
  }

  /** Reads what {@link #writeSharing} wrote. */
  public static MLReader<CountDetectorModel> read(Vocabulary shared) {
    return reader(
        CountDetectorModel.class,
        shared,
        (uid, directory, files, vocabulary) -> {
          Stored stored = files.readJson(new Path(directory, FILE), Stored.class);
          return new CountDetectorModel(
              uid,
              vocabulary,
              new PcaModel(
                  Weighting.of(stored.weighting),
                  stored.idf,
                  stored.mean,
                  stored.components,
                  stored.variances),
              stored.oov,
              stored.qStatistic,
              stored.t2Limit,
              stored.statistics == null ? null : stored.statistics.of(vocabulary.ids()));
        });
  }

  /** Loads a saved model. */
  public static CountDetectorModel load(String path) {
    return read().load(path);
  }
}
