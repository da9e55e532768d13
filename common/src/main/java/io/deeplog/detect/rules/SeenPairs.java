package io.deeplog.detect.rules;

import io.deeplog.Pure;
import io.deeplog.sequence.Framing;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * The pairs of neighbours in training sessions, begin and end symbols included.
 *
 * @param keys number of known keys
 * @param pairs as {@link #pair}, ascending
 * @param single whether one session only had that pair
 */
@Pure
public record SeenPairs(int keys, long[] pairs, boolean[] single) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A pair of symbols as one number. */
  public static long pair(int first, int second) {
    return (long) first << 32 | second;
  }

  /** The distinct pairs of a session. */
  public static long[] of(int[] session, int keys) {
    Framing framing = new Framing(keys, 1);
    Set<Long> distinct = new HashSet<>();
    for (int i = 0; i <= session.length; i++) {
      distinct.add(pair(framing.history(session, i)[0], framing.next(session, i)));
    }
    return distinct.stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * Positions whose entry follows its predecessor for the first time.
   *
   * @param leaveOneOut as if the session had not been in the training
   */
  public int[] unseen(int[] session, boolean leaveOneOut) {
    Framing framing = new Framing(keys, 1);
    int[] positions = new int[session.length + 1];
    int n = 0;
    int before = framing.begin();
    for (int i = 0; i <= session.length; i++) {
      int next = framing.next(session, i);
      int at = Arrays.binarySearch(pairs, pair(before, next));
      if (at < 0 || (leaveOneOut && single[at])) {
        positions[n++] = i;
      }
      before = next;
    }
    return Arrays.copyOf(positions, n);
  }
}
