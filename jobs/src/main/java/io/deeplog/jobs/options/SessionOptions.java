package io.deeplog.jobs.options;

import io.deeplog.UserException;
import io.deeplog.sequence.SessionKey;
import io.deeplog.sequence.WindowRule;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.kohsuke.args4j.Option;

/** What makes lines one session. */
public final class SessionOptions implements OptionGroup {
  private static final String FIXED = "fixed";
  private static final String SLIDING = "sliding";
  private static final String LEGACY = "legacy";
  private static final String KEEP = "keep";
  private static final String DROP = "drop";

  @Option(
      name = Flags.SESSION,
      metaVar = "REGEX",
      forbids = {
        Flags.SESSION_FIELD,
        Flags.SESSION_WINDOW,
        Flags.SESSION_STEP,
        Flags.WINDOW_RULE,
        Flags.EMPTY_WINDOWS
      },
      usage = "identifier in the content; every distinct match is a session, e.g. 'blk_-?\\d+'")
  public String pattern;

  @Option(
      name = Flags.SESSION_FIELD,
      metaVar = "A,B,...",
      usage = "header fields that together are the session, e.g. host,component,pid")
  public String fields;

  @Option(
      name = Flags.SESSION_WINDOW,
      metaVar = "DURATION",
      usage =
          "sessions by time windows, e.g. 10m; with " + Flags.SESSION_FIELD + ", for each value")
  public String window;

  @Option(
      name = Flags.SESSION_STEP,
      metaVar = "DURATION",
      depends = Flags.SESSION_WINDOW,
      usage = "from a window's start to the next one's; less than the window: they overlap")
  public String step;

  @Option(
      name = Flags.WINDOW_RULE,
      metaVar = "RULE",
      depends = Flags.SESSION_WINDOW,
      usage =
          "where windows start: fixed (they follow each other) or sliding (every "
              + Flags.SESSION_STEP
              + "), both at whole steps of UTC; legacy: sliding from the first entry, as loglizer"
              + " does (default: sliding with a step, fixed without)")
  public String windowRule;

  @Option(
      name = Flags.EMPTY_WINDOWS,
      metaVar = "HOW",
      depends = Flags.SESSION_WINDOW,
      usage = "keep or drop windows without an entry (default: drop)")
  public String emptyWindows;

  @Override
  public String heading() {
    return "Sessions";
  }

  /** Whether any is given. */
  public boolean given() {
    return pattern != null || fields != null || window != null;
  }

  @Override
  public void validate() {
    if (given()) {
      String option =
          window != null
              ? Flags.SESSION_WINDOW
              : fields != null ? Flags.SESSION_FIELD : Flags.SESSION;
      OptionGroup.require(option, this::countsKey);
    }
  }

  /**
   * The session key.
   *
   * @throws UserException when none is given, or a line lies in too many windows
   */
  public SessionKey key() {
    return any().gathered();
  }

  /**
   * The session key where event counts are all that is wanted: windows may overlap as much as they
   * like.
   *
   * @throws UserException when none is given, or windows are apart by fields and too many
   */
  public SessionKey countsKey() {
    SessionKey key = any();
    return key.windowRule() == null ? key.gathered() : key;
  }

  private SessionKey any() {
    List<String> names =
        fields == null
            ? List.of()
            : Pattern.compile(",")
                .splitAsStream(fields)
                .map(String::trim)
                .map(SessionOptions::column)
                .toList();
    if (window != null) {
      return (step == null
              ? SessionKey.byWindow(window, names)
              : SessionKey.byWindow(window, step, names))
          .windows(windowKind(), keepEmpty());
    }
    if (fields != null) {
      return SessionKey.byFields(names);
    }
    if (pattern != null) {
      return SessionKey.byPattern(pattern);
    }
    throw UserException.usage(
        "no session given (give "
            + Flags.SESSION
            + " 'REGEX', "
            + Flags.SESSION_FIELD
            + " or "
            + Flags.SESSION_WINDOW
            + ")");
  }

  private WindowRule.Kind windowKind() {
    if (windowRule == null) {
      return WindowRule.Kind.ALIGNED;
    }
    String rule = windowRule.trim().toLowerCase(Locale.ROOT);
    boolean fixed = rule.equals(FIXED);
    if (!fixed && !rule.equals(SLIDING) && !rule.equals(LEGACY)) {
      throw UserException.usage(
          "bad "
              + Flags.WINDOW_RULE
              + " '"
              + windowRule
              + "' (give "
              + String.join(", ", FIXED, SLIDING)
              + " or "
              + LEGACY
              + ")");
    }
    if (fixed != (step == null)) {
      throw UserException.usage(
          Flags.WINDOW_RULE
              + " "
              + rule
              + (fixed ? " has no " : " needs a ")
              + Flags.SESSION_STEP
              + (fixed
                  ? " (leave it out, or give " + Flags.WINDOW_RULE + " " + SLIDING + ")"
                  : " (give one, e.g. 3h)"));
    }
    return rule.equals(LEGACY) ? WindowRule.Kind.LEGACY : WindowRule.Kind.ALIGNED;
  }

  private boolean keepEmpty() {
    OptionGroup.require(
        emptyWindows == null || emptyWindows.equals(KEEP) || emptyWindows.equals(DROP),
        Flags.EMPTY_WINDOWS,
        emptyWindows,
        KEEP + " or " + DROP);
    return KEEP.equals(emptyWindows);
  }

  private static String column(String field) {
    String lower = field.toLowerCase(Locale.ROOT);
    return List.of("level", "component", "host", "pid", "source").contains(lower) ? lower : field;
  }
}
