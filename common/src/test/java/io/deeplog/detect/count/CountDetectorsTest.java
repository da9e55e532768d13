package io.deeplog.detect.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deeplog.LocalSpark;
import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import io.deeplog.count.CountVector;
import io.deeplog.detect.Detection;
import io.deeplog.detect.Detector;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.count.CountStatistics.Counted;
import io.deeplog.detect.count.InvariantsScorer.Invariant;
import io.deeplog.detect.count.PatternsScorer.Pattern;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@SparkTest
final class CountDetectorsTest {
  /** As many closed as opened; one end; some reads. */
  private static String session(int opened, int closed, int ends, int reads) {
    return ("opened ".repeat(opened)
            + "closed ".repeat(closed)
            + "end ".repeat(ends)
            + "read ".repeat(reads))
        .trim();
  }

  private static Sequences normal(int n, long seed) {
    Random random = new Random(seed);
    Sequences sequences = new Sequences();
    for (int i = 0; i < n; i++) {
      int opened = 1 + random.nextInt(4);
      sequences.add("n" + i, session(opened, opened, 1, random.nextInt(5)));
    }
    return sequences;
  }

  private static Dataset<Row> others(SparkSession spark) {
    return new Sequences()
        .add("normal", session(2, 2, 1, 3))
        .add("leak", session(4, 0, 1, 3))
        .add("loop", session(2, 2, 9, 3))
        .add("new", session(2, 2, 1, 3) + " panic panic panic")
        .dataset(spark);
  }

  static List<Detector<CountModel>> unsupervised() {
    return List.of(
        new InvariantsDetector(),
        new LogClusteringDetector().setFalseAlarms(0.001),
        new IsolationForestDetector().setFalseAlarms(0.01));
  }

  @ParameterizedTest
  @MethodSource("unsupervised")
  void findWhatNormalSessionsDoNotDo(Detector<CountModel> detector, SparkSession spark) {
    Dataset<Row> judged =
        detector.fit(normal(300, 1).dataset(spark)).transform(others(spark)).cache();
    String name = detector.detector();
    assertThat(Sequences.flagged(judged, "normal", name)).isFalse();
    for (String abnormal : List.of("leak", "new")) {
      Row found = Sequences.detection(judged, abnormal, name);
      assertThat(found.<Boolean>getAs("anomalous")).as(abnormal).isTrue();
      Row evidence = found.getAs("evidence");
      assertThat(evidence.<String>getAs("reason")).isNotBlank();
      List<Row> parts = evidence.getList(5);
      assertThat(parts).as(abnormal).isNotEmpty();
      String wanted = abnormal.equals("new") ? CountJudge.OTHERS : "closed";
      assertThat(parts.stream().map(p -> p.getString(0))).as(abnormal).contains(wanted);
    }
    judged.unpersist();
  }

