package io.deeplog.detect.value;

import io.deeplog.Pure;

/**
 * What a session itself leaves of a surprise: where values as surprising as this one came again and
 * again in the last few hundred lines, the session's normal differs from that of the training (a
 * level moved for good, a load of its own), and the next such value is news only as far as it is
 * rare here. The first ones are judged by the training alone, and a worse one is news again.
 *
 * <p>The idea of judging an anomaly score by the recent ones of its own series is that of Lavin and
 * Ahmad (2015); here it is the share of them, which needs no distribution.
 */
@Pure
final class Habituation {
  /** Lines looked back at. */
  private static final int WINDOW = 300;

  /** Values as surprising that may come before this one without taking from it. */
  private static final int NEWS = 2;

  /** No sample can tell smaller chances apart: larger surprises are alike. */
  private static final double MOST = 20;

  private static final int FIRST_SIZE = 16;

  private float[] past = new float[FIRST_SIZE];
  private int seen;

  /**
   * The surprise that is left.
   *
   * @param surprise of the next value by the training; 0 or less for none
   */
  double next(double surprise) {
    double left = surprise;
    int known = Math.min(seen, WINDOW);
    if (surprise > 0) {
      // A drift that goes on becomes more surprising from line to line: only as much counts.
      float least = (float) Math.min(MOST, surprise);
      int alike = 0;
      for (int i = 0; i < known; i++) {
        alike += past[i] >= least ? 1 : 0;
      }
      if (alike > NEWS) {
        left = Math.min(surprise, Math.log((known + 1.0) / (alike - NEWS)));
      }
    }
    if (known == past.length && known < WINDOW) {
      past = java.util.Arrays.copyOf(past, Math.min(WINDOW, 2 * known));
    }
    past[seen % WINDOW] = (float) surprise;
    seen++;
    return left;
  }
}
