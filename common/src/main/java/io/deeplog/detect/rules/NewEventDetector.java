package io.deeplog.detect.rules;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.transform;

import io.deeplog.detect.Detector;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.MlPersistence;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Learns which templates occur in sessions: one that never did is an anomaly by itself. */
public final class NewEventDetector extends Detector<NewEventModel> {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "new-event";

  /** A detector. */
  public NewEventDetector() {
    this(Identifiable$.MODULE$.randomUID("newEventDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public NewEventDetector(String uid) {
    super(uid, NAME);
  }

  @Override
  public NewEventModel fit(Dataset<?> sessions) {
    transformSchema(sessions.schema());
    Dataset<Row> rows = sessions.toDF();
    // As many rows as there are templates.
    List<Row> counted =
        rows.select(
                explode(
                        array_distinct(
                            transform(
                                col(Sessions.ENTRIES), entry -> entry.getField("template_id"))))
                    .as("template_id"))
            .groupBy("template_id")
            .agg(count(lit(1)).as("sessions"))
            .orderBy("template_id")
            .collectAsList();
    return new NewEventModel(
            uid(),
            counted.stream().map(row -> row.getString(0)).toList(),
            counted.stream()
                .filter(row -> row.getLong(1) == 1)
                .map(row -> row.getString(0))
                .toList())
        .setParent(this);
  }

  @Override
  public NewEventDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<NewEventDetector> read() {
    return MlPersistence.reader(NewEventDetector.class, NewEventDetector::new);
  }

  /** Loads a saved detector. */
  public static NewEventDetector load(String path) {
    return read().load(path);
  }
}
