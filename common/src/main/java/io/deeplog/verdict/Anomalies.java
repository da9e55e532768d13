package io.deeplog.verdict;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.deeplog.detect.Detection;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.detect.rules.ObviousLines;
import io.deeplog.sequence.Sessions;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The anomalies table: {@code detector, subject, session, source, offset, ts, template_id, score,
 * threshold, verdict, evidence, model_version}; a row for every detector that flags a session, one
 * of detector {@value #VERDICT} for the session itself, one for every line outside any session
 * whose template training never saw, and one for every line that is obvious by a rule.
 */
public final class Anomalies {
  /** The detector's name of the combined verdict. */
  public static final String VERDICT = "verdict";

  private Anomalies() {}

  /**
   * The rows of judged sessions. A session is anomalous when any detector says so; its score adds,
   * for every detector that does, 1 - threshold / score, so that what exceeds its threshold most,
   * and in more ways, ranks first.
   *
   * @param judged sessions with the columns of the detectors
   * @param detectors their names
   */
  public static Dataset<Row> ofSessions(
      Dataset<Row> judged, List<String> detectors, String modelVersion) {
    Column[] found =
        detectors.stream()
            .map(name -> when(detection(name, "anomalous"), finding(name)))
            .toArray(Column[]::new);
    Dataset<Row> findings =
        judged
            .withColumn("findings", array_compact(array(found)))
            .filter(size(col("findings")).gt(0));
    Column strength = lit(0.0);
    Column names = lit("");
    Column at = lit(null).cast("int");
    for (String name : detectors) {
      Column anomalous = coalesce(detection(name, "anomalous"), lit(false));
      Column excess =
          greatest(
              lit(0.0),
              lit(1.0)
                  .minus(
                      coalesce(
                          detection(name, "threshold").divide(detection(name, "score")),
                          lit(0.0))));
      strength = strength.plus(when(anomalous, excess).otherwise(0.0));
      names = concat_ws(", ", when(names.notEqual(""), names), when(anomalous, lit(name)));
      at = least(at, when(anomalous, col(Detection.column(name) + ".evidence.position")));
    }
    Column verdict =
        struct(
            lit(VERDICT).as("detector"),
            strength.as("score"),
            lit(0.0).as("threshold"),
            at.as("position"),
            verdictEvidence(names).as("evidence"));
    return findings
        .withColumn("found", explode(concat(col("findings"), array(verdict))))
        .withColumn("entry", entry(col("found.position")))
        .select(
            col("found.detector").as("detector"),
            lit("session").as("subject"),
            col(Sessions.SESSION),
            col("entry.source").as("source"),
            col("entry.offset").as("offset"),
            col("entry.ts").as("ts"),
            col("entry.template_id").as("template_id"),
            col("found.score").as("score"),
            col("found.threshold").as("threshold"),
            lit("anomaly").as("verdict"),
            col("found.evidence").as("evidence"),
            lit(modelVersion).as("model_version"));
  }

  private static Column detection(String detector, String field) {
    return col(Detection.column(detector) + "." + field);
  }

  private static Column finding(String detector) {
    return struct(
        lit(detector).as("detector"),
        detection(detector, "score").as("score"),
        detection(detector, "threshold").as("threshold"),
        col(Detection.column(detector) + ".evidence.position").as("position"),
        detection(detector, "evidence").as("evidence"));
  }

  private static Column verdictEvidence(Column detectors) {
    return reasonOnly(concat(lit("flagged by "), detectors));
  }

  private static Column reasonOnly(Column reason) {
    return struct(
            lit(null).as("position"),
            reason.as("reason"),
            expr("cast(array() as array<string>)").as("history"),
            lit(null).as("expected"),
            lit(null).as("actual"),
            lit(null).as("contributions"))
        .cast(Detection.EVIDENCE);
  }

  /** The entry at a position; the last one for the session's end, the first for the whole. */
  private static Column entry(Column position) {
    return element_at(
        col(Sessions.ENTRIES),
        least(coalesce(position.plus(1), lit(1)), size(col(Sessions.ENTRIES))));
  }

  /**
   * The rows of lines outside any session: those of templates that are not known.
   *
   * @param structured entries with {@code session} and {@code template_id}
   * @param known template ids
   */
  public static Dataset<Row> ofLines(
      Dataset<Row> structured, Collection<String> known, String modelVersion) {
    return structured
        .filter(
            size(col(Sessions.SESSION))
                .equalTo(0)
                .and(not(col("template_id").isin(known.toArray()))))
        .select(
            lit(NewEventDetector.NAME).as("detector"),
            lit("line").as("subject"),
            lit(null).cast("string").as(Sessions.SESSION),
            col("source"),
            col("offset"),
            col("ts"),
            col("template_id"),
            lit(1.0).as("score"),
            lit(0.0).as("threshold"),
            lit("anomaly").as("verdict"),
            reasonOnly(lit("a kind of line that training never saw")).as("evidence"),
            lit(modelVersion).as("model_version"));
  }

  /** Whether a row is that of an anomalous line outside any session. */
  public static Column isLineOutsideSessions() {
    return col("subject")
        .equalTo("line")
        .and(col(Sessions.SESSION).isNull())
        .and(col("verdict").equalTo("anomaly"));
  }

  /**
   * The rows of lines that are obvious by a rule, inside sessions or not; a line of several
   * sessions is listed with the first.
   *
   * @param obvious lines of {@link ObviousLines#find}
   */
  public static Dataset<Row> ofRules(Dataset<Row> obvious, String modelVersion) {
    return obvious.select(
        lit(ObviousLines.NAME).as("detector"),
        lit("line").as("subject"),
        when(size(col(Sessions.SESSION)).gt(0), element_at(col(Sessions.SESSION), 1))
            .as(Sessions.SESSION),
        col("source"),
        col("offset"),
        col("ts"),
        col("template_id"),
        lit(1.0).as("score"),
        lit(0.0).as("threshold"),
        when(col("anomaly"), lit("anomaly")).otherwise("review").as("verdict"),
        reasonOnly(ObviousLines.reason(col("rule"), col("reason"))).as("evidence"),
        lit(modelVersion).as("model_version"));
  }
}
