package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * What values are normal: by tails, with a bound for the wanted share of sessions, or, as in the
 * paper, by the Gaussian interval of the validation errors, entry by entry.
 */
@Pure
public enum ValueInterval {
  /** Pareto's and exponential tails; the bounds come from the training sessions. */
  TAIL("tail", Double.NaN),
  /** 98 % of the errors. */
  GAUSSIAN_98("98", 2.3263478740408408),
  /** 99 % of the errors. */
  GAUSSIAN_99("99", 2.5758293035489004),
  /** 99.9 % of the errors. */
  GAUSSIAN_999("99.9", 3.2905267314919255);

  private final String id;
  private final double deviations;

  ValueInterval(String id, double deviations) {
    this.id = id;
    this.deviations = deviations;
  }

  /** Its name in settings. */
  public String id() {
    return id;
  }

  /** Half its width in standard deviations of one error; NaN for tails. */
  public double deviations() {
    return deviations;
  }

  /** Whether it is a Gaussian one. */
  public boolean isGaussian() {
    return this != TAIL;
  }

  /** All names, in words. */
  public static String names() {
    return Arrays.stream(values()).map(ValueInterval::id).collect(Collectors.joining(", "));
  }

  /** Whether it is a name of one. */
  public static boolean isName(String id) {
    return Arrays.stream(values()).anyMatch(interval -> interval.id.equals(id));
  }

  /** The one of a name. */
  public static ValueInterval of(String id) {
    return Arrays.stream(values())
        .filter(interval -> interval.id.equals(id))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no interval '" + id + "', but " + names()));
  }
}
