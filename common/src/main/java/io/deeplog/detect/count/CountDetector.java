package io.deeplog.detect.count;

import io.deeplog.UserException;
import io.deeplog.count.CountVector;
import io.deeplog.count.Vocabulary;
import io.deeplog.count.Weighting;
import io.deeplog.detect.Detection;
import io.deeplog.detect.VocabularyDetector;
import io.deeplog.spark.MlPersistence;
import io.deeplog.spark.SymmetricEigen;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.mllib.linalg.Matrix;
import org.apache.spark.mllib.linalg.SingularValueDecomposition;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.linalg.distributed.RowMatrix;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Learns the normal subspace of the event counts of sessions or windows: MLlib's distributed
 * Gramian of the weighted count matrix, and the eigenvectors of the covariance that it gives.
 *
 * <p>Equal count vectors are one row, scaled by the root of how often they came, which gives the
 * same Gramian as all of them. The threshold is the Q-statistic, or the score that the wanted share
 * of training sessions exceeds where that is higher: counts are not Gaussian, and Q alone flags up
 * to a hundred times as many normal sessions as it promises.
 */
public final class CountDetector extends VocabularyDetector<CountDetectorModel> {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "pca";

  /** Eigenvalues below this share of the mean square are rounding. */
  private static final double ROUNDING = 1e-13;

  /** Components that are tried where there are too many templates for all. */
  private static final int MOST_COMPONENTS = 50;

  /** Errors below this share of the variance are rounding, where data fits its subspace exactly. */
  private static final double NOISE = 1e-6;

  private final DoubleParam variance;
  private final DoubleParam falseAlarms;
  private final Param<String> weighting;
  private final IntParam components;
  private final DoubleParam alpha;
  private final Param<String> rule;
  private final BooleanParam oov;
  private final LongParam minCount;
  private final IntParam maxColumns;
  private final BooleanParam hotelling;

