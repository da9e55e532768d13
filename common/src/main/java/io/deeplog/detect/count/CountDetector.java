package io.deeplog.detect.count;

import static org.apache.spark.sql.functions.col;

import io.deeplog.UserException;
import io.deeplog.count.CountVector;
import io.deeplog.count.Vocabulary;
import io.deeplog.count.Weighting;
import io.deeplog.detect.Detection;
import io.deeplog.detect.Detector;
import io.deeplog.detect.SessionKeys;
import io.deeplog.detect.TailThreshold;
import io.deeplog.spark.MlPersistence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.param.DoubleParam;
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
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Learns the normal subspace of sessions' event counts by MLlib's singular value decomposition of
 * the centred, weighted count matrix.
 *
 * <p>Equal count vectors are one row, scaled by the root of how often they came, which gives the
 * same decomposition as all of them. The threshold is the Q-statistic, or the score that the wanted
 * share of training sessions exceeds where that is higher: counts are not Gaussian, and Q alone
 * flags up to a hundred times as many normal sessions as it promises.
 */
public final class CountDetector extends Detector<CountDetectorModel> {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "pca";

  /**
   * Partitions of the matrix: a fixed number, so that sums repeat whatever the cluster; and two,
   * because the sum of two does not depend on which comes first. Rows are distinct, hence few.
   */
  private static final int PARTITIONS = 2;

  /** Errors below this share of the variance are rounding, where data fits its subspace exactly. */
  private static final double NOISE = 1e-6;

