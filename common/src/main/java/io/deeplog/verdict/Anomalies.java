package io.deeplog.verdict;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.array_min;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.format_number;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.deeplog.detect.Detection;
import io.deeplog.detect.rules.LineRules;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.detect.rules.ObviousLines;
import io.deeplog.detect.value.ValueDetector;
import io.deeplog.sequence.Sessions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * The anomalies table: {@code detector, subject, session, source, offset, ts, template_id, score,
 * threshold, surprise, verdict, evidence, model_version}; a row for every detector that flags a
 * session or has something to look at, one of detector {@value #VERDICT} for every anomalous
 * session, one for every line whose template training never saw, and one for every line that is
 * obvious by a rule. The column {@code verdict} is anomaly, or review where detectors flag what the
 * verdict finds normal, or do not flag themselves what they show.
 *
 * <p>{@code surprise} is -ln of the probability that normal data scores as high, by what the
 * sessions of the training score, each left out; infinite for what a rule calls obvious. It
 * compares across detectors, sessions and lines: the alerts of the table, {@link #isAlert}, ranked
 * by {@link #ranking} are one list, the strangest first.
 */
public final class Anomalies {
  /** The detector's name of the combined verdict. */
  public static final String VERDICT = "verdict";

  /** Column of the comparable score. */
  public static final String SURPRISE = "surprise";

  /** Time of what a row tells of: of a session, that of its first entry with one. */
  static final String BEGIN = "_begin";

  /**
   * Condition of the rows of what is flagged by the row's own detector, whatever the verdict makes
   * of it. Values are shown from below their threshold on; the scores of others need not be beyond
   * theirs (that of the top-g rule is a rank).
   */
  public static final String FLAGGED =
      "(detector <> '" + ValueDetector.NAME + "' or score > threshold)";

  private static final String FIRST = "struct<rule:string,reason:string,anomaly:boolean,most:int>";

  private Anomalies() {}

  /**
   * The rows of judged sessions: one for every detector that flags a session or has evidence for a
   * review, and one of the verdict where it does. What detectors flag in a session that the verdict
   * finds normal is for review.
   *
   * <p>A verdict's score is the sum of the surprises of all detectors, and 1 - threshold / score
   * for each that flags the session: what is stranger, and in more ways, ranks first.
   *
   * @param judged sessions with the columns of the detectors
   * @param maxAlerts most sessions of a day that may be anomalous, the strangest first; 0 for any
   *     number
   */
  public static Dataset<Row> ofSessions(
      Dataset<Row> judged, Verdict combined, int maxAlerts, String modelVersion) {
    return AlertBudget.keep(sessions(judged, combined, modelVersion), maxAlerts).drop(BEGIN);
  }

  /**
   * The whole table.
   *
   * @param judged sessions with the columns of the detectors and of the rules
   * @param structured entries with {@code session} and {@code template_id}
   * @param obvious lines of {@link ObviousLines#find}
   * @param known template ids of the training
   * @param firstSeen of {@link LineRules#firstSeen}
   * @param maxAlerts most alerts of a day, sessions and lines together, the strangest first; 0 for
   *     any number
   */
  public static Dataset<Row> of(
      Dataset<Row> judged,
      Dataset<Row> structured,
      Dataset<Row> obvious,
      Verdict combined,
      Collection<String> known,
      List<LineRules.FirstSeen> firstSeen,
      int maxAlerts,
      String modelVersion) {
    Dataset<Row> lines =
        ofLines(
                structured,
                known,
                firstSeen,
                combined.detectors().contains(NewEventDetector.NAME),
                combined,
                modelVersion)
            .unionByName(ofRules(obvious, modelVersion))
            .withColumn(BEGIN, col("ts"));
    return AlertBudget.keep(sessions(judged, combined, modelVersion).unionByName(lines), maxAlerts)
        .drop(BEGIN);
  }

  /**
   * The sessions that have rows in the table: all others could be left out before.
   *
   * @param judged sessions, or windows of counts, with the columns of the detectors
   */
  public static Dataset<Row> notable(Dataset<Row> judged, Verdict combined) {
    Column notable = combined.anomalous(judged);
    for (String name : combined.detectors()) {
      notable =
          notable.or(Verdict.flagged(name)).or(Verdict.detection(name, "evidence").isNotNull());
    }
    return judged.filter(notable);
  }

  /** Whether a row is an alert of its own: an anomalous session, or a line outside any. */
  public static Column isAlert() {
    return col("detector").equalTo(VERDICT).or(isLineOutsideSessions());
  }

  /** The order of alerts, the strangest first; no two of a table are equal. */
  public static Column[] ranking() {
    return new Column[] {
      col(SURPRISE).desc(),
      col("score").desc(),
      col(Sessions.SESSION).asc_nulls_last(),
      col("source"),
      col("offset"),
      col("detector").desc()
    };
  }

  private static Dataset<Row> sessions(Dataset<Row> judged, Verdict combined, String modelVersion) {
    List<String> detectors = combined.detectors();
    Column names = lit("");
    Column at = lit(null).cast("int");
    List<Column> found = new ArrayList<>();
    for (String name : detectors) {
      Column anomalous = Verdict.flagged(name);
      Column toLookAt = not(anomalous).and(Verdict.detection(name, "evidence").isNotNull());
      if (combined.combine() == Combine.CASCADE) {
        Column silent = lit(false);
        for (String earlier : Cascade.before(name, detectors)) {
          silent = silent.or(Verdict.flagged(earlier));
        }
        anomalous = anomalous.and(not(silent));
        toLookAt = toLookAt.and(not(silent));
      }
      names = concat_ws(", ", when(names.notEqual(""), names), when(anomalous, lit(name)));
      at = least(at, when(anomalous, col(Detection.column(name) + ".evidence.position")));
      found.add(
          when(
              anomalous.or(toLookAt),
              finding(name, anomalous, combined.improbability(judged, name))));
    }
    Column pooled = combined.pooledSurprise(judged);
    Dataset<Row> findings =
        judged
            .withColumn("findings", array_compact(array(found.toArray(Column[]::new))))
            .withColumn("is_anomaly", combined.anomalous(judged))
            .filter(size(col("findings")).gt(0).or(col("is_anomaly")))
            .withColumn(
                VERDICT,
                verdict(
                    combined,
                    combined.strength(judged),
                    combined.improbability(judged),
                    at,
                    names,
                    pooled));
    return findings
        .withColumn(
            "found",
            explode(
                concat(
                    col("findings"),
                    when(col("is_anomaly"), array(col(VERDICT)))
                        .otherwise(filter(array(col(VERDICT)), row -> lit(false))))))
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
            col("found.surprise").as(SURPRISE),
            when(col("is_anomaly").and(col("found.flagged")), lit("anomaly"))
                .otherwise(lit("review"))
                .as("verdict"),
            col("found.evidence").as("evidence"),
            lit(modelVersion).as("model_version"),
            array_min(transform(col(Sessions.ENTRIES), e -> e.getField("ts"))).as(BEGIN));
  }

  private static Column verdict(
      Verdict combined,
      Column strength,
      Column improbability,
      Column at,
      Column names,
      Column pooled) {
    Column reason = concat(lit("flagged by "), names);
    if (combined.combine() == Combine.WEIGHTED) {
      Column sum =
          concat(
              lit("summed surprise of " + String.join(", ", combined.pooled()) + ": "),
              format_number(pooled, 1),
              lit(
                  " (normal up to "
                      + String.format(Locale.ROOT, "%.1f", combined.threshold())
                      + ")"));
      reason = concat_ws("; ", when(names.notEqual(""), reason), sum);
    }
    return struct(
        lit(VERDICT).as("detector"),
        strength.as("score"),
        // Without the sum it is another detector's threshold that was exceeded.
        when(
                lit(combined.combine() == Combine.WEIGHTED).and(pooled.gt(combined.threshold())),
                lit(combined.threshold()))
            .otherwise(0.0)
            .as("threshold"),
        improbability.as("surprise"),
        lit(true).as("flagged"),
        at.as("position"),
        Detection.evidence(lit(null), reason).as("evidence"));
  }

  private static Column finding(String detector, Column flagged, Column improbability) {
    return struct(
        lit(detector).as("detector"),
        Verdict.detection(detector, "score").as("score"),
        Verdict.detection(detector, "threshold").as("threshold"),
        improbability.as("surprise"),
        flagged.as("flagged"),
        col(Detection.column(detector) + ".evidence.position").as("position"),
        Verdict.detection(detector, "evidence").as("evidence"));
  }

  /** The entry at a position; the last one for the session's end, the first for the whole. */
  private static Column entry(Column position) {
    return element_at(
        col(Sessions.ENTRIES),
        least(coalesce(position.plus(1), lit(1)), size(col(Sessions.ENTRIES))));
  }

  /**
   * The rows of lines whose template is not known, or that have none, inside sessions or not; a
   * line of several sessions is listed with the first. Of a template the first lines only, in the
   * order of time and place: as many as the rule says.
   *
   * @param structured entries with {@code session} and {@code template_id}
   * @param known template ids
   * @param rules of {@link LineRules#firstSeen}; a line is named by the first that is for its
   *     component
   * @param judgesSessions whether detector {@value NewEventDetector#NAME} judges the sessions;
   *     where it was left out, lines inside of them are for review only
   */
  public static Dataset<Row> ofLines(
      Dataset<Row> structured,
      Collection<String> known,
      List<LineRules.FirstSeen> rules,
      boolean judgesSessions,
      Verdict combined,
      String modelVersion) {
    Column rule = lit(null);
    int most = 0;
    for (int i = rules.size() - 1; i >= 0; i--) {
      LineRules.FirstSeen first = rules.get(i);
      Column says =
          struct(
              lit(first.hit().name()).as("rule"),
              lit(first.hit().reason()).as("reason"),
              lit(first.hit().anomaly()).as("anomaly"),
              lit(first.most()).as("most"));
      rule =
          first.components().isEmpty()
              ? says
              : when(col("component").isin(first.components().toArray()), says).otherwise(rule);
      most = Math.max(most, first.most());
    }
    Column inSession = size(col(Sessions.SESSION)).gt(0);
    Column anomaly = col("first.anomaly").and(lit(judgesSessions).or(not(inSession)));
    return structured
        .filter(coalesce(not(col("template_id").isin(known.toArray())), lit(true)))
        .withColumn("first", rule.cast(FIRST))
        .filter(col("first").isNotNull())
        .withColumn(
            "rank",
            row_number()
                .over(
                    Window.partitionBy("template_id", "first.rule")
                        .orderBy("ts", "source", "offset")))
        // A constant bound too: with that Spark keeps no more of each part before it sorts all.
        .filter(col("rank").leq(most))
        .filter(col("rank").leq(col("first.most")))
        .select(
            lit(NewEventDetector.NAME).as("detector"),
            lit("line").as("subject"),
            when(inSession, element_at(col(Sessions.SESSION), 1)).as(Sessions.SESSION),
            col("source"),
            col("offset"),
            col("ts"),
            col("template_id"),
            lit(1.0).as("score"),
            lit(0.0).as("threshold"),
            lit(combined.improbabilityOfNewEvent()).as(SURPRISE),
            when(anomaly, lit("anomaly")).otherwise("review").as("verdict"),
            Detection.evidence(
                    lit(null), ObviousLines.reason(col("first.rule"), col("first.reason")))
                .as("evidence"),
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
        when(col("anomaly"), lit(Double.POSITIVE_INFINITY)).otherwise(0.0).as(SURPRISE),
        when(col("anomaly"), lit("anomaly")).otherwise("review").as("verdict"),
        Detection.evidence(lit(null), ObviousLines.reason(col("rule"), col("reason")))
            .as("evidence"),
        lit(modelVersion).as("model_version"));
  }
}
