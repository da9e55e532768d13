package io.deeplog.detect.count;

import io.deeplog.count.Weighting;
import io.deeplog.detect.Detection;
import io.deeplog.detect.count.CountStatistics.Counted;
import io.deeplog.detect.count.PatternsScorer.Pattern;
import io.deeplog.spark.MlPersistence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Learns the patterns of normal sessions' event counts (Lin et al., ICSE 2016): the most frequent
 * distinct counts are clustered by complete linkage, the others join the nearest cluster or begin
 * one. Counts are weighted by their logarithms and by how few sessions have the template.
 *
 * <p>Counts are one pattern as long as they are as near to each other as every second of them is to
 * its nearest, unless a distance is given. A session is anomalous when it is farther from every
 * pattern than {@value #HINT} times the wanted share of training sessions are, each compared with
 * the patterns as they would be without it.
 */
public final class LogClusteringDetector extends ScoredDetector {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "log-clustering";

  /** Distinct counts that are looked at: what is rarer still is left to the threshold. */
  private static final int MOST_ROWS = 20_000;

  private static final int MOST_PATTERNS = 5_000;

  private static final double BY_DATA = -1;

  /**
   * What it flags is one hint of several. Its threshold may let so many times the wanted share of
   * normal sessions pass for odd: a distance is at most 1, and what one session of two thousand
   * exceeds is near that where the normal sessions are varied.
   */
  private static final int HINT = 10;

  private final DoubleParam maxDistance;
  private final DoubleParam falseAlarms;
  private final IntParam bootstrap;

  /** A detector with the default settings. */
  public LogClusteringDetector() {
    this(Identifiable$.MODULE$.randomUID("logClusteringDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public LogClusteringDetector(String uid) {
    super(uid, NAME);
    maxDistance =
        new DoubleParam(
            this,
            "maxDistance",
            "largest cosine distance within a cluster; -1: by the training's sessions",
            ParamValidators.inRange(-1, 1));
    falseAlarms = falseAlarms(this, "share of normal sessions that may be flagged");
    bootstrap =
        new IntParam(
            this,
            "bootstrap",
            "distinct counts that are clustered at once; the others are added one by one",
            ParamValidators.inRange(1, 3_000));
    setDefault(maxDistance, BY_DATA);
    setDefault(falseAlarms, FALSE_ALARMS);
    setDefault(bootstrap, 1_000);
  }

  /** Largest cosine distance within a cluster, default -1: by the training's sessions. */
  public DoubleParam maxDistance() {
    return maxDistance;
  }

  /** Share of normal sessions that may be flagged by a verdict, default 0.001. */
  public DoubleParam falseAlarms() {
    return falseAlarms;
  }

  /** Distinct counts that are clustered at once, default 1,000. */
  public IntParam bootstrap() {
    return bootstrap;
  }

  /** Sets {@link #maxDistance()}. */
  public LogClusteringDetector setMaxDistance(double value) {
    set(maxDistance, value);
    return this;
  }

  /** Sets {@link #falseAlarms()}. */
  public LogClusteringDetector setFalseAlarms(double value) {
    set(falseAlarms, value);
    return this;
  }

  /** Sets {@link #bootstrap()}. */
  public LogClusteringDetector setBootstrap(int value) {
    set(bootstrap, value);
    return this;
  }

  @Override
  Learned learn(Dataset<Row> sessions, CountData data) {
    double[] weights =
        PatternsScorer.weights(data.statistics(Weighting.NONE, false).with(), data.sessions());
    List<Pattern> vectors =
        data.first(MOST_ROWS, Counted.BY_SESSIONS).stream()
            .map(c -> Pattern.of(c.vector(), weights, c.sessions()))
            .toList();
    int first = Math.min((int) getOrDefault(bootstrap), vectors.size());
    double given = (double) getOrDefault(maxDistance);
    double most = given >= 0 ? given : PatternsScorer.medianNearest(vectors.subList(0, first));
    List<Pattern> patterns =
        new ArrayList<>(PatternsScorer.cluster(vectors.subList(0, first), most));
    for (Pattern vector : vectors.subList(first, vectors.size())) {
      int nearest = PatternsScorer.nearest(patterns, vector);
      if (patterns.get(nearest).distance(vector) <= most) {
        patterns.set(nearest, patterns.get(nearest).plus(vector));
      } else if (patterns.size() < MOST_PATTERNS) {
        patterns.add(vector);
      }
    }
    PatternsScorer scorer = new PatternsScorer(List.copyOf(patterns), weights);
    double share = Math.min(0.5, HINT * (double) getOrDefault(falseAlarms));
    return new Learned(
        scorer,
        data.quantile(scorer.leavingOut(), share),
        Map.of(
            "patterns",
            patterns.size(),
            "distance",
            Detection.rounded(most),
            "share_above_threshold",
            share));
  }

  @Override
  public LogClusteringDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<LogClusteringDetector> read() {
    return MlPersistence.reader(LogClusteringDetector.class, LogClusteringDetector::new);
  }

  /** Loads a saved detector. */
  public static LogClusteringDetector load(String path) {
    return read().load(path);
  }
}
