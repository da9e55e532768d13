package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.util.Arrays;
import java.util.Map;

/** Tells whole numbers that name something from those that measure. */
@Pure
final class Codes {
  private static final int MOST_CODES = 20;

  /** Times that the rarest code came. */
  private static final long LEAST_COUNT = 5;

  /** A count falls off to its ends; of codes even the outermost come as often as this, to most. */
  private static final double ABRUPT = 0.5;

  /** Of numbers, one in so many places is taken, where there are gaps between codes. */
  private static final double SPARSE = 2;

  /** Kolmogorov's bound that one sample of a distribution in a hundred exceeds. */
  private static final double KOLMOGOROV = 1.63;

  /** Pairs of equal numbers that would be expected of a measure, where none there is. */
  private static final double EXPECTED_PAIRS = 5;

  private static final int CELLS = 10;

  private Codes() {}

  /**
   * Whether few numbers, each of which comes often, name something, such as states 200, 304 and
   * 404, or volumes 1 to 4: there are gaps between them, or they end abruptly. The numbers of
   * retries, or of items, do not: another one more is not what is worth telling.
   *
   * @param counts by text
   */
  static boolean are(double[] values, Map<String, Long> counts) {
    double[] distinct = Arrays.stream(values).distinct().sorted().toArray();
    int n = distinct.length;
    if (n < 3 || n > MOST_CODES || n != counts.size()) {
      return false;
    }
    long least = Long.MAX_VALUE;
    for (long count : counts.values()) {
      least = Math.min(least, count);
    }
    if (least < LEAST_COUNT || Arrays.stream(distinct).anyMatch(v -> v != Math.rint(v))) {
      return false;
    }
    long step = 0;
    for (int i = 1; i < n; i++) {
      step = divisor(step, (long) (distinct[i] - distinct[i - 1]));
    }
    if ((distinct[n - 1] - distinct[0]) / step + 1 >= SPARSE * n) {
      return true;
    }
    long[] sorted = counts.values().stream().mapToLong(Long::longValue).sorted().toArray();
    double usual = ABRUPT * sorted[n / 2];
    return least >= usual
        || Math.min(count(values, distinct[0]), count(values, distinct[n - 1])) >= usual;
  }

  private static long count(double[] values, double value) {
    return Arrays.stream(values).filter(v -> v == value).count();
  }

  private static long divisor(long a, long b) {
    return b == 0 ? a : divisor(b, a % b);
  }

  /**
   * Whether numbers of which all differ are drawn, as identifiers are, without returning any: they
   * lie evenly over their range, or so close that a measure would repeat.
   */
  static boolean areDrawn(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double range = sorted[n - 1] - sorted[0];
    double farthest = 0;
    for (int i = 0; i < n; i++) {
      double even = (sorted[i] - sorted[0]) / range;
      farthest = Math.max(farthest, Math.max(even - (double) i / n, (i + 1.0) / n - even));
    }
    double pairs = 0;
    for (int from = 0; from < n; from += CELLS) {
      int to = Math.min(n, from + CELLS);
      double width = sorted[to - 1] - sorted[from] + 1;
      pairs += (to - from) * (to - from - 1) / 2.0 / width;
    }
    return farthest * Math.sqrt(n) < KOLMOGOROV || pairs >= EXPECTED_PAIRS;
  }
}
