package io.deeplog.verdict;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.deeplog.sequence.Sessions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * So many alerts of every day, the strangest first: what a person looks at in a day. A day is one
 * of event time, UTC; alerts without a time share the budget of one day.
 */
final class AlertBudget {
  private static final String DAY = "_day";
  private static final String LINE_SOURCE = "_line_source";
  private static final String LINE_OFFSET = "_line_offset";
  private static final String KEPT = "_kept";

  private AlertBudget() {}

  /**
   * The rows of the table, those of alerts beyond the budget for review, and without their verdict.
   *
   * @param rows of the anomalies table, with {@link Anomalies#BEGIN}
   * @param most alerts of a day; 0 for any number
   */
  static Dataset<Row> keep(Dataset<Row> rows, int most) {
    if (most == 0) {
      return rows;
    }
    // A line in a session is part of the session's alert.
    Column line = col(Sessions.SESSION).isNull();
    Dataset<Row> keyed =
        rows.withColumn(LINE_SOURCE, when(line, col("source")))
            .withColumn(LINE_OFFSET, when(line, col("offset")));
    // Days by whole microseconds, whatever Spark's time zone; only the best of each are kept by
    // every task before they meet, so that a day of a million alerts is never sorted as one.
    Dataset<Row> kept =
        keyed
            .filter(Anomalies.isAlert())
            .withColumn(DAY, expr("floor(unix_micros(" + Anomalies.BEGIN + ") / 86400000000)"))
            // A line may be both unknown and obvious.
            .groupBy(Sessions.SESSION, LINE_SOURCE, LINE_OFFSET)
            .agg(
                min(DAY).as(DAY),
                max(Anomalies.SURPRISE).as(Anomalies.SURPRISE),
                max("score").as("score"))
            .withColumn(
                "rank",
                row_number()
                    .over(
                        Window.partitionBy(DAY)
                            .orderBy(
                                col(Anomalies.SURPRISE).desc(),
                                col("score").desc(),
                                col(Sessions.SESSION).asc_nulls_last(),
                                col(LINE_SOURCE),
                                col(LINE_OFFSET))))
            .filter(col("rank").leq(most))
            .select(
                col(Sessions.SESSION).as("_s"),
                col(LINE_SOURCE).as("_l"),
                col(LINE_OFFSET).as("_o"),
                lit(true).as(KEPT));
    Column anomaly = col("verdict").equalTo("anomaly");
    Column over = not(coalesce(col(KEPT), lit(false)));
    return keyed
        .join(
            kept,
            col(Sessions.SESSION)
                .eqNullSafe(col("_s"))
                .and(col(LINE_SOURCE).eqNullSafe(col("_l")))
                .and(col(LINE_OFFSET).eqNullSafe(col("_o"))),
            "left")
        .filter(not(col("detector").equalTo(Anomalies.VERDICT).and(over)))
        .withColumn("verdict", when(anomaly.and(over), lit("review")).otherwise(col("verdict")))
        .drop(LINE_SOURCE, LINE_OFFSET, "_s", "_l", "_o", KEPT);
  }
}
