package io.deeplog.detect;

import io.deeplog.Pure;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A threshold that normal data exceeds at a wanted rate, from the scores of held-out normal data:
 * the quantile where there is data enough, an exponential tail where the rate is rarer than the
 * data can show (peaks over threshold, Balkema-de Haan-Pickands, with shape 0).
 */
@Pure
public final class TailThreshold {
  /** The tail is fitted to this share of the highest scores. */
  private static final double TAIL = 0.1;

  /** A quantile needs this many scores above it to be read off. */
  private static final double ENOUGH = 10;

  /** Standard errors that the tail's scale is taken longer by. */
  private static final double CONFIDENCE = 1;

  private TailThreshold() {}

  /**
   * The threshold of a rate.
   *
   * @param scores scores and how often they came
   * @param falseAlarms the wanted rate, above 0 and below 1
   * @return a score; positive infinity when there are no scores
   */
  public static double of(Map<Double, Long> scores, double falseAlarms) {
    NavigableMap<Double, Long> sorted = new TreeMap<>(scores);
    long total = sorted.values().stream().mapToLong(Long::longValue).sum();
    if (total == 0) {
      return Double.POSITIVE_INFINITY;
    }
    if (!extrapolates(total, falseAlarms)) {
      return quantile(sorted, total, falseAlarms);
    }
    return Math.max(fitted(sorted, total, falseAlarms), quantile(sorted, total, falseAlarms));
  }

  /**
   * The threshold of a rate as {@link #of} has it, but where the rate is rarer than the data can
   * show, by the tail alone: the quantile would be one of the few highest scores, which differ much
   * from one sample to the next. Unless more scores exceed it than the tail allows for, by two
   * standard deviations: such data has a heavier tail.
   *
   * @param scores scores and how often they came
   * @param falseAlarms the wanted rate, above 0 and below 1
   * @return a score; positive infinity when there are no scores
   */
  public static double smoothed(Map<Double, Long> scores, double falseAlarms) {
    NavigableMap<Double, Long> sorted = new TreeMap<>(scores);
    long total = sorted.values().stream().mapToLong(Long::longValue).sum();
    if (total == 0 || !extrapolates(total, falseAlarms)) {
      return of(scores, falseAlarms);
    }
    double fitted = fitted(sorted, total, falseAlarms);
    double wanted = total * falseAlarms;
    long above = sorted.tailMap(fitted, false).values().stream().mapToLong(Long::longValue).sum();
    return above <= wanted + 2 * Math.sqrt(wanted) ? fitted : of(scores, falseAlarms);
  }

  /** The threshold of a rate by an exponential tail. */
  private static double fitted(NavigableMap<Double, Long> sorted, long total, double falseAlarms) {
    double start = quantile(sorted, total, TAIL);
    double excess = 0;
    long above = 0;
    for (Map.Entry<Double, Long> entry : sorted.tailMap(start, false).entrySet()) {
      excess += (entry.getKey() - start) * entry.getValue();
      above += entry.getValue();
    }
    if (above == 0) {
      return sorted.lastKey();
    }
    return start + upperScale(excess, above) * Math.log((double) above / total / falseAlarms);
  }

  /** Whether so many scores are too few to read the threshold of a rate off. */
  public static boolean extrapolates(long total, double falseAlarms) {
    return total * falseAlarms < ENOUGH;
  }

  /**
   * The upper confidence limit, one standard error out, of the scale of an exponential tail: sum of
   * the excesses over half the chi-squared quantile of 2n degrees of freedom (by Wilson and
   * Hilferty). A tail of a few scores looks shorter than it is as often as longer, and a threshold
   * too low costs more than one too high, since other detectors stand beside this one.
   */
  private static double upperScale(double excess, long n) {
    double variance = 2.0 / (9 * 2 * n);
    double root = 1 - variance - CONFIDENCE * Math.sqrt(variance);
    return excess / (n * root * root * root);
  }

  /**
   * The least score that at most a share of the data exceeds.
   *
   * @param scores scores and how often they came
   */
  public static double quantile(Map<Double, Long> scores, double share) {
    NavigableMap<Double, Long> sorted = new TreeMap<>(scores);
    return quantile(sorted, sorted.values().stream().mapToLong(Long::longValue).sum(), share);
  }

  private static double quantile(NavigableMap<Double, Long> sorted, long total, double share) {
    long above = 0;
    double result = sorted.lastKey();
    for (Map.Entry<Double, Long> entry : sorted.descendingMap().entrySet()) {
      if (above > total * share) {
        return result;
      }
      result = entry.getKey();
      above += entry.getValue();
    }
    return result;
  }
}
