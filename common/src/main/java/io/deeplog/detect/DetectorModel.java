package io.deeplog.detect;

import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * A trained detector. {@code transform} appends a column of the detector's name, of type {@link
 * Detection#TYPE}, to sessions, and starts no job.
 *
 * @param <M> the model itself
 */
public abstract class DetectorModel<M extends DetectorModel<M>> extends Model<M>
    implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final String detector;

  /** A model of a detector of that name. */
  protected DetectorModel(String uid, String detector) {
    this.uid = uid;
    this.detector = detector;
  }

  @Override
  public final String uid() {
    return uid;
  }

  /** The detector's name, as {@link Detector#detector()}. */
  public final String detector() {
    return detector;
  }

  /** When a session is anomalous to it, in words, with the threshold. */
  public abstract String condition();

  /** Figures of its training by name: thresholds, epochs, components and the like. */
  public Map<String, Object> metrics() {
    return Map.of();
  }

  /**
   * How its say counts in a weighted verdict: pooled with that of others, as one hint of several;
   * or by itself, when it exceeds its threshold. What errs too often alone is better pooled, but
   * only if it can leave a session of the training out: the scores of sessions that a network was
   * trained on tell too little of those to come.
   */
  public boolean pooled() {
    return false;
  }

  /**
   * Names of detectors of which one must agree before this one counts in a weighted verdict; empty
   * when it needs no other. For one whose threshold cannot be checked on sessions it did not see.
   */
  public List<String> corroboratedBy() {
    return List.of();
  }

  /** Whether sessions of the same log keys in the same order are the same to it. */
  public boolean byKeysAlone() {
    return true;
  }

  /**
   * Judges the sessions of the training as if each had not been in it, for thresholds that hold for
   * sessions to come. A model that keeps what it saw must leave the session out; of one with few
   * parameters a session hardly moves its own score, and {@code transform} will do.
   */
  public Dataset<Row> transformTraining(Dataset<?> sessions) {
    return transform(sessions);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Detector.appended(schema, detector);
  }
}
