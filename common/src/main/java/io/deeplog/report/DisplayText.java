package io.deeplog.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Prepares text from logs for reading: cuts it, splits off template wildcards, and turns characters
 * that would hide, reorder or break the text around them into something visible.
 *
 * <p>Escaping is not done here but by the template engine, for every piece alike.
 */
final class DisplayText {

  /** The longest text shown in full, in characters. */
  static final int MAX_TEXT = 2_000;

  /** The longest name (session, detector, source) shown in full, in characters. */
  static final int MAX_NAME = 300;

  private static final String WILDCARD = "<*>";

  /**
   * A run of characters shown alike.
   *
   * @param kind how: {@code literal}, {@code wildcard}, {@code control} or {@code more}
   * @param text the characters
   */
  record Piece(String kind, String text) {}

  private DisplayText() {}

  /** A log line: its line breaks and tabs are kept, for stack traces. */
  static List<Piece> line(String text) {
    return pieces(text, MAX_TEXT, false, true);
  }

  /** A template: its wildcards are pieces of their own. */
  static List<Piece> template(String text) {
    return pieces(text, MAX_TEXT, true, false);
  }

  /** A short text on one line. */
  static List<Piece> name(String text) {
    return pieces(text, MAX_NAME, false, false);
  }

  /** {@link #name(String)} where there can be no markup: attributes and the page's title. */
  static String plain(String text) {
    StringBuilder out = new StringBuilder();
    name(text).forEach(piece -> out.append(piece.text()));
    return out.toString();
  }

  private static List<Piece> pieces(String text, int max, boolean wildcards, boolean breaks) {
    int end = text.length();
    if (end > max) {
      end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    }
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < end) {
      if (wildcards && text.startsWith(WILDCARD, at)) {
        flush(literal, pieces);
        pieces.add(new Piece("wildcard", WILDCARD));
        at += WILDCARD.length();
        continue;
      }
      int c = text.codePointAt(at);
      if ((breaks && (c == '\n' || c == '\t')) || !mustBeVisible(c)) {
        literal.appendCodePoint(c);
      } else {
        flush(literal, pieces);
        pieces.add(new Piece("control", visible(c)));
      }
      at += Character.charCount(c);
    }
    flush(literal, pieces);
    // A wildcard may reach over the cut.
    if (at < text.length()) {
      pieces.add(new Piece("more", "… (" + Format.count(text.length() - at) + " more characters)"));
    }
    return pieces;
  }

  private static void flush(StringBuilder literal, List<Piece> pieces) {
    if (!literal.isEmpty()) {
      pieces.add(new Piece("literal", literal.toString()));
      literal.setLength(0);
    }
  }

  private static boolean mustBeVisible(int c) {
    // The joiners are part of how some scripts and emoji are written, and change no order.
    if (c == 0x200C || c == 0x200D) {
      return false;
    }
    if ((c & 0xFFFE) == 0xFFFE) {
      return true;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  private static String visible(int c) {
    // Not the control pictures such as U+2400: many fonts have none.
    return c < 0x100 ? String.format("\\x%02X", c) : String.format("U+%04X", c);
  }
}
