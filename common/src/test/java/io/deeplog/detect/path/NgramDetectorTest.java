package io.deeplog.detect.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.detect.Detection;
import io.deeplog.sequence.Framing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SparkTest
final class NgramDetectorTest {
  private static final Framing FRAMING = new Framing(4, 2);

  private static NgramCounts counts(List<int[]> sessions) {
    TreeMap<int[], TreeMap<Integer, Long>> table = new TreeMap<>(Arrays::compare);
    for (int[] session : sessions) {
      for (int i = 0; i <= session.length; i++) {
        for (int[] context : NgramCounts.contextsOf(FRAMING.history(session, i))) {
          table
              .computeIfAbsent(context, c -> new TreeMap<>(Comparator.naturalOrder()))
              .merge(FRAMING.next(session, i), 1L, Long::sum);
        }
      }
    }
    List<NgramCounts.Followers> followers = new ArrayList<>();
    table.forEach(
        (context, nexts) ->
            followers.add(
                new NgramCounts.Followers(
                    context,
                    nexts.keySet().stream().mapToInt(Integer::intValue).toArray(),
                    nexts.values().stream().mapToLong(Long::longValue).toArray())));
    return new NgramCounts(FRAMING, followers);
  }

  private static List<int[]> random(int n, long seed) {
    Random random = new Random(seed);
    List<int[]> sessions = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      sessions.add(random.ints(random.nextInt(8), 1, 4).toArray());
    }
    return sessions;
  }

  @Test
  void contextsReachBackToTheBegin() {
    assertThat(NgramCounts.contextsOf(FRAMING.history(new int[] {1, 2}, 0)))
        .isDeepEqualTo(new int[][] {{}, {5}});
    assertThat(NgramCounts.contextsOf(FRAMING.history(new int[] {1, 2}, 2)))
        .isDeepEqualTo(new int[][] {{}, {2}, {1, 2}});
  }

  @Test
  void interpolatesByHand() {
    // 1 2 twice: after (begin, 1) came 2 twice, of one kind.
    NgramCounts counts = counts(List.of(new int[] {1, 2}, new int[] {1, 2}));
    double p0 = (2 + 3 / 7.0) / (6 + 3);
    double p1 = (2 + p0) / (2 + 1);
    double p2 = (2 + p1) / (2 + 1);
    assertThat(counts.surprises(new int[] {1, 2}, false)[1])
        .isCloseTo(-Math.log(p2), within(1e-12));
    assertThat(counts.surprises(new int[] {1, 3}, false)[1]).isEqualTo(NgramCounts.NEVER);
  }

  @Test
  void probabilitiesAddUpToOneAndAgreeWithSurprises() {
    List<int[]> sessions = random(50, 1);
    NgramCounts counts = counts(sessions);
    for (int[] session : random(50, 2)) {
      double[] surprises = counts.surprises(session, false);
      for (int i = 0; i <= session.length; i++) {
        double[] p = counts.probabilities(FRAMING.history(session, i));
        assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-12));
        assertThat(surprises[i]).isCloseTo(-Math.log(p[FRAMING.next(session, i)]), within(1e-9));
      }
    }
  }

  @Test
  void leavingASessionOutEqualsCountingWithoutIt() {
    List<int[]> sessions = random(12, 3);
    for (int out = 0; out < sessions.size(); out++) {
      List<int[]> others = new ArrayList<>(sessions);
      int[] session = others.remove(out);
      assertThat(counts(sessions).surprises(session, true))
          .containsExactly(counts(others).surprises(session, false), within(1e-12));
      assertThat(counts(sessions).ranks(session, true))
          .isEqualTo(counts(others).ranks(session, false));
    }
  }

  @Test
  void flagsWhatHardlyEverFollows(SparkSession spark) {
    Dataset<Row> training =
        new Sequences().add(60, "t", "a b c d").add(40, "u", "a c b d").dataset(spark);
    NgramDetector detector = new NgramDetector().setHistory(2);
    NgramModel model = detector.fit(training);
    Dataset<Row> sessions =
        new Sequences()
            .add("normal", "a c b d")
            .add("cut", "a b c")
            .add("loop", "a b c b c b c d")
            .add("unknown", "a b x d")
            .add("empty", "")
            .dataset(spark);
    Dataset<Row> judged = model.transform(sessions);
    assertThat(Sequences.flagged(judged, "normal", "ngram")).isFalse();
    Row cut = Sequences.detection(judged, "cut", "ngram");
    assertThat(cut.<Boolean>getAs("anomalous")).isTrue();
    Row evidence = cut.getAs("evidence");
    assertThat(evidence.<Integer>getAs("position")).isEqualTo(3);
    assertThat(evidence.<String>getAs("actual")).isEqualTo(Detection.END);
    assertThat(evidence.<String>getList(2)).containsExactly("b", "c");
    assertThat(evidence.<Row>getList(3).get(0).getString(0)).isEqualTo("d");
    assertThat(Sequences.flagged(judged, "loop", "ngram")).isTrue();
    Row unknown = Sequences.detection(judged, "unknown", "ngram");
    assertThat(unknown.<Double>getAs("score")).isEqualTo(Detection.rounded(NgramCounts.NEVER));
    assertThat(unknown.<Row>getAs("evidence").<String>getAs("reason")).contains("never saw");

    Dataset<Row> likeliest = model.setRule("argmax").transform(sessions);
    assertThat(Sequences.flagged(likeliest, "normal", "ngram")).as("b comes first").isTrue();
    Dataset<Row> topTwo = model.setRule("top-g").setTopG(2).transform(sessions);
    assertThat(Sequences.flagged(topTwo, "normal", "ngram")).isFalse();
    assertThat(Sequences.flagged(topTwo, "cut", "ngram")).isTrue();
  }

  @Test
  void gIsChosenForTheWantedShareOfSessionsOrStaysAsGiven(SparkSession spark) {
    // After the begin come 12 keys alike: g must be 12, or each session would be an anomaly.
    Sequences sessions = new Sequences();
    for (int i = 0; i < 12; i++) {
      sessions.add(100, "s" + (char) ('a' + i), "k" + (char) ('a' + i) + " end");
    }
    Dataset<Row> training = sessions.dataset(spark);
    NgramDetector detector = new NgramDetector().setHistory(2).setFalseAlarms(0.01);
    NgramModel chosen = detector.copy(new ParamMap()).setRule("top-g").fit(training);
    assertThat((int) chosen.getOrDefault(chosen.topG())).isEqualTo(12);
    assertThat(chosen.transform(training).filter("ngram.anomalous").count()).isZero();
    assertThat(chosen.metrics().get("calibration").toString())
        .contains("0.01 of normal sessions, by 1200 training sessions");
    assertThat(chosen.condition()).contains("12 likeliest");
    NgramModel given = detector.copy(new ParamMap()).setTopG(9).fit(training);
    assertThat((int) given.getOrDefault(given.topG())).isEqualTo(9);
    assertThat(given.transform(training).filter("ngram.anomalous").count()).isEqualTo(300);
  }

  @Test
  void keepsTheMostFrequentContextsOnly(SparkSession spark) {
    Dataset<Row> training =
        new Sequences().add(60, "t", "a b c d").add(1, "u", "a c b d").dataset(spark);
    NgramModel model = new NgramDetector().setMaxContexts(3).fit(training);
    assertThat(model.metrics()).containsEntry("contexts", 3);
    assertThat(Sequences.flagged(model.transform(training), "t1", "ngram")).isFalse();
  }
}
