package io.deeplog.template;

import io.deeplog.Pure;
import java.util.Arrays;

/**
 * Replaces what is plainly a value (numbers, addresses, paths, identifiers) by {@value #WILDCARD},
 * in one scan of the line and without regular expressions. Equal masked lines are then learned
 * once, however many lines there are.
 *
 * <p>The most important property: values of one kind in one place always give one masked text.
 * Hence sign, decimals, thousands and unit belong to the value, and values that are glued by {@code
 * . , : - + / _} become one.
 *
 * <p>Not for use by several threads: the places of the values of the last line are kept.
 */
@Pure
public final class Masker {
  /** Stands for a value in masked lines and templates. */
  public static final String WILDCARD = "<*>";

  private static final int HEX_WORD = 8;
  private static final int CLASS_CHANGES = 4;

  /** What comes after this many characters is one value; it bounds what a line can cost. */
  static final int MAX_MASKED = 4096;

  private final StringBuilder out = new StringBuilder();
  private String line;
  private int[] bounds = new int[32];
  private int count;

  /** Masks a line; {@link #count}, {@link #start} and {@link #end} then tell its values. */
  public String mask(String content) {
    line = content;
    out.setLength(0);
    count = 0;
    int length = content.length() <= MAX_MASKED ? content.length() : head(content);
    int position = 0;
    while (position < length) {
      if (content.startsWith(WILDCARD, position)) {
        // Content that holds the wildcard itself: only a value can give it back.
        value(position, position + WILDCARD.length());
        position += WILDCARD.length();
      } else if (isDelimiter(content.charAt(position))) {
        out.append(content.charAt(position++));
      } else {
        int end = position;
        while (end < length && !isDelimiter(content.charAt(end))) {
          end++;
        }
        end = withThousands(position, end);
        chunk(position, end);
        position = end;
      }
    }
    if (length < content.length()) {
      value(length, content.length());
    }
    return out.toString();
  }

  /** Where the masked head of a very long line ends: behind a blank, or at once. */
  private static int head(String content) {
    return content.lastIndexOf(' ', MAX_MASKED) + 1;
  }

  /** Number of values in the last line. */
  public int count() {
    return count;
  }

  /** Where a value of the last line starts, in characters. */
  public int start(int value) {
    return bounds[2 * value];
  }

  /** Where a value of the last line ends, in characters. */
  public int end(int value) {
    return bounds[2 * value + 1];
  }

  private static boolean isDelimiter(char c) {
    return switch (c) {
      case ' ', '\t', '=', ',', ';', '(', ')', '[', ']', '{', '}', '"', '\'', '<', '>', '|' -> true;
      default -> Character.isWhitespace(c);
    };
  }

  /** Extends a chunk that is a number over groups of thousands: {@code 1,234,567}. */
  private int withThousands(int start, int end) {
    int first = line.charAt(start) == '-' || line.charAt(start) == '+' ? start + 1 : start;
    if (end - first < 1 || end - first > 3 || !allDigits(first, end)) {
      return end;
    }
    int extended = end;
    while (extended + 3 < line.length()
        && line.charAt(extended) == ','
        && allDigits(extended + 1, extended + 4)
        && (extended + 4 == line.length()
            || !Character.isLetterOrDigit(line.charAt(extended + 4)))) {
      extended += 4;
    }
    return extended;
  }

