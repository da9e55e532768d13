package io.deeplog;

/**
 * An error that the user can mend. Its message is one line: what is wrong, which value, how to fix
 * it.
 */
@Pure
public final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  private UserException(ExitCode exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** Wrong options or settings. */
  public static UserException usage(String message) {
    return new UserException(ExitCode.USAGE, message, null);
  }

  /** Input that is missing or bad. */
  public static UserException input(String message) {
    return new UserException(ExitCode.INPUT, message, null);
  }

  /** Input that is missing or bad, with the error that showed it. */
  public static UserException input(String message, Throwable cause) {
    return new UserException(ExitCode.INPUT, message, cause);
  }

  /** A result below the wanted quality. */
  public static UserException qualityGate(String message) {
    return new UserException(ExitCode.QUALITY_GATE, message, null);
  }

  /** A text as a message shows it: of a longer one the head. */
  public static String shown(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "...";
  }

  /** How the process should exit. */
  public ExitCode exitCode() {
    return exitCode;
  }

  /**
   * The user error at the bottom of a failure, or null: Spark wraps what a task throws.
   *
   * @param failure any throwable
   */
  public static UserException in(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof UserException e) {
        return e;
      }
    }
    return null;
  }
}
