package io.deeplog.template;

import io.deeplog.Pure;

/** What a word looks like: it tells how many different ones are needed to take them for values. */
@Pure
enum WordKind {
  /** A masked value, or a token that holds one. */
  WILDCARD,
  /** A word with a digit. */
  VARIABLE,
  /** A name in capitals with a digit: a value, or a state as those in capitals are. */
  VERSIONED,
  /** A word with inner punctuation, or in camel case. */
  IDENTIFIER,
  /** In capitals: often the name of a state or an event. */
  CAPS,
  WORD;

  boolean hasDigit() {
    return this == VARIABLE || this == VERSIONED;
  }

  /** Capitals that make a name; fewer before a digit are rather a number's. */
  private static final int LEAST_CAPITALS = 3;

  private static final int LEAST_LETTERS_OF_VERB = 5;

  /** What a word looks like. */
  static WordKind of(String token) {
    if (token.equals(AutoMiner.LEARNED) || token.contains(Masker.WILDCARD)) {
      return WILDCARD;
    }
    boolean caps = token.length() > 1;
    boolean inner = false;
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (Character.isDigit(c)) {
        return isVersioned(token, i) ? VERSIONED : VARIABLE;
      }
      caps &= Character.isUpperCase(c) || c == '_' || c == '-';
      inner |=
          i > 0
              && i < token.length() - 1
              && ("/\\@.$_-:".indexOf(c) >= 0
                  || (Character.isUpperCase(c) && Character.isLowerCase(token.charAt(i - 1))));
    }
    return caps ? CAPS : inner ? IDENTIFIER : WORD;
  }

  /** Whether a word is a protocol's name with its version: "IPv6". */
  static boolean isProtocol(String token) {
    int last = token.length() - 1;
    return last >= LEAST_CAPITALS
        && Character.isDigit(token.charAt(last))
        && token.charAt(last - 1) == 'v'
        && isVersioned(token, last);
  }

  /** Whether a word is a name in capitals with a version of one digit: "SOCKS5", "IPv6". */
  private static boolean isVersioned(String token, int digit) {
    if (digit < LEAST_CAPITALS || token.length() > digit + 2) {
      return false;
    }
    for (int i = 0; i < token.length(); i++) {
      boolean version = i == digit - 1 && token.charAt(i) == 'v';
      if (i != digit && !version && !(token.charAt(i) >= 'A' && token.charAt(i) <= 'Z')) {
        return false;
      }
    }
    return true;
  }

  /** Whether a word looks like what happened, "started", or happens, "waiting", in English. */
  static boolean isVerb(String word) {
    return word.length() >= LEAST_LETTERS_OF_VERB
        && (word.endsWith("ed") || word.endsWith("ing"))
        && word.chars().allMatch(Character::isLetter);
  }

  /** A name without its numbers. */
  static String withoutDigits(String token) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < token.length(); i++) {
      if (!Character.isDigit(token.charAt(i))) {
        result.append(token.charAt(i));
      }
    }
    return result.toString();
  }

  /** Whether a word is a name within names, such as a file's, a class's or an address. */
  static boolean isQualified(String word) {
    for (int i = 1; i + 1 < word.length(); i++) {
      if ("/\\@.$:".indexOf(word.charAt(i)) >= 0 && !word.startsWith(Masker.WILDCARD, i)) {
        return true;
      }
    }
    return false;
  }
}
