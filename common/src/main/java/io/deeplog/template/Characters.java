package io.deeplog.template;

import io.deeplog.Pure;

/** Classes of characters, by a table for those of ASCII. */
@Pure
final class Characters {
  /** How far back the begin of a quotation is looked for. */
  private static final int LONGEST_QUOTATION = 512;

  static final int LETTER = 1;
  static final int DIGIT = 2;
  static final int HEX = 4;
  static final int DELIMITER = 8;
  private static final byte[] CLASSES = classes();

  private Characters() {}

  private static byte[] classes() {
    byte[] result = new byte[128];
    for (char c = 0; c < 128; c++) {
      int bits = 0;
      if (Character.isLetter(c)) {
        bits |= LETTER;
      }
      if (c >= '0' && c <= '9') {
        bits |= DIGIT | HEX;
      }
      if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        bits |= HEX;
      }
      if (Character.isWhitespace(c) || "=,;()[]{}\"'<>|".indexOf(c) >= 0) {
        bits |= DELIMITER;
      }
      result[c] = (byte) bits;
    }
    return result;
  }

  /** All classes of a character, as bits; 0 outside ASCII. */
  static int of(char c) {
    return c < 128 ? CLASSES[c] : 0;
  }

  static boolean is(char c, int type) {
    return (of(c) & type) != 0;
  }

  static boolean isDelimiter(char c) {
    return c < 128 ? (CLASSES[c] & DELIMITER) != 0 : Character.isWhitespace(c);
  }

  /**
   * Whether a place holds the backslash of a quote within a quotation: one that opens, or one
   * behind it. That of a directory, {@code "C:\Temp\"}, is none.
   */
  static boolean isEscapedQuote(String line, int position) {
    if (!isBackslashOfQuote(line, position)) {
      return false;
    }
    int first = Math.max(0, position - LONGEST_QUOTATION);
    for (int i = position; i >= first; i--) {
      boolean opens = i == 0 || isDelimiter(line.charAt(i - 1));
      if (opens && isBackslashOfQuote(line, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBackslashOfQuote(String line, int position) {
    return line.charAt(position) == '\\'
        && position + 1 < line.length()
        && (line.charAt(position + 1) == '"' || line.charAt(position + 1) == '\'')
        && (position == 0 || line.charAt(position - 1) != '\\');
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isAlnum(char c) {
    return c < 128 ? (CLASSES[c] & (LETTER | DIGIT)) != 0 : Character.isLetterOrDigit(c);
  }

  static boolean isUpper(char c) {
    return c < 128 ? c >= 'A' && c <= 'Z' : Character.isUpperCase(c);
  }

  static boolean isWordPart(char c) {
    return isAlnum(c) || c == '_';
  }

  /** Whether no word goes on at a place. */
  static boolean isBoundary(String line, int position) {
    return position >= line.length() || !isWordPart(line.charAt(position));
  }
}
