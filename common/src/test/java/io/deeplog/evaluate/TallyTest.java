package io.deeplog.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TallyTest {
  private static final List<Tally.Cell> CELLS =
      List.of(
          new Tally.Cell(9, true, true, 4),
          new Tally.Cell(7, true, false, 1),
          new Tally.Cell(5, false, true, 1),
          new Tally.Cell(5, false, false, 3),
          new Tally.Cell(1, false, false, 6));

  @Test
  void countsAsTheyAre() {
    Tally tally = new Tally(CELLS, null);
    assertThat(tally.confusion()).isEqualTo(new Confusion(4, 1, 1, 9));
    assertThat(tally.precision()).isEqualTo(0.8);
    assertThat(tally.recall()).isEqualTo(0.8);
    assertThat(tally.f1()).isCloseTo(0.8, within(1e-12));
    assertThat(tally.falseAlarmsPerThousand()).isEqualTo(100);
    // .8 of the anomalous at precision 1, the last at 5 of 9, with those that score as high.
    assertThat(tally.areaUnderPrecisionRecall()).isCloseTo(0.8 + 0.2 * 5 / 9, within(1e-12));
  }

  @Test
  void aRateReweighsNormalSessions() {
    // 5 anomalous of 5 + 95: a normal one weighs 9.5.
    Tally tally = new Tally(CELLS, 0.05);
    assertThat(tally.recall()).isEqualTo(0.8);
    assertThat(tally.precision()).isCloseTo(4 / 13.5, within(1e-12));
    assertThat(tally.areaUnderPrecisionRecall())
        .isCloseTo(0.8 + 0.2 * 5 / (5 + 9.5 * 4), within(1e-12));
    assertThat(tally.falseAlarmsPerThousand()).as("a share of the normal").isEqualTo(100);
  }

  @Test
  void nothingFoundIsZero() {
    Tally tally = new Tally(List.of(new Tally.Cell(0, false, false, 3)), 0.1);
    assertThat(tally.precision()).isZero();
    assertThat(tally.f1()).isZero();
    assertThat(tally.areaUnderPrecisionRecall()).isZero();
    assertThat(new Tally(List.of(), null).falseAlarmsPerThousand()).isZero();
  }
}
