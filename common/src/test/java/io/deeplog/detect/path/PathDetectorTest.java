package io.deeplog.detect.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.LocalSpark;
import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import io.deeplog.detect.Detection;
import io.deeplog.nn.AveragingTrainer;
import io.deeplog.nn.KeyLstm;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SparkTest
final class PathDetectorTest {
  private static PathDetectorModel model;

  private static PathDetector small() {
    return new PathDetector()
        .setCrossFit(false)
        .setHistory(4)
        .setLayers(1)
        .setUnits(16)
        .setBatchSize(32)
        .setWorkers(2)
        .setAveragingFrequency(16)
        .setLearningRate(0.03)
        .setEpochs(8);
  }

  /** A cycle with one free choice. */
  private static Dataset<Row> training(SparkSession spark) {
    return new Sequences()
        .add(60, "p", "open read read close sync")
        .add(60, "q", "open write write close sync")
        .dataset(spark);
  }

  /** The cycle, and ten sessions that are like no other. */
  private static Dataset<Row> various(SparkSession spark) {
    Sequences sequences =
        new Sequences()
            .add(60, "p", "open read read close sync")
            .add(60, "q", "open write write close sync");
    for (int i = 0; i < 10; i++) {
      sequences.add("r" + i, "open" + " read".repeat(3 + i) + " close sync");
    }
    return sequences.dataset(spark);
  }

  @BeforeAll
  static void train(SparkSession spark) {
    model = small().fit(training(spark));
  }

  private static Dataset<Row> judge(SparkSession spark, String name, String templates) {
    return model.transform(new Sequences().add(name, templates).dataset(spark));
  }

  @Test
  void learnsACycle(SparkSession spark) {
    List<AveragingTrainer.Epoch> epochs = model.epochs();
    double best =
        epochs.stream().mapToDouble(AveragingTrainer.Epoch::validationLoss).min().orElseThrow();
    // ln 2 for the free choice, spread over six windows.
    assertThat(best).isLessThan(Math.log(2) / 6 + 0.1);
    assertThat(best).isLessThan(epochs.get(0).validationLoss());
    assertThat(model.vocabulary().ids()).containsExactly("close", "open", "read", "sync", "write");
    Dataset<Row> judged = model.transform(training(spark));
    assertThat(judged.filter("lstm.anomalous").count()).isZero();
  }

  @Test
  void aWholeSessionIsReadFromItsBegin(SparkSession spark) {
    // Which word comes last depends on the first, further back than any window here.
    String middle = " sync".repeat(8);
    Dataset<Row> training =
        new Sequences()
            .add(60, "p", "read" + middle + " close")
            .add(60, "q", "write" + middle + " open")
            .dataset(spark);
    PathDetector detector =
        small().setHistory(KeyLstm.WHOLE_SESSION).setBatchSize(16).setEpochs(12);
    PathDetectorModel whole = detector.fit(training);
    Dataset<Row> judged =
        whole
            .transform(
                new Sequences()
                    .add("normal", "read" + middle + " close")
                    .add("swapped", "read" + middle + " open")
                    .add("cut", "read" + middle)
                    .add("new", "read panic" + middle + " close")
                    .dataset(spark))
            .cache();
    assertThat(Sequences.flagged(judged, "normal", PathDetector.NAME)).isFalse();
    Row swapped = Sequences.detection(judged, "swapped", PathDetector.NAME);
    assertThat(swapped.<Boolean>getAs("anomalous")).isTrue();
    assertThat(swapped.<Row>getAs("evidence").<Integer>getAs("position")).isEqualTo(9);
    Row cut = Sequences.detection(judged, "cut", PathDetector.NAME);
    assertThat(cut.<Row>getAs("evidence").<String>getAs("actual")).isEqualTo(Detection.END);
    Row unknown = Sequences.detection(judged, "new", PathDetector.NAME);
    assertThat(unknown.<Row>getAs("evidence").<Integer>getAs("position")).isEqualTo(1);
    assertThat(unknown.<Row>getAs("evidence").<String>getAs("actual")).isEqualTo(Detection.UNKNOWN);
    judged.unpersist();
  }

