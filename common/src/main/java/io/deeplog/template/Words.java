package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A line cut into words and what stands between them.
 *
 * @param words in order, none empty
 * @param glue the white space and delimiters before every word and behind the last; one more than
 *     words
 */
@Pure
record Words(List<String> words, List<String> glue) {
  /** Cuts at white space. */
  static Words of(String line) {
    return of(line, "");
  }

  /** Cuts at white space and some other characters. */
  static Words of(String line, String delimiters) {
    List<String> words = new ArrayList<>();
    List<String> glue = new ArrayList<>();
    int position = 0;
    while (true) {
      int start = position;
      while (start < line.length() && isGlue(line.charAt(start), delimiters)) {
        start++;
      }
      glue.add(line.substring(position, start));
      if (start == line.length()) {
        return new Words(words, glue);
      }
      position = start;
      while (position < line.length() && !isGlue(line.charAt(position), delimiters)) {
        position++;
      }
      words.add(line.substring(start, position));
    }
  }

  static boolean isGlue(char c, String delimiters) {
    return Character.isWhitespace(c) || delimiters.indexOf(c) >= 0;
  }

  /**
   * The text of other words with this white space between them. Of the white space beside a
   * wildcard one character stays, to tell the words apart; the rest is part of what the wildcard
   * takes, as {@link TemplateMatcher.Runs#PADDED} finds it.
   *
   * @param with as many words as these
   * @param wildcard which of them stand for values
   */
  String text(List<String> with, Predicate<String> wildcard) {
    StringBuilder text = new StringBuilder();
    int last = with.size();
    for (int i = 0; i <= last; i++) {
      String space = glue.get(i);
      boolean after = i > 0 && wildcard.test(with.get(i - 1));
      boolean before = i < last && wildcard.test(with.get(i));
      if ((i == 0 && before) || (i == last && after)) {
        space = "";
      } else if (before) {
        space = space.substring(0, 1);
      } else if (after) {
        space = space.substring(space.length() - 1);
      }
      text.append(space);
      if (i < last) {
        text.append(before ? Masker.WILDCARD : with.get(i));
      }
    }
    return text.toString();
  }
}
