package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.count.CountVector;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Judges the event counts of a session. */
@Pure
interface CountScorer extends Serializable {
  /** Most templates that evidence names. */
  int MOST = 5;

  /** How abnormal counts are; at least 0. */
  double score(CountVector counts);

  /** Why they are abnormal. */
  Explanation explain(CountVector counts);

  /**
   * The same, for sessions of the training, as if the one judged had not been in it. One of few
   * parameters is hardly moved by a session: it is its own.
   */
  default CountScorer leavingOut() {
    return this;
  }

  /**
   * Evidence of a score.
   *
   * @param reason a sentence
   * @param parts the largest share first
   */
  record Explanation(String reason, List<Part> parts) {}

  /**
   * A column's part in a score.
   *
   * @param expected count
   * @param share of the score, 0 to 1
   */
  record Part(int column, double count, double expected, double share) {}

  /**
   * Explains by what each column adds: how far the score falls when its count is the usual one.
   *
   * @param usual counts by column
   * @param what the sentence's begin
   */
  static Explanation byOcclusion(
      CountScorer scorer, CountVector counts, double[] usual, String what) {
    double[] x = counts.dense(usual.length);
    double score = scorer.score(counts);
    List<Part> parts = new ArrayList<>();
    double total = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] != usual[i]) {
        double was = x[i];
        x[i] = usual[i];
        double fall = Math.max(0, score - scorer.score(sparse(x)));
        x[i] = was;
        total += fall;
        parts.add(new Part(i, was, usual[i], fall));
      }
    }
    double all = total;
    List<Part> largest =
        parts.stream()
            .filter(part -> part.share > 0)
            .sorted(Comparator.comparingDouble((Part p) -> -p.share))
            .limit(MOST)
            .map(p -> new Part(p.column, p.count, p.expected, p.share / all))
            .toList();
    String reason =
        largest.isEmpty()
            ? what
            : what
                + ": one template came "
                + (long) largest.get(0).count
                + " times, usually "
                + (long) largest.get(0).expected;
    return new Explanation(reason, largest);
  }

  /** The sparse vector of whole counts. */
  static CountVector sparse(double[] x) {
    int n = 0;
    int[] indices = new int[x.length];
    int[] counts = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      if (x[i] > 0) {
        indices[n] = i;
        counts[n++] = (int) x[i];
      }
    }
    return new CountVector(java.util.Arrays.copyOf(indices, n), java.util.Arrays.copyOf(counts, n));
  }
}
