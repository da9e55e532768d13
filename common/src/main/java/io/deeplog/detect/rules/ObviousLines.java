package io.deeplog.detect.rules;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.deeplog.detect.Detection;
import io.deeplog.sequence.Sessions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF4;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Dataset functions that find lines obvious by rules, and the sessions that hold them. */
public final class ObviousLines {
  /** The detector's name. */
  public static final String NAME = "rule";

  private static final String EMPTY_LINE = "empty line";

  private static final StructType HIT =
      new StructType()
          .add("rule", DataTypes.StringType)
          .add("reason", DataTypes.StringType)
          .add("anomaly", DataTypes.BooleanType);

  private ObviousLines() {}

  private static final class Check implements UDF4<String, String, Boolean, Boolean, Row> {
    private static final long serialVersionUID = 1L;
    private final LineRules rules;

    Check(LineRules rules) {
      this.rules = rules;
    }

    @Override
    public Row call(String text, String component, Boolean isBytes, Boolean fits) {
      LineRules.Hit hit = rules.check(text, component, isBytes, fits);
      return hit == null ? null : RowFactory.create(hit.name(), hit.reason(), hit.anomaly());
    }
  }

  /**
   * The lines that a rule applies to: {@code source, offset, ts, template_id, session (array),
   * rule, reason, anomaly}; a line without a format has neither time, template nor session.
   *
   * @param structured entries with {@code session} and {@code template_id}
   * @param rejects lines that fit no format; empty ones are no finding
   */
  public static Dataset<Row> find(Dataset<Row> structured, Dataset<Row> rejects, LineRules rules) {
    Column isBytes = col("fields").getItem("encoding").isNotNull().and(col("fields").isNotNull());
    Dataset<Row> entries =
        structured.select(
            col("source"),
            col("offset"),
            col("ts"),
            col("template_id"),
            col(Sessions.SESSION),
            check(rules, col("content"), col("component"), isBytes, col("template_id").isNotNull())
                .as("hit"));
    // Rejects do not tell their encoding: a line of bytes then has none above 255 but some above
    // 127.
    Dataset<Row> others =
        rejects
            .filter(not(col("reason").equalTo(EMPTY_LINE)))
            .select(
                col("source"),
                col("offset"),
                lit(null).cast("timestamp").as("ts"),
                lit(null).cast("string").as("template_id"),
                expr("cast(array() as array<string>)").as(Sessions.SESSION),
                check(
                        rules,
                        col("line"),
                        lit(null).cast("string"),
                        col("line").rlike("^[\\x00-\\xff]*+$"),
                        lit(false))
                    .as("hit"));
    return entries
        .unionByName(others)
        .filter(col("hit").isNotNull())
        .select(
            col("source"),
            col("offset"),
            col("ts"),
            col("template_id"),
            col(Sessions.SESSION),
            col("hit.rule").as("rule"),
            col("hit.reason").as("reason"),
            col("hit.anomaly").as("anomaly"));
  }

  private static Column check(
      LineRules rules, Column text, Column component, Column isBytes, Column fits) {
    return udf(new Check(rules), HIT).apply(text, component, isBytes, fits);
  }

  /**
   * Appends the column of detector {@value #NAME} to sessions: anomalous with a line that a rule
   * calls an anomaly; the score is the number of such lines, the evidence the first of them.
   *
   * @param sessions with their entries
   * @param obvious lines of {@link #find}
   */
  public static Dataset<Row> judge(Dataset<Row> sessions, Dataset<Row> obvious) {
    Dataset<Row> bySession =
        obvious
            .filter(col("anomaly"))
            .select(
                explode(col(Sessions.SESSION)).as(Sessions.SESSION),
                struct(col("ts"), col("source"), col("offset"), col("rule"), col("reason"))
                    .as("line"))
            .groupBy(Sessions.SESSION)
            .agg(min("line").as("first_line"), count(lit(1)).as("obvious_lines"));
    Column position =
        expr(
            "array_position(transform(entries, e -> struct(e.source as source, e.offset as offset)),"
                + " struct(first_line.source as source, first_line.offset as offset)) - 1");
    Column evidence =
        Detection.evidence(
            position.cast("int"), reason(col("first_line.rule"), col("first_line.reason")));
    Column found =
        struct(
            col("obvious_lines").cast("double").as("score"),
            lit(0.0).as("threshold"),
            lit(true).as("anomalous"),
            evidence.as("evidence"));
    Column normal =
        struct(
            lit(0.0).as("score"),
            lit(0.0).as("threshold"),
            lit(false).as("anomalous"),
            lit(null).as("evidence"));
    return sessions
        .join(bySession, new String[] {Sessions.SESSION}, "left")
        .withColumn(
            Detection.column(NAME),
            when(col("obvious_lines").isNotNull(), found.cast(Detection.TYPE))
                .otherwise(normal.cast(Detection.TYPE)))
        .drop("first_line", "obvious_lines");
  }

  /** The reason of a finding, with its rule. */
  public static Column reason(Column rule, Column reason) {
    return org.apache.spark.sql.functions.concat(rule, lit(": "), reason);
  }
}
