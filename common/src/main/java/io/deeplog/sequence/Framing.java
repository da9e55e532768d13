package io.deeplog.sequence;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Frames sessions of key indices by a begin and an end symbol and cuts them into windows, so that
 * short sessions are judged too, and a session that stops early is judged by what was expected
 * next.
 *
 * <p>Symbols: 0 is the unknown key, 1 to {@code keys} the known ones, then begin and end.
 *
 * @param keys number of known keys
 * @param history length of a window's history, at least 1
 */
@Pure
public record Framing(int keys, int history) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The key that training never saw. */
  public static final int UNKNOWN = 0;

  /** Fills a history before the begin of its session; not a symbol. */
  public static final int PADDING = -1;

  /** The symbol before the first entry. */
  public int begin() {
    return keys + 1;
  }

  /** The symbol after the last entry. */
  public int end() {
    return keys + 2;
  }

  /** Number of symbols, the unknown key included. */
  public int symbols() {
    return keys + 3;
  }

  /** Number of windows of a session: one for every entry and one for its end. */
  public static int windows(int[] session) {
    return session.length + 1;
  }

  /**
   * What came before a position, at most {@code history} symbols, padded at the left.
   *
   * @param position 0 for the first entry, the session's length for its end
   */
  public int[] history(int[] session, int position) {
    int[] result = new int[history];
    Arrays.fill(result, PADDING);
    for (int i = history - 1, p = position - 1; i >= 0 && p >= -1; i--, p--) {
      result[i] = p < 0 ? begin() : session[p];
    }
    return result;
  }

  /** The symbol at a position. */
  public int next(int[] session, int position) {
    return position < session.length ? session[position] : end();
  }

  /** Whether a history holds a key that training never saw, so that no model can judge by it. */
  public static boolean holdsUnknown(int[] history) {
    for (int symbol : history) {
      if (symbol == UNKNOWN) {
        return true;
      }
    }
    return false;
  }
}
