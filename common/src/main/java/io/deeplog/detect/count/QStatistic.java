package io.deeplog.detect.count;

import io.deeplog.Pure;

/**
 * The threshold of the squared prediction error (Jackson and Mudholkar, Technometrics 1979): with
 * phi_i the sum of the i-th powers of the eigenvalues outside the subspace, h0 = 1 - 2 phi1 phi3 /
 * (3 phi2^2) and c the normal quantile of alpha,
 *
 * <p>Q = phi1 [ c sqrt(2 phi2 h0^2) / phi1 + 1 + phi2 h0 (h0 - 1) / phi1^2 ]^(1 / h0).
 */
@Pure
final class QStatistic {
  /** Two-sided normal quantile of alpha = 0.001. */
  static final double C_ALPHA = 3.2905;

  private QStatistic() {}

  /**
   * The number of components that hold a share of the variance.
   *
   * @param eigenvalues descending
   */
  static int components(double[] eigenvalues, double share) {
    double total = 0;
    for (double value : eigenvalues) {
      total += value;
    }
    double sum = 0;
    for (int k = 0; k < eigenvalues.length; k++) {
      sum += eigenvalues[k];
      if (sum >= share * total) {
        return k + 1;
      }
    }
    return eigenvalues.length;
  }

  /**
   * The normal quantile that a share of alpha exceeds, both tails together. Of 0.001 it is the
   * four-digit one of the tables, which is what others compute with; of any other it is exact.
   *
   * @param alpha above 0, below 1
   */
  static double critical(double alpha) {
    if (alpha == 0.001) {
      return C_ALPHA;
    }
    double low = 0;
    double high = 40;
    for (int i = 0; i < 200 && low < high; i++) {
      double middle = (low + high) / 2;
      if (tail(middle) > alpha / 2) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** The normal distribution above z, z at least 0: its series near 0, its fraction far out. */
  private static double tail(double z) {
    double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    if (z < 3) {
      double term = z;
      double sum = z;
      for (int k = 1; k < 100; k++) {
        term *= z * z / (2 * k + 1);
        sum += term;
      }
      return 0.5 - density * sum;
    }
    double fraction = z;
    for (int k = 100; k >= 1; k--) {
      fraction = z + k / fraction;
    }
    return density / fraction;
  }

  /**
   * The threshold for a subspace of the first k eigenvalues; 0 when nothing lies outside.
   *
   * <p>Where h0 is not positive (a few large eigenvalues outside, and many small ones) the power is
   * no approximation any more; then the error is taken for g times chi-squared of h degrees of
   * freedom, g = phi2 / phi1 and h = phi1^2 / phi2 (Box, 1954), by Wilson and Hilferty's quantile.
   *
   * @param eigenvalues of the covariance, descending
   * @param c normal quantile, {@link #critical}
   */
  static double threshold(double[] eigenvalues, int k, double c) {
    double phi1 = 0;
    double phi2 = 0;
    double phi3 = 0;
    for (int j = k; j < eigenvalues.length; j++) {
      phi1 += eigenvalues[j];
      phi2 += Math.pow(eigenvalues[j], 2);
      phi3 += Math.pow(eigenvalues[j], 3);
    }
    if (phi1 <= 0 || phi2 <= 0) {
      return 0;
    }
    double h0 = 1 - 2 * phi1 * phi3 / (3 * phi2 * phi2);
    double base =
        c * Math.sqrt(2 * phi2 * h0 * h0) / phi1 + 1 + phi2 * h0 * (h0 - 1) / (phi1 * phi1);
    if (h0 <= 0 || base <= 0) {
      double h = phi1 * phi1 / phi2;
      return phi2 / phi1 * chiSquared(h, c);
    }
    return phi1 * Math.pow(base, 1 / h0);
  }

  /** The quantile of chi-squared, by Wilson and Hilferty; c is the normal one. */
  static double chiSquared(double degrees, double c) {
    double variance = 2 / (9 * degrees);
    return degrees * Math.pow(1 - variance + c * Math.sqrt(variance), 3);
  }
}
