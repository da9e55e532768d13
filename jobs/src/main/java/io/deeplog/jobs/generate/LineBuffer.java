package io.deeplog.jobs.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * A reusable buffer of bytes that lines are appended to. Bytes and not chars, because some lines
 * are no valid text; no formatter, because lines are written by the hundred million.
 */
final class LineBuffer {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private byte[] bytes = new byte[1 << 16];
  private int size;

  /** Returns the number of bytes held. */
  int size() {
    return size;
  }

  /** Appends ASCII text. Other characters must come through {@link #raw}. */
  LineBuffer text(String ascii) {
    int length = ascii.length();
    room(length);
    for (int i = 0; i < length; i++) {
      bytes[size++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /** Appends one ASCII character. */
  LineBuffer text(char ascii) {
    room(1);
    bytes[size++] = (byte) ascii;
    return this;
  }

  /** Appends bytes as they are. */
  LineBuffer raw(byte[] some) {
    room(some.length);
    System.arraycopy(some, 0, bytes, size, some.length);
    size += some.length;
    return this;
  }

  /** Appends a number in decimal. */
  LineBuffer number(long value) {
    room(20);
    if (value < 0) {
      bytes[size++] = '-';
    }
    int start = size;
    long rest = value;
    do {
      // The digits are taken with their sign off one by one: Long.MIN_VALUE has no positive twin.
      bytes[size++] = (byte) ('0' + Math.abs(rest % 10));
      rest /= 10;
    } while (rest != 0);
    for (int i = start, j = size - 1; i < j; i++, j--) {
      byte swap = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = swap;
    }
    return this;
  }

  /** Appends a non-negative number in decimal, with zeros in front up to {@code width} digits. */
  LineBuffer padded(int value, int width) {
    room(width);
    int rest = value;
    for (int i = size + width - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += width;
    return this;
  }

  /** Appends a number of hundredths with two decimals: 1984 as {@code 19.84}. */
  LineBuffer hundredths(int value) {
    return number(value / 100).text('.').padded(value % 100, 2);
  }

  /** Appends 16 hexadecimal digits. */
  LineBuffer hex(long value) {
    room(16);
    for (int shift = 60; shift >= 0; shift -= 4) {
      bytes[size++] = (byte) HEX[(int) (value >>> shift) & 15];
    }
    return this;
  }

  /** Appends an IPv4 address, its first part in the highest eight bits. */
  LineBuffer address(int packed) {
    return number(packed >>> 24)
        .text('.')
        .number((packed >>> 16) & 255)
        .text('.')
        .number((packed >>> 8) & 255)
        .text('.')
        .number(packed & 255);
  }

  /** Appends an address, a colon and a port. */
  LineBuffer endpoint(int packed, int port) {
    return address(packed).text(':').number(port);
  }

  /** Appends the name of a block. */
  LineBuffer block(long id) {
    return text("blk_").number(id);
  }

  /** Writes all bytes held and forgets them. */
  void flushTo(OutputStream out) throws IOException {
    out.write(bytes, 0, size);
    size = 0;
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
