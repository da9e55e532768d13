package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How surprising it is to lie so far out on one side of what is expected: a tail fitted to the
 * largest deviations (peaks over threshold), since durations and sizes have tails that a Gaussian
 * knows nothing of. On a linear scale it is Pareto's (shape by Hill, 1975), on a logarithmic scale,
 * and for sums of deviations, exponential, which is Pareto's of the values themselves. A tail
 * claims nothing that its own data contradicts: where so many were as far out, none is rarer than
 * they.
 *
 * @param start deviation where the tail begins, above 0
 * @param share of the data at the start or beyond, above 0
 * @param shape Hill's exponent; the smaller, the heavier the tail; 0 for an exponential tail
 * @param scale mean excess over the start of an exponential tail; 0 for Pareto's
 * @param rows the tail was fitted to
 * @param top the largest deviations, the largest first
 */
@Pure
public record Tail(
    double start, double share, double shape, double scale, int rows, List<Double> top)
    implements java.io.Serializable {
  private static final long serialVersionUID = 1L;

  /** The tail is fitted to this share of the data. */
  private static final double FITTED = 0.05;

  /** And to this many deviations at least, where there are. */
  private static final int LEAST_FITTED = 10;

  /** Weight and mean of what is believed of the shape before any deviation is seen. */
  private static final double PRIOR_SHAPE = 4;

  private static final double STEEPEST = 20;

  /** Deviations that are kept. */
  private static final int TOP = 5;

  /** Smaller deviations are rounding. */
  private static final double ROUNDING = 1e-3;

  /** Where a tail by Student begins, and the chance that it is matched at far out. */
  private static final double STUDENT_START = 0.05;

  private static final double STUDENT_FAR = 1e-4;

  /** Exponent of the heaviest tail with a mean and (just no more) a variance: few exclude none. */
  private static final double FEW_SHAPE = 2;

  /**
   * Fits a tail of Pareto.
   *
   * @param deviations of one side, in any order; those of the other side count as none (0 or less)
   * @param usual deviation that counts as large where this side shows none, above 0
   */
  static Tail of(double[] deviations, double usual) {
    return of(deviations, usual, false);
  }

  /** Fits an exponential tail. */
  static Tail exponential(double[] deviations, double usual) {
    return of(deviations, usual, true);
  }

  /** The same with a mean excess of at least so much. */
  Tail atLeast(double excess) {
    return new Tail(start, share, shape, Math.max(scale, excess), rows, top);
  }

  private static Tail of(double[] deviations, double usual, boolean exponential) {
    double[] sorted = Arrays.stream(deviations).map(d -> d < ROUNDING ? 0 : d).sorted().toArray();
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
      start = first == n ? Math.max(ROUNDING, usual) : sorted[first];
    }
    int beyond = 0;
    int from = 0;
    double logs = 0;
    double excess = 0;
    List<Double> top = new ArrayList<>();
    for (int i = n - 1; i >= 0 && sorted[i] >= start; i--) {
      // Of numbers that repeat, many may lie at the start itself: it is no rare place then.
      from++;
      if (top.size() < TOP) {
        top.add(sorted[i]);
      }
      if (sorted[i] > start) {
        beyond++;
        logs += Math.log(sorted[i] / start);
        excess += sorted[i] - start;
      }
    }
    double shape = Math.min(STEEPEST, (beyond + 1) / (logs + 1 / PRIOR_SHAPE));
    // One deviation more, as large again as the tail's begin, is believed in before any is seen.
    double scale = (excess + Math.min(start, Math.max(ROUNDING, usual))) / (beyond + 1);
    return new Tail(
        start,
        Math.min(1, (from + 1.0) / (n + 2.0)),
        exponential ? 0 : shape,
        exponential ? scale : 0,
        n,
        List.copyOf(top));
  }

  /**
   * The tail of the next deviation from the median of a few, as Student's prediction interval has
   * it: the fewer they are, the wider. A median absolute deviation tells of a Gaussian's spread
   * what a standard deviation of .37 times as many values does. Nor is the next one rarer than
   * their number allows, however tightly most of them lie.
   *
   * @param deviations of one side, of the values that median and median absolute deviation are of
   */
  static Tail student(double[] deviations) {
    int rows = deviations.length;
    TDistribution t = new TDistribution(Math.max(1, 0.37 * (rows - 1)));
    double width = Math.sqrt(1 + Math.PI / 2 / rows);
    double start = -t.inverseCumulativeProbability(STUDENT_START);
    double far = -t.inverseCumulativeProbability(STUDENT_FAR);
    return new Tail(
        width * start,
        STUDENT_START,
        Math.min(FEW_SHAPE, Math.log(STUDENT_START / STUDENT_FAR) / Math.log(far / start)),
        0,
        rows,
        Arrays.stream(deviations)
            .filter(d -> d > 0)
            .boxed()
            .sorted(java.util.Comparator.reverseOrder())
            .limit(TOP)
            .toList());
  }

  /** Minus the natural logarithm of the chance of such a deviation or a larger one. */
  double surprise(double deviation) {
    if (deviation <= 0) {
      return 0;
    }
    double atStart = -Math.log(share);
    if (deviation < start) {
      return atStart * deviation / start;
    }
    double fitted = atStart + beyond(start, deviation);
    if (top.isEmpty()) {
      return fitted;
    }
    int asFar = 0;
    while (asFar < top.size() && top.get(asFar) >= deviation) {
      asFar++;
    }
    if (asFar == top.size()) {
      return fitted;
    }
    double shown = Math.log((rows + 1.0) / (asFar + 1.0));
    return Math.min(
        fitted, asFar == 0 ? shown + beyond(top.get(0), deviation) : Math.max(atStart, shown));
  }

  private double beyond(double from, double deviation) {
    return scale > 0 ? (deviation - from) / scale : shape * Math.log(deviation / from);
  }

  /** The deviation of a surprise, as fitted. */
  double deviation(double surprise) {
    double atStart = -Math.log(share);
    if (surprise < atStart) {
      return start * surprise / atStart;
    }
    return scale > 0
        ? start + (surprise - atStart) * scale
        : start * Math.exp((surprise - atStart) / shape);
  }
}
