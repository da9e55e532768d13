package io.deeplog.detect.rules;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * A rule of {@code conf/rules.yaml}.
 *
 * @param name how figures call it
 * @param reason what the report says
 * @param anomaly whether a session with such a line is anomalous; else it is for review only
 * @param test when it applies
 * @param least how much of what the test counts; of {@link Test#FIRST_SEEN}, how many lines at most
 * @param texts of the test for texts
 * @param ignoreCase of them
 * @param components that the line must be of; empty for any
 */
@Pure
record LineRule(
    String name,
    String reason,
    boolean anomaly,
    Test test,
    int least,
    List<String> texts,
    boolean ignoreCase,
    List<String> components)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What a rule looks for. */
  enum Test {
    NO_OPERATIONS("no-operations"),
    FORMAT_DIRECTIVES("format-directives"),
    ESCAPED_BYTES("escaped-bytes"),
    CONTROL_CHARACTERS("control-characters"),
    RAW_BYTES("raw-bytes"),
    NO_FORMAT("no-format"),
    LONGER_THAN("longer-than"),
    CONTAINS("contains"),
    /** Not told by the line alone: {@link LineRules#firstSeen}. */
    FIRST_SEEN("first-seen");

    private final String key;

    Test(String key) {
      this.key = key;
    }

    /** Its key in the file. */
    String key() {
      return key;
    }
  }

  /**
   * Whether it applies to a line.
   *
   * @param text the content, or the whole line where it fits no format
   * @param component null when the line has none
   * @param isBytes whether the line is not UTF-8, and each character stands for a byte
   * @param fits whether the line fits the format
   */
  boolean applies(String text, String component, boolean isBytes, boolean fits) {
    if (!components.isEmpty() && !components.contains(component)) {
      return false;
    }
    return switch (test) {
      case NO_OPERATIONS -> LineScan.noOperations(text, isBytes) >= least;
      case FORMAT_DIRECTIVES -> LineScan.hasFormatAttack(text, least);
      case ESCAPED_BYTES -> LineScan.escapedBytes(text) >= least;
      case CONTROL_CHARACTERS -> LineScan.controlCharacters(text, isBytes) >= least;
      case RAW_BYTES -> isBytes && LineScan.rawBytes(text) >= least;
      case NO_FORMAT -> !fits;
      case LONGER_THAN -> text.length() > least;
      case CONTAINS -> containsAny(text);
      case FIRST_SEEN -> false;
    };
  }

  private boolean containsAny(String text) {
    String searched = ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
    for (String wanted : texts) {
      if (searched.contains(wanted)) {
        return true;
      }
    }
    return false;
  }
}
