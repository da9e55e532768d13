package io.deeplog.sequence;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.Serializable;

/**
 * How time is cut into windows.
 *
 * @param length of a window, seconds, above 0
 * @param step from a window's start to the next one's, seconds, 1 to length; equal to the length
 *     for windows that do not overlap
 * @param kind where windows start
 */
@Pure
public record WindowRule(long length, long step, Kind kind) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Where windows start. */
  public enum Kind {
    /**
     * At whole steps since 1970 UTC, so that logs of one day and of two cut the same windows.
     * Windows that hold an entry count, those at the edges of the logs too.
     */
    ALIGNED,
    /**
     * At the first entry, as loglizer's sliding window does: the first window holds the entries
     * before first + length, and ends at the last of these; from there both its ends move by the
     * step, half-open, until the end is past the last entry. Logs within one length give no window.
     */
    LEGACY
  }

  /** Checks the lengths. */
  public WindowRule {
    if (length <= 0 || step <= 0 || step > length) {
      throw UserException.usage(
          "bad windows of "
              + length
              + " s every "
              + step
              + " s (give a length and a step above 0; a step at most as long as the window)");
    }
  }

  /** Windows that follow each other. */
  public static WindowRule fixed(String length) {
    long seconds = SessionKey.seconds("window", length);
    return new WindowRule(seconds, seconds, Kind.ALIGNED);
  }

  /** Windows that overlap, for instance {@code 24h} every {@code 3h}. */
  public static WindowRule sliding(String length, String step) {
    return new WindowRule(
        SessionKey.seconds("window", length), SessionKey.seconds("step", step), Kind.ALIGNED);
  }

  /** {@link Kind#LEGACY} windows. */
  public static WindowRule legacy(String length, String step) {
    return new WindowRule(
        SessionKey.seconds("window", length), SessionKey.seconds("step", step), Kind.LEGACY);
  }
}
