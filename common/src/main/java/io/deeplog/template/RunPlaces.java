package io.deeplog.template;

import io.deeplog.Hash64;
import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the places of a template at which a run of tokens may be a value. */
@Pure
final class RunPlaces {
  /** Constant words and values that tell what a line is about, before its end may be a value. */
  private static final int LEAST_CONSTANTS_BEFORE_END = 3;

  private static final int LEAST_VALUES_BEFORE_END = 2;

  /** Words behind which a name stands, whatever it is made of. */
  private static final Set<String> PREPOSITIONS = Set.of("for", "from", "by", "named");

  /** Tokens of a phrase, blanks among them. */
  private static final int MOST_TOKENS_OF_PHRASE = 11;

  private static final Pattern FIELDS =
      Pattern.compile(
          "(?<![^ (\\[{])[A-Za-z_][\\w.-]*=<\\*>(?: [A-Za-z_][\\w.-]*=<\\*>)*+(?![^ )\\]}])");

  /** The option of a command, "--day=", which is no field of the log. */
  private static final Pattern OPTION = Pattern.compile("--[\\w-]+=");

  /** What an object prints, without objects in it. */
  private static final Pattern BRACES = Pattern.compile("\\{[^{}]*\\}");

  /** What surrounds a place, which says how much makes it a value. */
  enum Around {
    /** The value of a field: "name=". */
    FIELD,
    /** Fields with a blank between each two: there are those that have a value. */
    FIELDS,
    BRACKETS,
    QUOTES,
    BLANKS,
    /** The rest of the line behind a value. */
    REST,
    /** A word or a few between blanks, with words before and behind. */
    PHRASE
  }

  /**
   * A place in a template.
   *
   * @param context the same for places with the same text before and behind, and surroundings
   */
  @Pure
  record Place(TokenRun run, Around around, long context) {}

  private final String text;
  private final Tokens tokens;
  private final String[] texts;

  /** Hashes of the text up to each character, and from each on. */
  private final long[] heads;

  private final long[] tails;

  private RunPlaces(String text, Tokens tokens) {
    this.text = text;
    this.tokens = tokens;
    this.texts = tokens.texts();
    this.heads = new long[text.length() + 1];
    this.tails = new long[text.length() + 1];
    // Not 0, which the hash of a null character leaves as it is.
    heads[0] = 1;
    tails[text.length()] = 1;
    for (int i = 0; i < text.length(); i++) {
      heads[i + 1] = Hash64.next(heads[i], text.charAt(i));
    }
    for (int i = text.length() - 1; i >= 0; i--) {
      tails[i] = Hash64.next(tails[i + 1], text.charAt(i));
    }
  }

  /** Of a template's text, and its tokens. */
  static RunPlaces of(String text, Tokens tokens) {
    return new RunPlaces(text, tokens);
  }

  /** Fields' values, what brackets and quotes hold, and chunks between blanks. */
  List<Place> all() {
    ValueRuns runs = new ValueRuns(texts);
    List<Place> places = new ArrayList<>();
    ends(LEAST_VALUES_BEFORE_END).forEach(run -> places.add(place(run, Around.REST)));
    FIELDS
        .matcher(text)
        .results()
        .map(fields -> place(fields.start(), fields.end(), Around.FIELDS))
        .forEach(places::add);
    phrases(places);
    for (int i = 0; i < texts.length; i++) {
      Around around = around(i);
      if (around == null) {
        continue;
      }
      int[] ends =
          switch (around) {
            case FIELD -> runs.ends(i);
            case BLANKS -> new int[] {partsEnd(i, runs.chunkEnd(i))};
            default -> new int[] {runs.matching(i - 1)};
          };
      for (int one : ends) {
        add(i, one, around, places);
      }
      int end = ends.length == 0 ? -1 : ends[ends.length - 1];
      if (around == Around.BLANKS) {
        add(i, beforeBrackets(i), around, places);
      }
      if (around == Around.FIELD || around == Around.BLANKS) {
        for (int more : runs.moreEnds(end)) {
          add(i, more, around, places);
        }
      }
      if (around == Around.BRACKETS && runs.chunkEnd(i) < end) {
        // The first argument of a call.
        add(i, runs.chunkEnd(i), Around.BLANKS, places);
      }
      int list = around == Around.BLANKS ? listEnd(i) : -1;
      if (list > end) {
        add(i, list, around, places);
      }
    }
    return places;
  }

  /** Whole rests of the line behind enough words, and a preposition or a value. */
  List<TokenRun> wholeEnds() {
    return ends(0).stream().filter(run -> run.to() == text.length()).toList();
  }

  /**
   * Where the rest of a line may be a value, with or without the brackets that it ends with: behind
   * enough words, and a preposition or so many values.
   */
  private List<TokenRun> ends(int leastValues) {
    List<TokenRun> runs = new ArrayList<>();
    int brackets = beforeLastBrackets();
    int behind = Tokens.constants(texts, brackets, texts.length);
    int values = 0;
    int words = 0;
    for (int i = 0; i < texts.length; i++) {
      if ((isBehindPreposition(i) || (values >= leastValues && isBehindValue(i)))
          && !(i + 1 < texts.length && texts[i + 1].equals("="))) {
        if (words >= LEAST_CONSTANTS_BEFORE_END) {
          runs.add(rest(i, texts.length));
        }
        if (brackets > i && behind > 0 && words + behind >= LEAST_CONSTANTS_BEFORE_END) {
          runs.add(rest(i, brackets));
        }
      }
      values += Template.wildcards(texts[i]);
      words += Tokens.isConstant(texts[i]) ? 1 : 0;
    }
    return runs;
  }

