package io.deeplog.template;

import io.deeplog.Pure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many distinct values make a place of lines of one shape a wildcard: it depends on what the
 * values look like, on how many lines hold each, and on what stands around the place.
 */
@Pure
final class Evidence {
  /** More than there can be. */
  private static final int NEVER = Integer.MAX_VALUE;

  /** Distinct values that make a wildcard, by what they look like. */
  private static final int ENOUGH_VARIABLES = 2;

  static final int ENOUGH_WORDS = 3;
  private static final int ENOUGH_KEYS = 6;
  private static final int ENOUGH_FIRST_IN_BRACKETS = 2;
  private static final int ENOUGH_FIRST_NUMBERED = 3;

  /** Distinct values that make a wildcard where no word tells what a line is about. */
  private static final int ENOUGH_ALONE = 50;

  /** Distinct first words that make a wildcard, by how many constant words follow. */
  private static final int[] ENOUGH_FIRST = {NEVER, 16, 10, 6, 4};

  /** Of the lines of a place, so many hold each of its states; a rarer word is a value. */
  private static final double STATE_SHARE = 0.1;

  /** The same where the states are no more than so many. */
  private static final double SHARE_OF_FEW = 0.05;

  private static final int FEW = 3;

  /** Words of English that a value follows, however few and frequent the values are. */
  private static final Set<String> VALUE_FOLLOWS =
      Set.of("for", "from", "by", "of", "to", "with", "at", "in", "on", "as", "user", "named");

  /**
   * How much evidence makes a value.
   *
   * @param words distinct words that make a wildcard
   * @param caps distinct words in capitals that do
   * @param fewStates so few words, each in many lines, are states and not values
   * @param linesOfState how many lines
   * @param maskedShare share of masked values in the lines of a place from which on its words are
   *     values, too
   */
  @Pure
  record Thresholds(int words, int caps, int fewStates, int linesOfState, double maskedShare) {
    static final Thresholds DEFAULT = new Thresholds(ENOUGH_WORDS, 6, 5, 4, 0.3);
  }

  private final Thresholds thresholds;
  private final Map<String, WordKind> kinds = new HashMap<>();

  /** Whether a token is nothing but punctuation, by its place; the same for all lines. */
  private final boolean[] separators;

  /** Whether a token is the value of a field, "name=value" or of a list of fields. */
  private final boolean[] fields;

  /** Evidence for lines of the shape of any one of them. */
  Evidence(Thresholds thresholds, Tokens tokens) {
    this.thresholds = thresholds;
    this.separators = new boolean[tokens.size()];
    this.fields = new boolean[tokens.size()];
    for (int i = 0; i < tokens.size(); i++) {
      separators[i] = !tokens.isWord(i);
      int before = i > 0 && tokens.text(i - 1).equals(" ") ? i - 2 : i - 1;
      boolean isNamed = before >= 0 && tokens.text(before).equals("=");
      fields[i] = !separators[i] && (isNamed || tokens.isListed(i));
    }
  }

  /** Number of places. */
  int places() {
    return separators.length;
  }

  /** Whether a place holds nothing but punctuation. */
  boolean isSeparator(int place) {
    return separators[place];
  }

  /** What a token looks like. */
  WordKind kind(String token) {
    return kinds.computeIfAbsent(token, WordKind::of);
  }

  /** Whether a place of a line looks like a value's: by the token, or because a name precedes. */
  boolean isTyped(String[] tokens, int place) {
    if (fields[place]) {
      return true;
    }
    WordKind kind = kind(tokens[place]);
    return kind.hasDigit()
        || kind == WordKind.WILDCARD
        || (kind == WordKind.IDENTIFIER && WordKind.isQualified(tokens[place]));
  }

  /** The place of the word before another place, or -1. */
  int wordBefore(int place) {
    int before = place - 1;
    while (before >= 0 && separators[before]) {
      before--;
    }
    return before;
  }

  /** What the values of a place have in common. */
  private final class Values {
    final Map<String, Long> counts;
    final boolean isProtocol;

    /** Distinct values that the strictest kind among them asks for. */
    int enough = 2;

    boolean wild;
    boolean words = true;
    boolean caps = true;
    boolean numbered = true;
    boolean masked = true;

    /** In capitals, one of them with the underscore of a constant's name. */
    boolean codes;

    long rarest = Long.MAX_VALUE;
    long lines;
    long maskedLines;
    int verbs;
    final Set<String> letters = new HashSet<>();

