package io.deeplog.detect.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class QStatisticTest {
  @Test
  void componentsHoldTheShare() {
    double[] values = {6, 3, 1, 0};
    assertThat(QStatistic.components(values, 0.6)).isEqualTo(1);
    assertThat(QStatistic.components(values, 0.61)).isEqualTo(2);
    assertThat(QStatistic.components(values, 0.9)).isEqualTo(2);
    assertThat(QStatistic.components(values, 1)).isEqualTo(3);
    assertThat(QStatistic.components(new double[] {0, 0}, 0.9)).isEqualTo(1);
  }

  @Test
  void nothingOutsideIsZero() {
    assertThat(QStatistic.threshold(new double[] {3, 1}, 2, QStatistic.C_ALPHA)).isZero();
    assertThat(QStatistic.threshold(new double[] {3, 0, 0}, 1, QStatistic.C_ALPHA)).isZero();
  }

  @Test
  void equalsTheFormulaByHand() {
    // phi1 = 3, phi2 = 3, phi3 = 3: h0 = 1 - 2 * 3 * 3 / (3 * 9) = 1/3.
    // base = 3.2905 * sqrt(6 / 9) / 3 + 1 + 3 * (1/3) * (-2/3) / 9
    //      = 0.895554 + 1 - 0.074074 = 1.821480; Q = 3 * base^3 = 18.130...
    double base = 3.2905 * 0.816496580927726 / 3 + 1 - 2.0 / 27;
    assertThat(QStatistic.threshold(new double[] {9, 1, 1, 1}, 1, QStatistic.C_ALPHA))
        .isCloseTo(3 * base * base * base, within(1e-9))
        .isCloseTo(18.13, within(0.01));
    // One eigenvalue l: phi_i = l^i, h0 = 1/3, base = 3.2905 * sqrt(2) / 3 + 1 - 2/9.
    double one = 3.2905 * Math.sqrt(2) / 3 + 7.0 / 9;
    assertThat(QStatistic.threshold(new double[] {9, 0.5}, 1, QStatistic.C_ALPHA))
        .isCloseTo(0.5 * Math.pow(one, 3), within(1e-9));
  }

  @Test
  void scalesWithTheEigenvalues() {
    double q = QStatistic.threshold(new double[] {9, 2, 1, 0.5}, 1, QStatistic.C_ALPHA);
    assertThat(QStatistic.threshold(new double[] {90, 20, 10, 5}, 1, QStatistic.C_ALPHA))
        .isCloseTo(10 * q, within(1e-9));
  }

  @Test
  void criticalValuesAreThoseOfTheTables() {
    assertThat(QStatistic.critical(0.001)).isEqualTo(QStatistic.C_ALPHA);
    assertThat(QStatistic.critical(0.0010000001)).isCloseTo(3.290526731, within(1e-6));
    assertThat(QStatistic.critical(0.05)).isCloseTo(1.959963984540054, within(1e-12));
    assertThat(QStatistic.critical(0.01)).isCloseTo(2.5758293035489004, within(1e-12));
    assertThat(QStatistic.critical(1e-6)).isCloseTo(4.891638475698590, within(1e-11));
    assertThat(QStatistic.critical(0.5)).isCloseTo(0.6744897501960817, within(1e-12));
  }

  @Test
  void aNegativePowerIsReplacedByChiSquared() {
    // One large eigenvalue and many small: phi1 = 2, phi2 = 1.01, phi3 ~ 1, h0 < 0 needs
    // 2 phi1 phi3 > 3 phi2^2, which holds here.
    double[] values = new double[102];
    java.util.Arrays.fill(values, 0.01);
    values[0] = 50;
    values[1] = 1;
    double q = QStatistic.threshold(values, 1, QStatistic.C_ALPHA);
    double phi1 = 2;
    double phi2 = 1.01;
    double h = phi1 * phi1 / phi2;
    double chi = h * Math.pow(1 - 2 / (9 * h) + 3.2905 * Math.sqrt(2 / (9 * h)), 3);
    assertThat(q).isCloseTo(phi2 / phi1 * chi, within(1e-9)).isGreaterThan(phi1);
  }
}
