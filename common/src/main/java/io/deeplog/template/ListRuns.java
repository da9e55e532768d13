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
final class ListRuns {
  /** Longer ones are searched for in vain. */
  private static final int MOST_TOKENS_OF_ELEMENT = 60;

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
   * @param run all of its elements
   * @param elementEnd where the first of them ends in the template
   */
  @Pure
  record Listed(TokenRun run, int elementEnd) {
    /** One of the elements. */
    String element() {
      return run.template().substring(run.from(), elementEnd);
    }

    /** The same place of the template with one element. */
    TokenRun single() {
      return new TokenRun(run.before() + element() + run.after(), run.from(), elementEnd);
    }
  }

  private ListRuns(String text, Tokens tokens) {
    this.text = text;
    this.tokens = tokens;
    this.texts = tokens.texts();
    this.ids = new int[texts.length];
    Map<String, Integer> known = new HashMap<>();
    for (int i = 0; i < texts.length; i++) {
      ids[i] = known.computeIfAbsent(texts[i], k -> known.size());
    }
  }

  /** The lists of a template, by its text and its tokens. */
  static List<Listed> of(String text, Tokens tokens) {
    ListRuns lists = new ListRuns(text, tokens);
    List<Listed> found = new ArrayList<>();
    int position = 0;
    while (position < lists.texts.length) {
      position = lists.next(position, found);
    }
    return found;
  }

  /** Adds the list that begins at a place, if one does. Returns where to look on. */
  private int next(int start, List<Listed> found) {
    if (start > 0 && !Tokens.isSeparator(texts[start - 1])) {
      return start + 1;
    }
    int most = Math.min(MOST_TOKENS_OF_ELEMENT, (texts.length - start) / 2);
    for (int length = 2; length <= most; length++) {
      for (List<String> between : BETWEEN) {
        // Rarely more than the first look is needed.
        int second = start + length + between.size();
        if (second < texts.length
            && ids[second] == ids[start]
            && isElement(start, start + length)) {
          int end = end(start, length, between);
          if (end > start + length && (end == texts.length || Tokens.isSeparator(texts[end]))) {
            TokenRun run = new TokenRun(text, tokens.start(start), tokens.end(end - 1));
            found.add(new Listed(run, tokens.end(start + length - 1)));
            return end;
          }
        }
      }
    }
    return start + 1;
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
  private boolean isElement(int start, int end) {
    String last = texts[end - 1];
    if (ValueRuns.isBlank(texts[start])
        || ",;)]}".contains(texts[start])
        || ValueRuns.isBlank(last)
        || ",;=([{".contains(last)) {
      return false;
    }
    boolean value = false;
    boolean more = false;
    for (int i = start; i < end; i++) {
      value |= texts[i].contains(Masker.WILDCARD);
      more |= !texts[i].equals(Masker.WILDCARD) && !" ,;".contains(texts[i]);
    }
    return value && more && ValueRuns.isBalanced(texts, start, end);
  }
}
