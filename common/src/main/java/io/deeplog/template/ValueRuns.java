package io.deeplog.template;

import io.deeplog.Pure;
import java.util.Arrays;

/**
 * Runs of tokens that may be one value at their place: what one pair of brackets or quotes holds, a
 * chunk between blanks, the value of a field, or a few constant words, such as a name with blanks.
 */
@Pure
final class ValueRuns {
  /** More words between blanks are a sentence, unless they are names. */
  private static final int MOST_WORDS = 3;

  private static final int MOST_NAMES = 4;

  /** Tokens of a field's value up to the next field's name. */
  private static final int MOST_TOKENS_OF_FIELD = 16;

  private static final int[] UNKNOWN = {};

  private final String[] texts;
  private final Phrases phrases;
  private final int[][] ends;

  /** Runs of a masked line's tokens. */
  ValueRuns(String[] texts) {
    this(texts, Phrases.NONE);
  }

  /** Runs of a masked line's tokens, known phrases among them. */
  ValueRuns(String[] texts, Phrases phrases) {
    this.texts = texts;
    this.phrases = phrases;
    this.ends = new int[texts.length + 1][];
    Arrays.fill(ends, UNKNOWN);
  }

  /** The end of the shortest run from a place on that ends behind another place, or -1. */
  int nextEnd(int start, int behind) {
    if (ends[start] == UNKNOWN) {
      ends[start] = ends(start);
    }
    for (int end : ends[start]) {
      if (end > behind) {
        return end;
      }
    }
    return -1;
  }

  /** Ends of all runs from a place on, ascending. */
  int[] ends(int start) {
    boolean[] found = new boolean[texts.length + 1];
    if (start < texts.length && !Tokens.isSeparator(texts[start])) {
      found[start + 1] = true;
    }
    if (isEmptyValue(start)) {
      found[start] = true;
    }
    String before = start == 0 ? " " : texts[start - 1];
    if (closing(before) != null) {
      int close = matching(start - 1);
      if (close >= start) {
        found[close] = true;
      }
    }
    if (start > 1 && isBlank(before) && closing(texts[start - 2]) != null) {
      int close = matching(start - 2);
      if (close > start && isBlank(texts[close - 1])) {
        found[close - 1] = true;
      }
    }
    boolean named =
        before.equals("=") || (start > 1 && isBlank(before) && texts[start - 2].equals("="));
    if (start + 1 < texts.length && beginsValue(before) && Tokens.isQuote(texts[start])) {
      int close = matching(start);
      // Between quotes nothing is a value, too, where a name tells of what.
      if (close > (named ? start : start + 1)) {
        found[close + 1] = true;
      }
    }
    if (start < texts.length && named) {
      field(start, found);
    }
    if (start < texts.length && beginsValue(before)) {
      phrases.ends(texts, start, found);
      for (int end : moreEnds(start + 1)) {
        found[end] = true;
      }
      chunks(start, found);
      if (!before.equals(":")) {
        words(start, found);
      }
    }
    int[] result = new int[texts.length + 1];
    int count = 0;
    for (int i = 0; i < found.length; i++) {
      if (found[i]) {
        result[count++] = i;
      }
    }
    return Arrays.copyOf(result, count);
  }

  /**
   * Ends of a masked value with its unit, or with more than another value in brackets, or with its
   * unit and any value in brackets: "7 KB", "app (64-bit)", "7 KB (7204)".
   *
   * @param end of the value alone
   */
  int[] moreEnds(int end) {
    if (end <= 0 || end > texts.length || !texts[end - 1].equals(Masker.WILDCARD)) {
      return new int[0];
    }
    boolean unit = end + 1 < texts.length && texts[end].equals(" ") && isUnit(texts[end + 1]);
    int brackets = bracketsEnd(unit ? end + 2 : end);
    if (unit) {
      return brackets > 0 ? new int[] {end + 2, brackets} : new int[] {end + 2};
    }
    // A value alone in the brackets may be another one.
    return brackets > 0 && !texts[end + 2].equals(Masker.WILDCARD)
        ? new int[] {brackets}
        : new int[0];
  }

  /** The end of brackets with a value, a blank before them, or -1. */
  private int bracketsEnd(int place) {
    boolean brackets =
        place + 3 < texts.length
            && texts[place].equals(" ")
            && "([".contains(texts[place + 1])
            && texts[place + 2].contains(Masker.WILDCARD)
            && texts[place + 3].equals(closing(texts[place + 1]));
    return brackets ? place + 4 : -1;
  }

  /** Whether a word is a unit, and no ordinal. */
  private static boolean isUnit(String word) {
    return Quantity.isUnit(word) && !word.equalsIgnoreCase("second");
  }

  private static boolean beginsValue(String before) {
    return isBlank(before) || "=([{\"',|<:".contains(before);
  }

  static boolean isBlank(String token) {
    return token.length() == 1 && Character.isWhitespace(token.charAt(0));
  }

  /** Whether tokens hold the end of every bracket and double quote that begins among them. */
  static boolean isBalanced(String[] texts, int start, int end) {
    int depth = 0;
    int quotes = 0;
    for (int i = start; i < end && depth >= 0; i++) {
      depth += opens(texts[i]);
      quotes += texts[i].equals("\"") ? 1 : 0;
    }
    return depth == 0 && quotes % 2 == 0;
  }

