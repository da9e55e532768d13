package io.deeplog.evaluate;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max;

import io.deeplog.UserException;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Files;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Files of sessions as sequences of log keys, one form a file, told by its first line:
 *
 * <ul>
 *   <li>a line a session, its keys separated by spaces;
 *   <li>session, label and keys, separated by tabs, a header allowed;
 *   <li>CSV of keys and label, or of session, label and keys;
 *   <li>CSV with a header that names its columns, in any order: {@code sequence} (or keys, events),
 *       and perhaps {@code label} (or anomaly) and {@code session} (or id, window).
 * </ul>
 */
public final class KeySequences {
  /** Column of a session's label: true, false, or null where the file has none. */
  public static final String ANOMALOUS = "anomalous";

  /** Column of a session's keys as text. */
  public static final String KEYS = "keys";

  /** Column of a session's place in its file: the number of its line. */
  public static final String PLACE = "place";

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
          .add(KEYS, DataTypes.StringType)
          .add(PLACE, DataTypes.LongType);

  /** Bits of an entry's offset for its place in the session; those above tell the line. */
  private static final int PLACE_BITS = 24;

  private static final List<String> KEYS_NAMES =
      List.of("sequence", "sequences", "keys", "events", "event_sequence", "log_keys");
  private static final List<String> LABEL_NAMES =
      List.of("label", "labels", "anomaly", "anomalous", "is_anomaly");
  private static final List<String> SESSION_NAMES =
      List.of("session", "session_id", "id", "name", "window", "block", "blockid");

  private static final String FORMS =
      " (give a session a line, its keys separated by spaces; or session, label and keys, separated"
          + " by tabs; or CSV whose header names the columns session, label and sequence)";

  /**
   * Where a line's cells are.
   *
   * @param separator of cells; null when a line is all keys
   * @param header line that names the columns, which is no session; null when there is none
   * @param cells number of cells of a line
   * @param session cell of the name, -1 when there is none
   * @param label cell of the label, -1 when there is none
   * @param keys cell of the keys
   */
  private record Layout(
      Character separator, String header, int cells, int session, int label, int keys)
      implements Serializable {}

  private KeySequences() {}

  /**
   * Reads sessions: {@code session, entries, anomalous, keys, place}. A session without a name is
   * named by its place in the file.
   *
   * @throws UserException when there is no such file, or no session in it
   */
  public static Dataset<Row> read(SparkSession spark, String file) {
    Files.of(spark).inputs(file);
    JavaRDD<String> lines = JavaSparkContext.fromSparkContext(spark.sparkContext()).textFile(file);
    List<String> head = lines.filter(line -> !line.isBlank()).take(2);
    if (head.isEmpty()) {
      throw UserException.input("no session in " + file + FORMS);
    }
    Layout layout = layout(head.get(0), file);
    if (head.size() == 1 && layout.header != null) {
      throw UserException.input("no session in " + file + ", only a header" + FORMS);
    }
    JavaRDD<Row> rows =
        lines
            .zipWithIndex()
            .filter(line -> !line._1.isBlank() && !line._1.equals(layout.header))
            .map(line -> session(line, layout));
    return spark.createDataFrame(rows, SCHEMA);
  }

  private static Layout layout(String first, String file) {
    Character separator = null;
    if (first.indexOf('\t') >= 0) {
      separator = '\t';
    } else if (first.indexOf(',') >= 0) {
      separator = ',';
    }
    List<String> cells = cells(first, separator);
    List<String> names = cells.stream().map(c -> c.trim().toLowerCase(Locale.ROOT)).toList();
    int keys = index(names, KEYS_NAMES);
    int label = index(names, LABEL_NAMES);
    if (keys >= 0 || label >= 0) {
      if (keys < 0) {
        throw UserException.input(
            "no column of keys in the header of "
                + file
                + ": "
                + String.join(", ", names)
                + " (name it "
                + KEYS_NAMES.get(0)
                + ")");
      }
      return new Layout(separator, first, cells.size(), index(names, SESSION_NAMES), label, keys);
    }
    return switch (cells.size()) {
      case 1 -> new Layout(null, null, 1, -1, -1, 0);
      case 2 -> new Layout(separator, header(first, cells), 2, -1, 1, 0);
      case 3 -> new Layout(separator, header(first, cells), 3, 0, 1, 2);
      default ->
          throw UserException.input(
              "the first line of "
                  + file
                  + " has "
                  + cells.size()
                  + " cells and no header"
                  + FORMS);
    };
  }

