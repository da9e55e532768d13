package io.deeplog.jobs.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The truth about a log, as two tables of comma-separated values. Names hold no commas or quotes.
 */
final class Labels {
  private final StringBuilder sessions = new StringBuilder("session,label,kind\n");
  private final StringBuilder lines = new StringBuilder("line,label,kind\n");

  /** Notes all names of a session. */
  void session(Session session) {
    for (String key : session.keys()) {
      row(sessions.append(key), session.kind());
    }
  }

  /**
   * Notes a line if it is abnormal.
   *
   * @param number of the line, from 1
   */
  void line(long number, Step step) {
    if (step.kind != null) {
      row(lines.append(number), step.kind);
    }
  }

  void writeSessions(OutputStream out) throws IOException {
    out.write(sessions.toString().getBytes(StandardCharsets.US_ASCII));
  }

  void writeLines(OutputStream out) throws IOException {
    out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static void row(StringBuilder table, AnomalyKind kind) {
    table.append(kind == null ? ",Normal," : ",Anomaly," + kind.id()).append('\n');
  }
}
