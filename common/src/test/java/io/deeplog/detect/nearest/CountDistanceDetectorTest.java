package io.deeplog.detect.nearest;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.count.CountVector;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SparkTest
final class CountDistanceDetectorTest {
  private static final String NAME = CountDistanceDetector.NAME;

  private static CountVector vector(int... keys) {
    return CountVector.of(keys);
  }

  @Test
  void distanceIsTheShareOfEntriesThatDiffer() {
    assertThat(NearestCounts.distance(vector(1, 1, 2), vector(1, 2, 1))).isZero();
    assertThat(NearestCounts.distance(vector(1, 1, 2), vector(1, 2))).isEqualTo(1 / 3.0);
    assertThat(NearestCounts.distance(vector(1, 1), vector(2, 3))).isEqualTo(2);
    assertThat(NearestCounts.distance(vector(), vector())).isZero();
  }

  @Test
  void theSearchFindsWhatLookingAtAllFinds() {
    Random random = new Random(5);
    CountVector[] vectors = new CountVector[200];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = CountVector.of(random.ints(1 + random.nextInt(12), 1, 5).toArray());
    }
    Arrays.sort(vectors, Comparator.comparingInt(NearestCounts::total));
    NearestCounts nearest = new NearestCounts(vectors, new boolean[vectors.length]);
    for (int i = 0; i < 300; i++) {
      CountVector query = CountVector.of(random.ints(random.nextInt(15), 1, 6).toArray());
      double least =
          Arrays.stream(vectors)
              .mapToDouble(v -> NearestCounts.distance(v, query))
              .min()
              .getAsDouble();
      assertThat(nearest.nearest(query, false).distance()).isEqualTo(least);
    }
  }

  @Test
  void aVectorOfItsOwnDoesNotCountWhenItIsLeftOut() {
    NearestCounts nearest =
        new NearestCounts(
            new CountVector[] {vector(1), vector(1, 2), vector(1, 2, 3, 3)},
            new boolean[] {false, true, true});
    assertThat(nearest.nearest(vector(1, 2), false).distance()).isZero();
    assertThat(nearest.nearest(vector(1, 2), true).distance()).isEqualTo(0.5);
    assertThat(nearest.nearest(vector(1), true).distance()).isZero();
    assertThat(
            new NearestCounts(new CountVector[] {vector(1)}, new boolean[] {true})
                .nearest(vector(1), true))
        .isNull();
  }

  @Test
  void countsFarFromAllOthersAreFlagged(SparkSession spark) {
    Dataset<Row> training =
        new Sequences()
            .add(40, "t", "a b b b c")
            .add(40, "u", "a b b c")
            .add("v", "a b b b b c")
            .dataset(spark);
    CountDistanceModel model = new CountDistanceDetector().setFalseAlarms(0.01).fit(training);
    double threshold = (double) model.getOrDefault(model.threshold());
    assertThat(threshold)
        .as("one entry of v's six differs")
        .isGreaterThanOrEqualTo(1 / 6.0)
        .isLessThan(1);
    Dataset<Row> judged =
        model.transform(
            new Sequences()
                .add("shuffled", "c b b b a")
                .add("loop", "a b b b b b b b b b b b b b b b c")
                .add("unknown", "x x x x x")
                .dataset(spark));
    assertThat(Sequences.flagged(judged, "shuffled", NAME)).isFalse();
    Row loop = Sequences.detection(judged, "loop", NAME);
    assertThat(loop.<Boolean>getAs("anomalous")).isTrue();
    Row evidence = loop.getAs("evidence");
    assertThat(evidence.<String>getAs("reason"))
        .contains("one template came 4 times, here 15; 11 entries differ in all");
    Row top = evidence.<Row>getList(5).get(0);
    assertThat(top.getString(0)).isEqualTo("b");
    assertThat(top.getDouble(1)).isEqualTo(15);
    assertThat(Sequences.detection(judged, "unknown", NAME).<Double>getAs("score"))
        .as("five entries here and four of u, of five")
        .isEqualTo(1.8);
    assertThat(
            Sequences.detection(model.transformTraining(training), "v", NAME)
                .<Double>getAs("score"))
        .isEqualTo(io.deeplog.detect.Detection.rounded(1 / 6.0));
  }
}
