package io.deeplog.detect.rules;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import io.deeplog.count.CountVectors;
import io.deeplog.detect.VocabularyDetector;
import io.deeplog.spark.MlPersistence;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** Learns which templates occur in sessions: one that never did is an anomaly by itself. */
public final class NewEventDetector extends VocabularyDetector<NewEventModel> {
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
  public boolean byCountsAlone() {
    return true;
  }

  @Override
  public NewEventModel fit(Dataset<?> sessions) {
    transformSchema(sessions.schema());
    Dataset<Row> rows = sessions.toDF();
    // As many rows as there are templates.
    List<String> single =
        rows.select(explode(CountVectors.ids(rows)).as("template_id"))
            .groupBy("template_id")
            .count()
            .filter(col("count").equalTo(1))
            .select("template_id")
            .as(Encoders.STRING())
            .collectAsList();
    return new NewEventModel(uid(), vocabulary(rows), Set.copyOf(single)).setParent(this);
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
