package io.deeplog.detect.nearest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.deeplog.UserException;
import io.deeplog.count.CountVector;
import io.deeplog.count.CountVectors;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.TailThreshold;
import io.deeplog.detect.VocabularyDetector;
import io.deeplog.spark.Columns;
import io.deeplog.spark.MlPersistence;
import io.deeplog.spark.Spark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns the distinct event counts of sessions; the farther the counts of a session are from the
 * nearest of them, the stranger it is.
 *
 * <p>The threshold is what the wanted share of training sessions exceeds when each is compared with
 * all others but itself.
 */
public final class CountDistanceDetector extends VocabularyDetector<CountDistanceModel> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(CountDistanceDetector.class);

  /** The detector's name. */
  public static final String NAME = "count-distance";

  private static final StructType SCORE =
      new StructType().add("score", DataTypes.DoubleType).add("sessions", DataTypes.LongType);

  private final DoubleParam falseAlarms;
  private final IntParam maxVectors;

  /** A detector with the default settings. */
  public CountDistanceDetector() {
    this(Identifiable$.MODULE$.randomUID("countDistanceDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public CountDistanceDetector(String uid) {
    super(uid, NAME);
    falseAlarms = falseAlarms(this, "share of normal sessions that may be flagged");
    maxVectors =
        new IntParam(
            this,
            "maxVectors",
            "distinct count vectors that are kept, the most frequent first",
            ParamValidators.gtEq(1));
    setDefault(falseAlarms, FALSE_ALARMS);
    setDefault(maxVectors, 20_000);
  }

  /** Share of normal sessions that may be flagged, default 0.001. */
  public DoubleParam falseAlarms() {
    return falseAlarms;
  }

  /** Sets {@link #falseAlarms()}. */
  public CountDistanceDetector setFalseAlarms(double value) {
    set(falseAlarms, value);
    return this;
  }

  /** Distinct count vectors that are kept, the most frequent first; default 20,000. */
  public IntParam maxVectors() {
    return maxVectors;
  }

  /** Sets {@link #maxVectors()}. */
  public CountDistanceDetector setMaxVectors(int value) {
    set(maxVectors, value);
    return this;
  }

  @Override
  public boolean byCountsAlone() {
    return true;
  }

  @Override
  public CountDistanceModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> sessions = dataset.toDF();
    Vocabulary vocabulary = vocabulary(sessions);
    Dataset<Row> vectors =
        sessions
            .select(CountVectors.column(sessions, vocabulary, true).as("vector"))
            .groupBy("vector.indices", "vector.counts")
            .agg(count(lit(1)).as("sessions"))
            .orderBy(col("sessions").desc(), col("indices"), col("counts"))
            .persist();
    try {
      int most = (int) getOrDefault(maxVectors);
      List<Row> kept = new ArrayList<>(vectors.limit(most + 1).collectAsList());
      if (kept.isEmpty()) {
        throw UserException.input("no session to learn counts from (check --session)");
      }
      if (kept.size() > most) {
        LOG.warn("more than {} distinct event counts: the rarest are left out", most);
        kept.remove(most);
      }
      NearestCounts nearest = nearest(kept);
      double threshold =
          TailThreshold.of(leaveOneOut(vectors, nearest), (double) getOrDefault(falseAlarms));
      return copyValues(
          new CountDistanceModel(uid(), vocabulary, nearest)
              .setThreshold(Detection.rounded(threshold))
              .setParent(this),
          extractParamMap());
    } finally {
      vectors.unpersist();
    }
  }

  private static CountVector vector(Row row) {
    return new CountVector(Columns.ints(row, 0), Columns.ints(row, 1));
  }

  private static NearestCounts nearest(List<Row> rows) {
    record Kept(CountVector vector, boolean single) {}
    List<Kept> kept =
        rows.stream()
            .map(row -> new Kept(vector(row), row.getLong(2) == 1))
            .sorted(Comparator.comparingInt(k -> NearestCounts.total(k.vector())))
            .toList();
    boolean[] single = new boolean[kept.size()];
    for (int i = 0; i < single.length; i++) {
      single[i] = kept.get(i).single();
    }
    return new NearestCounts(kept.stream().map(Kept::vector).toArray(CountVector[]::new), single);
  }

  /** How far training sessions are from all others, and how many are that far. */
  private static Map<Double, Long> leaveOneOut(Dataset<Row> vectors, NearestCounts nearest) {
    Broadcast<NearestCounts> broadcast = Spark.broadcast(vectors.sparkSession(), nearest);
    Map<Double, Long> scores = new HashMap<>();
    vectors
        .map(
            (MapFunction<Row, Row>)
                row -> {
                  NearestCounts.Found found = broadcast.value().nearest(vector(row), true);
                  double distance = found == null ? 0 : found.distance();
                  // Rounded, so that there are few; up, so that none exceeds its own threshold.
                  return RowFactory.create(Math.ceil(distance * 1e4) / 1e4, row.getLong(2));
                },
            Encoders.row(SCORE))
        .groupBy("score")
        .agg(sum("sessions"))
        .collectAsList()
        .forEach(row -> scores.put(row.getDouble(0), row.getLong(1)));
    return scores;
  }

  @Override
  public CountDistanceDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<CountDistanceDetector> read() {
    return MlPersistence.reader(CountDistanceDetector.class, CountDistanceDetector::new);
  }

  /** Loads a saved detector. */
  public static CountDistanceDetector load(String path) {
    return read().load(path);
  }
}
