package io.deeplog.detect.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.GoldenWindows;
import io.deeplog.LocalSpark;
import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import io.deeplog.sequence.WindowRule;
import io.deeplog.sequence.Windows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SparkTest
final class CountDetectorTest {
  private static final String[] NAMES = {"a", "b", "c", "d"};

  /** Counts of a, b = a, c = 1 or 2, d = noise. */
  private static int[][] counts(int n, long seed) {
    Random random = new Random(seed);
    int[][] counts = new int[n][];
    for (int i = 0; i < n; i++) {
      int a = 1 + random.nextInt(6);
      counts[i] = new int[] {a, a, 1 + random.nextInt(2), random.nextInt(3)};
    }
    return counts;
  }

  private static String words(int[] counts) {
    StringBuilder text = new StringBuilder();
    for (int j = 0; j < counts.length; j++) {
      text.append((NAMES[j] + " ").repeat(counts[j]));
    }
    return text.toString().trim();
  }

  private static Dataset<Row> sessions(SparkSession spark, int[][] counts) {
    Sequences sequences = new Sequences();
    for (int i = 0; i < counts.length; i++) {
      sequences.add("s" + i, words(counts[i]));
    }
    return sequences.dataset(spark);
  }

  /** Covariance of the log counts, by the book. */
  private static double[][] covariance(int[][] counts) {
    int d = counts[0].length;
    double[] mean = new double[d];
    for (int[] row : counts) {
      for (int j = 0; j < d; j++) {
        mean[j] += Math.log1p(row[j]) / counts.length;
      }
    }
    double[][] covariance = new double[d][d];
    for (int[] row : counts) {
      for (int j = 0; j < d; j++) {
        for (int k = 0; k < d; k++) {
          covariance[j][k] +=
              (Math.log1p(row[j]) - mean[j]) * (Math.log1p(row[k]) - mean[k]) / counts.length;
        }
      }
    }
    return covariance;
  }

  /** Eigenvalues, descending, by Jacobi rotations. */
  private static double[] eigenvalues(double[][] symmetric) {
    int d = symmetric.length;
    for (int sweep = 0; sweep < 50; sweep++) {
      for (int p = 0; p < d; p++) {
        for (int q = p + 1; q < d; q++) {
          if (Math.abs(symmetric[p][q]) < 1e-300) {
            continue;
          }
          double angle = Math.atan2(2 * symmetric[p][q], symmetric[q][q] - symmetric[p][p]) / 2;
          double c = Math.cos(angle);
          double s = Math.sin(angle);
          for (int k = 0; k < d; k++) {
            double x = symmetric[k][p];
            double y = symmetric[k][q];
            symmetric[k][p] = c * x - s * y;
            symmetric[k][q] = s * x + c * y;
          }
          for (int k = 0; k < d; k++) {
            double x = symmetric[p][k];
            double y = symmetric[q][k];
            symmetric[p][k] = c * x - s * y;
            symmetric[q][k] = s * x + c * y;
          }
        }
      }
    }
    double[] values = new double[d];
    for (int j = 0; j < d; j++) {
      values[j] = symmetric[j][j];
    }
    java.util.Arrays.sort(values);
    for (int j = 0; j < d / 2; j++) {
      double swap = values[j];
      values[j] = values[d - 1 - j];
      values[d - 1 - j] = swap;
    }
    return values;
  }

  @Test
  void theQStatisticIsThatOfTheCovariance(SparkSession spark) {
    int[][] counts = counts(200, 1);
    double[] values = eigenvalues(covariance(counts));
    for (double variance : new double[] {0.5, 0.9, 0.99}) {
      int k = QStatistic.components(values, variance);
      CountDetectorModel model =
          new CountDetector().setVariance(variance).fit(sessions(spark, counts));
      assertThat(model.components()).isEqualTo(k);
      assertThat(model.qStatistic())
          .isCloseTo(QStatistic.threshold(values, k, QStatistic.C_ALPHA), within(1e-9 * values[0]));
    }
  }

