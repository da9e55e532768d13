package io.deeplog.detect.nearest;

import io.deeplog.count.CountVector;
import io.deeplog.count.Vocabulary;
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
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * Appends {@code count_distance} to sessions: the distance of their counts to the nearest counts of
 * the training.
 */
public final class CountDistanceModel extends KeysDetectorModel<CountDistanceModel> {
  private static final long serialVersionUID = 1L;

  private static final int MAX_CONTRIBUTIONS = 5;
  private static final String FILE = "vectors.json";

  private final NearestCounts nearest;
  private final DoubleParam threshold;

  CountDistanceModel(String uid, Vocabulary vocabulary, NearestCounts nearest) {
    super(uid, CountDistanceDetector.NAME, vocabulary);
    this.nearest = nearest;
    threshold =
        new DoubleParam(this, "threshold", "distance above which a session is anomalous, 0 to 2");
  }

  @Override
  public String condition() {
    return String.format(
        Locale.ROOT,
        "event counts farther than %.4g from those of every session of the training",
        (double) getOrDefault(threshold));
  }

  @Override
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("threshold", getOrDefault(threshold));
    metrics.put("vectors", nearest.vectors().length);
    return metrics;
  }

  /** Distance above which a session is anomalous. */
  public DoubleParam threshold() {
    return threshold;
  }

  /** Sets {@link #threshold()}. */
  public CountDistanceModel setThreshold(double value) {
    set(threshold, value);
    return this;
  }

  @Override
  protected SessionScorer scorer(boolean leaveOneOut) {
    return new Scorer(vocabulary(), nearest, (double) getOrDefault(threshold), leaveOneOut);
  }

  private record Scorer(
      Vocabulary vocabulary, NearestCounts nearest, double threshold, boolean leaveOneOut)
      implements SessionScorer {
    private static final long serialVersionUID = 1L;

    @Override
    public Row judge(int[] keys) {
      CountVector counts = CountDistanceDetector.counts(keys);
      NearestCounts.Found found = nearest.nearest(counts, leaveOneOut);
      double distance = found == null ? 0 : found.distance();
      return distance > threshold
          ? Detection.anomalous(distance, threshold, evidence(counts, found))
          : Detection.normal(distance, threshold);
    }

    private Row evidence(CountVector counts, NearestCounts.Found found) {
      Map<Integer, int[]> both = new TreeMap<>();
      for (int i = 0; i < counts.indices().length; i++) {
        both.computeIfAbsent(counts.indices()[i], k -> new int[2])[0] = counts.counts()[i];
      }
      CountVector other = found.vector();
      for (int i = 0; i < other.indices().length; i++) {
        both.computeIfAbsent(other.indices()[i], k -> new int[2])[1] = other.counts()[i];
      }
      int all = both.values().stream().mapToInt(c -> Math.abs(c[0] - c[1])).sum();
      List<Map.Entry<Integer, int[]>> largest =
          both.entrySet().stream()
              .filter(e -> e.getValue()[0] != e.getValue()[1])
              .sorted(
                  Comparator.comparingInt(
                      (Map.Entry<Integer, int[]> e) ->
                          -Math.abs(e.getValue()[0] - e.getValue()[1])))
              .limit(MAX_CONTRIBUTIONS)
              .toList();
      Row[] contributions =
          largest.stream()
              .map(
                  e ->
                      RowFactory.create(
                          e.getKey() == 0 ? Detection.UNKNOWN : vocabulary.id(e.getKey()),
                          (double) e.getValue()[0],
                          (double) e.getValue()[1],
                          Detection.rounded(
                              (double) Math.abs(e.getValue()[0] - e.getValue()[1]) / all)))
              .toArray(Row[]::new);
      int[] top = largest.get(0).getValue();
      return Detection.countEvidence(
          String.format(
              Locale.ROOT,
              "no session of the training has such event counts: in the nearest, one template came"
                  + " %d times, here %d; %d entries differ in all",
              top[1],
              top[0],
              all),
          contributions);
    }
  }

  @Override
  public CountDistanceModel copy(ParamMap extra) {
    return copyValues(new CountDistanceModel(uid(), vocabulary(), nearest), extra)
        .setParent(parent());
  }

  /** What the model is beside its parameters. */
  private record Stored(List<String> templates, CountVector[] vectors, boolean[] single) {}

  @Override
  public MLWriter write() {
    return MlPersistence.writer(
        this,
        (directory, spark) ->
            Files.of(spark)
                .writeJson(
                    new Path(directory, FILE),
                    new Stored(vocabulary().ids(), nearest.vectors(), nearest.single())));
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<CountDistanceModel> read() {
    return MlPersistence.reader(
        CountDistanceModel.class,
        (String uid, String directory, SparkSession spark) -> {
          Stored stored = Files.of(spark).readJson(new Path(directory, FILE), Stored.class);
          return new CountDistanceModel(
              uid,
              new Vocabulary(stored.templates),
              new NearestCounts(stored.vectors, stored.single));
        });
  }

  /** Loads a saved model. */
  public static CountDistanceModel load(String path) {
    return read().load(path);
  }
}
