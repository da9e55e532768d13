package io.deeplog.detect.rules;

import static org.apache.spark.sql.functions.udf;

import io.deeplog.count.CountVectors;
import io.deeplog.detect.Detection;
import io.deeplog.detect.DetectorModel;
import io.deeplog.spark.Files;
import io.deeplog.spark.MlPersistence;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Appends {@code length} to sessions; the score is the distance to the nearest length of the
 * training, as a share of the longer of the two.
 */
public final class LengthModel extends DetectorModel<LengthModel> {
  private static final long serialVersionUID = 1L;

  private static final String FILE = "lengths.json";

  private final SeenLengths seen;

  LengthModel(String uid, SeenLengths seen) {
    super(uid, LengthDetector.NAME);
    this.seen = seen;
  }

  @Override
  public String condition() {
    return "a number of entries that no session of the training had";
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
  public Dataset<Row> transform(Dataset<?> sessions) {
    return judged(sessions.toDF(), false);
  }

  @Override
  public Dataset<Row> transformTraining(Dataset<?> sessions) {
    return judged(sessions.toDF(), true);
  }

  private Dataset<Row> judged(Dataset<Row> sessions, boolean leaveOneOut) {
    return sessions.withColumn(
        Detection.column(LengthDetector.NAME),
        udf(new Judge(seen, leaveOneOut), Detection.TYPE).apply(CountVectors.length(sessions)));
  }

  private record Judge(SeenLengths seen, boolean leaveOneOut) implements UDF1<Integer, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Row call(Integer length) {
      int nearest = seen.nearest(length, leaveOneOut);
      double distance = SeenLengths.distance(length, nearest);
      if (distance == 0) {
        return Detection.normal(0, 0);
      }
      String reason =
          length
              + " entries, a length that no session of the training had"
              + (nearest < 0 ? "" : "; the nearest one had " + nearest);
      return Detection.anomalous(distance, 0, Detection.countEvidence(reason, new Row[0]));
    }
  }

  @Override
  public LengthModel copy(ParamMap extra) {
    return copyValues(new LengthModel(uid(), seen), extra).setParent(parent());
  }

  @Override
  protected void write(Path directory, SparkSession spark) {
    Files.of(spark).writeJson(new Path(directory, FILE), seen);
  }

  /** Reads what {@link #write()} wrote. */
  public static MLReader<LengthModel> read() {
    return MlPersistence.reader(
        LengthModel.class,
        (String uid, String directory, SparkSession spark) ->
            new LengthModel(
                uid, Files.of(spark).readJson(new Path(directory, FILE), SeenLengths.class)));
  }

  /** Loads a saved model. */
  public static LengthModel load(String path) {
    return read().load(path);
  }
}