  @ParameterizedTest
  @MethodSource("unsupervised")
  void thePartitioningDoesNotShow(Detector<CountModel> detector, SparkSession spark) {
    Dataset<Row> sessions = normal(200, 2).dataset(spark);
    Dataset<Row> others = others(spark).coalesce(1);
    List<List<Row>> results = new ArrayList<>();
    for (int partitions : new int[] {1, 5}) {
      results.add(
          LocalSpark.withShufflePartitions(
              spark,
              partitions,
              () ->
                  detector
                      .fit(sessions.repartition(partitions))
                      .transform(others)
                      .collectAsList()));
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
  }

  @Test
  void aViolatedRelationIsToldInWords(SparkSession spark) {
    CountModel model =
        new InvariantsDetector()
            .setNames(Map.of("opened", "session opened", "closed", "session closed"))
            .fit(normal(300, 1).dataset(spark));
    Row leak = Sequences.detection(model.transform(others(spark)), "leak", "invariants");
    Row evidence = leak.getAs("evidence");
    assertThat(evidence.<String>getAs("reason"))
        .isEqualTo("does not hold: session closed = session opened");
    assertThat(leak.<Double>getAs("score")).isEqualTo(4);
    Row closed =
        evidence.<Row>getList(5).stream()
            .filter(p -> p.getString(0).equals("closed"))
            .findFirst()
            .orElseThrow();
    assertThat(closed.<Double>getAs("count")).isZero();
    assertThat(closed.<Double>getAs("expected")).isEqualTo(4);
  }

  private static Counted row(long sessions, int... counts) {
    double[] x = new double[counts.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = counts[i];
    }
    return new Counted(CountScorer.sparse(x), sessions);
  }

  private static double[] products(List<Counted> rows, int n) {
    double[] products = new double[n * (n + 1) / 2];
    for (Counted row : rows) {
      double[] x = row.vector().dense(n);
      for (int j = 0; j < n; j++) {
        for (int i = 0; i <= j; i++) {
          products[CountStatistics.packed(i, j)] += row.sessions() * x[i] * x[j];
        }
      }
    }
    return products;
  }

  @Test
  void findsRelationsWithCoefficients() {
    // c = a + b, d = 3 a, e = 0; a and b vary freely.
    List<Counted> rows = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      int a = 1 + random.nextInt(5);
      int b = random.nextInt(7);
      rows.add(row(10, a, b, a + b, 3 * a, 0));
    }
    rows.add(row(5, 1, 1, 1, 1, 1));
    List<Invariant> found =
        new InvariantMiner(
                products(rows, 5),
                rows,
                0.98,
                new int[] {1, 2, 3},
                i -> "abcde".substring(i, i + 1))
            .mine(5, 3, 10);
    assertThat(found.stream().map(Invariant::text))
        .contains("e = 0", "3 x a = d", "a + b = c")
        .noneMatch(text -> text.matches(".*\\ba\\b.*\\bd\\b.*[bc].*"));
    for (Invariant invariant : found) {
      long kept =
          rows.stream()
              .filter(r -> invariant.error(r.vector()) == 0)
              .mapToLong(Counted::sessions)
              .sum();
      assertThat(kept).as(invariant.text()).isGreaterThanOrEqualTo(593);
    }
  }

  @Test
  void completeLinkageJoinsWhatIsNearAsAWhole() {
    List<Pattern> vectors =
        List.of(
            Pattern.of(row(1, 5, 0, 1).vector(), null, 10),
            Pattern.of(row(1, 5, 0, 2).vector(), null, 1),
            Pattern.of(row(1, 0, 5, 0).vector(), null, 4));
    assertThat(PatternsScorer.cluster(vectors, 0)).hasSize(3);
    List<Pattern> two = PatternsScorer.cluster(vectors, 0.2);
    assertThat(two.stream().map(Pattern::sessions)).containsExactly(11L, 4L);
    assertThat(two.get(0).values()[1])
        .isCloseTo((10 * Math.log(2) + Math.log(3)) / 11, within(1e-12));
    assertThat(PatternsScorer.cluster(vectors, 1)).hasSize(1);
    Pattern empty = Pattern.of(new CountVector(new int[0], new int[0]), null, 1);
    assertThat(empty.distance(vectors.get(0))).isEqualTo(1);
    assertThat(empty.distance(empty)).isZero();
  }

  @Test
  void whatComesAfterTheBootstrapJoinsTheNearestPatternOrBeginsOne(SparkSession spark) {
    // By frequency: a twice, then c twice, then what is alone.
    Sequences sequences =
        new Sequences()
            .add(5, "a10-", "b " + "a ".repeat(10).trim())
            .add(4, "a11-", "b " + "a ".repeat(11).trim())
            .add(3, "c10-", "d " + "c ".repeat(10).trim())
            .add(2, "c11-", "d " + "c ".repeat(11).trim())
            .add("alone", "e f g");
    Dataset<Row> judged =
        new Sequences()
            .add("near-a", "b " + "a ".repeat(10) + "new")
            .add("near-c", "d " + "c ".repeat(10) + "new")
            .add("known", "e f g")
            .add("other", "new new")
            .dataset(spark);
    for (int bootstrap : new int[] {1, 2, 3, 1_000}) {
      for (int partitions : new int[] {1, 4}) {
        CountModel model =
            new LogClusteringDetector()
                .setBootstrap(bootstrap)
                .setMaxDistance(0.02)
                .fit(sequences.dataset(spark).repartition(partitions));
        assertThat(model.metrics()).as("bootstrap %d", bootstrap).containsEntry("patterns", 3);
        // The threshold is what "alone" is, without itself: as far as can be from the others.
        Dataset<Row> rows = model.setThreshold(0.01).transform(judged);
        // All nine of a, and all five of c, are in their pattern, whenever they came to it.
        assertThat(reason(rows, "near-a")).contains("(9 sessions)");
        assertThat(reason(rows, "near-c")).contains("(5 sessions)");
        assertThat(Sequences.flagged(rows, "known", LogClusteringDetector.NAME)).isFalse();
        assertThat(
                Sequences.detection(rows, "other", LogClusteringDetector.NAME)
                    .<Double>getAs("score"))
            .isEqualTo(1);
      }
    }
    // Of a distance of nothing every count of its own is a pattern of its own.
    assertThat(
            new LogClusteringDetector()
                .setBootstrap(2)
                .setMaxDistance(0)
                .fit(sequences.dataset(spark))
                .metrics())
        .containsEntry("patterns", 5);
  }

