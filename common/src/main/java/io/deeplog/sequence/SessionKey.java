package io.deeplog.sequence;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What makes lines one session: an identifier in their content, header fields, or a span of time.
 *
 * @param pattern every distinct match in a line's content is a session of it; null for other kinds
 * @param fields header fields whose values, joined by '/', are the session
 * @param window length of a time window in seconds, aligned to 1970 UTC; 0 for none
 * @param step seconds from a window's start to the next one's; less than the window when they
 *     overlap
 * @param kind where windows start
 * @param keepEmpty whether windows without an entry are sessions too
 */
@Pure
public record SessionKey(
    Pattern pattern,
    List<String> fields,
    long window,
    long step,
    WindowRule.Kind kind,
    boolean keepEmpty)
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int MOST_DIGITS = 7;
  private static final int MOST_OVERLAP = 100;
  private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*(s|m|min|h|d)");

  /**
   * Sessions by an identifier.
   *
   * @param regex for instance {@code blk_-?\d+}
   * @throws UserException when it is no regular expression
   */
  public static SessionKey byPattern(String regex) {
    try {
      return new SessionKey(
          Pattern.compile(regex), List.of(), 0, 0, WindowRule.Kind.ALIGNED, false);
    } catch (PatternSyntaxException e) {
      throw UserException.usage(
          "bad session pattern '" + regex + "': " + e.getDescription() + " at " + e.getIndex());
    }
  }

  /** Sessions by header fields, for instance {@code host, component, pid}. */
  public static SessionKey byFields(List<String> fields) {
    return new SessionKey(null, List.copyOf(fields), 0, 0, WindowRule.Kind.ALIGNED, false);
  }

  /**
   * Sessions by time windows, apart for every value of the fields.
   *
   * @param duration for instance {@code 30s}, {@code 10m}, {@code 1h}, {@code 1d}
   * @throws UserException when it is no duration
   */
  public static SessionKey byWindow(String duration, List<String> fields) {
    long window = seconds("session window", duration);
    return new SessionKey(
        null, List.copyOf(fields), window, window, WindowRule.Kind.ALIGNED, false);
  }

  /**
   * Sessions by time windows that overlap.
   *
   * @param duration of a window
   * @param step from a window's start to the next one's, at most the window
   * @throws UserException when they are no durations, or the step is longer than the window
   */
  public static SessionKey byWindow(String duration, String step, List<String> fields) {
    long window = seconds("session window", duration);
    long every = seconds("session step", step);
    if (every > window) {
      throw UserException.usage(
          "bad session step '"
              + step
              + "' of windows of "
              + duration
              + " (give at most the window)");
    }
    return new SessionKey(null, List.copyOf(fields), window, every, WindowRule.Kind.ALIGNED, false);
  }

  /**
   * Whether a line lies in so many windows, over {@value #MOST_OVERLAP}, that their entries cannot
   * be gathered. Their event counts can be had: {@link Windows#counts}.
   */
  public boolean countsOnly() {
    return window > MOST_OVERLAP * step;
  }

  /**
   * This key, for sessions with their entries.
   *
   * @throws UserException when too many windows would hold a line
   */
  public SessionKey gathered() {
    if (countsOnly()) {
      throw UserException.usage(
          "every line lies in "
              + window / step
              + " windows of "
              + window
              + " s every "
              + step
              + " s, and their entries would be gathered (give a step of at least a "
              + MOST_OVERLAP
              + "th of the window; parse --count-matrix and benchmark counts take any, as they only"
              + " count)");
    }
    return this;
  }

  /**
   * The same windows, but for where they start and whether empty ones are sessions.
   *
   * @throws UserException when that is not known for windows apart for every value of fields
   */
  public SessionKey windows(WindowRule.Kind where, boolean empty) {
    if (!fields.isEmpty() && (where == WindowRule.Kind.LEGACY || empty)) {
      throw UserException.usage(
          "windows apart for every value of "
              + String.join(", ", fields)
              + " start at whole steps, and empty ones are dropped (give no fields, or neither the"
              + " legacy rule nor empty windows)");
    }
    return new SessionKey(pattern, fields, window, step, where, empty);
  }

  /** How time is cut; null unless all lines of a span of time are a session. */
  public WindowRule windowRule() {
    return window > 0 && fields.isEmpty() ? new WindowRule(window, step, kind) : null;
  }

  /**
   * The seconds of a duration.
   *
   * @param what it is of, for the error
   * @throws UserException when it is no duration
   */
  static long seconds(String what, String duration) {
    Matcher matcher = DURATION.matcher(duration.trim().toLowerCase(Locale.ROOT));
    // Few digits, so that the window's microseconds fit a long.
    if (!matcher.matches()
        || matcher.group(1).length() > MOST_DIGITS
        || Long.parseLong(matcher.group(1)) == 0) {
      throw UserException.usage(
          "bad " + what + " '" + duration + "' (give a duration such as 30s, 10m, 1h or 1d)");
    }
    long n = Long.parseLong(matcher.group(1));
    Duration window =
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(n);
          case "h" -> Duration.ofHours(n);
          case "d" -> Duration.ofDays(n);
          default -> Duration.ofMinutes(n);
        };
    return window.toSeconds();
  }

  @Override
  public String toString() {
    if (pattern != null) {
      return "pattern " + pattern;
    }
    String by = fields.isEmpty() ? "" : "fields " + String.join(", ", fields);
    return window == 0
        ? by
        : (by.isEmpty() ? "" : by + " and ")
            + "windows of "
            + window
            + " s"
            + (step == window ? "" : " every " + step + " s")
            + (kind == WindowRule.Kind.LEGACY ? " by the legacy rule" : "")
            + (keepEmpty ? ", empty ones too" : "");
  }
}
