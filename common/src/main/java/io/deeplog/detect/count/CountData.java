package io.deeplog.detect.count;

import static org.apache.spark.sql.functions.col;

import io.deeplog.UserException;
import io.deeplog.count.CountVector;
import io.deeplog.count.CountVectors;
import io.deeplog.count.Vocabulary;
import io.deeplog.count.Weighting;
import io.deeplog.detect.TailThreshold;
import io.deeplog.detect.count.CountStatistics.Counted;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.linalg.distributed.RowMatrix;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.storage.StorageLevel;

/**
 * The distinct count vectors of sessions or windows, each with how often it came: all that count
 * detectors learn from. Sums over them are those over all sessions.
 */
final class CountData implements AutoCloseable {
  /**
   * Partitions of the matrix: a fixed number, so that sums repeat whatever the cluster; and two,
   * because the sum of two does not depend on which comes first. Rows are distinct, hence few.
   */
  private static final int PARTITIONS = 2;

  private final Vocabulary vocabulary;
  private final JavaRDD<Counted> vectors;
  private final long sessions;

  private CountData(Vocabulary vocabulary, JavaRDD<Counted> vectors, long sessions) {
    this.vocabulary = vocabulary;
    this.vectors = vectors;
    this.sessions = sessions;
  }

  /**
   * Of sessions or windows.
   *
   * @param vocabulary templates that have a column; what else comes is counted as others
   * @param oov whether others are counted at all
   * @throws UserException when there are none
   */
  static CountData of(Dataset<Row> rows, Vocabulary vocabulary, boolean oov) {
    JavaRDD<Counted> vectors =
        rows.select(CountVectors.column(rows, vocabulary, oov).as("vector"))
            .groupBy("vector.indices", "vector.counts")
            .count()
            .repartition(PARTITIONS, col("indices"), col("counts"))
            .sortWithinPartitions("indices", "counts")
            .javaRDD()
            .map(row -> new Counted(CountVectors.of(row), row.getLong(2)))
            .persist(StorageLevel.MEMORY_AND_DISK());
    long sessions = vectors.map(Counted::sessions).fold(0L, Long::sum);
    if (sessions == 0) {
      vectors.unpersist();
      throw UserException.input("no session to learn counts from (check --session)");
    }
    return new CountData(vocabulary, vectors, sessions);
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  /** Number of columns: the templates and all others. */
  int columns() {
    return vocabulary.size() + 1;
  }

  long sessions() {
    return sessions;
  }

  JavaRDD<Counted> vectors() {
    return vectors;
  }

  /** The first vectors in an order. */
  List<Counted> first(int limit, Comparator<Counted> order) {
    return vectors.takeOrdered(limit, new Order(order == Counted.BY_HASH));
  }

  /** Comparators of lambdas do not travel; this one does. */
  private record Order(boolean byHash) implements Comparator<Counted>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(Counted a, Counted b) {
      return (byHash ? Counted.BY_HASH : Counted.BY_SESSIONS).compare(a, b);
    }
  }

  /**
   * Sums over all sessions.
   *
   * @param products whether the products of columns are wanted: a matrix of columns by columns on
   *     the driver
   */
  CountStatistics statistics(Weighting weighting, boolean products) {
    int columns = columns();
    long[] with = new long[columns];
    double[] sums = new double[columns];
    // Whole numbers are added up exactly; they are weighted in one order afterwards.
    Map<Long, Long> histogram = new TreeMap<>();
    vectors
        .mapPartitions(new Histograms())
        .collect()
        .forEach(row -> histogram.merge(row.getLong(0), row.getLong(1), Long::sum));
    Weighting base = base(weighting);
    histogram.forEach(
        (key, n) -> {
          int column = (int) (key >> 32);
          with[column] += n;
          sums[column] += base.weigh((int) (long) key, 1) * n;
        });
    return new CountStatistics(
        weighting,
        vocabulary.ids(),
        sessions,
        with,
        sums,
        products ? gramian(base) : new double[0],
        first(CountStatistics.SAMPLE, Counted.BY_HASH));
  }

