package io.deeplog;

import io.deeplog.detect.Detection;
import io.deeplog.sequence.Sessions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Makes sessions as {@link Sessions#collect} gives them, from words that stand for templates. */
public final class Sequences {
  private static final StructType ENTRY =
      new StructType()
          .add("ts", DataTypes.TimestampType)
          .add("source", DataTypes.StringType)
          .add("offset", DataTypes.LongType)
          .add("template_id", DataTypes.StringType);

  /** {@code session, entries}. */
  public static final StructType SCHEMA =
      new StructType()
          .add(Sessions.SESSION, DataTypes.StringType)
          .add(Sessions.ENTRIES, DataTypes.createArrayType(ENTRY));

  private final List<Row> rows = new ArrayList<>();

  /** Adds a number of equal sessions, named by the prefix and a number. */
  public Sequences add(int times, String prefix, String templates) {
    for (int i = 0; i < times; i++) {
      add(prefix + i, templates);
    }
    return this;
  }

  /** Adds a session of templates given by words. */
  public Sequences add(String session, String templates) {
    List<Row> entries = new ArrayList<>();
    for (String template : templates.split(" ")) {
      if (!template.isEmpty()) {
        entries.add(
            RowFactory.create(
                Instant.ofEpochSecond(entries.size()),
                "file:/log",
                (long) (100 * rows.size() + entries.size()),
                template));
      }
    }
    rows.add(RowFactory.create(session, entries.toArray(new Row[0])));
    return this;
  }

  /** The sessions. */
  public Dataset<Row> dataset(SparkSession spark) {
    return spark.createDataFrame(rows, SCHEMA);
  }

  /** A detector's result for a session. */
  public static Row detection(Dataset<Row> judged, String session, String detector) {
    List<Row> rows =
        judged
            .filter(judged.col(Sessions.SESSION).equalTo(session))
            .select(Detection.column(detector) + ".*")
            .collectAsList();
    if (rows.size() != 1) {
      throw new AssertionError(rows.size() + " rows of session " + session);
    }
    return rows.get(0);
  }

  /** Whether a detector flags a session. */
  public static boolean flagged(Dataset<Row> judged, String session, String detector) {
    return detection(judged, session, detector).getAs("anomalous");
  }
}
