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
import java.util.function.BiFunction;
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
            "surprise",
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

  /** Sessions of two entries that detectors flag: by name, with the names of those. */
  private static Dataset<Row> flagged(
      SparkSession spark, List<String> detectors, Map<String, List<String>> sessions) {
    Sequences sequences = new Sequences();
    sessions.keySet().stream().sorted().forEach(name -> sequences.add(name, "a b"));
    List<Row> rows = new ArrayList<>();
    for (Row session : sequences.dataset(spark).collectAsList()) {
      List<Object> values = new ArrayList<>(List.of(session.get(0), session.get(1)));
      for (String detector : detectors) {
        values.add(
            sessions.get(session.getString(0)).contains(detector)
                ? found(4, 2, 1)
                : Detection.normal(1, 2));
      }
      rows.add(RowFactory.create(values.toArray()));
    }
    StructType schema = Sequences.SCHEMA;
    for (String detector : detectors) {
      schema = schema.add(Detection.column(detector), Detection.TYPE);
    }
    return spark.createDataFrame(rows, schema);
  }

  private static List<String> shown(Dataset<Row> judged, Combine combine, List<String> detectors) {
    Verdict verdict = new Verdict(combine, detectors, Map.of(), List.of(), Map.of(), 0);
    return Anomalies.ofSessions(judged, verdict, 0, "v1").collectAsList().stream()
        .map(r -> r.getAs("session") + " " + r.getAs("detector") + " " + r.getAs("verdict"))
        .sorted()
        .toList();
  }

  @Test
  void allThatLearnedMustAgreeButARuleDecidesByItself(SparkSession spark) {
    List<String> detectors = List.of("rule", "bigram", "pca");
    Map<String, List<String>> sessions =
        Map.of(
            "both", List.of("bigram", "pca"),
            "half", List.of("pca"),
            "obvious", List.of("rule"),
            "obvious-half", List.of("rule", "bigram"));
    Dataset<Row> judged = flagged(spark, detectors, sessions);
    assertThat(shown(judged, Combine.ALL, detectors))
        .containsExactly(
            "both bigram anomaly",
            "both pca anomaly",
            "both verdict anomaly",
            "half pca review",
            "obvious rule anomaly",
            "obvious verdict anomaly",
            "obvious-half bigram anomaly",
            "obvious-half rule anomaly",
            "obvious-half verdict anomaly");
    assertThat(Verdict.any(List.of("rule")).of(detectors).condition()).contains("any");
    assertThat(new Verdict(Combine.ALL, detectors, Map.of(), List.of(), Map.of(), 0).condition())
        .isEqualTo("all of bigram, pca; or a rule");
    // Where nothing learned, nothing agrees.
    assertThat(shown(judged, Combine.ALL, List.of("rule")))
        .containsExactly(
            "obvious rule anomaly",
            "obvious verdict anomaly",
            "obvious-half rule anomaly",
            "obvious-half verdict anomaly");
  }

  @Test
  void aCascadeAsksRulesThenKeysThenValuesAndCountsBeside(SparkSession spark) {
    // In no order: the cascade has its own.
    List<String> detectors = List.of("pca", "value", "lstm", "count-distance", "bigram", "rule");
    Map<String, List<String>> sessions =
        Map.of(
            "counts", List.of("pca", "count-distance"),
            "everything", detectors,
            "keys", List.of("lstm", "bigram", "value"),
            "keys-counts", List.of("lstm", "pca"),
            "nothing", List.of(),
            "value-counts", List.of("value", "count-distance"));
    assertThat(shown(flagged(spark, detectors, sessions), Combine.CASCADE, detectors))
        .containsExactly(
            "counts count-distance anomaly",
            "counts pca anomaly",
            "counts verdict anomaly",
            "everything count-distance anomaly",
            "everything pca anomaly",
            "everything rule anomaly",
            "everything verdict anomaly",
            "keys bigram anomaly",
            "keys lstm anomaly",
            "keys verdict anomaly",
            "keys-counts lstm anomaly",
            "keys-counts pca anomaly",
            "keys-counts verdict anomaly",
            "value-counts count-distance anomaly",
            "value-counts value anomaly",
            "value-counts verdict anomaly");
    assertThat(Cascade.condition(detectors))
        .isEqualTo("rule; else lstm, bigram; else value; beside them pca, count-distance");
    assertThat(Cascade.condition(List.of("pca"))).isEqualTo("pca");
  }

  @Test
  void everyDetectorHasItsStep() {
    assertThat(List.of("new-event", "length", "bigram", "ngram", "lstm"))
        .allMatch(name -> Cascade.of(name) == Cascade.KEYS);
    assertThat(Cascade.of("value")).isEqualTo(Cascade.VALUES);
    assertThat(Cascade.of("rule")).isEqualTo(Cascade.RULES);
    assertThat(List.of("pca", "count-distance", "log-clustering", "decision-tree"))
        .allMatch(name -> Cascade.of(name) == Cascade.BESIDE);
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

  private static final long DAY = 86_400;

  private static String line(long offset, Long time, String... sessions) {
    return String.format(
        "named_struct('source', 'f', 'offset', %dL, 'ts', cast(%s as timestamp), 'template_id',"
            + " 'x', 'session', cast(array(%s) as array<string>))",
        offset,
        time == null ? "null" : "timestamp_seconds(" + time + ")",
        java.util.Arrays.stream(sessions)
            .map(s -> "'" + s + "'")
            .collect(Collectors.joining(", ")));
  }

  private static Dataset<Row> lines(SparkSession spark, String... lines) {
    return spark.sql("select inline(array(" + String.join(", ", lines) + "))");
  }

  private static String detectorAndPlace(Row row) {
    Object session = row.getAs("session");
    return row.getAs("detector") + " " + (session == null ? row.getAs("offset") : session);
  }

  @Test
  void theBudgetIsOneOfADayForSessionsAndLines(SparkSession spark) {
    // Sessions of one entry; their times are what matters.
    List<Row> rows = new ArrayList<>();
    Row normal = Detection.normal(0, 2);
    Row[] found = new Row[10];
    for (int score = 3; score < 10; score++) {
      found[score] = found(score, 2, 0);
    }
    Object[][] sessions = {
      {"monday-9", 10L, found[9], normal},
      {"monday-8", 20L, found[8], normal},
      {"monday-7", 30L, found[7], normal},
      {"monday-obvious", DAY - 1, normal, found[3]},
      {"tuesday-6", DAY, found[6], normal},
      {"tuesday-5", DAY + 5, found[5], normal},
      {"timeless-5b", null, found[5], normal},
      {"timeless-5a", null, found[5], normal},
      {"timeless-4", null, found[4], normal},
    };
    for (Object[] s : sessions) {
      java.time.Instant time = s[1] == null ? null : Instant.ofEpochSecond((long) s[1]);
      Row entry = RowFactory.create(time, "f", 1L, "a");
      rows.add(
          RowFactory.create(
              s[0], scala.collection.JavaConverters.asScalaBuffer(List.of(entry)), s[2], s[3]));
    }
    StructType schema = Sequences.SCHEMA.add("pca", Detection.TYPE).add("rule", Detection.TYPE);
    // Of 100 normal sessions ten score 3 to 7, one as much as 8; a new event came never.
    Tail tail = Tail.of(Map.of(0.0, 89L, 7.0, 10L, 8.0, 1L));
    Tail sum = Tail.of(Map.of(0.0, 89L, 2.31, 10L, 4.61, 1L));
    Tail none = Tail.of(Map.of(0.0, 100L));
    Verdict verdict =
        new Verdict(
            Combine.ANY,
            List.of("rule", "pca"),
            Map.of("pca", tail, "new-event", none, "verdict", sum),
            List.of(),
            Map.of(),
            0);
    Dataset<Row> structured =
        lines(
            spark, line(100, 40L), line(101, DAY + 7), line(102, null), line(103, 50L, "monday-7"));
    Dataset<Row> obvious =
        lines(spark, line(101, DAY + 7), line(104, 20L, "monday-obvious"), line(105, 60L, "nobody"))
            .filter("offset < 105")
            .selectExpr("*", "'r' as rule", "'why' as reason", "true as anomaly");
    Dataset<Row> judged = spark.createDataFrame(rows, schema);
    BiFunction<Integer, Integer, Dataset<Row>> table =
        (partitions, maxAlerts) ->
            Anomalies.of(
                judged.repartition(partitions),
                structured,
                obvious,
                verdict,
                List.of(),
                LineRules.load().firstSeen(),
                maxAlerts,
                "v1");
    for (int partitions : new int[] {1, 7}) {
      List<Row> kept = table.apply(partitions, 2).collectAsList();
      assertThat(kept.stream().filter(r -> r.getAs("verdict").equals("anomaly")))
          .extracting(AnomaliesTest::detectorAndPlace)
          .containsExactlyInAnyOrder(
              // A rule is certain; then what no session of the training was like.
              "rule monday-obvious",
              "verdict monday-obvious",
              "rule monday-obvious",
              "pca monday-9",
              "verdict monday-9",
              // The line is both unknown and obvious, and one alert.
              "new-event 101",
              "rule 101",
              "pca tuesday-6",
              "verdict tuesday-6",
              // A line of an unknown template is stranger than scores of one in ten sessions; of
              // two equal ones the first by name.
              "new-event 102",
              "pca timeless-5a",
              "verdict timeless-5a");
      assertThat(kept.stream().filter(r -> r.getAs("verdict").equals("review")))
          .extracting(AnomaliesTest::detectorAndPlace)
          .containsExactlyInAnyOrder(
              "pca monday-8",
              "pca monday-7",
              "pca tuesday-5",
              "pca timeless-5b",
              "pca timeless-4",
              "new-event 100",
              // Within a session, which new-event does not judge here.
              "new-event monday-7");
      assertThat(kept.stream().filter(r -> r.getAs("session") == null))
          .filteredOn(r -> r.getAs("detector").equals("new-event"))
          .allSatisfy(
              r -> assertThat(r.<Double>getAs("surprise")).isCloseTo(Math.log(200), within(1e-12)));
    }
    List<Row> all = table.apply(3, 0).orderBy(Anomalies.ranking()).collectAsList();
    assertThat(all.stream().filter(r -> !"monday-7".equals(r.getAs("session"))))
        .extracting(r -> r.getAs("verdict"))
        .containsOnly("anomaly");
    assertThat(all.stream().filter(r -> r.getAs("detector").equals("verdict")).limit(2))
        .extracting(r -> r.getAs("session"))
        .containsExactly("monday-obvious", "monday-9");
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
    assertThat(verdict.condition()).isEqualTo("new-event with pca, pca");
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
        Anomalies.ofLines(
            structured, List.of("a", "b"), LineRules.load().firstSeen(), true, ANY, "v1");
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
                    structured, List.of("a", "b"), LineRules.load().firstSeen(), false, ANY, "v1")
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
            Anomalies.ofLines(structured, List.of(), LineRules.load().firstSeen(), true, ANY, "v1")
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
            Anomalies.ofLines(structured, List.of(), rules.firstSeen(), true, ANY, "v1")
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
                    ANY,
                    "v1")
                .count())
        .as("switched off")
        .isZero();
  }
}
