package io.deeplog.nn;

import io.deeplog.Pure;
import java.io.Serializable;

/**
 * A row of training: a distinct window and how often each symbol came after it, or a distinct
 * session and what came after each of its steps.
 *
 * @param history symbols, padding negative
 * @param next symbols that came after the window; or after each symbol of the session
 * @param weights of the same length; zero for steps of a session that are read and not learned
 */
@Pure
public record WeightedHistory(int[] history, int[] next, float[] weights) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Parts that a row is split into at most. */
  static final int MOST_PARTS = 1 << 20;

  /** Sum of the weights. */
  public double weight() {
    double sum = 0;
    for (float w : weights) {
      sum += w;
    }
    return sum;
  }

  /** How many rows {@link #split} makes. */
  int parts(double unit) {
    return (int) Math.max(1, Math.min(MOST_PARTS, Math.ceil(weight() / unit)));
  }

  /**
   * Splits into rows of equal weight, none above a unit: a batch that holds one huge weight learns
   * badly. Training on the parts equals training on the whole.
   */
  public WeightedHistory[] split(double unit) {
    int parts = parts(unit);
    if (parts == 1) {
      return new WeightedHistory[] {this};
    }
    float[] shares = new float[weights.length];
    for (int i = 0; i < weights.length; i++) {
      shares[i] = weights[i] / parts;
    }
    WeightedHistory[] result = new WeightedHistory[parts];
    java.util.Arrays.fill(result, new WeightedHistory(history, next, shares));
    return result;
  }
}