  /** A detector with the default settings. */
  public CountDetector() {
    this(Identifiable$.MODULE$.randomUID("countDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public CountDetector(String uid) {
    super(uid, NAME);
    variance =
        new DoubleParam(
            this,
            "variance",
            "share of the variance that the normal subspace holds",
            ParamValidators.inRange(0, 1, false, true));
    falseAlarms = falseAlarms(this, "share of normal sessions that may be flagged");
    weighting =
        new Param<>(this, "weighting", "weighting of the counts: none, log, tf-idf, sigmoid");
    components =
        new IntParam(
            this,
            "components",
            "number of components of the normal subspace; 0: by variance",
            ParamValidators.gtEq(0));
    alpha =
        new DoubleParam(
            this,
            "alpha",
            "share beyond the Q-statistic, both tails",
            ParamValidators.inRange(0, 1, false, false));
    rule = new Param<>(this, "rule", "threshold: q, quantile or max, the larger of both");
    oov = new BooleanParam(this, "oov", "whether templates that training lacks are a column");
    minCount =
        new LongParam(this, "minCount", "least entries of a template; rarer ones are unknown ones");
    maxColumns =
        new IntParam(
            this,
            "maxColumns",
            "most templates for an exact decomposition, which holds their square in memory",
            ParamValidators.inRange(1, 20_000));
    hotelling =
        new BooleanParam(
            this, "hotelling", "whether counts far out within the normal subspace are flagged too");
    setDefault(components, 0);
    setDefault(alpha, 0.001);
    setDefault(rule, PcaRule.MAX.id());
    setDefault(oov, true);
    setDefault(minCount, 1L);
    setDefault(maxColumns, 4_000);
    setDefault(hotelling, false);
    setDefault(variance, 0.995);
    setDefault(falseAlarms, FALSE_ALARMS);
    setDefault(weighting, Weighting.LOG.id());
  }

  /** Share of the variance that the normal subspace holds, default 0.995. */
  public DoubleParam variance() {
    return variance;
  }

  /** Share of normal sessions that may be flagged, default 0.001. */
  public DoubleParam falseAlarms() {
    return falseAlarms;
  }

  /** Weighting of the counts, default log. */
  public Param<String> weighting() {
    return weighting;
  }

  /** Number of components, default 0: as many as hold {@link #variance()}. */
  public IntParam components() {
    return components;
  }

  /** Share of Gaussian errors beyond the Q-statistic, default 0.001. */
  public DoubleParam alpha() {
    return alpha;
  }

  /** How the threshold is set, a name of {@link PcaRule}, default max. */
  public Param<String> rule() {
    return rule;
  }

  /** Whether templates that training lacks are counted in a column of their own, default true. */
  public BooleanParam oov() {
    return oov;
  }

  /** Least number of entries of a template, default 1. */
  public LongParam minCount() {
    return minCount;
  }

  /** Most templates for an exact decomposition, default 4,000; more are decomposed truncated. */
  public IntParam maxColumns() {
    return maxColumns;
  }

  /** Whether Hotelling's T2 is a second limit, default false. */
  public BooleanParam hotelling() {
    return hotelling;
  }

  /** Sets {@link #components()}. */
  public CountDetector setComponents(int value) {
    set(components, value);
    return this;
  }

  /** Sets {@link #alpha()}. */
  public CountDetector setAlpha(double value) {
    set(alpha, value);
    return this;
  }

  /** Sets {@link #rule()}. */
  public CountDetector setRule(String value) {
    set(rule, PcaRule.of(value).id());
    return this;
  }

  /** Sets {@link #oov()}. */
  public CountDetector setOov(boolean value) {
    set(oov, value);
    return this;
  }

  /** Sets {@link #minCount()}. */
  public CountDetector setMinCount(long value) {
    set(minCount, value);
    return this;
  }

  /** Sets {@link #maxColumns()}. */
  public CountDetector setMaxColumns(int value) {
    set(maxColumns, value);
    return this;
  }

  /** Sets {@link #hotelling()}. */
  public CountDetector setHotelling(boolean value) {
    set(hotelling, value);
    return this;
  }

  /** Sets {@link #variance()}. */
  public CountDetector setVariance(double value) {
    set(variance, value);
    return this;
  }

  /** Sets {@link #falseAlarms()}. */
  public CountDetector setFalseAlarms(double value) {
    set(falseAlarms, value);
    return this;
  }

  /** Sets {@link #weighting()}. */
  public CountDetector setWeighting(String value) {
    set(weighting, Weighting.of(value).id());
    return this;
  }

  @Override
  public boolean byCountsAlone() {
    return true;
  }

  @Override
  public CountDetectorModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> rows = dataset.toDF();
    // Fewer than one entry have templates of abnormal sessions, which are kept from this detector.
    Vocabulary known = vocabulary(rows, Math.max(1, (long) getOrDefault(minCount)));
    try (CountData data = CountData.of(rows, known, (boolean) getOrDefault(oov))) {
      Weighting kind = Weighting.of(getOrDefault(weighting));
      boolean dense = data.columns() <= (int) getOrDefault(maxColumns);
      CountStatistics statistics = data.statistics(kind, dense);
      Subspace subspace = dense ? dense(statistics) : truncated(data, statistics);
      return model(
          known,
          statistics,
          subspace,
          data.quantile(subspace.pca, (double) getOrDefault(falseAlarms)),
          scorer -> data.quantile(scorer, (double) getOrDefault(falseAlarms)));
    }
  }

  /**
   * The model of the sessions of two models together, from what they remember: neither's sessions
   * are read again. Exact but for the share of sessions that exceed the threshold, which is taken
   * of a sample where there are more than some thousand distinct sessions.
   *
   * @throws UserException when a model has too many templates to remember, or was learned with
   *     another weighting
   */
  public CountDetectorModel merge(CountDetectorModel one, CountDetectorModel other) {
    CountStatistics statistics = one.remembered().merge(other.remembered());
    Subspace subspace = dense(statistics);
    double share = (double) getOrDefault(falseAlarms);
    return model(
        one.vocabulary().plus(other.vocabulary()),
        statistics,
        subspace,
        CountData.quantile(statistics.sample(), subspace.pca, share),
        scorer -> CountData.quantile(statistics.sample(), scorer, share));
  }

  private CountDetectorModel model(
      Vocabulary known,
      CountStatistics statistics,
      Subspace subspace,
      double quantile,
      java.util.function.ToDoubleFunction<CountScorer> quantileOf) {
    double c = QStatistic.critical((double) getOrDefault(alpha));
    int k = subspace.pca.components().length;
    double q = subspace.whole ? QStatistic.threshold(subspace.values, k, c) : 0;
    double noise = NOISE * subspace.total;
    PcaRule by = PcaRule.of(getOrDefault(rule));
    double threshold = Math.max(noise, by == PcaRule.Q ? q : quantile);
    if (by == PcaRule.MAX) {
      threshold = Math.max(threshold, q);
    }
    double t2 = 0;
    if ((boolean) getOrDefault(hotelling)) {
      PcaModel pca = subspace.pca;
      t2 =
          Math.max(
              QStatistic.chiSquared(Math.max(1, k), c),
              quantileOf.applyAsDouble(new HotellingScorer(pca)));
    }
    return copyValues(
        new CountDetectorModel(
                uid(),
                known,
                subspace.pca,
                (boolean) getOrDefault(oov),
                subspace.whole ? q : Double.NaN,
                t2,
                subspace.whole ? statistics : null)
            .setThreshold(Detection.rounded(threshold))
            .setParent(this),
        extractParamMap());
  }

  /** T2 as a score, for its quantile. */
  private record HotellingScorer(PcaModel pca) implements CountScorer {
    private static final long serialVersionUID = 1L;

    @Override
    public double score(CountVector counts) {
      return pca.t2(pca.centred(counts));
    }

    @Override
    public Explanation explain(CountVector counts) {
      return pca.explain(counts);
    }
  }

  /**
   * A subspace.
   *
   * @param values eigenvalues, descending; all of them if whole
   * @param total sum of all eigenvalues
   */
  private record Subspace(PcaModel pca, double[] values, double total, boolean whole) {}

  private Subspace dense(CountStatistics statistics) {
    SymmetricEigen eigen = SymmetricEigen.of(statistics.covariance(), statistics.columns());
    double rounding = ROUNDING * statistics.meanSquare();
    double[] values = eigen.values().clone();
    int rank = 0;
    for (int j = 0; j < values.length; j++) {
      values[j] = values[j] <= rounding ? 0 : values[j];
      rank += values[j] > 0 ? 1 : 0;
    }
    int k = Math.min(rank, wanted(values));
    return new Subspace(
        new PcaModel(
            statistics.weighting(),
            statistics.idf(),
            statistics.means(),
            Arrays.copyOf(eigen.vectors(), k),
            Arrays.copyOf(values, k)),
        values,
        Arrays.stream(values).sum(),
        true);
  }

  private int wanted(double[] values) {
    int number = (int) getOrDefault(components);
    return number > 0 ? number : QStatistic.components(values, (double) getOrDefault(variance));
  }

  /**
   * Of too many columns for a matrix of columns by columns: the largest components only, by MLlib's
   * Lanczos iterations over sparse rows. Rows stay sparse only if they are not centred, so that the
   * mean is the first component. The eigenvalues left out are known by their sum alone: there is no
   * Q-statistic, and the threshold is by what training sessions score.
   */
  private Subspace truncated(CountData data, CountStatistics statistics) {
    double[] idf = statistics.idf();
    JavaRDD<Vector> rows = data.rows(statistics.weighting(), idf).cache();
    try {
      int most = (int) getOrDefault(components);
      most = Math.min(most > 0 ? most : MOST_COMPONENTS, data.columns() - 1);
      double total =
          rows.mapToDouble(v -> Vectors.norm(v, 2) * Vectors.norm(v, 2)).fold(0.0, Double::sum)
              / data.sessions();
      SingularValueDecomposition<RowMatrix, Matrix> svd =
          new RowMatrix(rows.rdd()).computeSVD(most, false, 1e-9);
      double[] values = new double[svd.s().size() + 1];
      for (int j = 0; j < svd.s().size(); j++) {
        values[j] = svd.s().apply(j) * svd.s().apply(j) / data.sessions();
      }
      values[values.length - 1] = Math.max(0, total - Arrays.stream(values).sum());
      int k = Math.min(svd.s().size(), wanted(values));
      double[][] vectors = new double[k][data.columns()];
      for (int j = 0; j < k; j++) {
        for (int i = 0; i < data.columns(); i++) {
          vectors[j][i] = svd.V().apply(i, j);
        }
      }
      return new Subspace(
          new PcaModel(
              statistics.weighting(),
              idf,
              new double[data.columns()],
              vectors,
              Arrays.copyOf(values, k)),
          values,
          total,
          false);
    } finally {
      rows.unpersist();
    }
  }

  @Override
  public CountDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<CountDetector> read() {
    return MlPersistence.reader(CountDetector.class, CountDetector::new);
  }

  /** Loads a saved detector. */
  public static CountDetector load(String path) {
    return read().load(path);
  }
}
