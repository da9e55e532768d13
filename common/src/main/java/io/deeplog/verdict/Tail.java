package io.deeplog.verdict;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tail probabilities of a detector's scores on normal sessions: what makes scores of different
 * detectors comparable.
 *
 * @param scores ascending
 * @param surprises -ln of the share of normal sessions that reach a score
 * @param beyond that of scores above all of them: of half a session
 */
@Pure
public record Tail(double[] scores, double[] surprises, double beyond) implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * The tail of scores.
   *
   * @param counts scores and how many normal sessions have each
   */
  public static Tail of(Map<Double, Long> counts) {
    TreeMap<Double, Long> sorted = new TreeMap<>(counts);
    double total = sorted.values().stream().mapToLong(Long::longValue).sum();
    double[] scores = new double[sorted.size()];
    double[] surprises = new double[sorted.size()];
    double above = total;
    int i = 0;
    for (Map.Entry<Double, Long> entry : sorted.entrySet()) {
      scores[i] = entry.getKey();
      surprises[i++] = Math.log(total / above);
      above -= entry.getValue();
    }
    return new Tail(scores, surprises, total == 0 ? 0 : Math.log(2 * total));
  }

  /** -ln of the probability that a normal session has a score as high; 0 or more. */
  public double surprise(double score) {
    int at = Arrays.binarySearch(scores, score);
    int next = at >= 0 ? at : -at - 1;
    return next == scores.length ? beyond : surprises[next];
  }
}
