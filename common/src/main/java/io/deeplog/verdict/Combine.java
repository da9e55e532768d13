package io.deeplog.verdict;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the detectors' says become one verdict. */
@Pure
public enum Combine {
  /**
   * Some detectors decide by themselves; the evidence of the others is added up, and decides when
   * the sum is what normal sessions hardly ever reach. See {@link Verdict}.
   */
  WEIGHTED,
  /** Any detector. */
  ANY,
  /** All detectors that learned agree, or a rule applies: rules always decide by themselves. */
  ALL,
  /**
   * Any detector, and what is found out first is the reason: rules, then log keys, then values
   * where the keys are normal (DeepLog, section 3); detectors of event counts beside them. See
   * {@link Cascade}.
   */
  CASCADE;

  /**
   * The way of a name.
   *
   * @throws UserException when there is none
   */
  public static Combine of(String name) {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "unknown way to combine '"
              + name
              + "' (give one of "
              + Arrays.stream(values()).map(Combine::id).collect(Collectors.joining(", "))
              + ")");
    }
  }

  /** The name in settings and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
