package io.deeplog.detect.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.detect.Detection;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SparkTest
final class SimpleRulesTest {
  private static final SeenLengths LENGTHS =
      new SeenLengths(new int[] {3, 7, 9}, new boolean[] {false, true, false});

  @Test
  void theNearestLengthMayBeOnEitherSide() {
    assertThat(LENGTHS.nearest(7, false)).isEqualTo(7);
    assertThat(LENGTHS.nearest(1, false)).isEqualTo(3);
    assertThat(LENGTHS.nearest(4, false)).isEqualTo(3);
    assertThat(LENGTHS.nearest(5, false)).as("of two as near, the shorter").isEqualTo(3);
    assertThat(LENGTHS.nearest(6, false)).isEqualTo(7);
    assertThat(LENGTHS.nearest(20, false)).isEqualTo(9);
    assertThat(SeenLengths.distance(20, 9)).isEqualTo(11 / 20.0);
    assertThat(SeenLengths.distance(5, -1)).isEqualTo(1);
  }

  @Test
  void aLengthOfItsOwnDoesNotCountWhenItIsLeftOut() {
    assertThat(LENGTHS.nearest(7, true)).isEqualTo(9);
    assertThat(LENGTHS.nearest(9, true)).as("another session has it").isEqualTo(9);
    assertThat(new SeenLengths(new int[] {4}, new boolean[] {true}).nearest(4, true)).isEqualTo(-1);
  }

  @Test
  void pairsHoldBeginAndEnd() {
    // 1 2, framed: 4 1 2 5 with three keys.
    assertThat(SeenPairs.of(new int[] {1, 2}, 3))
        .containsExactlyInAnyOrder(
            SeenPairs.pair(4, 1), SeenPairs.pair(1, 2), SeenPairs.pair(2, 5));
  }

  @Test
  void unseenPairsAreFoundWhereTheyAre(SparkSession spark) {
    BigramModel model =
        new BigramDetector()
            .fit(new Sequences().add(5, "t", "a b c").add("rare", "a c").dataset(spark));
    Dataset<Row> judged =
        model.transform(
            new Sequences()
                .add("known", "a b c")
                .add("swapped", "a c b")
                .add("cut", "a b")
                .add("unknown", "a x b")
                .add("empty", "")
                .dataset(spark));
    assertThat(Sequences.flagged(judged, "known", BigramDetector.NAME)).isFalse();
    Row swapped = Sequences.detection(judged, "swapped", BigramDetector.NAME);
    assertThat(swapped.<Double>getAs("score")).as("c b and b <end>").isEqualTo(2);
    Row evidence = swapped.getAs("evidence");
    assertThat(evidence.<Integer>getAs("position")).isEqualTo(2);
    assertThat(evidence.<String>getAs("actual")).isEqualTo("b");
    assertThat(evidence.<String>getAs("reason")).contains("never came right after");
    Row cut = Sequences.detection(judged, "cut", BigramDetector.NAME);
    assertThat(cut.<Row>getAs("evidence").<String>getAs("actual")).isEqualTo(Detection.END);
    assertThat(cut.<Row>getAs("evidence").<String>getAs("reason"))
        .startsWith("a session never ended");
    Row unknown = Sequences.detection(judged, "unknown", BigramDetector.NAME);
    assertThat(unknown.<Row>getAs("evidence").<String>getAs("actual")).isEqualTo(Detection.UNKNOWN);
    assertThat(Sequences.flagged(judged, "empty", BigramDetector.NAME)).isTrue();
  }

  @Test
  void leftOutASessionIsStrangeByWhatItAloneHas(SparkSession spark) {
    Dataset<Row> training = new Sequences().add(5, "t", "a b c").add("rare", "a c").dataset(spark);
    BigramModel pairs = new BigramDetector().fit(training);
    assertThat(Sequences.flagged(pairs.transform(training), "rare", "bigram")).isFalse();
    Dataset<Row> judged = pairs.transformTraining(training);
    assertThat(Sequences.detection(judged, "rare", "bigram").<Double>getAs("score")).isEqualTo(1);
    assertThat(Sequences.flagged(judged, "t0", "bigram")).isFalse();
    Dataset<Row> lengths = new LengthDetector().fit(training).transformTraining(training);
    Row rare = Sequences.detection(lengths, "rare", "length");
    assertThat(rare.<Double>getAs("score")).isEqualTo(Detection.rounded(1 / 3.0));
    assertThat(rare.<Row>getAs("evidence").<String>getAs("reason")).contains("nearest one had 3");
    assertThat(Sequences.flagged(lengths, "t0", "length")).isFalse();
  }
}
