package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.count.CountVector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Linear relations of event counts that normal sessions keep (Lou et al., USENIX ATC 2010).
 *
 * @param invariants each a sum of columns that is 0
 */
@Pure
record InvariantsScorer(List<Invariant> invariants) implements CountScorer {
  private static final long serialVersionUID = 1L;

  /**
   * A relation.
   *
   * @param columns ascending
   * @param coefficients of the columns; the sum of coefficients times counts is 0
   * @param text in words, for instance {@code opened = closed}
   */
  @Pure
  record Invariant(int[] columns, int[] coefficients, String text) implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    /** How far counts are from it. */
    long error(CountVector counts) {
      long sum = 0;
      int at = 0;
      for (int j = 0; j < columns.length; j++) {
        while (at < counts.indices().length && counts.indices()[at] < columns[j]) {
          at++;
        }
        if (at < counts.indices().length && counts.indices()[at] == columns[j]) {
          sum += (long) coefficients[j] * counts.counts()[at];
        }
      }
      return sum;
    }
  }

  @Override
  public double score(CountVector counts) {
    double sum = 0;
    for (Invariant invariant : invariants) {
      sum += Math.abs(invariant.error(counts));
    }
    return sum;
  }

  @Override
  public Explanation explain(CountVector counts) {
    List<Invariant> violated =
        invariants.stream()
            .filter(invariant -> invariant.error(counts) != 0)
            .sorted(Comparator.comparingLong((Invariant i) -> -Math.abs(i.error(counts))))
            .toList();
    if (violated.isEmpty()) {
      return new Explanation("no relation is violated", List.of());
    }
    Invariant worst = violated.get(0);
    int last = worst.columns[worst.columns.length - 1];
    double[] x = counts.dense(1 + Math.max(last, max(counts)));
    List<Part> parts = new ArrayList<>();
    for (int j = 0; j < worst.columns.length && j < MOST; j++) {
      double actual = x[worst.columns[j]];
      // What this count would be if the others were right.
      double expected = Math.max(0, actual - worst.error(counts) / (double) worst.coefficients[j]);
      parts.add(new Part(worst.columns[j], actual, expected, 1.0 / worst.columns.length));
    }
    String more = violated.size() == 1 ? "" : " (and " + (violated.size() - 1) + " more relations)";
    return new Explanation("does not hold: " + worst.text + more, parts);
  }

  private static int max(CountVector counts) {
    return counts.indices().length == 0 ? 0 : counts.indices()[counts.indices().length - 1];
  }
}
