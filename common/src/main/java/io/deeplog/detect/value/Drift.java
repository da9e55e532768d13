package io.deeplog.detect.value;

import io.deeplog.Pure;

/**
 * Deviations of one parameter summed up on one side of the median: a CUSUM (Page, 1954) that starts
 * again there.
 */
@Pure
final class Drift {
  /** Deviations count up to this size: one outlier is no drift. */
  private static final double CUT = 3;

  /** What of a deviation does not count: half of the least shift that is looked for (Page). */
  private static final double SLACK = 0.5;

  /** Deviation of the value itself from which a drift is told: when it is over, it is not. */
  private static final double NOW = 1;

  /** Larger sums say no more. */
  private static final double MOST = 500;

  /** Values of a session from which a drift is told: over fewer there is none. */
  private static final int LEAST_SEEN = 10;

  /** Values on one side that are a drift at least. */
  private static final int LEAST = 4;

  private double sum;
  private int side;
  private int values;
  private int seen;

  /**
   * The sum with the next scaled value, as {@code expm1(sum)} with its sign, since the chance of
   * such a sum falls exponentially, as that of an error does by powers; NaN while it is no drift:
   * too short, or ended by a value that is near the median again.
   */
  double next(double scaled) {
    int now = scaled < 0 ? -1 : 1;
    if (now != side) {
      side = now;
      sum = 0;
      values = 0;
    }
    values++;
    seen++;
    double deviation = Math.abs(scaled);
    sum = Math.max(0, sum + Math.min(CUT, deviation) - SLACK);
    return seen < LEAST_SEEN || values < LEAST || deviation < NOW
        ? Double.NaN
        : side * Math.expm1(Math.min(MOST, sum));
  }
}