  private boolean allDigits(int start, int end) {
    for (int i = start; i < end; i++) {
      if (!isDigit(line.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** A run without delimiters: a path or URL as a whole, else word by word. */
  private void chunk(int start, int end) {
    int core = end;
    while (core > start && ".:,!?".indexOf(line.charAt(core - 1)) >= 0) {
      core--;
    }
    int scheme = line.indexOf("://", start);
    if (scheme > start && scheme + 3 < core) {
      value(start, core);
    } else if (isPath(start, core)) {
      value(start, core);
    } else {
      int path = gluedPath(start, core);
      words(start, path);
      if (path < core) {
        value(path, core);
      }
    }
    out.append(line, core, end);
  }

  /** Where a path starts that a colon glues to a word, as in {@code file:/a/b}; else the end. */
  private int gluedPath(int start, int end) {
    for (int colon = line.indexOf(':', start);
        colon >= 0 && colon + 1 < end;
        colon = line.indexOf(':', colon + 1)) {
      if (isPath(colon + 1, end)) {
        return colon + 1;
      }
    }
    return end;
  }

  /** An absolute path of at least two names, which an address such as {@code /10.0.0.1} is not. */
  private boolean isPath(int start, int end) {
    boolean windows =
        end - start > 3
            && Character.isLetter(line.charAt(start))
            && line.charAt(start + 1) == ':'
            && line.charAt(start + 2) == '\\';
    if (windows) {
      return true;
    }
    int slash = line.charAt(start) == '~' ? start + 1 : start;
    if (slash >= end || line.charAt(slash) != '/') {
      return false;
    }
    int second = line.indexOf('/', slash + 1);
    return second > slash + 1 && second < end;
  }

  private void words(int start, int end) {
    int position = start;
    while (position < end) {
      int plus = isPlusSign(start, position, end) ? 1 : 0;
      if (plus == 0 && !isWordPart(line.charAt(position))) {
        out.append(line.charAt(position++));
        continue;
      }
      int wordEnd = position + plus;
      while (wordEnd < end && isWordPart(line.charAt(wordEnd))) {
        wordEnd++;
      }
      // Dashes and underscores join a word but do not end one.
      int core = wordEnd;
      while (core > position && isJoiner(line.charAt(core - 1))) {
        core--;
      }
      int first = position + plus;
      while (first < core && isJoiner(line.charAt(first))) {
        first++;
      }
      if (first < core && isValue(first, core)) {
        boolean signed =
            first > position && isSign(line.charAt(first - 1)) && isDigit(line.charAt(first));
        int from = signed ? first - 1 : first;
        out.append(line, position, from);
        value(from, core);
      } else {
        out.append(line, position, core);
      }
      out.append(line, core, wordEnd);
      position = wordEnd;
    }
  }

  /** Whether a plus is the sign of a number, and does not stand behind a word or another sign. */
  private boolean isPlusSign(int start, int position, int end) {
    return line.charAt(position) == '+'
        && position + 1 < end
        && isDigit(line.charAt(position + 1))
        && (position == start || ":@/".indexOf(line.charAt(position - 1)) >= 0);
  }

  private static boolean isSign(char c) {
    return c == '-' || c == '+';
  }

  private static boolean isJoiner(char c) {
    return c == '-' || c == '_';
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || isJoiner(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  /**
   * Whether a word is a value: it starts with a digit, has two digits or more, is hexadecimal and
   * long, or changes its character class as random identifiers do. A single digit at the end of a
   * name (eth0, ssh2) makes none.
   */
  private boolean isValue(int start, int end) {
    if (isDigit(line.charAt(start))) {
      return true;
    }
    int digits = 0;
    int changes = 0;
    boolean hex = true;
    int previous = -1;
    for (int i = start; i < end; i++) {
      char c = line.charAt(i);
      boolean digit = isDigit(c);
      if (digit) {
        digits++;
      }
      hex &= digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      int type = digit ? 0 : Character.isUpperCase(c) ? 1 : Character.isLetter(c) ? 2 : 3;
      if (previous >= 0 && type != previous && !(previous == 1 && type == 2)) {
        changes++;
      }
      previous = type;
    }
    return digits >= 2
        || (hex && end - start >= HEX_WORD)
        || (digits == 1 && end - start >= HEX_WORD && changes >= CLASS_CHANGES);
  }

  /** Adds a value, or widens the one before when only a glue character lies between. */
  private void value(int start, int end) {
    if (count > 0 && out.length() > 0) {
      int gap = start - bounds[2 * count - 1];
      if (gap == 0 && endsWithWildcard(out.length())) {
        bounds[2 * count - 1] = end;
        return;
      }
      if (gap == 1
          && ".,:-+/_@".indexOf(line.charAt(start - 1)) >= 0
          && endsWithWildcard(out.length() - 1)) {
        out.setLength(out.length() - 1);
        bounds[2 * count - 1] = end;
        return;
      }
    }
    if (2 * count + 2 > bounds.length) {
      bounds = Arrays.copyOf(bounds, bounds.length * 2);
    }
    bounds[2 * count] = start;
    bounds[2 * count + 1] = end;
    count++;
    out.append(WILDCARD);
  }

  private boolean endsWithWildcard(int end) {
    return end >= WILDCARD.length()
        && out.charAt(end - 1) == '>'
        && out.charAt(end - 2) == '*'
        && out.charAt(end - 3) == '<';
  }
}
