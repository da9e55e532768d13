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
    assertThat(QStatistic.threshold(new double[] {3, 1}, 2)).isZero();
    assertThat(QStatistic.threshold(new double[] {3, 0, 0}, 1)).isZero();
  }

  @Test
  void equalsTheFormulaByHand() {
    // phi1 = 3, phi2 = 3, phi3 = 3: h0 = 1 - 2 * 3 * 3 / (3 * 9) = 1/3.
    // base = 3.2905 * sqrt(6 / 9) / 3 + 1 + 3 * (1/3) * (-2/3) / 9
    //      = 0.895554 + 1 - 0.074074 = 1.821480; Q = 3 * base^3 = 18.130...
    double base = 3.2905 * 0.816496580927726 / 3 + 1 - 2.0 / 27;
    assertThat(QStatistic.threshold(new double[] {9, 1, 1, 1}, 1))
        .isCloseTo(3 * base * base * base, within(1e-9))
        .isCloseTo(18.13, within(0.01));
    // One eigenvalue l: phi_i = l^i, h0 = 1/3, base = 3.2905 * sqrt(2) / 3 + 1 - 2/9.
    double one = 3.2905 * Math.sqrt(2) / 3 + 7.0 / 9;
    assertThat(QStatistic.threshold(new double[] {9, 0.5}, 1))
        .isCloseTo(0.5 * Math.pow(one, 3), within(1e-9));
  }

  @Test
  void scalesWithTheEigenvalues() {
    double q = QStatistic.threshold(new double[] {9, 2, 1, 0.5}, 1);
    assertThat(QStatistic.threshold(new double[] {90, 20, 10, 5}, 1)).isCloseTo(10 * q, within(1e-9));
  }
}