  /** Words between blanks, one or a few, up to a separator. */
  private void phrases(List<Place> places) {
    for (int start = 2; start < texts.length; start++) {
      if (!texts[start - 1].equals(" ")) {
        continue;
      }
      int most = Math.min(texts.length - 1, start + MOST_TOKENS_OF_PHRASE);
      for (int i = start; i < most && isWordOrValue(texts[i]); i += 2) {
        if (Tokens.isSeparator(texts[i + 1])) {
          places.add(place(tokens.start(start), tokens.end(i), Around.PHRASE));
        }
        if (!texts[i + 1].equals(" ")) {
          break;
        }
      }
    }
  }

  /** Whether a token is a word or a value, and not a dash or the like. */
  private static boolean isWordOrValue(String token) {
    return !Tokens.isSeparator(token)
        && (token.contains(Masker.WILDCARD) || token.chars().anyMatch(Character::isLetterOrDigit));
  }

  private TokenRun rest(int start, int end) {
    return new TokenRun(text, tokens.start(start), tokens.end(end - 1));
  }

  private Place place(int from, int to, Around around) {
    return place(new TokenRun(text, from, to), around);
  }

  private Place place(TokenRun run, Around around) {
    long head = Hash64.mix(heads[run.from()] + around.name().hashCode());
    return new Place(run, around, head * 31 + Hash64.mix(tails[run.to()]));
  }

  /** What stands behind a colon up to the line's end, where two words stand before. */
  List<TokenRun> colonEnds() {
    List<TokenRun> runs = new ArrayList<>();
    int words = 0;
    for (int i = 0; i < texts.length; i++) {
      if (words > 1 && texts[i - 1].equals(" ") && texts[i - 2].equals(":")) {
        runs.add(rest(i, texts.length));
      }
      words += Tokens.isConstant(texts[i]) ? 1 : 0;
    }
    return runs;
  }

  private void add(int place, int end, Around around, List<Place> places) {
    if (end < place) {
      return;
    }
    int from = place == 0 ? 0 : tokens.end(place - 1);
    int to = end == place ? from : tokens.end(end - 1);
    String run = text.substring(from, to);
    boolean isObject = around == Around.BRACKETS && texts[place - 1].equals("{");
    if (around == Around.FIELD || isObject || !holdsFields(run)) {
      places.add(place(from, to, around));
    }
  }

  /** Whether a run holds fields of the log: not options, nor those of an object in braces. */
  private static boolean holdsFields(String run) {
    if (!run.contains("=")) {
      return false;
    }
    String rest = OPTION.matcher(run).replaceAll("");
    String before = "";
    while (!rest.equals(before)) {
      before = rest;
      rest = BRACES.matcher(rest).replaceAll("");
    }
    return rest.contains("=");
  }

  /** The end of a value that brackets are glued to, or of nothing before them; else -1. */
  private int beforeBrackets(int start) {
    int end = start < texts.length && texts[start].equals(Masker.WILDCARD) ? start + 1 : start;
    return end < texts.length && texts[end].equals("(") ? end : -1;
  }

  /** The end of a chunk, or of all its parts with semicolons and no blanks between. */
  private int partsEnd(int start, int chunkEnd) {
    int end = chunkEnd;
    while (end > start
        && end < texts.length
        && texts[chunkEnd].equals(";")
        && !ValueRuns.isBlank(texts[end])
        && !")]}".contains(texts[end])) {
      end++;
    }
    while (end > start + 1 && ",;:.".contains(texts[end - 1])) {
      end--;
    }
    return end;
  }

  /** The end of values with a comma between each two, or -1. */
  private int listEnd(int start) {
    int end = -1;
    for (int i = start; i < texts.length && texts[i].equals(Masker.WILDCARD); i += 3) {
      end = i + 1;
      if (i + 2 >= texts.length || !texts[i + 1].equals(",") || !texts[i + 2].equals(" ")) {
        break;
      }
    }
    return end;
  }

  /**
   * The blank before the brackets that a line ends with, "(age=5)", which are none of the value
   * before; the line's end where there are none.
   */
  private int beforeLastBrackets() {
    if (texts.length == 0) {
      return 0;
    }
    int last = texts.length - (texts[texts.length - 1].equals(".") ? 2 : 1);
    int depth = 0;
    for (int i = last; i > 0; i--) {
      depth += texts[i].equals(")") ? 1 : texts[i].equals("(") ? -1 : 0;
      if (depth == 0) {
        return i < last && texts[i - 1].equals(" ") ? i - 1 : texts.length;
      }
    }
    return texts.length;
  }

  /** Whether a preposition stands before a place that a name follows. */
  private boolean isBehindPreposition(int place) {
    return place > 2 && texts[place - 1].equals(" ") && PREPOSITIONS.contains(texts[place - 2]);
  }

  /** Whether a value or a colon stands before a place, and a blank, maybe a comma, between. */
  private boolean isBehindValue(int place) {
    if (place < 2 || !texts[place - 1].equals(" ")) {
      return false;
    }
    boolean comma = place > 2 && texts[place - 2].equals(",");
    String before = texts[comma ? place - 3 : place - 2];
    return before.contains(Masker.WILDCARD) || (before.equals(":") && !comma);
  }

  private Around around(int place) {
    if (place == 0) {
      return Around.BLANKS;
    }
    String before = texts[place - 1];
    return switch (before) {
      case "=" -> Around.FIELD;
      case "(", "[", "{" -> Around.BRACKETS;
      case " " -> place > 1 && texts[place - 2].equals("=") ? Around.FIELD : Around.BLANKS;
      default ->
          Tokens.isQuote(before) && place > 1 && texts[place - 2].equals(" ")
              ? Around.QUOTES
              : null;
    };
  }
}
