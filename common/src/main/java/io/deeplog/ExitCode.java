package io.deeplog;

/** What a command's exit code says. */
@Pure
public enum ExitCode {
  /** Done. */
  OK(0),
  /** A fault of the program; the only one that prints a stack trace unasked. */
  BUG(1),
  /** Wrong options or settings. */
  USAGE(2),
  /** Input that is missing or not what it was said to be. */
  INPUT(3),
  /** The result is below what the user asked for. */
  QUALITY_GATE(4);

  private final int value;

  ExitCode(int value) {
    this.value = value;
  }

  /** The number the process exits with. */
  public int value() {
    return value;
  }
}
