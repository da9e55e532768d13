package io.deeplog.evaluate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;

import io.deeplog.UserException;
import io.deeplog.spark.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Labels of sessions, from a CSV file of session, label and, optionally, kind of anomaly. A first
 * row whose label is none is the header.
 */
public final class Labels {
  private static final List<String> ANOMALOUS =
      List.of("anomaly", "anomalous", "abnormal", "attack", "fail", "failure", "true", "yes", "1");

  private static final List<String> NORMAL =
      List.of("normal", "benign", "success", "false", "no", "0", "-");

  private Labels() {}

  /** Whether a label says anomalous; null when it is no label. */
  static Boolean anomalous(String label) {
    String lower = label.trim().toLowerCase(Locale.ROOT);
    if (ANOMALOUS.contains(lower)) {
      return true;
    }
    return NORMAL.contains(lower) ? false : null;
  }

  /**
   * Reads labels: {@code session, anomalous, kind} (null where there is none).
   *
   * @throws UserException when the file is missing or a label is none
   */
  public static Dataset<Row> read(SparkSession spark, String file) {
    Files.of(spark).inputs(file);
    Dataset<Row> raw = spark.read().option("escape", "\"").csv(file);
    if (raw.columns().length < 2) {
      throw UserException.input(
          "labels need two columns, session and label: " + file + " has " + raw.columns().length);
    }
    Column label = lower(trim(col("_c1")));
    Row first = raw.first();
    String firstLabel = first.isNullAt(1) ? "" : first.getString(1).trim().toLowerCase(Locale.ROOT);
    if (!ANOMALOUS.contains(firstLabel) && !NORMAL.contains(firstLabel)) {
      raw =
          raw.filter(
              col("_c0").notEqual(first.getString(0)).or(col("_c1").notEqual(first.getString(1))));
    }
    List<Row> wrong =
        raw.filter(
                not(
                    coalesce(
                        label.isin(ANOMALOUS.toArray()).or(label.isin(NORMAL.toArray())),
                        lit(false))))
            .limit(1)
            .collectAsList();
    if (!wrong.isEmpty()) {
      throw UserException.input(
          "bad label '"
              + wrong.get(0).getString(1)
              + "' of session '"
              + wrong.get(0).getString(0)
              + "' in "
              + file
              + " (give one of "
              + String.join(", ", ANOMALOUS)
              + ", or "
              + String.join(", ", NORMAL)
              + ")");
    }
    return raw.select(
        trim(col("_c0")).as("session"),
        label.isin(ANOMALOUS.toArray()).as("anomalous"),
        raw.columns().length > 2
            ? trim(col("_c2")).as("kind")
            : lit(null).cast("string").as("kind"));
  }

  /**
   * Checks that every label names a session of the input.
   *
   * @param sessions with {@code session}
   * @throws UserException naming sessions that are not there
   */
  public static void check(Dataset<Row> labels, Dataset<Row> sessions, String file) {
    List<Row> unknown =
        labels
            .join(sessions.select("session"), new String[] {"session"}, "left_anti")
            .orderBy("session")
            .limit(3)
            .collectAsList();
    if (!unknown.isEmpty()) {
      throw UserException.input(
          "labels of sessions that are not in the input: "
              + unknown.stream()
                  .map(row -> row.<String>getAs("session"))
                  .collect(Collectors.joining(", "))
              + " (check "
              + file
              + " and --session)");
    }
  }
}
