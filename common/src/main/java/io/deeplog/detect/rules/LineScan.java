package io.deeplog.detect.rules;

import io.deeplog.Pure;

/** Scans of a line for what no honest program writes; each is one pass, without going back. */
@Pure
final class LineScan {
  private static final int NO_OPERATION = 0x90;

  private LineScan() {}

  /**
   * Length of the longest run of no-operation bytes, raw or escaped.
   *
   * @param isBytes whether each character stands for a byte
   */
  static int noOperations(String text, boolean isBytes) {
    int longest = 0;
    int run = 0;
    int at = 0;
    while (at < text.length()) {
      int length = 0;
      char c = text.charAt(at);
      if (c == NO_OPERATION && isBytes) {
        length = 1;
      } else if (c == '\\' || c == '%') {
        length = escaped(text, at) == NO_OPERATION ? escapeLength(text, at) : 0;
        if (length == 0 && c == '%' && hex(text, at + 1, 2) == NO_OPERATION) {
          length = 3;
        }
      }
      run = length > 0 ? run + 1 : 0;
      longest = Math.max(longest, run);
      at += Math.max(1, length);
    }
    return longest;
  }

  /** Most escaped bytes in a row that are control characters or above 127. */
  static int escapedBytes(String text) {
    int longest = 0;
    int run = 0;
    int at = 0;
    while ((at = run > 0 ? at : text.indexOf('\\', at)) >= 0 && at < text.length()) {
      int value = escaped(text, at);
      if (value < 0) {
        run = 0;
        at++;
        continue;
      }
      run = value >= 0x7f || value < ' ' ? run + 1 : 0;
      longest = Math.max(longest, run);
      at += escapeLength(text, at);
    }
    return longest;
  }

  /** The byte of an escape at a place: three octal digits, two hex digits, with or without x. */
  private static int escaped(String text, int at) {
    if (at >= text.length() || text.charAt(at) != '\\') {
      return -1;
    }
    return switch (escapeLength(text, at)) {
      case 4 -> text.charAt(at + 1) == 'x' ? hex(text, at + 2, 2) : octal(text, at + 1);
      // Without an x, names in a path of Windows would do too.
      case 3 -> hex(text, at + 1, 2) >= 0x80 ? hex(text, at + 1, 2) : -1;
      default -> -1;
    };
  }

  private static int escapeLength(String text, int at) {
    if (octal(text, at + 1) >= 0) {
      return 4;
    }
    if (at + 1 < text.length() && text.charAt(at + 1) == 'x' && hex(text, at + 2, 2) >= 0) {
      return 4;
    }
    return hex(text, at + 1, 2) >= 0 ? 3 : 0;
  }

  private static int octal(String text, int at) {
    if (at + 3 > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + 3; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '7') {
        return -1;
      }
      value = value * 8 + c - '0';
    }
    return value > 255 ? -1 : value;
  }

  private static int hex(String text, int at, int digits) {
    if (at + digits > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0 || text.charAt(i) > 'f') {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  /** Whether a directive of printf writes memory, or so many that read it follow each other. */
  static boolean hasFormatAttack(String text, int least) {
    int reads = 0;
    int at = 0;
    while ((at = text.indexOf('%', at)) >= 0) {
      int start = at;
      at++;
      boolean position = false;
      boolean digits = false;
      while (at < text.length() && isModifierDigit(text.charAt(at))) {
        position |= text.charAt(at) == '$' && digits;
        digits |= text.charAt(at) >= '0' && text.charAt(at) <= '9';
        at++;
      }
      int sizes = at;
      while (at < text.length() && (text.charAt(at) == 'h' || text.charAt(at) == 'l')) {
        at++;
      }
      char conversion = at < text.length() ? text.charAt(at) : 0;
      if (conversion == 'n' && (position || at > sizes || reads > 0)) {
        return true;
      }
      boolean read =
          conversion == 'x' || conversion == 'X' || conversion == 'p' || conversion == 'n';
      reads = read ? reads + 1 : 0;
      if (reads >= least) {
        return true;
      }
      if (read) {
        at++;
        // Between two may stand what tells their values apart.
        int next = at;
        if (next < text.length() && ".-_:,|".indexOf(text.charAt(next)) >= 0) {
          next++;
        }
        if (next >= text.length() || text.charAt(next) != '%') {
          reads = 0;
        }
      }
      at = Math.max(at, start + 1);
    }
    return false;
  }

  private static boolean isModifierDigit(char c) {
    return (c >= '0' && c <= '9') || c == '$' || c == '.';
  }

  /** Control characters but tabs, line ends, and escape sequences that colour a terminal. */
  static int controlCharacters(String text, boolean isBytes) {
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0x1b) {
        int end = colourEnd(text, i);
        count += end < 0 ? 1 : 0;
        i = end < 0 ? i : end;
      } else if (c < ' ' ? c != '\t' && c != '\n' && c != '\r' : c == 0x7f) {
        count++;
      } else if (c >= 0x80 && c < 0xa0 && !isBytes) {
        // In bytes of an unknown encoding these may be letters.
        count++;
      }
    }
    return count;
  }

  /** Last character of a sequence such as ESC [ 1 ; 31 m; -1 when it is another. */
  private static int colourEnd(String text, int escape) {
    int at = escape + 1;
    if (at >= text.length() || text.charAt(at) != '[') {
      return -1;
    }
    at++;
    while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == ';')) {
      at++;
    }
    return at < text.length() && (text.charAt(at) == 'm' || text.charAt(at) == 'K') ? at : -1;
  }

  /** Most characters above 127 in a row. */
  static int rawBytes(String text) {
    int longest = 0;
    int run = 0;
    for (int i = 0; i < text.length(); i++) {
      run = text.charAt(i) > 0x7f ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    return longest;
  }
}
