package io.deeplog.template;

import io.deeplog.Pure;
import java.util.Arrays;
import java.util.BitSet;

/**
 * A masked line or template cut into tokens with their places, so that the text between any two
 * places is exact. Not for use by several threads when reused.
 */
@Pure
final class Tokens {
  /** How a text is cut. */
  enum Grain {
    /** At white space, {@code = : ,} and wildcards; every such character is a token too. */
    PARTS,
    /** Words between white space, and every character of that. */
    WORDS,
    /**
     * At white space, punctuation that joins a value to a word, runs of dots and ends of sentences;
     * all of these are tokens too. Values of {@link ListedFields} are one token whatever their
     * words.
     */
    FINE
  }

  private static final boolean[] SEPARATOR = new boolean[128];

  static {
    for (char c : "=:,;()[]{}\"'|<> \t\n\r\f\u000b".toCharArray()) {
      SEPARATOR[c] = true;
    }
  }

  private String text;
  private int[] bounds = new int[64];
  private int size;

  /** Tokens that are values of {@link ListedFields}. */
  private final BitSet listed = new BitSet();

  /** Cuts a text. */
  static Tokens of(String text, Grain grain) {
    Tokens tokens = new Tokens();
    tokens.text = text;
    switch (grain) {
      case PARTS -> tokens.parts();
      case WORDS -> tokens.words();
      case FINE -> tokens.fine();
    }
    return tokens;
  }

  /** Whether a token of {@link Grain#FINE} stands between words and is never a value. */
  static boolean isSeparator(String token) {
    if (token.startsWith(Masker.WILDCARD)) {
      return false;
    }
    char c = token.charAt(0);
    return isSeparator(c)
        || (token.length() == 2 && isQuote(token))
        || (c == '.' && token.chars().allMatch(d -> d == '.'))
        || (token.length() == 1 && isEnd(c));
  }

  /** Whether a token of a template is a word, and nothing of it a value. */
  static boolean isConstant(String token) {
    return !isSeparator(token)
        && !token.contains(Masker.WILDCARD)
        && token.chars().anyMatch(Character::isLetter);
  }

  /** How many of some tokens are constant words. */
  static int constants(String[] texts, int start, int end) {
    int constants = 0;
    for (int i = start; i < end; i++) {
      constants += isConstant(texts[i]) ? 1 : 0;
    }
    return constants;
  }

  /** Whether a token is a quote, or one within a quotation. */
  static boolean isQuote(String token) {
    return switch (token) {
      case "\"", "'", "\\\"", "\\'" -> true;
      default -> false;
    };
  }

  private static boolean isSeparator(char c) {
    return c < 128 ? SEPARATOR[c] : Character.isWhitespace(c);
  }

  private static boolean isEnd(char c) {
    return c == '.' || c == '!' || c == '?';
  }

  private void parts() {
    int position = 0;
    while (position < text.length()) {
      int end = position;
      if (wildcardAt(position)) {
        end += Masker.WILDCARD.length();
      } else if (Words.isGlue(text.charAt(position), SpellMiner.DELIMITERS)) {
        end++;
      } else {
        while (end < text.length()
            && !Words.isGlue(text.charAt(end), SpellMiner.DELIMITERS)
            && !wildcardAt(end)) {
          end++;
        }
      }
      add(position, end);
      position = end;
    }
  }

  private void words() {
    int position = 0;
    while (position < text.length()) {
      int end = position + 1;
      if (!Character.isWhitespace(text.charAt(position))) {
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
          end++;
        }
      }
      add(position, end);
      position = end;
    }
  }

  private void fine() {
    int length = text.length();
    int[] fields = ListedFields.of(text);
    int field = 0;
    int position = 0;
    while (position < length) {
      while (field < fields.length && fields[field] < position) {
        field += 2;
      }
      if (field < fields.length && fields[field] == position) {
        listed.set(size);
        add(position, fields[field + 1]);
        position = fields[field + 1];
        continue;
      }
      int end = separatorEnd(position);
      if (end == position) {
        while (end < length && separatorEnd(end) == end) {
          end += wildcardAt(end) ? Masker.WILDCARD.length() : 1;
        }
      }
      add(position, end);
      position = end;
    }
  }

  /** Whether a place is in the two colons of a name within a name, "Store::open". */
  private boolean isScope(int position) {
    if (text.charAt(position) != ':') {
      return false;
    }
    int first = position > 0 && text.charAt(position - 1) == ':' ? position - 1 : position;
    return first > 0
        && first + 2 < text.length()
        && text.charAt(first + 1) == ':'
        && Character.isLetter(text.charAt(first - 1))
        && Character.isLetter(text.charAt(first + 2));
  }

  private boolean wildcardAt(int position) {
    return text.charAt(position) == '<' && text.startsWith(Masker.WILDCARD, position);
  }

  /** The end of a separator at a place, or the place itself when there is none. */
  private int separatorEnd(int position) {
    char c = text.charAt(position);
    if (isSeparator(c)) {
      return wildcardAt(position) || isScope(position) ? position : position + 1;
    }
    if (Characters.isEscapedQuote(text, position)) {
      return position + 2;
    }
    if (!isEnd(c)) {
      return position;
    }
    int end = position + 1;
    while (c == '.' && end < text.length() && text.charAt(end) == '.') {
      end++;
    }
    boolean sentence = end == text.length() || Character.isWhitespace(text.charAt(end));
    return end - position > 1 || sentence ? end : position;
  }

  private void add(int start, int end) {
    if (2 * size + 2 > bounds.length) {
      bounds = Arrays.copyOf(bounds, bounds.length * 2);
    }
    bounds[2 * size] = start;
    bounds[2 * size + 1] = end;
    size++;
  }

  int size() {
    return size;
  }

  /** Whether a token of {@link Grain#FINE} is a value of {@link ListedFields}. */
  boolean isListed(int token) {
    return listed.get(token);
  }

  /**
   * Whether a token of {@link Grain#FINE} may be a value, and does not only stand between words.
   */
  boolean isWord(int token) {
    return isListed(token) || !isSeparator(text(token));
  }

  String text(int token) {
    return text.substring(start(token), end(token));
  }

  int start(int token) {
    return bounds[2 * token];
  }

  int end(int token) {
    return bounds[2 * token + 1];
  }

  String[] texts() {
    String[] result = new String[size];
    for (int i = 0; i < size; i++) {
      result[i] = text(i);
    }
    return result;
  }
}
