package io.deeplog.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.detect.Detection;
import io.deeplog.detect.rules.LineRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

@SparkTest
final class AnomaliesTest {
  private static final List<String> NAMES = List.of("new-event", "pca");
  private static final Verdict ANY = Verdict.any(NAMES);

  private static Row found(double score, double threshold, Integer position) {
    Row evidence =
        position == null
            ? Detection.countEvidence("counts", new Row[0])
            : Detection.entryEvidence(position, "order", new String[0], new Row[0], "x");
    return Detection.anomalous(score, threshold, evidence);
  }

  private static Dataset<Row> judged(SparkSession spark) {
    Row normal = Detection.normal(1, 5);
    List<Row> sessions =
        new Sequences()
            .add("fine", "a b")
            .add("both", "a b c d")
            .add("end", "a b c")
            .add("counts", "a b")
            .dataset(spark)
            .collectAsList();
    Row[][] detections = {
      {normal, normal},
      {found(8, 2, 2), found(4, 2, null)},
      {found(9, 0, 3), normal},
      {normal, found(10, 1, null)}
    };
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < detections.length; i++) {
      Row s = sessions.get(i);
      rows.add(RowFactory.create(s.get(0), s.get(1), detections[i][0], detections[i][1]));
    }
    StructType schema =
        Sequences.SCHEMA.add("new_event", Detection.TYPE).add("pca", Detection.TYPE);
    return spark.createDataFrame(rows, schema);
  }

  @Test
  void aSessionIsAnomalousWhenAnyDetectorSaysSo(SparkSession spark) {
    Dataset<Row> anomalies = Anomalies.ofSessions(judged(spark), ANY, 0, "v0003");
    assertThat(anomalies.columns())
        .containsExactly(
            "detector",
            "subject",
            "session",
            "source",
            "offset",
            "ts",
            "template_id",
            "score",
            "threshold",
            "verdict",
            "evidence",
            "model_version");
    Map<String, Row> rows =
        anomalies.collectAsList().stream()
            .collect(Collectors.toMap(r -> r.getAs("session") + " " + r.getAs("detector"), r -> r));
    assertThat(rows)
        .containsOnlyKeys(
            "both new-event",
            "both pca",
            "both verdict",
            "end new-event",
            "end verdict",
            "counts pca",
            "counts verdict");
    Row both = rows.get("both verdict");
    assertThat(both.<Double>getAs("score")).isCloseTo(0.75 + 0.5, within(1e-12));
    assertThat(both.<Row>getAs("evidence").<String>getAs("reason"))
        .isEqualTo("flagged by new-event, pca");
    assertThat(both.<String>getAs("template_id")).as("the entry found").isEqualTo("c");
    assertThat(both.<Object>getAs("ts")).isEqualTo(Instant.ofEpochSecond(2));
    assertThat(both.<Long>getAs("offset")).isEqualTo(102);
    assertThat(both.<String>getAs("model_version")).isEqualTo("v0003");
    assertThat(both.<String>getAs("subject")).isEqualTo("session");
    assertThat(rows.get("both pca").<String>getAs("template_id")).as("the first").isEqualTo("a");
    assertThat(rows.get("both pca").<Double>getAs("score")).isEqualTo(4);
    assertThat(rows.get("both pca").<Double>getAs("threshold")).isEqualTo(2);
    Row end = rows.get("end new-event");
    assertThat(end.<String>getAs("template_id")).as("the last, for the end").isEqualTo("c");
    assertThat(end.<Row>getAs("evidence").<String>getAs("reason")).isEqualTo("order");
    assertThat(rows.get("end verdict").<Double>getAs("score")).isEqualTo(1);
    assertThat(rows.get("counts verdict").<Row>getAs("evidence").<String>getAs("reason"))
        .isEqualTo("flagged by pca");
  }

  private static Map<String, String> verdicts(SparkSession spark, Verdict verdict, int maxAlerts) {
    return Anomalies.ofSessions(judged(spark), verdict, maxAlerts, "v1").collectAsList().stream()
        .collect(
            Collectors.toMap(
                r -> r.getAs("session") + " " + r.getAs("detector"), r -> r.getAs("verdict")));
  }

  @Test
  void whatOneOfAllFlagsIsForReview(SparkSession spark) {
    assertThat(
            verdicts(spark, new Verdict(Combine.ALL, NAMES, Map.of(), List.of(), Map.of(), 0), 0))
        .containsOnly(
            Map.entry("both new-event", "anomaly"),
            Map.entry("both pca", "anomaly"),
            Map.entry("both verdict", "anomaly"),
            Map.entry("end new-event", "review"),
            Map.entry("counts pca", "review"));
  }

  @Test
  void aCascadeStopsAtTheFirst(SparkSession spark) {
    assertThat(
            verdicts(
                spark, new Verdict(Combine.CASCADE, NAMES, Map.of(), List.of(), Map.of(), 0), 0))
        .containsOnlyKeys(
            "both new-event",
            "both verdict",
            "end new-event",
            "end verdict",
            "counts pca",
            "counts verdict");
  }

  @Test
  void alertsAreLimitedToTheStrangest(SparkSession spark) {
    assertThat(verdicts(spark, ANY, 2))
        .containsOnly(
            Map.entry("both new-event", "anomaly"),
            Map.entry("both pca", "anomaly"),
            Map.entry("both verdict", "anomaly"),
            Map.entry("end new-event", "anomaly"),
            Map.entry("end verdict", "anomaly"),
            Map.entry("counts pca", "review"));
  }

  @Test
  void pooledSurprisesDecideTogether(SparkSession spark) {
    // Of 100 normal sessions one scores 5 and the others 1, by either detector.
    Tail tail = Tail.of(Map.of(1.0, 99L, 5.0, 1L));
    Verdict pooled =
        new Verdict(
            Combine.WEIGHTED,
            NAMES,
            Map.of("new-event", tail, "pca", tail),
            NAMES,
            Map.of(),
            2 * Math.log(100));
    Map<String, String> verdicts = verdicts(spark, pooled, 0);
    assertThat(verdicts)
        .containsEntry("both verdict", "anomaly")
        .containsEntry("end new-event", "review")
        .doesNotContainKeys("end verdict", "counts verdict");
    Verdict alone =
        new Verdict(
            Combine.WEIGHTED,
            NAMES,
            Map.of("new-event", tail, "pca", tail),
            List.of("pca"),
            Map.of(),
            Math.log(150));
    Dataset<Row> anomalies = Anomalies.ofSessions(judged(spark), alone, 0, "v1");
    assertThat(anomalies.filter("detector = 'verdict'").select("session").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("both", "end", "counts");
    assertThat(
            anomalies
                .filter("detector = 'verdict' and session = 'counts'")
                .first()
                .<Row>getAs("evidence")
                .<String>getAs("reason"))
        .isEqualTo("flagged by pca; summed surprise of pca: 5.3 (normal up to 5.0)");
  }

  @Test
  void oneThatNeedsAnotherCountsOnlyWithIt(SparkSession spark) {
    Verdict verdict =
        new Verdict(
            Combine.WEIGHTED, NAMES, Map.of(), List.of(), Map.of("new-event", List.of("pca")), 0);
    assertThat(verdicts(spark, verdict, 0))
        .containsEntry("both verdict", "anomaly")
        .containsEntry("counts verdict", "anomaly")
        .containsEntry("end new-event", "review")
        .doesNotContainKey("end verdict");
    assertThat(verdict.condition()).startsWith("new-event with pca, pca, or ");
  }

  @Test
  void whatAValueOnlySuggestsIsForReviewAlsoInAnAnomalousSession(SparkSession spark) {
    Row normal = Detection.normal(0, 0);
    Row evidence = Detection.entryEvidence(1, "slow", new String[0], new Row[0], "b");
    Row suggests = Detection.review(6, 9, evidence);
    Row[][] detections = {
      {normal, suggests},
      {found(1, 0, 0), suggests},
      {normal, Detection.anomalous(12, 9, evidence)}
    };
    List<Row> sessions =
        new Sequences()
            .add("suggested", "a b")
            .add("other", "x b")
            .add("flagged", "a b")
            .dataset(spark)
            .collectAsList();
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < detections.length; i++) {
      Row s = sessions.get(i);
      rows.add(RowFactory.create(s.get(0), s.get(1), detections[i][0], detections[i][1]));
    }
    StructType schema =
        Sequences.SCHEMA.add("new_event", Detection.TYPE).add("value", Detection.TYPE);
    Dataset<Row> anomalies =
        Anomalies.ofSessions(
            spark.createDataFrame(rows, schema),
            Verdict.any(List.of("new-event", "value")),
            0,
            "v1");
    assertThat(anomalies.collectAsList())
        .extracting(r -> r.getAs("session") + " " + r.getAs("detector") + " " + r.getAs("verdict"))
        .containsExactlyInAnyOrder(
            "suggested value review",
            "other new-event anomaly",
            "other value review",
            "other verdict anomaly",
            "flagged value anomaly",
            "flagged verdict anomaly");
    assertThat(anomalies.filter(Anomalies.FLAGGED).filter("detector = 'value'").collectAsList())
        .extracting(r -> r.<String>getAs("session"))
        .containsExactly("flagged");
  }

  @Test
  void linesOutsideSessionsAreJudgedByTheirTemplate(SparkSession spark) {
    Dataset<Row> structured =
        spark.sql(
            "select 'f' as source, id as offset, timestamp_seconds(id) as ts,"
                + " element_at(array('a', 'x', 'x', 'a', null), cast(id + 1 as int)) as template_id,"
                + " if(id = 2, array('s', 't'), cast(array() as array<string>)) as session"
                + " from range(5)");
    Dataset<Row> lines =
        Anomalies.ofLines(structured, List.of("a", "b"), LineRules.load().firstSeen(), true, "v1");
    List<Row> rows = lines.orderBy("offset").collectAsList();
    assertThat(rows)
        .extracting(
            r -> r.getAs("subject") + " " + r.getAs("offset") + " " + r.getAs("session"),
            r -> r.getAs("verdict"))
        .containsExactly(
            tuple("line 1 null", "anomaly"),
            tuple("line 2 s", "anomaly"),
            tuple("line 4 null", "anomaly"));
    assertThat(rows.get(0).<Row>getAs("evidence").<String>getAs("reason"))
        .isEqualTo("first-seen: a kind of line that training never saw");
    assertThat(lines.filter(Anomalies.isLineOutsideSessions()).count()).isEqualTo(2);
    assertThat(
            Anomalies.ofLines(
                    structured, List.of("a", "b"), LineRules.load().firstSeen(), false, "v1")
                .orderBy("offset")
                .collectAsList())
        .as("where new-event judges no sessions")
        .extracting(r -> r.<String>getAs("verdict"))
        .containsExactly("anomaly", "review", "anomaly");
    Dataset<Row> sessions = Anomalies.ofSessions(judged(spark), ANY, 0, "v1");
    assertThat(sessions.union(lines).count()).as("one table").isEqualTo(10);
    assertThat(lines.schema().catalogString()).isEqualTo(sessions.schema().catalogString());
  }

  @Test
  void anEmptyVocabularyKnowsNoLine(SparkSession spark) {
    Dataset<Row> structured =
        spark.sql(
            "select 'f' as source, id as offset, timestamp_seconds(id) as ts, 'a' as template_id,"
                + " cast(array() as array<string>) as session from range(4)");
    assertThat(
            Anomalies.ofLines(structured, List.of(), LineRules.load().firstSeen(), true, "v1")
                .count())
        .isEqualTo(4);
  }

  @Test
  void ofEachNewTemplateTheFirstLinesAreNamed(SparkSession spark) {
    Dataset<Row> structured =
        spark
            .sql(
                "select 'f' as source, id as offset, timestamp_seconds(100 - id) as ts,"
                    + " if(id % 2 = 0, 'x', 'y') as template_id, if(id < 10, 'odd', 'app') as"
                    + " component, cast(array() as array<string>) as session from range(40)")
            .repartition(5);
    LineRules rules =
        LineRules.load()
            .withOwn(
                """
                rules:
                  - name: odd-news
                    first-seen: 1
                    component: odd
                    verdict: review
                  - name: first-seen
                    reason: news
                    first-seen: 3
                """,
                "own");
    assertThat(
            Anomalies.ofLines(structured, List.of(), rules.firstSeen(), true, "v1")
                .orderBy("offset")
                .collectAsList())
        .extracting(
            r ->
                r.getAs("offset")
                    + " "
                    + r.getAs("verdict")
                    + " "
                    + r.<Row>getAs("evidence").getAs("reason"))
        .as("latest offsets have the earliest times")
        .containsExactly(
            "8 review odd-news: odd-news",
            "9 review odd-news: odd-news",
            "34 anomaly first-seen: news",
            "35 anomaly first-seen: news",
            "36 anomaly first-seen: news",
            "37 anomaly first-seen: news",
            "38 anomaly first-seen: news",
            "39 anomaly first-seen: news");
    assertThat(
            Anomalies.ofLines(
                    structured,
                    List.of(),
                    LineRules.load()
                        .withOwn("rules: [{name: first-seen, off: true}]", "own")
                        .firstSeen(),
                    true,
                    "v1")
                .count())
        .as("switched off")
        .isZero();
  }
}