  private static String reason(Dataset<Row> judged, String session) {
    return Sequences.detection(judged, session, LogClusteringDetector.NAME)
        .<Row>getAs("evidence")
        .getAs("reason");
  }

  @Test
  void aPatternWithoutASessionIsTheMeanOfTheOthers() {
    Pattern one = Pattern.of(row(1, 5, 0, 1).vector(), null, 1);
    Pattern other = Pattern.of(row(1, 5, 2, 0).vector(), null, 1);
    Pattern both = one.plus(other);
    assertThat(both.without(other).distance(one)).isZero();
    assertThat(both.without(other).columns()).isEqualTo(one.columns());
    PatternsScorer scorer = new PatternsScorer(List.of(both), null);
    assertThat(scorer.leavingOut().score(row(1, 5, 0, 1).vector()))
        .isEqualTo(one.distance(other))
        .isGreaterThan(scorer.score(row(1, 5, 0, 1).vector()));
    assertThat(new PatternsScorer(List.of(one), null).leavingOut().score(row(1, 5, 0, 1).vector()))
        .as("nothing is left to compare with")
        .isEqualTo(1);
    assertThat(PatternsScorer.medianNearest(List.of(one))).isZero();
    assertThat(PatternsScorer.medianNearest(List.of(one, other))).isEqualTo(one.distance(other));
    double[] weights = PatternsScorer.weights(new long[] {99, 9, 0}, 99);
    assertThat(weights).containsExactly(1, 1 + Math.log(10), 1 + Math.log(100));
  }

  @Test
  void directionsAreSumsOfStandardisedCountsWithSigns() {
    Directions directions = Directions.of(7, 128, new double[] {1, 0}, new double[] {0.25, 0}, 3);
    double once = Math.log(2);
    double[] scale = {Math.sqrt(0.25 + once * once / 4), once / 2};
    assertThat(directions.scale()).containsExactly(scale);
    double[] along = directions.project(row(1, 2, 5).vector());
    double first = (Math.log(3) - 1) / scale[0];
    double second = Math.log(6) / scale[1];
    int same = 0;
    for (double x : along) {
      boolean together = Math.abs(Math.abs(x) - Math.abs(first + second)) < 1e-12;
      assertThat(together || Math.abs(Math.abs(x) - Math.abs(first - second)) < 1e-12).isTrue();
      same += together ? 1 : 0;
    }
    assertThat(same).as("signs are as good as random").isBetween(40, 88);
    assertThat(
            Directions.of(8, 128, new double[2], new double[2], 3).project(row(1, 2, 5).vector()))
        .isNotEqualTo(
            Directions.of(9, 128, new double[2], new double[2], 3).project(row(1, 2, 5).vector()));
  }

  @Test
  void meanDepthsAreThoseOfTheFormula() {
    assertThat(ForestScorer.meanDepth(1)).isZero();
    assertThat(ForestScorer.meanDepth(2)).isEqualTo(1);
    assertThat(ForestScorer.meanDepth(256)).isCloseTo(10.2448, within(1e-4));
  }

