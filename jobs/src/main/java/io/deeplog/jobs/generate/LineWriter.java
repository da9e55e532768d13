package io.deeplog.jobs.generate;

import java.io.IOException;
import java.io.OutputStream;

/** Writes lines to a stream through one buffer. The stream is not closed. */
final class LineWriter {
  private static final int FLUSH_AT = 1 << 15;

  private final OutputStream out;
  private final Header header;
  private final boolean unique;
  private final LineBuffer buffer = new LineBuffer();
  private long lines;

  /**
   * A writer of one log.
   *
   * @param unique whether to end every line's content with a word that occurs nowhere else
   */
  LineWriter(OutputStream out, Service service, boolean unique) {
    this.out = out;
    this.header = new Header(service);
    this.unique = unique;
  }

  /** Returns the number of lines written. */
  long lines() {
    return lines;
  }

  /** Writes one step's line, ended by the given characters. */
  void write(Session session, Step step, long millis, String end) throws IOException {
    header.appendTo(buffer, millis, session, step);
    step.body.appendTo(buffer);
    if (unique) {
      word(lines);
    }
    finish(end);
  }

  /** Writes a line that is no step's. */
  void write(String ascii) throws IOException {
    buffer.text(ascii);
    finish("\n");
  }

  void flush() throws IOException {
    buffer.flushTo(out);
    out.flush();
  }

  private void finish(String end) throws IOException {
    buffer.text(end);
    lines++;
    if (buffer.size() >= FLUSH_AT) {
      buffer.flushTo(out);
    }
  }

  /**
   * Appends nine letters that differ for any two numbers below 20^9. The letters start at g, so
   * that no rule that masks hexadecimal numbers takes them away; the multiplication, a permutation
   * of the numbers below 20^9, makes neighbours look unlike each other.
   */
  private void word(long index) {
    long rest = index % 512_000_000_000L * 15_485_863L % 512_000_000_000L;
    buffer.text(' ');
    for (int i = 0; i < 9; i++) {
      buffer.text((char) ('g' + rest % 20));
      rest /= 20;
    }
  }
}