  @Test
  void aSwappedOrderIsFlaggedWhereItComes(SparkSession spark) {
    Row detection =
        Sequences.detection(judge(spark, "s", "open close read read sync"), "s", PathDetector.NAME);
    assertThat(detection.<Boolean>getAs("anomalous")).isTrue();
    assertThat(detection.<Double>getAs("score")).isGreaterThan(detection.getAs("threshold"));
    Row evidence = detection.getAs("evidence");
    assertThat(evidence.<Integer>getAs("position")).isEqualTo(1);
    assertThat(evidence.<String>getAs("actual")).isEqualTo("close");
    assertThat(evidence.getList(evidence.fieldIndex("history")))
        .isEqualTo(List.of(Detection.BEGIN, "open"));
    List<Row> expected = evidence.getList(evidence.fieldIndex("expected"));
    assertThat(List.of(expected.get(0).getString(0), expected.get(1).getString(0)))
        .containsExactlyInAnyOrder("read", "write");
    assertThat(expected.get(0).getDouble(1)).isGreaterThanOrEqualTo(expected.get(1).getDouble(1));
  }

  @Test
  void everyEntryHasAVerdictWithHistoryAndWhatWasExpected(SparkSession spark) {
    Dataset<Row> sessions =
        new Sequences()
            .add("swapped", "open close read read sync")
            .add("normal", "open read read close sync")
            .dataset(spark);
    List<Row> entries = model.entries(sessions).orderBy("session", "position").collectAsList();
    assertThat(entries).hasSize(12);
    for (int i = 0; i < 6; i++) {
      assertThat(entries.get(i).<Boolean>getAs("anomalous")).isFalse();
    }
    Row end = entries.get(5);
    assertThat(end.<String>getAs("actual")).isEqualTo(Detection.END);
    assertThat(end.<Integer>getAs("rank")).isEqualTo(1);
    Row swapped = entries.get(7);
    assertThat(swapped.<Integer>getAs("position")).isEqualTo(1);
    assertThat(swapped.<Boolean>getAs("anomalous")).isTrue();
    assertThat(swapped.<String>getAs("actual")).isEqualTo("close");
    assertThat(swapped.<String>getList(3)).containsExactly(Detection.BEGIN, "open");
    Row expected = entries.get(4).<Row>getList(4).get(0);
    assertThat(expected.getString(0)).isEqualTo("sync");
    assertThat(entries.get(4).<Double>getAs("probability"))
        .isCloseTo(expected.getDouble(1), org.assertj.core.api.Assertions.within(1e-5));
    // The session's verdict is that of its first abnormal entry.
    Row evidence =
        Sequences.detection(model.transform(sessions), "swapped", PathDetector.NAME)
            .getAs("evidence");
    assertThat(
            entries.stream()
                .filter(e -> e.<Boolean>getAs("anomalous"))
                .mapToInt(e -> e.<Integer>getAs("position"))
                .min())
        .hasValue(evidence.<Integer>getAs("position"));
  }

  @Test
  void aSessionCutShortIsFlaggedAtItsEnd(SparkSession spark) {
    Row evidence =
        Sequences.detection(judge(spark, "s", "open read read close"), "s", PathDetector.NAME)
            .getAs("evidence");
    assertThat(evidence.<Integer>getAs("position")).isEqualTo(4);
    assertThat(evidence.<String>getAs("actual")).isEqualTo(Detection.END);
    assertThat(evidence.<Row>getList(evidence.fieldIndex("expected")).get(0).getString(0))
        .isEqualTo("sync");
    assertThat(evidence.<String>getAs("reason")).startsWith("the session ended here");
  }

  @Test
  void aKeyThatTrainingNeverSawIsAbnormalAndNothingIsJudgedByIt(SparkSession spark) {
    Row unknown =
        Sequences.detection(judge(spark, "s", "open new new close"), "s", PathDetector.NAME);
    assertThat(unknown.<Boolean>getAs("anomalous")).isTrue();
    Row evidence = unknown.getAs("evidence");
    assertThat(evidence.<Integer>getAs("position")).isEqualTo(1);
    assertThat(evidence.<String>getAs("actual")).isEqualTo(Detection.UNKNOWN);
    assertThat(evidence.<String>getAs("reason")).contains("never saw");
    Dataset<Row> judged =
        model.transform(
            new Sequences().add("e", "").add("n", "open read read close sync").dataset(spark));
    assertThat(judged.count()).isEqualTo(2);
    assertThat(Sequences.flagged(judged, "n", PathDetector.NAME)).isFalse();
  }

