package io.deeplog.detect.path;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** When an entry is abnormal to the log-key model. */
@Pure
public enum PathRule {
  /** The key is not among the g likeliest (DeepLog, section 3.1). */
  TOP_G,
  /** The key is less likely than a cut that held-out normal sessions hardly ever fall below. */
  PROBABILITY,
  /** Either of the two. */
  EITHER;

  /**
   * The rule of a name.
   *
   * @throws UserException when there is none
   */
  public static PathRule of(String name) {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "unknown rule '"
              + name
              + "' (give one of "
              + Arrays.stream(values()).map(PathRule::id).collect(Collectors.joining(", "))
              + ")");
    }
  }

  /** The name in settings and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
