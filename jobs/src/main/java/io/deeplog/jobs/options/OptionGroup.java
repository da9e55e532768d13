package io.deeplog.jobs.options;

import io.deeplog.UserException;

/** Options that belong together; fields carry args4j's annotations. */
public interface OptionGroup {
  /** The group's heading in help. */
  String heading();

  /**
   * Checks values that args4j cannot.
   *
   * @throws UserException of usage, naming the option, its value and what it should be
   */
  default void validate() {}

  /** Throws unless a value is right. */
  static void require(boolean right, String option, Object value, String shouldBe) {
    if (!right) {
      throw UserException.usage("bad " + option + " " + value + " (give " + shouldBe + ")");
    }
  }

  /** Throws unless a value is a share: neither nothing nor all. */
  static void requireShare(String option, Double value) {
    require(value > 0 && value < 1, option, value, "more than 0, less than 1");
  }

  /** Runs a check that knows a value but not the option it came by, and names the option. */
  static void require(String option, Runnable check) {
    try {
      check.run();
    } catch (UserException e) {
      throw UserException.usage("bad " + option + ": " + e.getMessage());
    }
  }
}