  @Test
  void theRuleDecides(SparkSession spark) {
    Dataset<Row> sessions = new Sequences().add("s", "open close read read sync").dataset(spark);
    PathDetectorModel copy = model.copy(new org.apache.spark.ml.param.ParamMap());
    assertThat(Sequences.flagged(copy.setRule("top-g").setTopG(8).transform(sessions), "s", "lstm"))
        .as("every symbol is among the g likeliest")
        .isFalse();
    assertThat(Sequences.flagged(copy.setTopG(2).transform(sessions), "s", "lstm")).isTrue();
    assertThat(
            Sequences.flagged(
                copy.setRule("probability").setThreshold(50).transform(sessions), "s", "lstm"))
        .isFalse();
    assertThat(Sequences.flagged(copy.setThreshold(1).transform(sessions), "s", "lstm")).isTrue();
    // Of two normal ways on, one is not the likeliest.
    Dataset<Row> both = training(spark);
    assertThat(copy.setRule("argmax").transform(both).filter("lstm.anomalous").count())
        .isEqualTo(60);
    assertThat(copy.condition()).contains("not the likeliest");
    assertThatThrownBy(() -> copy.setRule("always")).isInstanceOf(UserException.class);
  }

  @Test
  void theLimitsAreThoseOfHeldOutSessionsAndKept(SparkSession spark) {
    assertThat(model.metrics().get("calibration").toString())
        .startsWith("g " + model.getOrDefault(model.topG()) + " and -ln p ")
        .contains("by 12 held-out sessions, the last ones; too few");
    PathDetectorModel crossed = small().setCrossFit(true).setEpochs(2).fit(various(spark));
    assertThat(crossed.metrics().get("calibration").toString())
        .contains("by 130 sessions, each judged by a network that was trained on the other half");
    assertThat(model.metrics()).containsEntry("top_g", model.getOrDefault(model.topG()));
    PathDetectorModel given = small().setTopG(3).setEpochs(1).fit(training(spark));
    assertThat((int) given.getOrDefault(given.topG())).isEqualTo(3);
    assertThat(given.metrics().get("calibration").toString()).startsWith("g 3 as given");
  }

  @Test
  void aKeyOfHeldOutSessionsOnlyDoesNotSetTheLimits(SparkSession spark) {
    Dataset<Row> training =
        new Sequences()
            .add(60, "p", "open read read close sync")
            .add(50, "q", "open write write close sync")
            .add(12, "r", "open read panic close sync")
            .dataset(spark);
    PathDetectorModel learned = small().setEpochs(4).fit(training);
    assertThat((double) learned.getOrDefault(learned.threshold()))
        .as("the surprise of panic")
        .isLessThan(NgramCounts.NEVER / 2);
  }

  @Test
  void shortSessionsAreFlaggedUnseenWhenAskedFor(SparkSession spark) {
    PathDetectorModel padding =
        model.copy(new org.apache.spark.ml.param.ParamMap().put(model.flagShort(), true));
    Dataset<Row> judged =
        padding.transform(
            new Sequences()
                .add("short", "open read read")
                .add("long", "open read read close sync")
                .dataset(spark));
    Row flagged = Sequences.detection(judged, "short", PathDetector.NAME);
    assertThat(flagged.<Boolean>getAs("anomalous")).isTrue();
    assertThat(flagged.<Row>getAs("evidence").<String>getAs("reason"))
        .isEqualTo("3 entries, fewer than the history of 4");
    assertThat(Sequences.flagged(judged, "long", PathDetector.NAME)).isFalse();
  }

  @Test
  void sessionsKeepTheirColumns(SparkSession spark) {
    Dataset<Row> sessions =
        training(spark).withColumn("extra", org.apache.spark.sql.functions.lit(1));
    assertThat(model.transform(sessions).columns())
        .containsExactlyInAnyOrder("session", "entries", "extra", "lstm");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, KeyLstm.WHOLE_SESSION})
  void thePartitioningDoesNotShow(int history, SparkSession spark) throws Exception {
    Dataset<Row> sessions = training(spark);
    Dataset<Row> judged = new Sequences().add("s", "open close read read sync").dataset(spark);
    byte[] network = null;
    Row expected = null;
    for (int partitions : new int[] {2, 7}) {
      PathDetectorModel again =
          LocalSpark.withShufflePartitions(
              spark,
              partitions,
              () -> small().setHistory(history).setEpochs(2).fit(sessions.repartition(partitions)));
      java.lang.reflect.Field field = PathDetectorModel.class.getDeclaredField("network");
      field.setAccessible(true);
      byte[] bytes = (byte[]) field.get(again);
      Row row =
          LocalSpark.withShufflePartitions(
              spark, partitions, () -> Sequences.detection(again.transform(judged), "s", "lstm"));
      network = network == null ? bytes : network;
      expected = expected == null ? row : expected;
      assertThat(bytes).isEqualTo(network);
      assertThat(row).isEqualTo(expected);
    }
  }

  @Test
  void noSessionsAreAUserError(SparkSession spark) {
    assertThatThrownBy(() -> small().fit(new Sequences().dataset(spark)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--session");
  }
}