  /** A first line whose label is none is a header, whatever its names. */
  private static String header(String first, List<String> cells) {
    return Labels.anomalous(cells.get(1)) == null ? first : null;
  }

  private static int index(List<String> names, List<String> wanted) {
    return wanted.stream().mapToInt(names::indexOf).filter(i -> i >= 0).findFirst().orElse(-1);
  }

  private static List<String> cells(String line, Character separator) {
    if (separator == null) {
      return List.of(line);
    }
    if (separator == '\t') {
      return List.of(line.split("\t", -1));
    }
    try (CSVParser csv = CSVParser.parse(line, CSVFormat.DEFAULT)) {
      List<CSVRecord> records = csv.getRecords();
      return records.isEmpty() ? List.of() : records.get(0).toList();
    } catch (IOException | UncheckedIOException e) {
      throw UserException.input("bad CSV '" + line + "': " + e.getMessage());
    }
  }

  private static Row session(Tuple2<String, Long> line, Layout layout) {
    List<String> cells = cells(line._1, layout.separator);
    long number = line._2 + 1;
    if (cells.size() != layout.cells) {
      throw UserException.input(
          "line " + number + " has " + cells.size() + " cells, the first has " + layout.cells);
    }
    Boolean anomalous = null;
    if (layout.label >= 0) {
      String label = cells.get(layout.label);
      anomalous = Labels.anomalous(label);
      if (anomalous == null) {
        throw UserException.input(
            "bad label '" + label + "' on line " + number + " (give Normal or Anomaly)");
      }
    }
    String name =
        layout.session >= 0
            ? cells.get(layout.session)
            : String.format(Locale.ROOT, "line %09d", number);
    return row(name, anomalous, cells.get(layout.keys), number);
  }

  private static Row row(String session, Boolean anomalous, String text, long place) {
    List<Row> entries = new ArrayList<>();
    for (String key : text.trim().split("\\s+", -1)) {
      if (!key.isEmpty()) {
        // As of a log: sessions are in the order of their lines.
        entries.add(RowFactory.create(null, "", (place << PLACE_BITS) + entries.size(), key));
      }
    }
    return RowFactory.create(
        session,
        entries.toArray(new Row[0]),
        anomalous,
        text.trim().replaceAll("\\s+", " "),
        place);
  }

  /** The sessions that are not known to be anomalous: what may be learned from. */
  public static Dataset<Row> normal(Dataset<Row> sessions) {
    return sessions.filter(col(ANOMALOUS).isNull().or(col(ANOMALOUS).equalTo(false)));
  }

  /**
   * Those of the sessions that are the first share of them, and the rest, by an order.
   *
   * @param share more than 0, less than 1
   * @param order of the sessions, {@link #PLACE} for that of the file
   * @throws UserException when a side would have none
   */
  public static List<Dataset<Row>> split(Dataset<Row> sessions, double share, Column order) {
    Dataset<Row> ordered = sessions.withColumn("_order", order);
    long total = ordered.count();
    long wanted = Math.round(share * total);
    if (wanted < 1 || wanted >= total) {
      throw UserException.input(
          "a share of " + share + " of " + total + " sessions leaves a side without any");
    }
    Object last =
        ordered
            .select("_order")
            .orderBy("_order")
            .limit((int) wanted)
            .agg(max("_order"))
            .head()
            .get(0);
    return List.of(
        ordered.filter(col("_order").leq(last)).drop("_order"),
        ordered.filter(col("_order").gt(last)).drop("_order"));
  }
}