  @Test
  void equalSessionsWeighAsManyAsTheyAre(SparkSession spark) {
    // The same sessions in one go and as distinct ones with multiplicity give one model: compare
    // with the covariance over all rows, which knows no multiplicities.
    int[][] distinct = counts(10, 2);
    int[][] repeated = new int[100][];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = distinct[(int) Math.sqrt(i)];
    }
    double[] values = eigenvalues(covariance(repeated));
    CountDetectorModel model = new CountDetector().setVariance(0.8).fit(sessions(spark, repeated));
    int k = QStatistic.components(values, 0.8);
    assertThat(model.components()).isEqualTo(k);
    assertThat(model.qStatistic())
        .isCloseTo(QStatistic.threshold(values, k, QStatistic.C_ALPHA), within(1e-9 * values[0]));
  }

  @ParameterizedTest
  @CsvSource({"none,true", "log,true", "tf-idf,false"})
  void theWeightingDecidesWhatIsSeen(String weighting, boolean seen, SparkSession spark) {
    CountDetectorModel model =
        new CountDetector()
            .setVariance(0.9)
            .setFalseAlarms(0.01)
            .setWeighting(weighting)
            .fit(sessions(spark, counts(300, 3)));
    Dataset<Row> judged =
        model.transform(
            new Sequences()
                .add("normal", words(new int[] {3, 3, 1, 1}))
                .add("missing", words(new int[] {6, 0, 1, 1}))
                .dataset(spark));
    assertThat(Sequences.flagged(judged, "normal", CountDetector.NAME)).isFalse();
    assertThat(Sequences.flagged(judged, "missing", CountDetector.NAME))
        .as("tf-idf does not see a template that every session holds")
        .isEqualTo(seen);
  }

  @Test
  void aMissingPartnerIsFlaggedWithItsTemplate(SparkSession spark) {
    CountDetectorModel model =
        new CountDetector()
            .setVariance(0.9)
            .setFalseAlarms(0.01)
            .fit(sessions(spark, counts(300, 3)));
    Dataset<Row> judged =
        model.transform(
            new Sequences()
                .add("normal", words(new int[] {3, 3, 1, 1}))
                .add("missing", words(new int[] {5, 0, 1, 1}))
                .add("loop", words(new int[] {2, 2, 30, 1}))
                .dataset(spark));
    assertThat(Sequences.flagged(judged, "normal", CountDetector.NAME)).isFalse();
    Row missing = Sequences.detection(judged, "missing", CountDetector.NAME);
    assertThat(missing.<Boolean>getAs("anomalous")).isTrue();
    assertThat(missing.<Double>getAs("score")).isGreaterThan(missing.getAs("threshold"));
    List<Row> contributions = missing.<Row>getAs("evidence").getList(5);
    assertThat(contributions.get(0).getString(0)).isIn("a", "b");
    double share = contributions.stream().mapToDouble(row -> row.<Double>getAs("share")).sum();
    assertThat(share).isCloseTo(1, within(1e-6));
    Row b =
        contributions.stream().filter(r -> r.getString(0).equals("b")).findFirst().orElseThrow();
    assertThat(b.<Double>getAs("count")).isZero();
    assertThat(b.<Double>getAs("expected")).isPositive();
    Row loop = Sequences.detection(judged, "loop", CountDetector.NAME);
    assertThat(loop.<Boolean>getAs("anomalous")).isTrue();
    assertThat(loop.<Row>getAs("evidence").<Row>getList(5).get(0).getString(0)).isEqualTo("c");
    assertThat(loop.<Row>getAs("evidence").<String>getAs("reason")).contains("came 30 times");
  }

  @Test
  void sessionsThatAreAllEqualFlagAnyOther(SparkSession spark) {
    CountDetectorModel model =
        new CountDetector().fit(new Sequences().add(50, "s", "a b c").dataset(spark));
    Dataset<Row> judged =
        model.transform(
            new Sequences()
                .add("same", "c b a")
                .add("less", "a b")
                .add("more", "a b c c")
                .dataset(spark));
    assertThat(Sequences.flagged(judged, "same", CountDetector.NAME)).isFalse();
    assertThat(Sequences.flagged(judged, "less", CountDetector.NAME)).isTrue();
    assertThat(Sequences.flagged(judged, "more", CountDetector.NAME)).isTrue();
  }

  @Test
  void trainingSessionsKeepTheRateOfFalseAlarms(SparkSession spark) {
    Dataset<Row> sessions = sessions(spark, counts(500, 4));
    CountDetectorModel model =
        new CountDetector().setVariance(0.8).setFalseAlarms(0.02).fit(sessions);
    assertThat(model.transform(sessions).filter("pca.anomalous").count()).isLessThanOrEqualTo(10);
  }

  @Test
  void thePartitioningDoesNotShow(SparkSession spark) {
    Dataset<Row> sessions = sessions(spark, counts(300, 5)).cache();
    Dataset<Row> others = sessions(spark, counts(20, 6)).coalesce(1);
    List<Row> expected = null;
    for (int partitions : new int[] {1, 3, 17}) {
      List<Row> rows =
          LocalSpark.withShufflePartitions(
              spark,
              partitions,
              () ->
                  new CountDetector()
                      .fit(sessions.repartition(partitions))
                      .transform(others)
                      .select("session", "pca")
                      .collectAsList());
      expected = expected == null ? rows : expected;
      assertThat(rows).isEqualTo(expected);
    }
    sessions.unpersist();
  }

  @Test
  void noSessionsAreAUserError(SparkSession spark) {
    assertThatThrownBy(() -> new CountDetector().fit(new Sequences().dataset(spark)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--session");
  }

  @ParameterizedTest
  @CsvSource({
    "Malicious,true,594,7,362.63872825583866,28",
    "Malicious,false,119,8,657.1413421112352,6",
    "Clear,true,106,3,254.07705418140443,2",
    "Clear,false,80,2,239.99220741643327,2"
  })
  void theGoldenWindowsGiveTheGoldenFigures(
      String set, boolean empty, int windows, int k, double q, int anomalous, SparkSession spark)
      throws java.io.IOException {
    Dataset<Row> counts =
        Windows.counts(GoldenWindows.of(set).entries(spark), WindowRule.legacy("24h", "3h"), empty)
            .cache();
    CountDetectorModel model =
        new CountDetector().setWeighting("tf-idf").setVariance(0.95).setRule("q").fit(counts);
    assertThat(counts.count()).isEqualTo(windows);
    assertThat(model.components()).isEqualTo(k);
    assertThat(model.qStatistic()).isCloseTo(q, within(1e-6 * q));
    assertThat(model.transform(counts).filter("pca.anomalous").count()).isEqualTo(anomalous);
    counts.unpersist();
  }

  @Test
  void modelsOfTwoDaysMergeToThatOfBoth(SparkSession spark) {
    Sequences monday = new Sequences();
    Sequences tuesday = new Sequences();
    Sequences both = new Sequences();
    int[][] counts = counts(200, 7);
    for (int i = 0; i < counts.length; i++) {
      // Each day has a template of its own.
      String text = words(counts[i]) + (i < 80 ? " monday" : " tuesday tuesday");
      (i < 80 ? monday : tuesday).add("s" + i, text);
      both.add("s" + i, text);
    }
    for (String weighting : List.of("log", "tf-idf")) {
      CountDetector detector = new CountDetector().setVariance(0.8).setWeighting(weighting);
      CountDetectorModel merged =
          detector.merge(detector.fit(monday.dataset(spark)), detector.fit(tuesday.dataset(spark)));
      CountDetectorModel whole = detector.fit(both.dataset(spark));
      assertThat(merged.components()).isEqualTo(whole.components());
      assertThat(merged.qStatistic())
          .isCloseTo(whole.qStatistic(), within(1e-9 * whole.qStatistic()));
      assertThat((double) merged.getOrDefault(merged.threshold()))
          .isCloseTo((double) whole.getOrDefault(whole.threshold()), within(1e-6));
      Dataset<Row> judged =
          merged.transform(whole.transform(both.dataset(spark)).withColumnRenamed("pca", "whole"));
      assertThat(judged.filter("abs(pca.score - whole.score) > 1e-7 * (1 + whole.score)").count())
          .isZero();
    }
    assertThatThrownBy(
            () ->
                new CountDetector()
                    .merge(
                        new CountDetector().fit(monday.dataset(spark)),
                        new CountDetector().setWeighting("none").fit(tuesday.dataset(spark))))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("log and by none");
  }

  @Test
  void savedModelsMergeToo(SparkSession spark, @TempDir Path directory) throws IOException {
    CountDetector detector = new CountDetector().setVariance(0.8);
    CountDetectorModel yesterday = detector.fit(sessions(spark, counts(100, 1)));
    CountDetectorModel today = detector.fit(new Sequences().add(50, "t", "a a b e").dataset(spark));
    CountDetectorModel merged = detector.merge(yesterday, today);
    yesterday.save(directory.resolve("yesterday").toString());
    merged.save(directory.resolve("both").toString());
    CountDetectorModel again =
        detector.merge(CountDetectorModel.load(directory.resolve("yesterday").toString()), today);
    assertThat(again.remembered()).usingRecursiveComparison().isEqualTo(merged.remembered());
    assertThat(again.qStatistic()).isEqualTo(merged.qStatistic());
    CountDetectorModel loaded = CountDetectorModel.load(directory.resolve("both").toString());
    assertThat(loaded.remembered()).usingRecursiveComparison().isEqualTo(merged.remembered());
    assertThat(loaded.vocabulary().ids()).isEqualTo(merged.remembered().templates()).contains("e");
    assertThat(loaded.vocabulary().counts()[loaded.vocabulary().index("e") - 1]).isEqualTo(50);
  }

  @Test
  void manyTemplatesAreDecomposedTruncated(SparkSession spark) {
    int[][] counts = counts(300, 3);
    CountDetectorModel model =
        new CountDetector()
            .setMaxColumns(2)
            .setComponents(3)
            .setFalseAlarms(0.01)
            .fit(sessions(spark, counts));
    assertThat(model.qStatistic()).isNaN();
    assertThat(model.components()).isEqualTo(3);
    Dataset<Row> judged =
        model.transform(
            new Sequences()
                .add("normal", words(new int[] {3, 3, 1, 1}))
                .add("missing", words(new int[] {5, 0, 1, 1}))
                .add("new", words(new int[] {3, 3, 1, 1}) + " e e")
                .dataset(spark));
    assertThat(Sequences.flagged(judged, "normal", CountDetector.NAME)).isFalse();
    assertThat(Sequences.flagged(judged, "missing", CountDetector.NAME)).isTrue();
    assertThat(Sequences.flagged(judged, "new", CountDetector.NAME)).isTrue();
    assertThatThrownBy(model::remembered).isInstanceOf(UserException.class);
  }

  @Test
  void aHundredThousandTemplatesNeedNoSquareMatrix(SparkSession spark) {
    // Ten kinds of sessions of 2,000, 4,000 ... 20,000 templates each, none in two kinds.
    int kinds = 10;
    Sequences normal = new Sequences();
    for (int kind = 1; kind <= kinds; kind++) {
      normal.add("s" + kind, kind(kind, 2_000 * kind));
    }
    CountDetectorModel model =
        new CountDetector().setComponents(kinds).fit(normal.dataset(spark).coalesce(2));
    assertThat(model.metrics()).containsEntry("templates", 110_000);
    assertThat(model.qStatistic()).isNaN();
    Dataset<Row> judged =
        model.transform(
            new Sequences()
                .add("whole", kind(3, 6_000))
                .add("half", kind(3, 3_000))
                .add("mixed", kind(3, 6_000) + " " + kind(9, 30))
                .dataset(spark));
    assertThat(Sequences.flagged(judged, "whole", CountDetector.NAME)).isFalse();
    assertThat(Sequences.flagged(judged, "half", CountDetector.NAME)).isTrue();
    assertThat(Sequences.flagged(judged, "mixed", CountDetector.NAME)).isTrue();
  }

  /** The first templates of a kind of session. */
  private static String kind(int kind, int templates) {
    return IntStream.range(0, templates)
        .mapToObj(i -> "k" + kind + "-" + i)
        .collect(Collectors.joining(" "));
  }

  @Test
  void unknownTemplatesAreAColumnUnlessTheyAreNot(SparkSession spark) {
    Dataset<Row> others =
        new Sequences()
            .add("known", words(new int[] {3, 3, 1, 1}))
            .add("new", words(new int[] {3, 3, 1, 1}) + " e")
            .dataset(spark);
    for (boolean oov : new boolean[] {true, false}) {
      Dataset<Row> judged =
          new CountDetector()
              .setOov(oov)
              .setVariance(0.9)
              .fit(sessions(spark, counts(300, 3)))
              .transform(others);
      assertThat(Sequences.flagged(judged, "new", CountDetector.NAME)).isEqualTo(oov);
      assertThat(Sequences.flagged(judged, "known", CountDetector.NAME)).isFalse();
      if (oov) {
        assertThat(
                Sequences.detection(judged, "new", CountDetector.NAME)
                    .<Row>getAs("evidence")
                    .<Row>getList(5)
                    .get(0)
                    .getString(0))
            .isEqualTo(CountJudge.OTHERS);
      }
    }
  }

  @Test
  void rareTemplatesCountAsOthers(SparkSession spark) {
    Sequences sequences = new Sequences().add(40, "s", "a b").add("rare", "a b x");
    CountDetectorModel model = new CountDetector().setMinCount(2).fit(sequences.dataset(spark));
    assertThat(model.metrics()).containsEntry("templates", 2);
  }

  @Test
  void hotellingFlagsTheUsualMixInUnusualNumber(SparkSession spark) {
    Dataset<Row> sessions = sessions(spark, counts(300, 3));
    Dataset<Row> flood =
        new Sequences()
            .add("flood", words(new int[] {900, 900, 1, 1}))
            .add("normal", words(new int[] {3, 3, 1, 1}))
            .dataset(spark);
    CountDetector detector = new CountDetector().setComponents(3);
    Dataset<Row> without = detector.fit(sessions).transform(flood);
    Dataset<Row> with = detector.setHotelling(true).fit(sessions).transform(flood);
    assertThat(Sequences.flagged(without, "flood", CountDetector.NAME)).isFalse();
    assertThat(Sequences.flagged(with, "flood", CountDetector.NAME)).isTrue();
    assertThat(Sequences.flagged(with, "normal", CountDetector.NAME)).isFalse();
  }
}
