package io.deeplog.jobs.generate;

import java.io.IOException;
import java.util.Set;

/**
 * Lines as broken collectors leave them: empty, without a header, or ended as on Windows. The
 * numbers are fixed so that the description of the test data can name them.
 */
final class AwkwardLines {
  private static final String NO_HEADER = "=== collector restarted, buffer of 3 messages lost ===";

  private final Set<Long> empty;
  private final Set<Long> headerless;
  private final Set<Long> carriageReturn;

  private AwkwardLines(Set<Long> empty, Set<Long> headerless, Set<Long> carriageReturn) {
    this.empty = empty;
    this.headerless = headerless;
    this.carriageReturn = carriageReturn;
  }

  static AwkwardLines none() {
    return new AwkwardLines(Set.of(), Set.of(), Set.of());
  }

  static AwkwardLines some() {
    return new AwkwardLines(Set.of(120L, 500L), Set.of(301L), Set.of(40L, 41L, 42L, 350L));
  }

  /** Writes the awkward lines, if any, that come before the next ordinary one. */
  void before(LineWriter writer) throws IOException {
    long next = writer.lines() + 1;
    if (empty.contains(next)) {
      writer.write("");
    } else if (headerless.contains(next)) {
      writer.write(NO_HEADER);
    }
  }

  /** Returns how to end an ordinary line, by its number from 1. */
  String end(long number) {
    return carriageReturn.contains(number) ? "\r\n" : "\n";
  }
}
