package io.deeplog.detect.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RepeatsTest {
  @Test
  void lengthsAreToldWheneverTheyHaveDoubled() {
    Repeats repeats = new Repeats();
    List<Integer> told = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      repeats.next(3);
      if (repeats.told() > 0) {
        told.add(repeats.told());
      }
    }
    assertThat(told).containsExactly(8, 16, 32, 64);
    // What is no number ends no run, another number does.
    repeats.next(Double.NaN);
    repeats.next(3);
    assertThat(repeats.length()).isEqualTo(71);
    repeats.next(4);
    assertThat(repeats.length()).isEqualTo(1);
  }

  @Test
  void theChanceOfALengthIsThatOfRunsThatEnd() {
    // A value stays with a chance of .9: a run of n more has that of .9 to the n.
    Random random = new Random(4);
    Repeats repeats = new Repeats();
    int[] lengths = new int[5000];
    int[] before = new int[lengths.length];
    double value = 0;
    repeats.next(value);
    for (int i = 0; i < lengths.length; i++) {
      before[i] = repeats.length();
      value += random.nextDouble() < 0.9 ? 0 : 1;
      repeats.next(value);
      lengths[i] = repeats.length();
    }
    Tail tail = Repeats.tail(lengths, before);
    assertThat(tail.scale()).isCloseTo(-1 / Math.log(0.9), within(4.0));
    assertThat(tail.surprise(128)).isBetween(10.0, 17.0);
    // Runs cut off by the begin of a sample tell the same.
    int[] cut = before.clone();
    int[] cutLengths = lengths.clone();
    for (int i = 0; i < cut.length; i++) {
      cut[i] = Math.min(cut[i], 40);
      cutLengths[i] = Math.min(cutLengths[i], 41);
    }
    assertThat(Repeats.tail(cutLengths, cut).surprise(128)).isBetween(10.0, 17.0);
  }

  @Test
  void nothingIsToldOfNumbersThatNeverChangeOrHardlyWereSeen() {
    assertThat(Repeats.tail(new int[] {2, 3, 4, 5}, new int[] {1, 2, 3, 4})).isNull();
    assertThat(Repeats.tail(new int[0], new int[0])).isNull();
    int[] always = new int[200];
    int[] one = new int[200];
    java.util.Arrays.fill(always, 1);
    java.util.Arrays.fill(one, 1);
    // One that never repeats may do so now and then, not again and again.
    Tail tail = Repeats.tail(always, one);
    assertThat(tail.surprise(2)).isLessThan(7);
    assertThat(tail.surprise(8)).isGreaterThan(20);
  }
}
