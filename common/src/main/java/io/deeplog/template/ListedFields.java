package io.deeplog.template;

import io.deeplog.Pure;
import java.util.Arrays;

/**
 * Values of fields that a line lists with their names, "name: value, other name: other value, third
 * = 3". With two or more such fields between commas, a value is whatever stands up to the next
 * comma, blanks included.
 */
@Pure
final class ListedFields {
  /** A list has two. */
  private static final int LEAST = 2;

  /** More words are a sentence. */
  private static final int MOST_WORDS = 4;

  private static final int[] NONE = {};

  private ListedFields() {}

  /** Start and end of every value that has blanks or stands alone, in order; empty for no list. */
  static int[] of(String text) {
    int first = text.indexOf(": ");
    if (first < 0 || text.indexOf(", ", first) < 0) {
      return NONE;
    }
    int[] places = new int[8];
    int count = 0;
    int listed = 0;
    int start = 0;
    int colon = first;
    while (start < text.length()) {
      int end = segmentEnd(text, start);
      if (colon >= 0 && colon < start) {
        colon = text.indexOf(": ", start);
      }
      // The first segment may begin with what the line says: "Eval: check, ..." names no field.
      int last = start == 0 && colon >= 0 && colon < end ? lastColon(text, colon, end) : colon;
      listed += text.substring(start, end).indexOf('=') > 0 ? 1 : 0;
      if (last >= 0 && last + 2 < end && isValue(text, last + 2, end)) {
        listed++;
        places = Arrays.copyOf(places, Math.max(places.length, 2 * count + 2));
        places[2 * count] = last + 2;
        places[2 * count + 1] = end;
        count++;
      }
      start = end + 2;
    }
    return listed < LEAST ? NONE : Arrays.copyOf(places, 2 * count);
  }

  private static int segmentEnd(String text, int start) {
    int comma = text.indexOf(", ", start);
    return comma < 0 ? text.length() : comma;
  }

  private static int lastColon(String text, int colon, int end) {
    int last = colon;
    for (int next = text.indexOf(": ", last + 1);
        next >= 0 && next < end;
        next = text.indexOf(": ", last + 1)) {
      last = next;
    }
    return last;
  }

  /**
   * Whether nothing but words and single blanks stands in a place. Several words with a masked one
   * among them are rather a part of the sentence.
   */
  private static boolean isValue(String text, int start, int end) {
    int words = 1;
    if (text.indexOf(' ', start) < end
        && text.indexOf(' ', start) >= 0
        && text.substring(start, end).contains(Masker.WILDCARD)) {
      return false;
    }
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c == ' ') {
        words++;
        if (i == start || i + 1 == end || text.charAt(i + 1) == ' ' || words > MOST_WORDS) {
          return false;
        }
      } else if (text.startsWith(Masker.WILDCARD, i)) {
        i += Masker.WILDCARD.length() - 1;
      } else if ((Character.isWhitespace(c) || "=:,;()[]{}\"'|<>.!?".indexOf(c) >= 0)
          && !(c == '.' && i + 1 < end && text.charAt(i + 1) != ' ' && text.charAt(i + 1) != '.')) {
        return false;
      }
    }
    return true;
  }
}
