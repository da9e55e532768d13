package io.deeplog.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

final class TailThresholdTest {
  private static Map<Double, Long> exponential(int n, double mean, long seed) {
    Random random = new Random(seed);
    Map<Double, Long> scores = new HashMap<>();
    for (int i = 0; i < n; i++) {
      scores.merge(-mean * Math.log(1 - random.nextDouble()), 1L, Long::sum);
    }
    return scores;
  }

  @Test
  void noScoresFlagNothing() {
    assertThat(TailThreshold.of(Map.of(), 0.01)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void oneValueIsItsOwnThreshold() {
    assertThat(TailThreshold.of(Map.of(2.5, 1L), 0.001)).isEqualTo(2.5);
    assertThat(TailThreshold.of(Map.of(2.5, 100_000L), 0.001)).isEqualTo(2.5);
  }

  @Test
  void quantilesExceedAtMostTheShare() {
    Map<Double, Long> scores = Map.of(1.0, 90L, 2.0, 9L, 3.0, 1L);
    assertThat(TailThreshold.quantile(scores, 0.1)).isEqualTo(1.0);
    assertThat(TailThreshold.quantile(scores, 0.09)).isEqualTo(2.0);
    assertThat(TailThreshold.quantile(scores, 0.01)).isEqualTo(2.0);
    assertThat(TailThreshold.quantile(scores, 0.009)).isEqualTo(3.0);
  }

  @Test
  void manyScoresGiveTheQuantile() {
    Map<Double, Long> scores = exponential(100_000, 2, 1);
    assertThat(TailThreshold.of(scores, 0.01)).isEqualTo(TailThreshold.quantile(scores, 0.01));
    assertThat(TailThreshold.of(scores, 0.01)).isCloseTo(2 * Math.log(100), within(0.2));
  }

  @Test
  void fewScoresGiveTheExponentialTail() {
    // 2000 scores show a rate of 1 in 1000 twice; the tail knows more.
    double sum = 0;
    for (int seed = 0; seed < 20; seed++) {
      sum += TailThreshold.of(exponential(2000, 2, seed), 0.001);
    }
    double truth = 2 * Math.log(1000);
    // One standard error above the estimate: 2 ln(100) times 7.6 % for the 200 scores of the tail.
    assertThat(sum / 20).isCloseTo(truth + 0.7, within(0.5));
    assertThat(TailThreshold.of(exponential(2000, 2, 3), 1e-6))
        .as("rarer than any score")
        .isCloseTo(2 * Math.log(1e6), within(5.0));
  }

  @Property(seed = "1")
  void atMostTheShareExceedsIt(
      @ForAll @NotEmpty
          Map<@DoubleRange(max = 100) Double, @LongRange(min = 1, max = 1000) Long> scores,
      @ForAll @IntRange(min = 1, max = 5000) int tenThousandths) {
    double rate = tenThousandths / 1e4;
    double threshold = TailThreshold.of(scores, rate);
    long total = scores.values().stream().mapToLong(n -> n).sum();
    long above =
        scores.entrySet().stream()
            .filter(e -> e.getKey() > threshold)
            .mapToLong(Map.Entry::getValue)
            .sum();
    assertThat((double) above / total).isLessThanOrEqualTo(rate);
  }

  @Test
  void aTailIsTrustedUnlessTheDataIsHeavier() {
    Random random = new Random(1);
    Map<Double, Long> light = new HashMap<>();
    Map<Double, Long> heavy = new HashMap<>();
    for (int i = 0; i < 4000; i++) {
      double e = -Math.log(1 - random.nextDouble());
      light.merge(e, 1L, Long::sum);
      heavy.merge(i < 40 ? 50.0 + i : e, 1L, Long::sum);
    }
    // -ln .001 is 6.9; five odd scores hardly move it.
    double clean = TailThreshold.smoothed(light, 0.001);
    assertThat(clean).isBetween(6.0, 8.0);
    light.put(20.0, 1L);
    light.put(21.0, 1L);
    light.put(22.0, 1L);
    light.put(23.0, 1L);
    light.put(24.0, 1L);
    assertThat(TailThreshold.smoothed(light, 0.001)).isBetween(clean, clean + 3);
    assertThat(TailThreshold.of(light, 0.001)).isGreaterThan(19);
    assertThat(TailThreshold.smoothed(heavy, 0.001))
        .isEqualTo(TailThreshold.of(heavy, 0.001))
        .isGreaterThan(80);
    assertThat(TailThreshold.smoothed(light, 0.01)).isEqualTo(TailThreshold.of(light, 0.01));
  }
}
