package io.deeplog.detect.count;

import io.deeplog.detect.count.CountStatistics.Counted;
import io.deeplog.detect.count.ForestScorer.Link;
import io.deeplog.detect.count.ForestScorer.Tree;
import io.deeplog.spark.MlPersistence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Learns an isolation forest of event counts (Liu et al., ICDM 2008), whose trees split along
 * random directions in place of single templates ({@link Directions}), and beyond the training's
 * sessions too: these are normal alone, and do not show along which template an anomaly will lie.
 *
 * <p>A session is anomalous when its score is above what the wanted share of training sessions
 * exceeds, or above what a given share does (the contamination that others ask for: training
 * sessions are normal here, and it is but their tail).
 */
public final class IsolationForestDetector extends ScoredDetector {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "isolation-forest";

  /** Most distinct counts that samples are drawn from. */
  private static final int MOST_ROWS = 20_000;

  /** Directions that a forest splits along. */
  private static final int DIRECTIONS = 256;

  private final IntParam trees;
  private final IntParam sampleSize;
  private final DoubleParam contamination;
  private final DoubleParam falseAlarms;
  private final LongParam seed;

  /** A detector with the default settings. */
  public IsolationForestDetector() {
    this(Identifiable$.MODULE$.randomUID("isolationForestDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public IsolationForestDetector(String uid) {
    super(uid, NAME);
    trees = new IntParam(this, "trees", "number of trees", ParamValidators.inRange(1, 10_000));
    sampleSize =
        new IntParam(
            this,
            "sampleSize",
            "sessions that a tree is grown of",
            ParamValidators.inRange(2, 4096));
    contamination =
        new DoubleParam(
            this,
            "contamination",
            "share of the training sessions that score above the threshold; 0: by falseAlarms",
            ParamValidators.inRange(0, 0.5));
    falseAlarms = falseAlarms(this, "share of normal sessions that may be flagged");
    seed = new LongParam(this, "seed", "seed of the samples and splits");
    setDefault(trees, 100);
    setDefault(sampleSize, 256);
    setDefault(contamination, 0.0);
    setDefault(falseAlarms, FALSE_ALARMS);
    setDefault(seed, 1L);
  }

  /** Number of trees, default 100. */
  public IntParam trees() {
    return trees;
  }

  /** Sessions that a tree is grown of, default 256. */
  public IntParam sampleSize() {
    return sampleSize;
  }

  /** Share of the training sessions that score above the threshold, default 0: by falseAlarms. */
  public DoubleParam contamination() {
    return contamination;
  }

  /** Share of normal sessions that may be flagged, default 0.001. */
  public DoubleParam falseAlarms() {
    return falseAlarms;
  }

  /** Seed of the samples and splits, default 1. */
  public LongParam seed() {
    return seed;
  }

  /** Sets {@link #trees()}. */
  public IsolationForestDetector setTrees(int value) {
    set(trees, value);
    return this;
  }

  /** Sets {@link #sampleSize()}. */
  public IsolationForestDetector setSampleSize(int value) {
    set(sampleSize, value);
    return this;
  }

  /** Sets {@link #contamination()}. */
  public IsolationForestDetector setContamination(double value) {
    set(contamination, value);
    return this;
  }

  /** Sets {@link #falseAlarms()}. */
  public IsolationForestDetector setFalseAlarms(double value) {
    set(falseAlarms, value);
    return this;
  }

  /** Sets {@link #seed()}. */
  public IsolationForestDetector setSeed(long value) {
    set(seed, value);
    return this;
  }

  @Override
  Learned learn(Dataset<Row> sessions, CountData data) {
    List<Counted> rows = data.first(MOST_ROWS, Counted.BY_HASH);
    long[] ends = new long[rows.size()];
    long total = 0;
    for (int i = 0; i < ends.length; i++) {
      total += rows.get(i).sessions();
      ends[i] = total;
    }
    int size = (int) Math.min((int) getOrDefault(sampleSize), total);
    // Twice the usual limit: splits beyond the data tell nothing apart, and use up depth.
    int depth = Math.max(1, 2 * (int) Math.ceil(Math.log(size) / Math.log(2)));
    SplittableRandom random = new SplittableRandom((long) getOrDefault(seed));
    Directions directions = directions(random.nextLong(), rows, data.columns(), total);
    double[][] along =
        rows.stream().map(row -> directions.project(row.vector())).toArray(double[][]::new);
    List<Tree> grown = new ArrayList<>();
    for (int t = 0; t < (int) getOrDefault(trees); t++) {
      SplittableRandom own = random.split();
      double[][] sample = new double[size][];
      for (int i = 0; i < size; i++) {
        int at = Arrays.binarySearch(ends, own.nextLong(total) + 1);
        sample[i] = along[at < 0 ? -at - 1 : at];
      }
      grown.add(ForestScorer.isolate(sample, depth, own));
    }
    double[] weights = new double[grown.size()];
    Arrays.fill(weights, 1.0 / weights.length);
    ForestScorer scorer =
        new ForestScorer(
            List.copyOf(grown),
            weights,
            Link.ISOLATION,
            Math.max(1, ForestScorer.meanDepth(size)),
            CountData.medians(rows, data.columns()),
            "event counts that few splits tell apart from normal ones",
            directions);
    double given = (double) getOrDefault(contamination);
    double share = given > 0 ? given : (double) getOrDefault(falseAlarms);
    return new Learned(
        scorer,
        data.quantile(scorer, share),
        Map.of("trees", grown.size(), "share_above_threshold", share));
  }

  /** Of the counts' mean and variance; sums go in the order of the rows. */
  private static Directions directions(long seed, List<Counted> rows, int columns, long sessions) {
    double[] mean = new double[columns];
    double[] square = new double[columns];
    for (Counted row : rows) {
      int[] indices = row.vector().indices();
      for (int j = 0; j < indices.length; j++) {
        double x = Math.log1p(row.vector().counts()[j]);
        mean[indices[j]] += x * row.sessions() / sessions;
        square[indices[j]] += x * x * row.sessions() / sessions;
      }
    }
    double[] variance = new double[columns];
    for (int i = 0; i < columns; i++) {
      variance[i] = Math.max(0, square[i] - mean[i] * mean[i]);
    }
    return Directions.of(seed, DIRECTIONS, mean, variance, sessions);
  }

  @Override
  public IsolationForestDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<IsolationForestDetector> read() {
    return MlPersistence.reader(IsolationForestDetector.class, IsolationForestDetector::new);
  }

  /** Loads a saved detector. */
  public static IsolationForestDetector load(String path) {
    return read().load(path);
  }
}
