package io.deeplog.log;

import io.deeplog.Pure;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of a stream as bytes, ended by line feeds, with the offset of their start. A line longer
 * than a limit keeps its head; the rest is passed over.
 */
@Pure
final class LineSource {
  private static final int BUFFER = 1 << 16;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int filled;

  private byte[] line = new byte[1024];
  private int length;
  private boolean cut;
  private long offset;
  private long position;

  /**
   * Lines of a stream.
   *
   * @param position the stream's offset in its file; a byte order mark at 0 is no text
   * @param limit most bytes of a line
   */
  LineSource(InputStream in, long position, int limit) {
    this.in = in;
    this.position = position;
    this.limit = limit;
  }

  /** Reads the next line; false at the end. */
  boolean next() throws IOException {
    offset = position;
    length = 0;
    cut = false;
    boolean any = false;
    while (at < filled || fill()) {
      any = true;
      int end = at;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      append(at, end - at);
      boolean ended = end < filled;
      position += end - at + (ended ? 1 : 0);
      at = end + (ended ? 1 : 0);
      if (ended) {
        break;
      }
    }
    if (any && offset == 0) {
      dropMark();
    }
    return any;
  }

  private boolean fill() throws IOException {
    at = 0;
    filled = Math.max(0, in.read(buffer, 0, BUFFER));
    return filled > 0;
  }

  private void append(int from, int count) {
    int room = Math.min(count, limit - length);
    cut |= room < count;
    if (length + room > line.length) {
      line = Arrays.copyOf(line, (int) Math.min(limit, Math.max(2L * line.length, length + room)));
    }
    System.arraycopy(buffer, from, line, length, room);
    length += room;
  }

  private void dropMark() {
    int mark = BYTE_ORDER_MARK.length;
    if (length >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark)) {
      System.arraycopy(line, mark, line, 0, length - mark);
      length -= mark;
    }
  }

  /** The line's bytes, good until the next. */
  byte[] bytes() {
    return line;
  }

  /** How many of them. */
  int length() {
    return length;
  }

  /** Where the line starts. */
  long offset() {
    return offset;
  }

  /** Whether the line is longer than the limit. */
  boolean isCut() {
    return cut;
  }
}
