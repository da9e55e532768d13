package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Errors of both signs: a tail on either side, and the Gaussian of the paper.
 *
 * @param above tail of positive errors
 * @param below tail of negative errors
 * @param mean of the errors
 * @param deviation their standard deviation, above 0
 */
@Pure
record Sides(Tail above, Tail below, double mean, double deviation) implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double LEAST_DEVIATION = 1e-6;

  /**
   * Of errors.
   *
   * @param exponential whether tails are exponential, as those on a logarithmic scale
   */
  static Sides of(double[] errors, boolean exponential) {
    return of(errors, Arrays.stream(errors).map(e -> -e).toArray(), errors, exponential);
  }

  /**
   * Of errors on either side.
   *
   * @param gaussian errors that mean and deviation are of
   */
  static Sides of(double[] above, double[] below, double[] gaussian, boolean exponential) {
    double[] moments = Scaling.moments(gaussian);
    double deviation = Math.max(moments[1], LEAST_DEVIATION);
    return new Sides(
        exponential ? Tail.exponential(above, deviation) : Tail.of(above, deviation),
        exponential ? Tail.exponential(below, deviation) : Tail.of(below, deviation),
        moments[0],
        deviation);
  }

  /** Of a few values: Student's interval about their median, in median absolute deviations. */
  static Sides student(double[] values) {
    return new Sides(
        Tail.student(values),
        Tail.student(Arrays.stream(values).map(v -> -v).toArray()),
        0,
        Math.sqrt(1 + Math.PI / 2 / values.length));
  }

  double surprise(double error) {
    return error >= 0 ? above.surprise(error) : below.surprise(-error);
  }

  /** Standard deviations from the mean. */
  double gaussian(double error) {
    return Math.abs(error - mean) / deviation;
  }
}