  private final DoubleParam variance;
  private final DoubleParam falseAlarms;
  private final Param<String> weighting;

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
    weighting = new Param<>(this, "weighting", "weighting of the counts: none, log or tf-idf");
    setDefault(variance, 0.995);
    setDefault(falseAlarms, FALSE_ALARMS);
    setDefault(weighting, Weighting.LOG.id());
  }

  /** Share of the variance that the normal subspace holds, default 0.995. */
  public DoubleParam variance() {
    return variance;
  }

  /** Share of normal sessions that may be flagged, default 0.0005. */
  public DoubleParam falseAlarms() {
    return falseAlarms;
  }

  /** Weighting of the counts, default log. */
  public Param<String> weighting() {
    return weighting;
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
  public CountDetectorModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> sessions = dataset.toDF();
    Vocabulary vocabulary = SessionKeys.vocabulary(sessions);
    JavaRDD<Counted> vectors =
        distinct(sessions, vocabulary).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Totals totals = Totals.of(vectors, vocabulary.size());
      if (totals.sessions == 0) {
        throw UserException.input("no session to learn counts from (check --session)");
      }
      Weighting kind = Weighting.of(getOrDefault(weighting));
      double[] idf = totals.idf();
      PcaModel centring = new PcaModel(kind, idf, totals.means(kind, idf), new double[0][]);
      Eigen eigen = Eigen.of(vectors, centring, totals.sessions);
      int k = QStatistic.components(eigen.values, (double) getOrDefault(variance));
      PcaModel pca = new PcaModel(kind, idf, centring.mean(), Arrays.copyOf(eigen.vectors, k));
      double q = QStatistic.threshold(eigen.values, k);
      double noise = NOISE * Arrays.stream(eigen.values).sum();
      double quantile = quantile(vectors, pca, (double) getOrDefault(falseAlarms));
      double threshold = Math.max(noise, Math.max(q, quantile));
      return copyValues(
          new CountDetectorModel(uid(), vocabulary, pca, q)
              .setThreshold(Detection.rounded(threshold))
              .setParent(this),
          extractParamMap());
    } finally {
      vectors.unpersist();
    }
  }

  /** A count vector and how many sessions have it. */
  private record Counted(CountVector vector, long sessions) implements java.io.Serializable {
    private static final long serialVersionUID = 1L;
  }

  private static JavaRDD<Counted> distinct(Dataset<Row> sessions, Vocabulary vocabulary) {
    StructType type =
        new StructType()
            .add("indices", DataTypes.createArrayType(DataTypes.IntegerType, false))
            .add("counts", DataTypes.createArrayType(DataTypes.IntegerType, false));
    return sessions
        .select(
            functions
                .udf(new ToVector(), type)
                .apply(SessionKeys.column(sessions, vocabulary))
                .as("vector"))
        .groupBy("vector.indices", "vector.counts")
        .count()
        .repartition(PARTITIONS, col("indices"), col("counts"))
        .sortWithinPartitions("indices", "counts")
        .javaRDD()
        .map(
            row ->
                new Counted(
                    new CountVector(SessionKeys.ints(row, 0), SessionKeys.ints(row, 1)),
                    row.getLong(2)));
  }

  private static final class ToVector implements UDF1<Seq<Integer>, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Row call(Seq<Integer> keys) {
      int[] indices =
          JavaConverters.seqAsJavaList(keys).stream().mapToInt(Integer::intValue).toArray();
      CountVector vector = CountVector.of(indices);
      return org.apache.spark.sql.RowFactory.create(vector.indices(), vector.counts());
    }
  }

  /** Sums over the training sessions; exact, because they are whole numbers. */
  private static final class Totals {
    private final long sessions;

    /** Sessions by template and count of it. */
    private final List<Map<Integer, Long>> histograms;

    private Totals(long sessions, List<Map<Integer, Long>> histograms) {
      this.sessions = sessions;
      this.histograms = histograms;
    }

    static Totals of(JavaRDD<Counted> vectors, int templates) {
      List<Map<Integer, Long>> histograms = new ArrayList<>();
      for (int i = 0; i < templates; i++) {
        histograms.add(new HashMap<>());
      }
      for (Row row : vectors.mapPartitions(new Histograms()).collect()) {
        if (row.getInt(0) >= 0) {
          histograms.get(row.getInt(0)).merge(row.getInt(1), row.getLong(2), Long::sum);
        }
      }
      return new Totals(vectors.map(Counted::sessions).fold(0L, Long::sum), histograms);
    }

    double[] idf() {
      double[] idf = new double[histograms.size()];
      for (int i = 0; i < idf.length; i++) {
        long with = histograms.get(i).values().stream().mapToLong(Long::longValue).sum();
        idf[i] = Math.log(sessions / (with + 1e-8));
      }
      return idf;
    }

    double[] means(Weighting weighting, double[] idf) {
      double[] means = new double[histograms.size()];
      for (int i = 0; i < means.length; i++) {
        double sum = 0;
        for (Map.Entry<Integer, Long> entry :
            new java.util.TreeMap<>(histograms.get(i)).entrySet()) {
          sum += weighting.weigh(entry.getKey(), idf[i]) * entry.getValue();
        }
        means[i] = sum / sessions;
      }
      return means;
    }
  }

  /** Template, count and sessions of a partition, added up. */
  private static final class Histograms
      implements FlatMapFunction<java.util.Iterator<Counted>, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public java.util.Iterator<Row> call(java.util.Iterator<Counted> vectors) {
      Map<Long, Long> sessions = new HashMap<>();
      vectors.forEachRemaining(
          counted -> {
            CountVector vector = counted.vector();
            for (int j = 0; j < vector.indices().length; j++) {
              sessions.merge(
                  ((long) vector.indices()[j] << 32) | vector.counts()[j],
                  counted.sessions(),
                  Long::sum);
            }
          });
      return sessions.entrySet().stream()
          .map(
              e ->
                  org.apache.spark.sql.RowFactory.create(
                      (int) (e.getKey() >> 32), (int) (long) e.getKey(), e.getValue()))
          .iterator();
    }
  }

  /**
   * Eigenvalues, descending, and eigenvectors of the covariance.
   *
   * @param values one for every template; zero where the rank ends
   * @param vectors [rank][templates]
   */
  private record Eigen(double[] values, double[][] vectors) {
    static Eigen of(JavaRDD<Counted> counted, PcaModel centring, long sessions) {
      int templates = centring.mean().length;
      JavaRDD<Vector> rows = counted.map(c -> scaled(centring, c));
      RowMatrix matrix = new RowMatrix(rows.rdd());
      SingularValueDecomposition<RowMatrix, Matrix> svd = matrix.computeSVD(templates, false, 1e-9);
      double[] values = new double[templates];
      double[][] vectors = new double[svd.s().size()][templates];
      for (int j = 0; j < vectors.length; j++) {
        values[j] = svd.s().apply(j) * svd.s().apply(j) / sessions;
        for (int i = 0; i < templates; i++) {
          vectors[j][i] = svd.V().apply(i, j);
        }
      }
      return new Eigen(values, vectors);
    }

    private static Vector scaled(PcaModel centring, Counted counted) {
      double[] x = centring.centred(counted.vector());
      double root = Math.sqrt((double) counted.sessions());
      for (int i = 0; i < x.length; i++) {
        x[i] *= root;
      }
      return Vectors.dense(x);
    }
  }

  private static double quantile(JavaRDD<Counted> vectors, PcaModel pca, double falseAlarms) {
    Map<Double, Long> scores = new HashMap<>();
    // Rounded, so that there are few; up, so that none of them exceeds its own threshold.
    vectors
        .mapToPair(
            c ->
                new scala.Tuple2<>(
                    roundedUp(PcaModel.spe(pca.residual(pca.centred(c.vector())))), c.sessions()))
        .reduceByKey(Long::sum)
        .collect()
        .forEach(score -> scores.put(score._1, score._2));
    // Where sessions are too few to show the rate, one may exceed it: that one may be abnormal.
    long sessions = scores.values().stream().mapToLong(Long::longValue).sum();
    return TailThreshold.quantile(scores, Math.max(falseAlarms, 1.0 / sessions));
  }

  private static double roundedUp(double spe) {
    return spe <= 0
        ? 0
        : new java.math.BigDecimal(spe)
            .round(new java.math.MathContext(4, java.math.RoundingMode.UP))
            .doubleValue();
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
