package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Normal scores: a value is told by where it ranks among those of the training, as a Gaussian's
 * quantile of that rank. Whatever the distribution, skewed, of two humps or of a few values only,
 * scores have the mean of 0 and about the deviation of 1 that a sum of deviations needs.
 *
 * @param values ascending, all of few, quantiles of many
 * @param scores of the values
 */
@Pure
record Ranks(List<Double> values, List<Double> scores) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Steps of the quantiles kept. */
  private static final int STEPS = 100;

  /** Larger scores count as this: one outlier is no drift. */
  private static final double MOST = 3;

  /** Of values, at least one. */
  static Ranks of(double[] all) {
    double[] sorted = all.clone();
    Arrays.sort(sorted);
    NormalDistribution normal = new NormalDistribution(null, 0, 1);
    List<Double> values = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    int n = sorted.length;
    int next = 0;
    for (int from = 0; from < n; ) {
      int to = from;
      while (to < n && sorted[to] == sorted[from]) {
        to++;
      }
      if (to == n || to > next) {
        values.add(sorted[from]);
        scores.add(bounded(normal.inverseCumulativeProbability((from + to) / 2.0 / n)));
        next = to + n / STEPS;
      }
      from = to;
    }
    return new Ranks(List.copyOf(values), List.copyOf(scores));
  }

  private static double bounded(double score) {
    return Math.max(-MOST, Math.min(MOST, score));
  }

  /** The score of a value; beyond those of the training it grows with the distance. */
  double score(double value) {
    int last = values.size() - 1;
    int at = java.util.Collections.binarySearch(values, value);
    if (at >= 0) {
      return scores.get(at);
    }
    int above = -at - 1;
    if (above == 0) {
      return bounded(scores.get(0) - (values.get(0) - value));
    }
    if (above > last) {
      return bounded(scores.get(last) + (value - values.get(last)));
    }
    double low = values.get(above - 1);
    double part = (value - low) / (values.get(above) - low);
    return scores.get(above - 1) + part * (scores.get(above) - scores.get(above - 1));
  }
}
