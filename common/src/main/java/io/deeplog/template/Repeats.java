package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds what a template repeats: the elements of a printed list, such as {@code File(<*>, <*>),
 * File(<*>, <*>)}. How many there are differs from line to line.
 */
@Pure
final class Repeats {
  /** Longer ones are searched for in vain. */
  private static final int MOST_TOKENS_OF_UNIT = 60;

  /** What may stand between two elements. */
  private static final List<List<String>> BETWEEN =
      List.of(List.of(",", " "), List.of(";", " "), List.of(" "), List.of(","), List.of(";"));

  private final String text;
  private final Tokens tokens;
  private final String[] texts;
  private final int[] ids;

  /**
   * A list in a template.
   *
   * @param before the text before it
   * @param unit one of its elements
   * @param run all of them
   * @param after the text behind it
   */
  @Pure
  record Repeat(String before, String unit, String run, String after) {
    /** The same place with one element. */
    Repeat single() {
      return new Repeat(before, unit, unit, after);
    }

    /** The template. */
    String text() {
      return before + run + after;
    }
  }

  private Repeats(String text, Tokens tokens) {
    this.text = text;
    this.tokens = tokens;
    this.texts = tokens.texts().toArray(new String[0]);
    this.ids = new int[texts.length];
    Map<String, Integer> known = new HashMap<>();
    for (int i = 0; i < texts.length; i++) {
      ids[i] = known.computeIfAbsent(texts[i], k -> known.size());
    }
  }

  /** The lists of a template, by its text and its tokens. */
  static List<Repeat> of(String text, Tokens tokens) {
    Repeats repeats = new Repeats(text, tokens);
    List<Repeat> found = new ArrayList<>();
    int position = 0;
    while (position < repeats.texts.length) {
      position = repeats.next(position, found);
    }
    return found;
  }

  /** Adds the list that begins at a place, if one does. Returns where to look on. */
  private int next(int start, List<Repeat> found) {
    if (start > 0 && !Tokens.isSeparator(texts[start - 1])) {
      return start + 1;
    }
    int most = Math.min(MOST_TOKENS_OF_UNIT, (texts.length - start) / 2);
    for (int length = 2; length <= most; length++) {
      for (List<String> between : BETWEEN) {
        // Rarely more than the first look is needed.
        int second = start + length + between.size();
        if (second < texts.length && ids[second] == ids[start] && isUnit(start, start + length)) {
          int end = end(start, length, between);
          if (end > start + length && (end == texts.length || Tokens.isSeparator(texts[end]))) {
            found.add(repeat(start, length, end));
            return end;
          }
        }
      }
    }
    return start + 1;
  }

  private Repeat repeat(int start, int length, int end) {
    int from = tokens.start(start);
    int to = tokens.end(end - 1);
    return new Repeat(
        text.substring(0, from),
        text.substring(from, tokens.end(start + length - 1)),
        text.substring(from, to),
        text.substring(to));
  }

  /** Where the elements of a length end that begin at a place. */
  private int end(int start, int length, List<String> between) {
    int end = start + length;
    int step = length + between.size();
    while (end + step <= texts.length
        && stands(between, end)
        && isSame(start, end + between.size(), length)) {
      end += step;
    }
    return end;
  }

  private boolean stands(List<String> between, int place) {
    for (int i = 0; i < between.size(); i++) {
      if (!texts[place + i].equals(between.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean isSame(int one, int other, int length) {
    for (int i = 0; i < length; i++) {
      if (ids[one + i] != ids[other + i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether tokens may be an element: with a value and more, its brackets in balance. */
  private boolean isUnit(int start, int end) {
    String last = texts[end - 1];
    if (ValueRuns.isBlank(texts[start])
        || ",;)]}".contains(texts[start])
        || ValueRuns.isBlank(last)
        || ",;=([{".contains(last)) {
      return false;
    }
    boolean value = false;
    boolean more = false;
    int depth = 0;
    int quotes = 0;
    for (int i = start; i < end; i++) {
      value |= texts[i].contains(Masker.WILDCARD);
      more |= !texts[i].equals(Masker.WILDCARD) && !" ,;".contains(texts[i]);
      switch (texts[i]) {
        case "(", "[", "{" -> depth++;
        case ")", "]", "}" -> depth--;
        case "\"", "'" -> quotes++;
        default -> {}
      }
      if (depth < 0) {
        return false;
      }
    }
    return value && more && depth == 0 && quotes % 2 == 0;
  }
}
