package io.deeplog.detect.nearest;

import static org.apache.spark.sql.functions.udf;

import io.deeplog.count.CountVector;
import io.deeplog.count.CountVectors;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.DetectorModel;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Appends {@code count_distance} to sessions: the distance of their counts to the nearest counts of
 * the training.
 */
public final class CountDistanceModel extends DetectorModel<CountDistanceModel> {
  private static final long serialVersionUID = 1L;

  private static final int MAX_CONTRIBUTIONS = 5;
  private static final String FILE = "vectors.json";

  private final Vocabulary vocabulary;
  private final NearestCounts nearest;
  private final DoubleParam threshold;

  CountDistanceModel(String uid, Vocabulary vocabulary, NearestCounts nearest) {
    super(uid, CountDistanceDetector.NAME);
    this.vocabulary = vocabulary;
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
  public boolean pooled() {
    return true;
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
  public Dataset<Row> transform(Dataset<?> sessions) {
    return judged(sessions.toDF(), false);
  }

  @Override
  public Dataset<Row> transformTraining(Dataset<?> sessions) {
    return judged(sessions.toDF(), true);
  }

  private Dataset<Row> judged(Dataset<Row> sessions, boolean leaveOneOut) {
    SparkSession spark = sessions.sparkSession();
    Judge judge =
        new Judge(
            Spark.broadcast(spark, vocabulary),
            Spark.broadcast(spark, nearest),
            (double) getOrDefault(threshold),
            leaveOneOut);
    return sessions.withColumn(
        Detection.column(CountDistanceDetector.NAME),
        udf(judge, Detection.TYPE).apply(CountVectors.column(sessions, vocabulary, true)));
  }

  private static final class Judge implements UDF1<Row, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Vocabulary> vocabulary;
    private final Broadcast<NearestCounts> nearest;
    private final double threshold;
    private final boolean leaveOneOut;

    Judge(
        Broadcast<Vocabulary> vocabulary,
        Broadcast<NearestCounts> nearest,
        double threshold,
        boolean leaveOneOut) {
      this.vocabulary = vocabulary;
      this.nearest = nearest;
      this.threshold = threshold;
      this.leaveOneOut = leaveOneOut;
    }

    @Override
    public Row call(Row value) {
      CountVector counts = CountVectors.of(value);
      NearestCounts.Found found = nearest.value().nearest(counts, leaveOneOut);
      double distance = found == null ? 0 : found.distance();
      return distance > threshold
          ? Detection.anomalous(distance, threshold, evidence(counts, found))
          : Detection.normal(distance, threshold);
    }

    private Row evidence(CountVector counts, NearestCounts.Found found) {
      int others = vocabulary.value().size();
      // What training never saw comes first of what differs as much.
      Map<Integer, int[]> both =
          new TreeMap<>(
              Comparator.comparing((Integer column) -> column != others)
                  .thenComparing(Comparator.naturalOrder()));
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
                          e.getKey() == others
                              ? Detection.UNKNOWN
                              : vocabulary.value().id(e.getKey() + 1),
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
    return copyValues(new CountDistanceModel(uid(), vocabulary, nearest), extra)
        .setParent(parent());
  }

  /** What the model is beside its parameters and its vocabulary. */
  private record Stored(CountVector[] vectors, boolean[] single) {}

  @Override
  protected void write(Path directory, SparkSession spark) {
    Files.of(spark)
        .writeJson(new Path(directory, FILE), new Stored(nearest.vectors(), nearest.single()));
  }

  /** Reads what {@link #write()} wrote. */
  public static MLReader<CountDistanceModel> read() {
    return read(null);
  }

  /** Reads what {@link #writeSharing} wrote. */
  public static MLReader<CountDistanceModel> read(Vocabulary shared) {
    return reader(
        CountDistanceModel.class,
        shared,
        (uid, directory, files, vocabulary) -> {
          Stored stored = files.readJson(new Path(directory, FILE), Stored.class);
          return new CountDistanceModel(
              uid, vocabulary, new NearestCounts(stored.vectors, stored.single));
        });
  }

  /** Loads a saved model. */
  public static CountDistanceModel load(String path) {
    return read().load(path);
  }
}
