package io.deeplog.detect.rules;

import io.deeplog.detect.Detector;
import io.deeplog.detect.SessionKeys;
import io.deeplog.spark.MlPersistence;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/** Learns which templates occur in sessions: one that never did is an anomaly by itself. */
public final class NewEventDetector extends Detector<NewEventModel> {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "new-event";

  private final String uid;

  /** A detector. */
  public NewEventDetector() {
    this(Identifiable$.MODULE$.randomUID("newEventDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public NewEventDetector(String uid) {
    this.uid = uid;
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public String detector() {
    return NAME;
  }

  @Override
  public NewEventModel fit(Dataset<?> sessions) {
    transformSchema(sessions.schema());
    return new NewEventModel(uid, SessionKeys.vocabulary(sessions.toDF())).setParent(this);
  }

  @Override
  public NewEventDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<NewEventDetector> read() {
    return MlPersistence.reader(
        NewEventDetector.class, (uid, directory, spark) -> new NewEventDetector(uid));
  }

  /** Loads a saved detector. */
  public static NewEventDetector load(String path) {
    return read().load(path);
  }
}
