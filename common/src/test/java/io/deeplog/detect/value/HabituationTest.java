package io.deeplog.detect.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class HabituationTest {
  @Test
  void whatComesAgainAndAgainIsNoNewsAndAWorseValueIs() {
    Habituation habit = new Habituation();
    for (int i = 0; i < 100; i++) {
      assertThat(habit.next(0)).isZero();
    }
    assertThat(habit.next(9)).isEqualTo(9);
    assertThat(habit.next(9.5)).isEqualTo(9.5);
    assertThat(habit.next(9)).isEqualTo(9);
    // Three alike in 103 lines: as rare as one in a hundred.
    assertThat(habit.next(9)).isEqualTo(Math.log(104));
    assertThat(habit.next(15)).isEqualTo(15);
    for (int i = 0; i < 500; i++) {
      habit.next(9);
    }
    assertThat(habit.next(9)).isLessThan(0.02);
    assertThat(habit.next(25)).isEqualTo(25);
  }

  @Test
  void anotherEpisodeIsNewsAgainUnlessThereAreTooMany() {
    Habituation habit = new Habituation();
    int told = 0;
    for (int i = 0; i < 300; i++) {
      // An episode of four lines every thirty: the first three of the first few are told.
      double left = habit.next(i % 30 < 4 ? 9 : 0);
      told += left > 7.6 ? 1 : 0;
      if (i % 30 == 3) {
        assertThat(left).isLessThan(5);
      }
    }
    assertThat(told).isBetween(9, 18);
    assertThat(habit.next(9)).isLessThan(3);
    Habituation first = new Habituation();
    assertThat(first.next(20)).isEqualTo(20);
    for (int i = 0; i < 100; i++) {
      first.next(0);
    }
    // As surprising as one before: told, but behind those that are the first of their kind.
    assertThat(first.next(20)).isBetween(9.0, 12.0);
  }

  @Test
  void whatLiesMoreThanTheWindowBackDoesNotCount() {
    Habituation habit = new Habituation();
    for (int i = 0; i < 50; i++) {
      habit.next(9);
    }
    for (int i = 0; i < 300; i++) {
      habit.next(-1);
    }
    assertThat(habit.next(9)).isEqualTo(9);
  }

  @Test
  void surprisesThatNoSampleTellsApartAreAlike() {
    Habituation habit = new Habituation();
    for (double surprise = 40; surprise < 400; surprise += 20) {
      habit.next(surprise);
    }
    assertThat(habit.next(700)).isLessThan(1);
  }

  @Property(tries = 200)
  void neverMoreThanTheSurpriseItself(
      @ForAll @Size(max = 400) List<@DoubleRange(min = -5, max = 60) Double> surprises) {
    Habituation habit = new Habituation();
    int free = 3;
    for (double surprise : surprises) {
      double left = habit.next(surprise);
      assertThat(left).isLessThanOrEqualTo(surprise);
      if (free > 0) {
        assertThat(left).isEqualTo(surprise);
        free--;
      }
    }
  }
}
