package io.deeplog.jobs.generate;

import java.util.Locale;

/** How an abnormal session or line departs from normal ones. */
public enum AnomalyKind {
  /** A mandatory step does not happen. */
  MISSING_STEP,
  /** The steps of a normal session, two of them in an order that never occurs normally. */
  WRONG_ORDER,
  /** The session stops where no normal one ends. */
  CUT_SHORT,
  /** A line of a type that never occurs normally. */
  NEW_EVENT,
  /** A step, or a pair of steps, repeated at least 15 times more than normally. */
  LOOP,
  /** A duration far beyond the normal ones; the order of the steps is normal. */
  SLOW_VALUE,
  /** A size, or another number, that cannot be; the order of the steps is normal. */
  WRONG_VALUE,
  /** Dozens of lines of a normally rare type within seconds. */
  BURST,
  /** A line holding an attacker's input: format strings, a NOP sled, binary bytes, markup. */
  EXPLOIT_LINE;

  /** Returns the spelling used in the label files, such as {@code missing_step}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