  private static String closing(String opening) {
    return switch (opening) {
      case "(" -> ")";
      case "[" -> "]";
      case "{" -> "}";
      case "<" -> ">";
      default -> Tokens.isQuote(opening) ? opening : null;
    };
  }

  /** The token that closes what a token opens, or -1. */
  int matching(int open) {
    String opening = texts[open];
    String close = closing(opening);
    int depth = 0;
    for (int i = open + 1; i < texts.length; i++) {
      if (texts[i].equals(close) && depth == 0) {
        return i;
      }
      if (texts[i].equals(opening)) {
        depth++;
      } else if (texts[i].equals(close)) {
        depth--;
      }
    }
    return -1;
  }

  /** Nothing, between brackets that close at once or behind an equals sign. */
  private boolean isEmptyValue(int start) {
    if (start == 0) {
      return false;
    }
    String before = texts[start - 1];
    boolean end = start == texts.length;
    if (before.equals("=")) {
      return end || isBlank(texts[start]) || ",;)]}".contains(texts[start]);
    }
    String close = closing(before);
    return close != null && !end && texts[start].equals(close);
  }

  /** 1 for a bracket that opens, -1 for one that closes. */
  private static int opens(String token) {
    return "([{<".contains(token) ? 1 : ")]}>".contains(token) ? -1 : 0;
  }

  /** The end of all that stands up to the next blank, comma or closing bracket, or -1. */
  int chunkEnd(int start) {
    int depth = 0;
    for (int i = start; i <= texts.length; i++) {
      String token = i == texts.length ? " " : texts[i];
      int opens = opens(token);
      if (depth == 0 && (isBlank(token) || opens < 0 || token.equals(",") || token.equals(";"))) {
        return i;
      }
      depth += opens;
    }
    return -1;
  }

  /**
   * A question mark for what is not known, and all that stands up to the next field's name, or to
   * the end of the brackets around the field.
   */
  private void field(int start, boolean[] found) {
    if (texts[start].equals("?")) {
      found[start + 1] = true;
    }
    if (closing(texts[start]) != null && !Tokens.isQuote(texts[start])) {
      int close = matching(start);
      if (close > start) {
        found[close + 1] = true;
      }
    }
    if (start + 4 < texts.length
        && isBlank(texts[start + 1])
        && "([".contains(texts[start + 2])
        && matching(start + 2) == start + 4) {
      // With its name: "rc = 2 [busy]".
      found[start + 5] = true;
    }
    int most = Math.min(texts.length, start + MOST_TOKENS_OF_FIELD);
    int depth = opens(texts[start]);
    for (int i = start + 1; i < most && !texts[i].equals("="); i++) {
      depth += opens(texts[i]);
      if (depth < 0) {
        found[i] |= !isBlank(texts[start]);
        return;
      }
      if (",;".contains(texts[i])) {
        int name = i + 1 < texts.length && isBlank(texts[i + 1]) ? i + 2 : i + 1;
        if (name + 1 < texts.length && texts[name + 1].equals("=")) {
          found[i] = true;
          return;
        }
      }
    }
  }

  /** Between blanks, whatever is within; brackets in balance, which may hold blanks. */
  private void chunks(int start, boolean[] found) {
    int depth = 0;
    boolean word = false;
    for (int i = start; i <= texts.length; i++) {
      String token = i == texts.length ? " " : texts[i];
      int opens = opens(token);
      if (depth == 0
          && i > start
          && word
          && !",;".contains(texts[i - 1])
          && (isBlank(token) || opens < 0 || isEnd(token))) {
        found[i] = true;
      }
      if (i == texts.length || (depth == 0 && (isBlank(token) || opens < 0 || token.equals("=")))) {
        return;
      }
      word |= !Tokens.isSeparator(token);
      depth += opens;
    }
  }

  private static boolean isEnd(String token) {
    return ",;:\"'|".contains(token) || token.chars().allMatch(c -> c == '.');
  }

  /**
   * A few words with one blank between each two: the same in all lines, or names with what varies
   * among them.
   */
  private void words(int start, boolean[] found) {
    boolean constant = true;
    boolean names = true;
    int words = 0;
    for (int i = start; i < texts.length && words < MOST_NAMES; i += 2) {
      if (Tokens.isSeparator(texts[i])) {
        return;
      }
      boolean masked = texts[i].contains(Masker.WILDCARD);
      constant &= !masked;
      names &= masked || hasInnerSign(texts[i]) || (i > 0 && isName(texts[i]));
      words++;
      if ((names || (constant && words <= MOST_WORDS))
          && (i + 1 == texts.length || !texts[i + 1].equals("="))) {
        found[i + 1] = true;
        // "Photo Helper(217)", "helper (217)"
        int open = i + 2 < texts.length && texts[i + 1].equals(" ") ? i + 2 : i + 1;
        if ((open == i + 1 ? words > 1 : !masked)
            && open + 2 < texts.length
            && "([".contains(texts[open])
            && matching(open) == open + 2
            && texts[open + 1].equals(Masker.WILDCARD)) {
          found[open + 3] = true;
        }
      }
      if (i + 1 < texts.length && !texts[i + 1].equals(" ")) {
        return;
      }
    }
  }

  private static boolean isName(String word) {
    return word.chars().anyMatch(c -> Character.isUpperCase(c) || Character.isDigit(c));
  }

  private static boolean hasInnerSign(String word) {
    for (int i = 1; i + 1 < word.length(); i++) {
      if ("._-/\\@$".indexOf(word.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }
}
