package io.deeplog.detect.value;

import io.deeplog.Pure;

/**
 * Normal scores of one parameter ({@link Ranks}) summed up on either side: two CUSUM charts (Page,
 * 1954). The chance of a sum falls exponentially (Lundberg), for independent values by e for every
 * unit.
 */
@Pure
final class Drift {
  /** What of a deviation does not count: half of the least shift that is looked for (Page). */
  private static final double SLACK = 0.5;

  /**
   * Mean excess of sums of independent Gaussian values, 1 / (2 slack). Values that resemble those
   * before have longer sums; that some have shorter ones (of few values) tells nothing of the one
   * that is out of the usual.
   */
  private static final double LUNDBERG = 1;

  /** Larger sums say no more. */
  private static final double MOST = 500;

  /** Values of a session from which a drift is told: over fewer there is none. */
  private static final int LEAST_SEEN = 10;

  /** Values that a sum is of at least. */
  private static final int LEAST = 4;

  /** Fall of a sum from its highest that tells that the drift is over: it begins anew. */
  private static final double OVER = 4;

  /** Values after which a drift that goes on, and was told enough, is told again. */
  private static final int AGAIN = 10;

  /** Growth of a sum since it was told that is worth telling. */
  private static final double STEP = 2;

  /** Score of the value, and of the one before, while a drift goes on. */
  private static final double GOES_ON = 1;

  private final Side up = new Side();
  private final Side down = new Side();
  private final double enoughAbove;
  private final double enoughBelow;
  private int seen;

  /**
   * Charts.
   *
   * @param enoughAbove sum above that needs no more telling once it was reached
   * @param enoughBelow the same of the sum below
   */
  Drift(double enoughAbove, double enoughBelow) {
    this.enoughAbove = enoughAbove;
    this.enoughBelow = enoughBelow;
  }

  /** Charts of which each larger sum is told. */
  Drift() {
    this(Double.MAX_VALUE, Double.MAX_VALUE);
  }

  /** Tails of sums of normal values. */
  static Sides sums(double[] above, double[] below) {
    Sides sums = Sides.of(above, below, above, true);
    return new Sides(
        sums.above().atLeast(LUNDBERG),
        sums.below().atLeast(LUNDBERG),
        sums.mean(),
        sums.deviation());
  }

  /** One chart. */
  private static final class Side {
    private double sum;
    private double highest;
    private double toldAt;
    private double last;
    private int values;
    private int silent;
    private boolean told;

    void next(double score, double enough, boolean known) {
      sum = Math.max(0, Math.min(MOST, sum + score - SLACK));
      values = sum == 0 ? 0 : values + 1;
      // A sum that falls again, or stays, is that of a drift that is over, and was told.
      told =
          known
              && sum > highest
              && sum >= toldAt + STEP
              && (highest < enough || silent >= AGAIN)
              && values >= LEAST
              && Math.min(last, score) >= GOES_ON;
      silent = told ? 0 : silent + 1;
      toldAt = sum == 0 ? 0 : told ? sum : toldAt;
      last = score;
      highest = sum == 0 ? 0 : Math.max(highest, sum);
      if (sum < highest - OVER) {
        sum = 0;
        highest = 0;
        toldAt = 0;
        values = 0;
      }
    }
  }

  /** Takes the next score. */
  void next(double score) {
    seen++;
    up.next(score, enoughAbove, seen >= LEAST_SEEN);
    down.next(-score, enoughBelow, seen >= LEAST_SEEN);
  }

  /** The sum above, 0 or more. */
  double above() {
    return up.sum;
  }

  /** The sum below, 0 or more. */
  double below() {
    return down.sum;
  }

  /**
   * The larger sum, with its sign, where it is news: larger than any since it last was 0; or NaN.
   */
  double told() {
    Side side = up.sum >= down.sum ? up : down;
    return !side.told ? Double.NaN : side == up ? side.sum : -side.sum;
  }
}
