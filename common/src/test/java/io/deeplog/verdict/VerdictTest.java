package io.deeplog.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.detect.Detection;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.rules.BigramDetector;
import io.deeplog.detect.rules.LengthDetector;
import io.deeplog.detect.rules.NewEventDetector;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SparkTest
final class VerdictTest {
  @Test
  void tailsAreSharesThatReachAScore() {
    Tail tail = Tail.of(Map.of(0.0, 90L, 2.0, 9L, 7.0, 1L));
    assertThat(tail.surprise(0)).isZero();
    assertThat(tail.surprise(-1)).isZero();
    assertThat(tail.surprise(0.1)).isEqualTo(Math.log(10));
    assertThat(tail.surprise(2)).isEqualTo(Math.log(10));
    assertThat(tail.surprise(7)).isCloseTo(Math.log(100), within(1e-12));
    assertThat(tail.surprise(8)).as("less than one of 100").isCloseTo(Math.log(200), within(1e-12));
    assertThat(Tail.of(Map.of()).surprise(3)).isZero();
  }

  @Test
  void theSumIsHeldAgainstSessionsLeftOut(SparkSession spark) {
    // One session of its own order, one of its own length and order, one of its own template.
    Dataset<Row> sessions =
        new Sequences()
            .add(97, "t", "a b c")
            .add("order", "a c b")
            .add("long", "a b c c")
            .add("new", "a b x c")
            .dataset(spark);
    List<DetectorModel<?>> models =
        List.of(
            new NewEventDetector().fit(sessions),
            new LengthDetector().fit(sessions),
            new BigramDetector().fit(sessions));
    Verdict verdict = Verdict.fit(Combine.WEIGHTED, models, sessions, 0.001);
    assertThat(verdict.pooled()).containsExactly("length", "bigram");
    // Without "new": 99 sessions. Its length is no other's, but "long" has it too; so only the
    // order of two sessions is strange, by three pairs and by one.
    assertThat(verdict.tails().get("length").surprise(0.25)).isEqualTo(Math.log(198));
    assertThat(verdict.tails().get("bigram").surprise(1))
        .isCloseTo(Math.log(99 / 2.0), within(1e-12));
    assertThat(verdict.tails().get("bigram").surprise(3)).isCloseTo(Math.log(99), within(1e-12));
    assertThat(verdict.threshold()).isEqualTo(Math.ceil(Math.log(99) * 100) / 100);
    assertThat(verdict.condition())
        .startsWith("new-event, or the summed surprise of length, bigram");
  }

  @Test
  void whoeverIsToBeCorroboratedDecidesWhereNoneCan(SparkSession spark) {
    String detection = "named_struct('score', %s, 'threshold', 1d, 'anomalous', %s) as %s";
    Dataset<Row> judged =
        spark.sql(
            "select "
                + detection.formatted("5d", "true", Detection.column("lstm"))
                + ", "
                + detection.formatted("0d", "false", Detection.column("pca")));
    Map<String, List<String>> by = Map.of("lstm", List.of("pca", "length"));
    Verdict alone =
        new Verdict(Combine.WEIGHTED, List.of("lstm"), Map.of(), List.of(), by, Double.MAX_VALUE);
    assertThat(alone.judge(judged).select("verdict.anomalous").first().getBoolean(0)).isTrue();
    assertThat(alone.condition()).isEqualTo("lstm");
    Verdict both = alone.of(List.of("lstm", "pca"));
    assertThat(both.judge(judged).select("verdict.anomalous").first().getBoolean(0)).isFalse();
    assertThat(both.condition()).isEqualTo("lstm with pca, pca");
  }

  @Test
  void scoresKeepThreeDigits() {
    assertThat(Verdict.rounded(12.3456)).isEqualTo(12.3);
    assertThat(Verdict.rounded(0.00123456)).isEqualTo(0.00123);
    assertThat(Verdict.rounded(Double.NaN)).isZero();
    assertThat(Verdict.rounded(Double.POSITIVE_INFINITY)).isInfinite();
  }
}
