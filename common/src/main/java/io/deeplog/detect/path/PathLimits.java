package io.deeplog.detect.path;

import io.deeplog.Pure;
import io.deeplog.detect.TailThreshold;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What is normal at a place of a session: to be among the g likeliest keys, and not to be more
 * surprising than a cut. Both are chosen on normal sessions so that the rule flags the wanted share
 * of them; where they are too few to show so small a share, by the tail of an exponential
 * distribution ({@link TailThreshold}).
 *
 * @param topG keys that are normal (g)
 * @param cut surprise, -ln p, that is normal
 */
@Pure
record PathLimits(int topG, double cut) {
  /** The paper's g, where there is nothing to choose it by. */
  static final int PAPER_G = 9;

  private static final double TENTH = 0.1;
  private static final double UNLIKELY = 0.05;
  private static final double HALF = 0.5;

  /** Steps between two limits. */
  private static final int STEPS = 50;

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

    Map<Double, Long> scores(Function<Peak, Double> figure) {
      Map<Double, Long> scores = new HashMap<>();
      peaks.forEach((peak, count) -> scores.merge(figure.apply(peak), count, Long::sum));
      return scores;
    }

    /** The share of them that is beyond either limit. */
    double share(PathLimits limits) {
      return (double) beyond(PathRule.EITHER, limits) / sessions();
    }

    private long beyond(PathRule rule, PathLimits limits) {
      long beyond = 0;
      for (Map.Entry<Peak, Long> entry : peaks.entrySet()) {
        Peak peak = entry.getKey();
        beyond +=
            rule.abnormal(peak.rank, peak.surprise, limits.topG, limits.cut) ? entry.getValue() : 0;
      }
      return beyond;
    }

    /**
     * Whether they may be beyond limits for a share of false alarms as often as they are: by
     * chance, at least so many would be in one of twenty cases (Poisson).
     */
    boolean agreesWith(PathRule rule, PathLimits limits, double falseAlarms) {
      double wanted = sessions() * falseAlarms;
      double fewer = 0;
      double exactly = Math.exp(-wanted);
      for (long k = 1, beyond = beyond(rule, limits); k <= beyond && exactly > 0; k++) {
        fewer += exactly;
        exactly *= wanted / k;
      }
      return 1 - fewer >= UNLIKELY;
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
    boolean both = rule == PathRule.EITHER && fixedG == null && !sample.peaks.isEmpty();
    PathLimits limits = of(rule, sample, falseAlarms, both ? part(sample) : 1, fixedG, symbols);
    if (both && sample.share(limits) > falseAlarms) {
      // Far out they flag less of the same: half of the share each is enough whatever they do.
      limits = of(rule, sample, falseAlarms, HALF, fixedG, symbols);
    }
    return limits;
  }

  /**
   * The part of the wanted share that each half of {@link PathRule#EITHER} may flag, 1/2 when they
   * never flag the same session and 1 when they always do: told where a tenth exceeds each.
   */
  private static double part(Sample sample) {
    PathLimits tenth =
        new PathLimits(
            (int) Math.round(TailThreshold.quantile(sample.scores(PathLimits::rank), TENTH)),
            TailThreshold.quantile(sample.scores(Peak::surprise), TENTH));
    double together = sample.share(tenth);
    double alone =
        Math.max(
            sample.share(new PathLimits(tenth.topG, Double.POSITIVE_INFINITY)),
            sample.share(new PathLimits(Integer.MAX_VALUE, tenth.cut)));
    return together == 0 ? 1 : alone / together;
  }

  private static PathLimits of(
      PathRule rule, Sample sample, double falseAlarms, double part, Integer fixedG, int symbols) {
    double cut = Math.min(limit(sample, Peak::surprise, falseAlarms, part), HIGHEST_CUT);
    if (fixedG != null || rule == PathRule.PROBABILITY || sample.peaks.isEmpty()) {
      return new PathLimits(fixedG == null ? PAPER_G : fixedG, cut);
    }
    double g = Math.ceil(limit(sample, PathLimits::rank, falseAlarms, part));
    return new PathLimits((int) Math.max(1, Math.min(g, symbols - 1)), cut);
  }

  private static double rank(Peak peak) {
    return peak.rank;
  }

  private static double limit(
      Sample sample, Function<Peak, Double> figure, double falseAlarms, double part) {
    return sample.repeats(falseAlarms)
        ? TailThreshold.quantile(sample.scores(figure), part * (falseAlarms - sample.unlike()))
        : TailThreshold.smoothed(sample.scores(figure), part * falseAlarms);
  }

  /**
   * How the limits were chosen.
   *
   * @param fixedG g, where it was given
   */
  static String words(
      PathRule rule, PathLimits limits, Sample sample, double falseAlarms, Integer fixedG) {
    String g = fixedG == null ? "g " + limits.topG : "g " + limits.topG + " as given";
    String cut = String.format(Locale.ROOT, "-ln p %.2f", limits.cut);
    String chosen =
        switch (rule) {
          case TOP_G -> g;
          case PROBABILITY -> cut;
          case EITHER -> g + " and " + cut;
          case ARGMAX -> "the likeliest key only";
        };
    if (!rule.chooses(fixedG)) {
      return chosen;
    }
    String how = "";
    if (sample.repeats(falseAlarms)) {
      how = "; nearly all of them repeat, so that what others will score is known";
    } else if (TailThreshold.extrapolates(sample.sessions(), falseAlarms)) {
      how = "; too few to count so small a share: by an exponential tail";
    }
    return String.format(
        Locale.ROOT,
        "%s, for %s of normal sessions, by %d %s%s",
        chosen,
        BigDecimal.valueOf(falseAlarms).toPlainString(),
        sample.sessions(),
        sample.who,
        how);
  }

  /** The limits that are no stricter than either. */
  PathLimits widest(PathLimits other) {
    return new PathLimits(Math.max(topG, other.topG), Math.max(cut, other.cut));
  }

  /**
   * The nearest limits, on the way from these to wider ones, that sessions agree with: a little
   * more than chance allows for asks for a little more room, not for quite other limits.
   *
   * @return null where they do not agree with the wider ones either
   */
  PathLimits widenedUntil(PathLimits wider, Predicate<PathLimits> agreed) {
    for (int step = 0; step <= STEPS; step++) {
      double part = (double) step / STEPS;
      // The last one to the bit: a session may be right at it.
      PathLimits tried =
          step == STEPS
              ? wider
              : new PathLimits(
                  topG + (int) Math.round(part * (wider.topG - topG)),
                  cut + part * (wider.cut - cut));
      if (agreed.test(tried)) {
        return tried;
      }
    }
    return null;
  }
}
