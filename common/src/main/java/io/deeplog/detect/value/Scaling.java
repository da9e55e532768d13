package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.Arrays;

/**
 * From a quantity to a number about 0 with a spread about 1: by median and median absolute
 * deviation, on a logarithmic scale where the spread asks for it.
 *
 * @param log whether the logarithm of (value + shift) is taken
 * @param shift above 0 on a logarithmic scale; it keeps zero finite
 * @param centre median, on the scale
 * @param spread 1.4826 median absolute deviations, or the standard deviation where that is 0; above
 *     0, on the scale
 */
@Pure
record Scaling(boolean log, double shift, double centre, double spread) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Makes the median absolute deviation of a Gaussian its standard deviation. */
  private static final double GAUSSIAN = 1.4826;

  /** The shift is this share of the median. */
  private static final double SHIFT = 0.01;

  /** A skewness above this asks for the logarithm, if that lessens it. */
  private static final double SKEWED = 1;

  private static final double ROUNDING = 1e-9;

  /** Fits to values of which not all are equal. */
  static Scaling of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double median = quantile(sorted, 0.5);
    double typical = median > 0 ? median : Arrays.stream(sorted).sum() / sorted.length;
    if (sorted[0] >= 0 && typical > 0) {
      double shift = SHIFT * typical;
      double[] logs = Arrays.stream(sorted).map(v -> Math.log(v + shift)).toArray();
      double skew = skewness(sorted);
      if (skew > SKEWED && Math.abs(skewness(logs)) < skew) {
        return of(logs, true, shift);
      }
    }
    return of(sorted, false, 0);
  }

  private static Scaling of(double[] sorted, boolean log, double shift) {
    double centre = quantile(sorted, 0.5);
    double[] deviations = Arrays.stream(sorted).map(v -> Math.abs(v - centre)).sorted().toArray();
    double spread = GAUSSIAN * quantile(deviations, 0.5);
    // A median absolute deviation far below the standard one is that of a value that mostly stays.
    double[] moments = moments(sorted);
    if (spread < 1e-3 * moments[1]) {
      spread = moments[1];
    }
    return new Scaling(log, shift, centre, spread > 0 ? spread : 1);
  }

  double apply(double value) {
    double x = value;
    if (log) {
      x = Math.log(Math.max(value, 0) + shift);
    }
    return (x - centre) / spread;
  }

  double invert(double scaled) {
    double x = scaled * spread + centre;
    if (!log) {
      return x;
    }
    double value = Math.exp(x) - shift;
    // What logarithm and exponential leave of zero is none.
    return value < ROUNDING * shift ? 0 : value;
  }

  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int low = (int) place;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (place - low) * (sorted[high] - sorted[low]);
  }

  /** Mean and standard deviation. */
  static double[] moments(double[] values) {
    double mean = Arrays.stream(values).sum() / values.length;
    double square = 0;
    for (double v : values) {
      square += (v - mean) * (v - mean);
    }
    return new double[] {mean, Math.sqrt(square / values.length)};
  }

  private static double skewness(double[] values) {
    double[] moments = moments(values);
    if (moments[1] == 0) {
      return 0;
    }
    double cubes = 0;
    for (double v : values) {
      double z = (v - moments[0]) / moments[1];
      cubes += z * z * z;
    }
    return cubes / values.length;
  }
}
