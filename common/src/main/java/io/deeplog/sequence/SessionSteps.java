package io.deeplog.sequence;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A stretch of a framed session that a network reads at once: after each symbol of {@code history}
 * it says what comes next. Long sessions are several stretches, each with the end of the one before
 * it as context, so that memory is bounded whatever a session's length.
 *
 * <p>Keys that training never saw are left out, since a network can read nothing in them.
 *
 * @param history symbols that are read: begin, then known keys
 * @param next the symbol that came after each of them, the last one end
 * @param positions of {@code next} in the session; its length for its end
 * @param first number of symbols that are context only: what comes after them is the stretch
 *     before's
 */
@Pure
public record SessionSteps(int[] history, int[] next, int[] positions, int first) {
  /** Symbols of a stretch at most, its context among them. */
  public static final int LONGEST = 128;

  private static final int CONTEXT = 32;

  /** The stretches of a session of key indices. */
  public static List<SessionSteps> of(Framing framing, int[] session) {
    int[] known =
        IntStream.range(0, session.length).filter(p -> session[p] != Framing.UNKNOWN).toArray();
    int steps = known.length + 1;
    int[] positions = Arrays.copyOf(known, steps);
    positions[known.length] = session.length;
    int[] next = Arrays.stream(positions).map(p -> framing.next(session, p)).toArray();
    int[] read = new int[steps];
    read[0] = framing.begin();
    System.arraycopy(next, 0, read, 1, known.length);
    List<SessionSteps> result = new ArrayList<>();
    int from = 0;
    while (from < steps) {
      int start = Math.max(0, from - CONTEXT);
      int end = Math.min(steps, start + LONGEST);
      result.add(
          new SessionSteps(
              Arrays.copyOfRange(read, start, end),
              Arrays.copyOfRange(next, start, end),
              Arrays.copyOfRange(positions, start, end),
              from - start));
      from = end;
    }
    return result;
  }

  /** The position after that of the symbol before a step's: keys never seen come from there on. */
  public int after(int step) {
    return step == 0 ? 0 : positions[step - 1] + 1;
  }

  /** The last symbols that are read before a step's next, at most n. */
  public int[] before(int step, int n) {
    return Arrays.copyOfRange(history, Math.max(0, step + 1 - n), step + 1);
  }
}
