package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Command lines run in this process. */
final class Cli {
  private Cli() {}

  /** What a command line left. */
  record Result(ExitCode code, String out, String err) {
    /** Checks that it went well and said nothing on the error stream. */
    Result succeeded() {
      assertThat(err).isEmpty();
      assertThat(code).isEqualTo(ExitCode.OK);
      return this;
    }

    /** Checks that it failed as a user error should: one line, no stack trace. */
    Result failed(ExitCode expected, String... parts) {
      assertThat(err.lines().toList()).hasSize(1);
      assertThat(err).startsWith("deeplog: ").contains(parts).doesNotContain("Exception");
      assertThat(code).isEqualTo(expected);
      return this;
    }
  }

  /** Runs a command line. */
  static Result run(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ExitCode code;
    try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      code = Main.run(args, outStream, errStream);
    }
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
