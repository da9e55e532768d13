package io.deeplog.detect.rules;

import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.KeysDetectorModel;
import io.deeplog.detect.SessionScorer;
import io.deeplog.spark.Files;
import io.deeplog.spark.MlPersistence;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Appends {@code length} to sessions; the score is the distance to the nearest length of the
 * training, as a share of the longer of the two.
 */
public final class LengthModel extends KeysDetectorModel<LengthModel> {
  private static final long serialVersionUID = 1L;

  private static final String FILE = "lengths.json";
  private static final Vocabulary NO_TEMPLATES = new Vocabulary(List.of());

  private final SeenLengths seen;

  LengthModel(String uid, SeenLengths seen) {
    super(uid, LengthDetector.NAME, NO_TEMPLATES);
    this.seen = seen;
  }

  @Override
  public String condition() {
    return "a number of entries that no session of the training had";
  }

  @Override
  protected SessionScorer scorer(boolean leaveOneOut) {
    return new Scorer(seen, leaveOneOut);
  }

  private record Scorer(SeenLengths seen, boolean leaveOneOut) implements SessionScorer {
    private static final long serialVersionUID = 1L;

    @Override
    public Row judge(int[] keys) {
      int nearest = seen.nearest(keys.length, leaveOneOut);
      double distance = SeenLengths.distance(keys.length, nearest);
      if (distance == 0) {
        return Detection.normal(0, 0);
      }
      String reason =
          keys.length
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
  public MLWriter write() {
    return MlPersistence.writer(
        this, (directory, spark) -> Files.of(spark).writeJson(new Path(directory, FILE), seen));
  }

  /** Reads what {@link #write} wrote. */
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