    Values(Map<String, Long> counts) {
      this.counts = counts;
      isProtocol = counts.keySet().stream().allMatch(WordKind::isProtocol);
      counts.forEach(this::add);
      codes = caps && counts.keySet().stream().anyMatch(value -> value.indexOf('_') > 0);
      if (caps && !codes && !masked) {
        enough = Math.max(enough, thresholds.caps);
      }
    }

    private void add(String value, long count) {
      WordKind kind = kind(value);
      boolean isMasked = kind == WordKind.WILDCARD;
      wild |= isMasked;
      masked &= isMasked;
      words &= kind == WordKind.CAPS || kind == WordKind.WORD || kind == WordKind.VERSIONED;
      caps &= kind == WordKind.CAPS || isMasked;
      numbered &= kind.hasDigit();
      lines += count;
      maskedLines += isMasked ? count : 0;
      rarest = Math.min(rarest, count);
      verbs += kind == WordKind.WORD && WordKind.isVerb(value) ? 1 : 0;
      letters.add(kind.hasDigit() ? WordKind.withoutDigits(value) : value);
      enough =
          Math.max(
              enough,
              switch (kind) {
                case WILDCARD, VARIABLE, VERSIONED, IDENTIFIER -> ENOUGH_VARIABLES;
                case WORD, CAPS -> thresholds.words;
              });
    }

    /** Whether they are names that differ in a number, or the place mostly holds values anyway. */
    boolean areVariables() {
      return letters.size() == 1 || maskedLines >= thresholds.maskedShare * lines;
    }

    /** Whether they are few words, and each in many lines. */
    boolean areStates() {
      return words
          && !codes
          && counts.size() <= thresholds.fewStates
          && rarest >= thresholds.linesOfState
          && rarest >= (counts.size() <= FEW ? SHARE_OF_FEW : STATE_SHARE) * lines;
    }

    boolean areVerbs() {
      return 2 * verbs >= counts.size();
    }
  }

  /**
   * Whether the values at a place of lines that are equal but for it, or but for all places that
   * look like values, are enough to make it a wildcard.
   *
   * @param tokens of any of the lines
   * @param counts of the lines, by value
   */
  boolean isEnough(String[] tokens, int place, Map<String, Long> counts) {
    return counts.size() >= 2 && counts.size() >= enough(tokens, place, new Values(counts));
  }

  private int enough(String[] tokens, int place, Values values) {
    int before = 0;
    int after = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (i != place && !separators[i] && kind(tokens[i]) != WordKind.WILDCARD) {
        before += i < place ? 1 : 0;
        after += i > place ? 1 : 0;
      }
    }
    if (values.isProtocol) {
      return NEVER;
    }
    if (before + after == 0) {
      return ENOUGH_ALONE;
    }
    if (values.areVariables()) {
      return ENOUGH_VARIABLES;
    }
    if (place == 1 && tokens[0].equals("(") && tokens.length > 2 && tokens[2].equals(")")) {
      // "(user) CMD": who, not what.
      return ENOUGH_FIRST_IN_BRACKETS;
    }
    boolean isKey = place + 1 < tokens.length && tokens[place + 1].equals("=");
    if (isAllQuoted(tokens, place) || (fields[place] && !isKey)) {
      return ENOUGH_VARIABLES;
    }
    int word = wordBefore(place);
    if (values.areVerbs()
        || (values.areStates() && (word < 0 || !VALUE_FOLLOWS.contains(tokens[word])))) {
      return NEVER;
    }
    int enough = isKey ? Math.max(values.enough, ENOUGH_KEYS) : values.enough;
    if (word < 0 && !values.wild) {
      // The first word names the event, unless there is much to tell it by beside it.
      int first =
          values.numbered
              ? ENOUGH_FIRST_NUMBERED
              : ENOUGH_FIRST[Math.min(after, ENOUGH_FIRST.length - 1)];
      enough = Math.max(enough, first);
    }
    return enough;
  }

  /**
   * Whether a word is all that stands between two quotes, or square brackets: a name, not a state.
   * At the begin of a line quotes hold the message itself, and brackets what the line is about.
   */
  private static boolean isAllQuoted(String[] tokens, int place) {
    if (place < 2 || place + 1 >= tokens.length) {
      return false;
    }
    String before = tokens[place - 1];
    String behind = tokens[place + 1];
    return Tokens.isQuote(before) ? behind.equals(before) : (before + behind).equals("[]");
  }
}
