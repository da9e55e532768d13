package io.deeplog.log;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.List;

/**
 * Fields of a CSV record as RFC 4180 has them: a field that starts with a double quote ends at the
 * next that is not doubled, and may hold separators and line breaks.
 */
@Pure
final class CsvLine {
  private static final char QUOTE = '"';

  private CsvLine() {}

  /** The fields of a record; null when a quote is not closed, or text follows a closed one. */
  static List<String> split(String record, char separator) {
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (true) {
      if (at < record.length() && record.charAt(at) == QUOTE) {
        StringBuilder field = new StringBuilder();
        int close = at;
        do {
          int next = record.indexOf(QUOTE, close + 1);
          if (next < 0) {
            return null;
          }
          field.append(field.isEmpty() && close == at ? "" : "\"").append(record, close + 1, next);
          close = next + 1;
        } while (close < record.length() && record.charAt(close) == QUOTE);
        fields.add(field.toString());
        if (close == record.length()) {
          return fields;
        }
        if (record.charAt(close) != separator) {
          return null;
        }
        at = close + 1;
      } else {
        int next = record.indexOf(separator, at);
        fields.add(record.substring(at, next < 0 ? record.length() : next));
        if (next < 0) {
          return fields;
        }
        at = next + 1;
      }
    }
  }

  /**
   * Whether a quoted field is open after a line.
   *
   * @param open whether one was before it
   */
  static boolean isOpen(boolean open, String line, char separator) {
    boolean fieldStart = !open;
    boolean quoted = open;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted) {
        // A doubled quote closes and opens again.
        quoted = c != QUOTE;
      } else if (c == QUOTE && (fieldStart || (i > 0 && line.charAt(i - 1) == QUOTE))) {
        quoted = true;
      }
      fieldStart = !quoted && c == separator;
    }
    return quoted;
  }
}
