package io.deeplog.detect;

import io.deeplog.count.Vocabulary;
import io.deeplog.count.VocabularyFile;
import io.deeplog.spark.Files;
import io.deeplog.spark.MlPersistence;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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
   * Names of detectors of which one must agree before this one counts in a weighted verdict, if any
   * of them judges; empty when it needs no other. For one whose threshold cannot be checked on
   * sessions it did not see.
   */
  public List<String> corroboratedBy() {
    return List.of();
  }

  /** As {@link Detector#byCountsAlone()}. */
  public boolean byCountsAlone() {
    return false;
  }

  /** The templates that its numbers stand for; null for one that numbers none. */
  public Vocabulary vocabulary() {
    return null;
  }

  /**
   * Writes what the model is beside its parameters and its vocabulary.
   *
   * @param directory where {@link #reader} finds it
   */
  protected abstract void write(Path directory, SparkSession spark);

  @Override
  public final MLWriter write() {
    return writeSharing(null);
  }

  /**
   * {@link #write()}, of one of several models that share a vocabulary.
   *
   * @param shared what is saved once for all of them, and given to whoever reads the model: its
   *     version is written in its place
   */
  public final MLWriter writeSharing(Vocabulary shared) {
    return MlPersistence.writer(
        this,
        (directory, spark) -> {
          Path place = new Path(directory);
          if (vocabulary() != null) {
            VocabularyFile.write(Files.of(spark), place, vocabulary(), shared);
          }
          write(place, spark);
        });
  }

  /**
   * Makes a model of what {@link #write(Path, SparkSession)} wrote.
   *
   * @param <M> the model
   */
  @FunctionalInterface
  protected interface Reading<M> {
    /** Reads below a directory. */
    M read(String uid, Path directory, Files files, Vocabulary vocabulary);
  }

  /**
   * The reader of a model with a vocabulary.
   *
   * @param shared the vocabulary given to {@link #writeSharing}; null for a model saved by itself
   */
  protected static <M extends DetectorModel<M>> MLReader<M> reader(
      Class<M> type, Vocabulary shared, Reading<M> reading) {
    return MlPersistence.reader(
        type,
        (uid, directory, spark) -> {
          Path place = new Path(directory);
          Files files = Files.of(spark);
          return reading.read(uid, place, files, VocabularyFile.read(files, place, shared));
        });
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
    return Detector.appended(schema, byCountsAlone(), detector);
  }
}
