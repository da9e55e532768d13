package io.deeplog.detect.path;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.detect.path.PathLimits.Peak;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PathLimitsTest {
  private static final int SYMBOLS = 50;

  /** Ranks and surprises with exponential tails, which depend on each other a little. */
  private static Map<Peak, Long> peaks(int n, long seed) {
    Random random = new Random(seed);
    Map<Peak, Long> peaks = new HashMap<>();
    for (int i = 0; i < n; i++) {
      double common = -Math.log(1 - random.nextDouble());
      double rank = 1 + common + -Math.log(1 - random.nextDouble());
      double surprise = 2 * common + -Math.log(1 - random.nextDouble());
      peaks.merge(new Peak((int) rank, Peak.rounded(surprise)), 1L, Long::sum);
    }
    return peaks;
  }

  private static PathLimits.Sample sample(Map<Peak, Long> peaks) {
    return new PathLimits.Sample(peaks, Long.MAX_VALUE, "held-out sessions");
  }

  private static double flagged(PathRule rule, PathLimits limits, Map<Peak, Long> peaks) {
    long flagged = 0;
    long all = 0;
    for (Map.Entry<Peak, Long> e : peaks.entrySet()) {
      all += e.getValue();
      flagged +=
          rule.abnormal(e.getKey().rank(), e.getKey().surprise(), limits.topG(), limits.cut())
              ? e.getValue()
              : 0;
    }
    return (double) flagged / all;
  }

  @Test
  void aSampleAgreesWithLimitsUnlessItIsBeyondThemMoreOftenThanChanceAllowsFor() {
    PathLimits limits = new PathLimits(5, 3);
    for (PathRule rule : new PathRule[] {PathRule.TOP_G, PathRule.PROBABILITY, PathRule.EITHER}) {
      for (long beyond : new long[] {0, 1, 2, 3, 20}) {
        PathLimits.Sample sample =
            sample(Map.of(new Peak(2, 1.0), 500 - beyond, new Peak(9, 7.0), beyond));
        assertThat(sample.agreesWith(rule, limits, 0.001))
            .as("%s: %d of 500, where half a one is wanted", rule, beyond)
            .isEqualTo(beyond <= 2);
      }
    }
    assertThat(sample(Map.of(new Peak(9, 1.0), 500L)).agreesWith(PathRule.PROBABILITY, limits, .1))
        .as("the rank is not the cut's")
        .isTrue();
  }

  @Test
  void theRuleFlagsNoMoreThanTheWantedShareOfWhatItWasChosenBy() {
    for (PathRule rule : new PathRule[] {PathRule.TOP_G, PathRule.PROBABILITY, PathRule.EITHER}) {
      for (double share : new double[] {0.001, 0.01, 0.1}) {
        Map<Peak, Long> peaks = peaks(30_000, 1);
        PathLimits limits = PathLimits.of(rule, sample(peaks), share, null, SYMBOLS);
        assertThat(flagged(rule, limits, peaks))
            .as("%s %s", rule, share)
            .isLessThanOrEqualTo(share);
        assertThat(flagged(rule, limits, peaks)).isPositive();
        PathLimits stricter = new PathLimits(limits.topG() - 1, limits.cut());
        assertThat(rule != PathRule.TOP_G || flagged(rule, stricter, peaks) > share)
            .as("g is the smallest")
            .isTrue();
        assertThat(flagged(rule, limits, peaks))
            .as("the share is made use of")
            .isGreaterThan(rule == PathRule.TOP_G ? 0 : 0.6 * share);
      }
    }
  }

  @Test
  void aFewSessionsAreExtrapolated() {
    Map<Peak, Long> many = peaks(1_000_000, 2);
    double sum = 0;
    for (int seed = 0; seed < 20; seed++) {
      Map<Peak, Long> few = peaks(400, 10 + seed);
      PathLimits limits = PathLimits.of(PathRule.EITHER, sample(few), 0.001, null, SYMBOLS);
      sum += flagged(PathRule.EITHER, limits, many);
      assertThat(PathLimits.words(PathRule.EITHER, limits, sample(few), 0.001, null))
          .startsWith("g " + limits.topG() + " and -ln p ")
          .contains("0.001 of normal sessions, by 400 held-out sessions; too few");
    }
    assertThat(sum / 20).isBetween(0.00005, 0.0015);
  }

  @Test
  void aGivenGStays() {
    Map<Peak, Long> peaks = peaks(1000, 3);
    PathLimits given = PathLimits.of(PathRule.EITHER, sample(peaks), 0.01, 2, SYMBOLS);
    assertThat(given.topG()).isEqualTo(2);
    assertThat(PathLimits.words(PathRule.EITHER, given, sample(peaks), 0.01, 2))
        .startsWith("g 2 as given and -ln p ");
    assertThat(given.cut())
        .isEqualTo(PathLimits.of(PathRule.PROBABILITY, sample(peaks), 0.01, null, SYMBOLS).cut());
    assertThat(PathLimits.words(PathRule.TOP_G, given, sample(peaks), 0.01, 2))
        .isEqualTo("g 2 as given");
    assertThat(PathLimits.words(PathRule.ARGMAX, given, sample(peaks), 0.01, null))
        .isEqualTo("the likeliest key only");
    assertThat(PathLimits.words(PathRule.PROBABILITY, given, sample(peaks), 0.01, null))
        .startsWith("-ln p ");
    assertThat(given.widest(new PathLimits(7, 0.1))).isEqualTo(new PathLimits(7, given.cut()));
  }

  @Test
  void whatTrainingNeverSawIsAlwaysAbnormal() {
    Map<Peak, Long> wild = Map.of(new Peak(SYMBOLS, 80.0), 50L, new Peak(1, 0.1), 50L);
    for (Map<Peak, Long> peaks : java.util.List.of(wild, Map.<Peak, Long>of())) {
      PathLimits limits = PathLimits.of(PathRule.EITHER, sample(peaks), 0.001, null, SYMBOLS);
      assertThat(limits.topG()).isLessThan(SYMBOLS);
      assertThat(limits.cut()).isLessThan(NgramCounts.NEVER);
    }
    assertThat(PathLimits.of(PathRule.TOP_G, sample(Map.of()), 0.001, null, SYMBOLS).topG())
        .isEqualTo(9);
  }

  @Test
  void whereSessionsRepeatNothingIsExtrapolated() {
    Map<Peak, Long> peaks = Map.of(new Peak(2, 0.5), 2900L, new Peak(4, 2.5), 100L);
    PathLimits.Sample repeating = new PathLimits.Sample(peaks, 1, "sessions");
    PathLimits limits = PathLimits.of(PathRule.EITHER, repeating, 0.001, null, SYMBOLS);
    assertThat(limits).isEqualTo(new PathLimits(4, 2.5));
    assertThat(PathLimits.words(PathRule.EITHER, limits, repeating, 0.001, null))
        .contains("repeat");
    // Three in a thousand will be like none of them.
    PathLimits.Sample fewer = new PathLimits.Sample(peaks, 9, "sessions");
    assertThat(PathLimits.of(PathRule.EITHER, fewer, 0.001, null, SYMBOLS).cut())
        .isGreaterThan(2.5);
  }

  @Test
  void limitsAreWidenedNoFurtherThanSessionsAskFor() {
    PathLimits narrow = new PathLimits(10, 8);
    PathLimits wide = new PathLimits(20, 18);
    Map<Peak, Long> peaks = Map.of(new Peak(1, 0.1), 480L, new Peak(3, 9), 2L, new Peak(3, 11), 2L);
    // Half a session is wanted; three or more are no chance.
    PathLimits limits =
        narrow.widenedUntil(wide, tried -> sample(peaks).agreesWith(PathRule.EITHER, tried, 0.001));
    assertThat(limits.cut()).isBetween(9.0, 9.3);
    assertThat(limits.topG()).isEqualTo(11);
    assertThat(narrow.widenedUntil(wide, tried -> true)).isEqualTo(narrow);
    assertThat(narrow.widenedUntil(wide, tried -> false)).isNull();
    assertThat(narrow.widenedUntil(wide, tried -> tried.topG() == 20)).isNotEqualTo(narrow);
  }
}
