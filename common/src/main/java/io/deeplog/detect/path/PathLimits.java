package io.deeplog.detect.path;

import io.deeplog.Pure;
import io.deeplog.detect.TailThreshold;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What is normal at a place of a session: to be among the g likeliest keys, and not to be more
 * surprising than a cut. Both are chosen on normal sessions that were not trained on, so that the
 * rule flags the wanted share of them; where they are too few to show so small a share, by the tail
 * of an exponential distribution ({@link TailThreshold}).
 *
 * @param topG keys that are normal (g)
 * @param cut surprise, -ln p, that is normal
 */
@Pure
record PathLimits(int topG, double cut) {
  /** The paper's g, where there is nothing to choose it by. */
  static final int PAPER_G = 9;

  /** A cut stays below the surprise of a key that training never saw, which is always abnormal. */
  private static final double HIGHEST_CUT = Math.floor(NgramCounts.NEVER);

  /**
   * The worst entries of a session, those of keys that no other session has left aside: they are
   * abnormal whatever the limits.
   *
   * @param rank the highest, 1 for the likeliest key
   * @param surprise the highest
   */
  record Peak(int rank, double surprise) {
    /** The surprise rounded, so that there are few; up, so that none exceeds its own limit. */
    static double rounded(double surprise) {
      return Math.ceil(surprise * 100) / 100;
    }
  }

  /**
   * Sessions that limits are chosen by.
   *
   * @param peaks of normal sessions and how many have each
   * @param once how many of the sessions are like no other one
   * @param who they are, in words
   */
  record Sample(Map<Peak, Long> peaks, long once, String who) {
    long sessions() {
      return peaks.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * The share of sessions to come that will be like none of these (Good and Turing), and a
     * session more, since none may have been like no other by chance.
     */
    double unlike() {
      return (once + 1.0) / sessions();
    }

    /**
     * Whether nearly all sessions to come will be like one of these, so that their scores are known
     * and nothing is to be extrapolated.
     */
    boolean repeats(double falseAlarms) {
      return unlike() < falseAlarms;
    }
  }

  /**
   * Chooses.
   *
   * @param falseAlarms share of normal sessions that may be flagged
   * @param fixedG g, where it is not to be chosen; null where it is
   * @param symbols g stays below their number: a key that training never saw ranks last
   */
  static PathLimits of(
      PathRule rule, Sample sample, double falseAlarms, Integer fixedG, int symbols) {
    // Each half of the rule may flag half of the share: together no more than the share, however
    // they depend on each other.
    double half = rule == PathRule.EITHER && fixedG == null ? 0.5 : 1;
    double cut = Math.min(limit(sample, Peak::surprise, falseAlarms, half), HIGHEST_CUT);
    if (fixedG != null || sample.peaks.isEmpty()) {
      return new PathLimits(fixedG == null ? PAPER_G : fixedG, cut);
    }
    double g = Math.ceil(limit(sample, peak -> (double) peak.rank, falseAlarms, half));
    return new PathLimits((int) Math.max(1, Math.min(g, symbols - 1)), cut);
  }

  private static double limit(
      Sample sample, Function<Peak, Double> figure, double falseAlarms, double half) {
    Map<Double, Long> scores = new HashMap<>();
    sample.peaks.forEach((peak, count) -> scores.merge(figure.apply(peak), count, Long::sum));
    return sample.repeats(falseAlarms)
        ? TailThreshold.quantile(scores, half * (falseAlarms - sample.unlike()))
        : TailThreshold.of(scores, half * falseAlarms);
  }

  /**
   * How the limits were chosen.
   *
   * @param fixedG g, where it was given
   */
  String words(Integer fixedG, Sample sample, double falseAlarms) {
    String how = "";
    if (sample.repeats(falseAlarms)) {
      how = "; nearly all of them repeat, so that what others will score is known";
    } else if (TailThreshold.extrapolates(sample.sessions(), falseAlarms)) {
      how = "; too few to count so small a share: by an exponential tail";
    }
    return String.format(
        Locale.ROOT,
        "%s -ln p %.2f, for %s of normal sessions, by %d %s%s",
        fixedG == null ? "g " + topG + " and" : "g " + topG + " as given,",
        cut,
        BigDecimal.valueOf(falseAlarms).toPlainString(),
        sample.sessions(),
        sample.who,
        how);
  }

  /** The limits that are no stricter than either. */
  PathLimits widest(PathLimits other) {
    return new PathLimits(Math.max(topG, other.topG), Math.max(cut, other.cut));
  }
}
