package io.deeplog.log;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the lines of a stack trace look like, each by itself, so that any split of a file can be
 * read alone.
 */
@Pure
final class Continuation implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String[] starts;

  /** Their first characters: most lines begin with another. */
  private final String firsts;

  private final String[] classes;

  /**
   * A rule.
   *
   * @param starts what such a line may start with
   * @param classes endings of a class name that such a line may start with, before a colon or its
   *     end
   */
  Continuation(List<String> starts, List<String> classes) {
    this.starts = starts.stream().filter(start -> !start.isEmpty()).toArray(String[]::new);
    this.firsts =
        Arrays.stream(this.starts)
            .map(start -> start.substring(0, 1))
            .collect(Collectors.joining());
    this.classes = classes.toArray(new String[0]);
  }

  boolean looksLike(String line) {
    if (line.isEmpty()) {
      return false;
    }
    if (firsts.indexOf(line.charAt(0)) >= 0) {
      for (String start : starts) {
        if (line.startsWith(start)) {
          return !line.isBlank();
        }
      }
    }
    int end = 0;
    while (end < line.length() && isOfName(line.charAt(end))) {
      end++;
    }
    if (end == 0 || (end < line.length() && line.charAt(end) != ':')) {
      return false;
    }
    for (String ending : classes) {
      int at = end - ending.length();
      if (at > 0 && line.startsWith(ending, at)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '$';
  }
}