  private static Weighting base(Weighting weighting) {
    return weighting == Weighting.TF_IDF ? Weighting.NONE : weighting;
  }

  /** Rows of the matrix; equal ones are one, scaled by the root of how often they came. */
  JavaRDD<Vector> rows(Weighting weighting, double[] idf) {
    int columns = columns();
    return vectors.map(
        counted -> {
          CountVector vector = counted.vector();
          double root = Math.sqrt((double) counted.sessions());
          double[] values = new double[vector.indices().length];
          for (int j = 0; j < values.length; j++) {
            values[j] = root * weighting.weigh(vector.counts()[j], idf[vector.indices()[j]]);
          }
          return Vectors.sparse(columns, vector.indices(), values);
        });
  }

  private double[] gramian(Weighting base) {
    int columns = columns();
    double[] full =
        new RowMatrix(rows(base, new double[columns]).rdd()).computeGramianMatrix().toArray();
    double[] packed = new double[columns * (columns + 1) / 2];
    for (int j = 0; j < columns; j++) {
      for (int i = 0; i <= j; i++) {
        packed[CountStatistics.packed(i, j)] = full[j * columns + i];
      }
    }
    return packed;
  }

  /** Column and count, in one long, and sessions of a partition. */
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
          .map(e -> RowFactory.create(e.getKey(), e.getValue()))
          .iterator();
    }
  }

  /** The score that a share of the sessions may exceed. */
  double quantile(CountScorer scorer, double share) {
    Map<Double, Long> scores = new HashMap<>();
    vectors
        .mapToPair(c -> new scala.Tuple2<>(roundedUp(scorer.score(c.vector())), c.sessions()))
        .reduceByKey(Long::sum)
        .collect()
        .forEach(score -> scores.put(score._1, score._2));
    return quantile(scores, share);
  }

  /** {@link #quantile(CountScorer, double)} of a sample. */
  static double quantile(List<Counted> sample, CountScorer scorer, double share) {
    Map<Double, Long> scores = new HashMap<>();
    sample.forEach(c -> scores.merge(roundedUp(scorer.score(c.vector())), c.sessions(), Long::sum));
    return quantile(scores, share);
  }

  private static double quantile(Map<Double, Long> scores, double share) {
    // Where sessions are too few to show the rate, one may exceed it: that one may be abnormal.
    long sessions = scores.values().stream().mapToLong(Long::longValue).sum();
    return TailThreshold.quantile(scores, Math.max(share, 1.0 / sessions));
  }

  /** To four digits, so that there are few; up, so that none exceeds its own threshold. */
  private static double roundedUp(double score) {
    return score <= 0
        ? 0
        : new java.math.BigDecimal(score)
            .round(new java.math.MathContext(4, java.math.RoundingMode.UP))
            .doubleValue();
  }

  /** Medians of the counts, by column, over the sessions of some vectors. */
  static double[] medians(List<Counted> sample, int columns) {
    long total = sample.stream().mapToLong(Counted::sessions).sum();
    List<TreeMap<Integer, Long>> histograms = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      histograms.add(new TreeMap<>());
    }
    for (Counted c : sample) {
      for (int j = 0; j < c.vector().indices().length; j++) {
        histograms
            .get(c.vector().indices()[j])
            .merge(c.vector().counts()[j], c.sessions(), Long::sum);
      }
    }
    double[] medians = new double[columns];
    for (int i = 0; i < columns; i++) {
      long below = total - histograms.get(i).values().stream().mapToLong(Long::longValue).sum();
      for (Map.Entry<Integer, Long> entry : histograms.get(i).entrySet()) {
        if (2 * below >= total) {
          break;
        }
        medians[i] = entry.getKey();
        below += entry.getValue();
      }
    }
    return medians;
  }

  @Override
  public void close() {
    vectors.unpersist();
  }
}
