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

  static Sides of(double[] errors) {
    double[] moments = Scaling.moments(errors);
    double deviation = Math.max(moments[1], 1e-6);
    return new Sides(
        Tail.of(errors, deviation),
        Tail.of(Arrays.stream(errors).map(e -> -e).toArray(), deviation),
        moments[0],
        deviation);
  }

  double surprise(double error) {
    return error >= 0 ? above.surprise(error) : below.surprise(-error);
  }

  /** Standard deviations from the mean. */
  double gaussian(double error) {
    return Math.abs(error - mean) / deviation;
  }
}
