package io.deeplog.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class FramingTest {
  private static final int PAD = Framing.PADDING;
  private final Framing framing = new Framing(5, 3);

  @Test
  void symbolsFollowTheKeys() {
    assertThat(framing.begin()).isEqualTo(6);
    assertThat(framing.end()).isEqualTo(7);
    assertThat(framing.symbols()).isEqualTo(8);
  }

  @Test
  void aShortSessionHasAWindowForEveryEntryAndItsEnd() {
    int[] session = {4, 2};
    assertThat(Framing.windows(session)).isEqualTo(3);
    assertThat(framing.history(session, 0)).containsExactly(PAD, PAD, 6);
    assertThat(framing.next(session, 0)).isEqualTo(4);
    assertThat(framing.history(session, 1)).containsExactly(PAD, 6, 4);
    assertThat(framing.next(session, 1)).isEqualTo(2);
    assertThat(framing.history(session, 2)).containsExactly(6, 4, 2);
    assertThat(framing.next(session, 2)).isEqualTo(7);
  }

  @Test
  void aLongSessionLooksBackSoFarOnly() {
    int[] session = {1, 2, 3, 4, 5};
    assertThat(framing.history(session, 3)).containsExactly(1, 2, 3);
    assertThat(framing.history(session, 5)).containsExactly(3, 4, 5);
    assertThat(framing.next(session, 5)).isEqualTo(framing.end());
  }

  @Test
  void anEmptySessionIsItsEnd() {
    assertThat(Framing.windows(new int[0])).isEqualTo(1);
    assertThat(framing.history(new int[0], 0)).containsExactly(PAD, PAD, 6);
    assertThat(framing.next(new int[0], 0)).isEqualTo(7);
  }

  @Test
  void unknownKeysAreTold() {
    assertThat(Framing.holdsUnknown(new int[] {PAD, 6, 1})).isFalse();
    assertThat(Framing.holdsUnknown(new int[] {1, Framing.UNKNOWN, 2})).isTrue();
  }

  @Property(seed = "1")
  void historiesAndNextsGiveTheSessionBack(
      @ForAll @Size(max = 20) int[] raw, @ForAll @IntRange(min = 1, max = 12) int history) {
    int[] session = Arrays.stream(raw).map(k -> Math.floorMod(k, 6)).toArray();
    Framing any = new Framing(5, history);
    for (int p = 0; p <= session.length; p++) {
      int[] h = any.history(session, p);
      assertThat(h).hasSize(history);
      int[] framed = new int[session.length + 2];
      framed[0] = any.begin();
      System.arraycopy(session, 0, framed, 1, session.length);
      framed[session.length + 1] = any.end();
      assertThat(any.next(session, p)).isEqualTo(framed[p + 1]);
      for (int i = 0; i < history; i++) {
        int at = p + 1 - history + i;
        assertThat(h[i]).isEqualTo(at < 0 ? PAD : framed[at]);
      }
    }
  }
}
