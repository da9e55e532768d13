package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.util.Arrays;

/**
 * How surprising it is to lie so far out on one side of what is expected: a Pareto tail fitted to
 * the largest deviations (peaks over threshold, shape by Hill, 1975), since durations and sizes
 * have tails that a Gaussian knows nothing of.
 *
 * @param start deviation where the tail begins, above 0
 * @param share of the data at the start or beyond, above 0
 * @param shape Hill's exponent; the smaller, the heavier the tail
 */
@Pure
public record Tail(double start, double share, double shape) implements java.io.Serializable {
  private static final long serialVersionUID = 1L;

  /** The tail is fitted to this share of the data. */
  private static final double FITTED = 0.05;

  /** And to this many deviations at least, where there are. */
  private static final int LEAST_FITTED = 10;

  /** Weight and mean of what is believed of the shape before any deviation is seen. */
  private static final double PRIOR_SHAPE = 4;

  private static final double STEEPEST = 20;

  /**
   * Fits a tail.
   *
   * @param deviations of one side, in any order; those of the other side count as none (0 or less)
   * @param scale deviation that counts as large where this side shows none, above 0
   */
  static Tail of(double[] deviations, double scale) {
    double[] sorted = deviations.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    int fitted = Math.min(n / 4, Math.max(LEAST_FITTED, (int) (n * FITTED)));
    int first = n - fitted;
    double start = fitted == 0 || sorted[first] <= 0 ? 0 : sorted[first];
    if (start <= 0) {
      // Fewer deviations than asked for: the tail begins at the least one.
      first = 0;
      while (first < n && sorted[first] <= 0) {
        first++;
      }
      start = first == n ? scale : sorted[first];
    }
    int beyond = 0;
    int from = 0;
    double logs = 0;
    for (int i = n - 1; i >= 0 && sorted[i] >= start; i--) {
      // Of numbers that repeat, many may lie at the start itself: it is no rare place then.
      from++;
      if (sorted[i] > start) {
        beyond++;
        logs += Math.log(sorted[i] / start);
      }
    }
    double shape = Math.min(STEEPEST, (beyond + 1) / (logs + 1 / PRIOR_SHAPE));
    return new Tail(start, Math.min(1, (from + 1.0) / (n + 2.0)), shape);
  }

  /** Minus the natural logarithm of the chance of such a deviation or a larger one. */
  double surprise(double deviation) {
    if (deviation <= 0) {
      return 0;
    }
    double atStart = -Math.log(share);
    return deviation < start
        ? atStart * deviation / start
        : atStart + shape * Math.log(deviation / start);
  }

  /** The deviation of a surprise: the inverse of {@link #surprise}. */
  double deviation(double surprise) {
    double atStart = -Math.log(share);
    return surprise < atStart
        ? start * surprise / atStart
        : start * Math.exp((surprise - atStart) / shape);
  }
}
