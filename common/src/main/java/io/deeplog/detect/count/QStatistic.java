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
   * The threshold for a subspace of the first k eigenvalues; 0 when nothing lies outside.
   *
   * @param eigenvalues of the covariance, descending
   */
  static double threshold(double[] eigenvalues, int k) {
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
        C_ALPHA * Math.sqrt(2 * phi2 * h0 * h0) / phi1 + 1 + phi2 * h0 * (h0 - 1) / (phi1 * phi1);
    return phi1 * Math.pow(base, 1 / h0);
  }
}
