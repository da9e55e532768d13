package io.deeplog.jobs.options;

import io.deeplog.UserException;
import io.deeplog.sequence.SessionKey;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.kohsuke.args4j.Option;

/** What makes lines one session. */
public final class SessionOptions implements OptionGroup {
  @Option(
      name = Flags.SESSION,
      metaVar = "REGEX",
      forbids = {Flags.SESSION_FIELD, Flags.SESSION_WINDOW},
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
      OptionGroup.require(option, this::key);
    }
  }

  /**
   * The session key.
   *
   * @throws UserException when none is given
   */
  public SessionKey key() {
    List<String> names =
        fields == null
            ? List.of()
            : Pattern.compile(",")
                .splitAsStream(fields)
                .map(String::trim)
                .map(SessionOptions::column)
                .toList();
    if (window != null) {
      return step == null
          ? SessionKey.byWindow(window, names)
          : SessionKey.byWindow(window, step, names);
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

  private static String column(String field) {
    String lower = field.toLowerCase(Locale.ROOT);
    return List.of("level", "component", "host", "pid", "source").contains(lower) ? lower : field;
  }
}
