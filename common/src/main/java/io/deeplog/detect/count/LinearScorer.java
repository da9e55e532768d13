package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.count.CountVector;

/**
 * A linear model of event counts: the logistic function of the sum of weights times counts.
 *
 * @param weights by column
 * @param intercept of the sum
 * @param usual counts by column, for the evidence
 */
@Pure
record LinearScorer(double[] weights, double intercept, double[] usual) implements CountScorer {
  private static final long serialVersionUID = 1L;

  @Override
  public double score(CountVector counts) {
    double sum = intercept;
    for (int j = 0; j < counts.indices().length; j++) {
      sum += weights[counts.indices()[j]] * counts.counts()[j];
    }
    return 1 / (1 + Math.exp(-sum));
  }

  @Override
  public Explanation explain(CountVector counts) {
    return CountScorer.byOcclusion(this, counts, usual, "event counts like those of anomalies");
  }
}
