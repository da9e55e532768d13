package io.deeplog.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class SessionStepsTest {
  private final Framing framing = new Framing(5, 0);

  @Test
  void aSessionIsReadFromItsBeginToItsEnd() {
    SessionSteps steps = SessionSteps.of(framing, new int[] {3, 1}).get(0);
    assertThat(steps.history()).containsExactly(framing.begin(), 3, 1);
    assertThat(steps.next()).containsExactly(3, 1, framing.end());
    assertThat(steps.positions()).containsExactly(0, 1, 2);
    assertThat(steps.before(2, 2)).containsExactly(3, 1);
  }

  @Test
  void unknownKeysAreNotReadButJudgedByWhatWasExpected() {
    SessionSteps steps = SessionSteps.of(framing, new int[] {0, 3, 0, 0}).get(0);
    assertThat(steps.history()).containsExactly(framing.begin(), 3);
    assertThat(steps.positions()).containsExactly(1, 4);
    assertThat(steps.after(0)).isZero();
    assertThat(steps.after(1)).isEqualTo(2);
  }

  @Property(tries = 200)
  void everyPositionIsJudgedOnceAndStretchesAreBounded(
      @ForAll @Size(max = 600) List<@IntRange(max = 5) Integer> keys) {
    int[] session = keys.stream().mapToInt(Integer::intValue).toArray();
    List<Integer> judged = new ArrayList<>();
    for (SessionSteps steps : SessionSteps.of(framing, session)) {
      assertThat(steps.history().length).isBetween(1, SessionSteps.LONGEST);
      assertThat(steps.next()).hasSameSizeAs(steps.history());
      for (int i = steps.first(); i < steps.next().length; i++) {
        IntStream.rangeClosed(steps.after(i), steps.positions()[i]).forEach(judged::add);
        assertThat(steps.next()[i]).isEqualTo(framing.next(session, steps.positions()[i]));
      }
    }
    assertThat(judged)
        .containsExactlyElementsOf(IntStream.rangeClosed(0, session.length).boxed().toList());
  }
}
