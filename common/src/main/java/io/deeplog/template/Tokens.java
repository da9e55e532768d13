package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.List;

/**
 * Splitting at every single blank, so that joining by blanks gives a text back exactly, runs of
 * blanks included.
 */
@Pure
final class Tokens {
  private Tokens() {}

  static List<String> split(String text) {
    List<String> tokens = new ArrayList<>();
    int start = 0;
    int blank;
    while ((blank = text.indexOf(' ', start)) >= 0) {
      tokens.add(text.substring(start, blank));
      start = blank + 1;
    }
    tokens.add(text.substring(start));
    return tokens;
  }

  static String join(List<String> tokens) {
    return String.join(" ", tokens);
  }
}
