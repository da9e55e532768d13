package io.deeplog.detect.value;

import io.deeplog.Pure;

/**
 * What a session itself leaves of a surprise: where values as surprising as this one came again and
 * again in the last few hundred lines, the session's normal differs from that of the training (a
 * level moved for good, a load of its own), and the next such value is news only as far as it is
 * rare here. Of values in a row the first ones are judged by the training alone: an episode is told
 * once or twice. Another episode is news again, unless there are too many for each to be one. And a
 * worse value always is.
 *
 * <p>The idea of judging an anomaly score by the recent ones of its own series is that of Lavin and
 * Ahmad (2015); here it is the share of them, which needs no distribution.
 */
@Pure
final class Habituation {
  /** Lines looked back at. */
  private static final int WINDOW = 300;

  /** Values as surprising that may come before this one in its episode without taking from it. */
  private static final int NEWS = 2;

  /** Lines without such a value that end an episode. */
  private static final int QUIET = 5;

  /** Episodes that may come before, and the share of the lines known that may begin one. */
  private static final double EPISODES = 3;

  private static final double EPISODE_RATE = 0.01;

  /**
   * Surprise that an episode like one before still is, beyond that of how rare they are here: less
   * than a first one, so that first ones come first where few can be told.
   */
  private static final double AGAIN = 6;

  /** No sample can tell smaller chances apart: larger surprises are alike. */
  static final double MOST = 20;

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
      left = Math.min(surprise, left(known, (float) Math.min(MOST, surprise)));
    }
    if (known == past.length && known < WINDOW) {
      past = java.util.Arrays.copyOf(past, Math.min(WINDOW, 2 * known));
    }
    past[seen % WINDOW] = (float) surprise;
    seen++;
    return left;
  }

  private double left(int known, float least) {
    int alike = 0;
    int here = 0;
    int others = 0;
    int quiet = 0;
    boolean current = true;
    for (int i = 1; i <= known; i++) {
      if (past[(seen - i) % WINDOW] < least) {
        quiet++;
        continue;
      }
      if (quiet >= QUIET) {
        current = false;
        others++;
      }
      alike++;
      here += current ? 1 : 0;
      quiet = 0;
    }
    if (here <= NEWS && others <= EPISODES + EPISODE_RATE * known) {
      return others == 0 ? Double.MAX_VALUE : Math.log((known + 1.0) / others) + AGAIN;
    }
    return Math.log((known + 1.0) / Math.max(1, alike - NEWS));
  }
}
