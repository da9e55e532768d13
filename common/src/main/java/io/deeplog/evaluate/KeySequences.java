package io.deeplog.evaluate;

import static org.apache.spark.sql.functions.col;

import io.deeplog.UserException;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Files of sessions as sequences of log keys: a line a session, its keys separated by spaces; or
 * session, label and keys, separated by tabs, a header allowed.
 */
public final class KeySequences {
  /** Column of a session's label: true, false, or null where the file has none. */
  public static final String ANOMALOUS = "anomalous";

  /** Column of a session's keys as text. */
  public static final String KEYS = "keys";

  private static final StructType ENTRY =
      new StructType()
          .add("ts", DataTypes.TimestampType)
          .add("source", DataTypes.StringType)
          .add("offset", DataTypes.LongType)
          .add("template_id", DataTypes.StringType);

  private static final StructType SCHEMA =
      new StructType()
          .add(Sessions.SESSION, DataTypes.StringType)
          .add(Sessions.ENTRIES, DataTypes.createArrayType(ENTRY))
          .add(ANOMALOUS, DataTypes.BooleanType)
          .add(KEYS, DataTypes.StringType);

  private KeySequences() {}

  /**
   * Reads sessions: {@code session, entries, anomalous, keys}. A session without a name is named by
   * its place in the file.
   *
   * @throws UserException when there is no such file, or no session in it
   */
  public static Dataset<Row> read(SparkSession spark, String file) {
    Files.of(spark).inputs(file);
    JavaRDD<Row> rows =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .textFile(file)
            .zipWithIndex()
            .filter(line -> !line._1.isBlank())
            .map(KeySequences::session)
            .filter(row -> row != null);
    Dataset<Row> sessions = spark.createDataFrame(rows, SCHEMA);
    if (sessions.isEmpty()) {
      throw UserException.input(
          "no session in "
              + file
              + " (give a session a line, its keys separated by spaces; or session, label and keys,"
              + " separated by tabs)");
    }
    return sessions;
  }

  private static Row session(Tuple2<String, Long> line) {
    String[] cells = line._1.split("\t", -1);
    String name = String.format(Locale.ROOT, "line %09d", line._2 + 1);
    if (cells.length == 1) {
      return row(name, null, cells[0]);
    }
    if (cells.length != 3) {
      throw UserException.input(
          "line "
              + (line._2 + 1)
              + " has "
              + cells.length
              + " cells separated by tabs (give session, label and keys, or keys only)");
    }
    Boolean anomalous = Labels.anomalous(cells[1]);
    if (anomalous == null) {
      if (line._2 == 0) {
        return null;
      }
      throw UserException.input(
          "bad label '" + cells[1] + "' on line " + (line._2 + 1) + " (give Normal or Anomaly)");
    }
    return row(cells[0], anomalous, cells[2]);
  }

  private static Row row(String session, Boolean anomalous, String text) {
    List<Row> entries = new ArrayList<>();
    for (String key : text.trim().split("\\s+", -1)) {
      if (!key.isEmpty()) {
        entries.add(RowFactory.create(null, "", (long) entries.size(), key));
      }
    }
    return RowFactory.create(
        session, entries.toArray(new Row[0]), anomalous, text.trim().replaceAll("\\s+", " "));
  }

  /** The sessions that are not known to be anomalous: what may be learned from. */
  public static Dataset<Row> normal(Dataset<Row> sessions) {
    return sessions.filter(col(ANOMALOUS).isNull().or(col(ANOMALOUS).equalTo(false)));
  }
}
