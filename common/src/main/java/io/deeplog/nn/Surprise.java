package io.deeplog.nn;

import io.deeplog.Pure;

/** How unexpected what came is. */
@Pure
public final class Surprise {
  private Surprise() {}

  /** -ln p; a probability of zero counts as the least float. */
  public static double of(double probability) {
    return -Math.log(Math.max(probability, Float.MIN_NORMAL));
  }
}