  @ParameterizedTest
  @CsvSource({"logistic-regression", "linear-svm", "decision-tree", "boosted-trees"})
  void learnFromLabels(String algorithm, SparkSession spark) {
    Sequences sequences = normal(200, 3);
    for (int i = 0; i < 40; i++) {
      sequences.add("x" + i, session(3 + i % 3, i % 2, 1, i % 5));
    }
    Dataset<Row> sessions =
        sequences
            .dataset(spark)
            .withColumn(LabelledDetector.LABEL, functions.expr("session like 'x%'"));
    CountModel model = new LabelledDetector().setAlgorithm(algorithm).fit(sessions);
    assertThat(model.detector()).isEqualTo(algorithm);
    assertThat(model.metrics()).containsEntry("anomalous_sessions", 40.0);
    Dataset<Row> judged = model.transform(sessions);
    String column = Detection.column(algorithm) + ".anomalous";
    assertThat(judged.filter(column + " != " + LabelledDetector.LABEL).count())
        .isLessThanOrEqualTo(4);
    Row found = Sequences.detection(judged, "x0", algorithm);
    assertThat(found.<Row>getAs("evidence").<Row>getList(5)).isNotEmpty();
  }

  @Test
  void missingLabelsAreAUserError(SparkSession spark) {
    Dataset<Row> sessions = normal(20, 3).dataset(spark);
    assertThatThrownBy(() -> new LabelledDetector().fit(sessions))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("learns from labels");
    assertThatThrownBy(
            () ->
                new LabelledDetector()
                    .fit(sessions.withColumn(LabelledDetector.LABEL, functions.lit(false))))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("only normal_sessions");
    assertThatThrownBy(() -> new LabelledDetector().setAlgorithm("magic"))
        .isInstanceOf(UserException.class);
  }

  /** F1 with the precision that 2.93 % of anomalies would give. */
  private static double f1(Dataset<Row> judged, String detector) {
    long[] n = new long[4];
    judged
        .selectExpr("label = 'Normal'", Detection.column(detector) + ".anomalous")
        .collectAsList()
        .forEach(r -> n[(r.getBoolean(0) ? 2 : 0) + (r.getBoolean(1) ? 1 : 0)]++);
    double recall = (double) n[1] / (n[0] + n[1]);
    double alarms = (double) n[3] / (n[2] + n[3]);
    double precision = 0.0293 * recall / (0.0293 * recall + 0.9707 * alarms);
    return 2 * precision * recall / (precision + recall);
  }

  @Test
  void reachTheFiguresOfLoglizerOnHdfs(SparkSession spark) throws IOException {
    Path data =
        Path.of(System.getProperty("deeplog.data", "../../shared/data"), "hdfs", "sequences");
    assumeTrue(
        Files.isDirectory(data),
        () -> "no HDFS sequences in " + data.toAbsolutePath() + " (give -Ddeeplog.data=DIR)");
    Sequences train = new Sequences();
    for (String line : Files.readAllLines(data.resolve("train_normal.txt"))) {
      train.add("s", line.trim());
    }
    Sequences test = new Sequences();
    List<String> lines = Files.readAllLines(data.resolve("test.tsv"));
    for (int i = 1; i < lines.size(); i++) {
      String[] fields = lines.get(i).split("\t", -1);
      test.add(i + " " + fields[1], fields[2]);
    }
    Dataset<Row> sessions = train.dataset(spark).cache();
    Dataset<Row> judged =
        test.dataset(spark).withColumn("label", functions.expr("split(session, ' ')[1]")).cache();
    Map<Detector<?>, Double> wanted =
        Map.of(
            new CountDetector(), 0.94,
            new InvariantsDetector(), 0.915,
            new IsolationForestDetector(), 0.802,
            new LogClusteringDetector(), 0.837);
    for (Map.Entry<Detector<?>, Double> entry : wanted.entrySet()) {
      DetectorModel<?> model = entry.getKey().fit(sessions);
      double f1 = f1(model.transform(judged), model.detector());
      System.out.printf("hdfs sequences, %s: F1 %.3f%n", model.detector(), f1);
      assertThat(f1).as(model.detector()).isGreaterThanOrEqualTo(entry.getValue());
    }
    sessions.unpersist();
    judged.unpersist();
  }
}
