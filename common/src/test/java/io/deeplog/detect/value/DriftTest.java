package io.deeplog.detect.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DriftTest {
  @Test
  void normalScoresOfAnyDistributionHaveMeanZeroAndDeviationOneAtMost() {
    Random random = new Random(1);
    double[][] samples = new double[3][2000];
    for (int i = 0; i < 2000; i++) {
      samples[0][i] = Math.exp(2 * random.nextGaussian());
      samples[1][i] = random.nextInt(10) < 7 ? 200 : 404;
      samples[2][i] = random.nextGaussian() + (random.nextBoolean() ? 50 : 0);
    }
    for (double[] sample : samples) {
      Ranks ranks = Ranks.of(sample);
      double[] moments = Scaling.moments(Arrays.stream(sample).map(ranks::score).toArray());
      assertThat(moments[0]).isBetween(-0.1, 0.1);
      assertThat(moments[1]).isBetween(0.5, 1.05);
      assertThat(ranks.score(1e9)).isEqualTo(3);
      assertThat(ranks.score(-1e9)).isEqualTo(-3);
    }
  }

  @Test
  void aDriftIsToldAsItGrowsAndOnceOverBeginsAnew() {
    Drift drift = new Drift();
    for (int i = 0; i < 20; i++) {
      drift.next(i % 2 == 0 ? 0.4 : -0.4);
      assertThat(drift.told()).isNaN();
    }
    double last = 0;
    int told = 0;
    for (int i = 0; i < 12; i++) {
      drift.next(2);
      if (!Double.isNaN(drift.told())) {
        assertThat(drift.told()).isGreaterThanOrEqualTo(last + 2);
        last = drift.told();
        told++;
      }
    }
    assertThat(told).isBetween(4, 6);
    for (int i = 0; i < 12; i++) {
      drift.next(0);
      assertThat(drift.told()).isNaN();
    }
    assertThat(drift.above()).isZero();
    for (int i = 0; i < 6; i++) {
      drift.next(-2);
    }
    assertThat(drift.below()).isEqualTo(9);
    assertThat(drift.told()).isNegative();
  }

  @Test
  void oneOutlierIsNoDrift() {
    Drift drift = new Drift();
    for (int i = 0; i < 40; i++) {
      drift.next(i == 20 ? 3 : 0.6);
      assertThat(drift.told()).isNaN();
    }
  }
}
