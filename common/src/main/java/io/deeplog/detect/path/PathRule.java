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
  /** One of the two above. */
  EITHER,
  /** The key is not the likeliest one. */
  ARGMAX;

  /**
   * Whether an entry is abnormal.
   *
   * @param rank of its key, 1 for the likeliest
   * @param surprise of its key, -ln p
   * @param topG keys that are normal at a place
   * @param cut surprise that is normal
   */
  public boolean abnormal(int rank, double surprise, int topG, double cut) {
    return switch (this) {
      case TOP_G -> rank > topG;
      case PROBABILITY -> surprise > cut;
      case EITHER -> rank > topG || surprise > cut;
      case ARGMAX -> rank > 1;
    };
  }

  /**
   * Whether it has a limit that nobody gave.
   *
   * @param fixedG g, where it was given
   */
  boolean chooses(Integer fixedG) {
    return this != ARGMAX && (this != TOP_G || fixedG == null);
  }

  /** When a key is abnormal, in words. */
  public String condition(int topG, double cut) {
    String outsideTop = String.format(Locale.ROOT, "not among the %d likeliest", topG);
    String unlikely = String.format(Locale.ROOT, "unlikely: -ln p > %.2f", cut);
    return "log key after its history "
        + switch (this) {
          case TOP_G -> outsideTop;
          case PROBABILITY -> unlikely;
          case EITHER -> outsideTop + ", or " + unlikely;
          case ARGMAX -> "not the likeliest";
        };
  }

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
