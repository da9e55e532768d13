package io.deeplog.nn;

import io.deeplog.Pure;
import java.io.Serializable;

/**
 * A row of training: a distinct history and how often each symbol came after it.
 *
 * @param history symbols, padding negative
 * @param next symbols that came next
 * @param weights of the same length
 */
@Pure
public record WeightedHistory(int[] history, int[] next, float[] weights) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Sum of the weights. */
  public double weight() {
    double sum = 0;
    for (float w : weights) {
      sum += w;
    }
    return sum;
  }

  /**
   * Splits into rows of equal weight, none above a unit: a batch that holds one huge weight learns
   * badly. Training on the parts equals training on the whole.
   */
  public WeightedHistory[] split(double unit) {
    int parts = (int) Math.max(1, Math.ceil(weight() / unit));
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
