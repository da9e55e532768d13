package io.deeplog.evaluate;

import io.deeplog.Pure;

/**
 * How flags and labels agree.
 *
 * @param tp anomalous and flagged
 * @param fp normal and flagged
 * @param fn anomalous and not flagged
 * @param tn normal and not flagged
 */
@Pure
public record Confusion(long tp, long fp, long fn, long tn) {
  /** Share of the flagged that are anomalous; 0 when nothing is flagged. */
  public double precision() {
    return tp + fp == 0 ? 0 : (double) tp / (tp + fp);
  }

  /** Share of the anomalous that are flagged; 0 when nothing is anomalous. */
  public double recall() {
    return tp + fn == 0 ? 0 : (double) tp / (tp + fn);
  }

  /** Harmonic mean of precision and recall; 0 when both are. */
  public double f1() {
    return tp == 0 ? 0 : 2.0 * tp / (2.0 * tp + fp + fn);
  }
}
