package io.deeplog.log;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a header field may hold, as {@code <Name:kind>} says. */
@Pure
final class FieldKind implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Anything. */
  static final FieldKind ANY = new FieldKind(Shape.ANY, Set.of());

  private static final FieldKind INT = new FieldKind(Shape.INT, Set.of());
  private static final FieldKind WORD = new FieldKind(Shape.WORD, Set.of());
  private static final FieldKind QUOTED = new FieldKind(Shape.QUOTED, Set.of());

  private enum Shape {
    ANY,
    /** Digits. */
    INT,
    /** No blank. */
    WORD,
    /** Every double quote has its partner; a backslash takes the next character. */
    QUOTED,
    /** One of some words, whatever the case. */
    ONE_OF
  }

  private final Shape shape;
  private final Set<String> words;

  private FieldKind(Shape shape, Set<String> words) {
    this.shape = shape;
    this.words = words;
  }

  /**
   * The kind of a name, or of words separated by {@code |}.
   *
   * @param lists words by the name of their kind
   * @throws UserException when there is none
   */
  static FieldKind of(String name, Map<String, List<String>> lists) {
    FieldKind builtIn =
        switch (name) {
          case "int" -> INT;
          case "word" -> WORD;
          case "quoted" -> QUOTED;
          default -> null;
        };
    if (builtIn != null) {
      return builtIn;
    }
    List<String> words =
        name.indexOf('|') >= 0 ? Arrays.asList(name.split("\\|", -1)) : lists.get(name);
    if (words == null) {
      throw UserException.usage(
          "unknown kind of field '"
              + name
              + "' (give int, word, quoted, words such as a|b, or one of "
              + String.join(", ", lists.keySet())
              + ")");
    }
    return new FieldKind(
        Shape.ONE_OF,
        words.stream().map(w -> w.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
  }

  boolean isAny() {
    return shape == Shape.ANY;
  }

  /** Whether it only tells which characters may be, not how they stand together. */
  boolean isCharacters() {
    return shape == Shape.ANY || shape == Shape.INT || shape == Shape.WORD;
  }

  boolean mayHoldBlanks() {
    return shape != Shape.INT && shape != Shape.WORD;
  }

  /**
   * Where a field that starts at a place must end at the latest, for its characters.
   *
   * @param limit end of the header
   */
  int lastEnd(String line, int start, int limit) {
    if (shape == Shape.ANY || shape == Shape.QUOTED) {
      return limit;
    }
    int end = start;
    while (end < limit && allows(line.charAt(end))) {
      end++;
    }
    return end;
  }

  private boolean allows(char c) {
    return shape == Shape.INT ? c >= '0' && c <= '9' : c != ' ' && c != '\t';
  }

  /** Whether a text within {@link #lastEnd} is of this kind. */
  boolean accepts(String line, int start, int end) {
    return switch (shape) {
      case ONE_OF -> words.contains(line.substring(start, end).toLowerCase(Locale.ROOT));
      case QUOTED -> balanced(line, start, end);
      default -> true;
    };
  }

  private static boolean balanced(String line, int start, int end) {
    boolean open = false;
    for (int i = start; i < end; i++) {
      char c = line.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        open = !open;
      }
    }
    return !open;
  }

  /** The same as a regular expression, for tests and documentation. */
  String regex() {
    return switch (shape) {
      case ANY -> ".+?";
      case INT -> "[0-9]+?";
      case WORD -> "[^ \\t]+?";
      case QUOTED -> "(?:[^\"\\\\]|\\\\.|\"(?:[^\"\\\\]|\\\\.)*+\")+?";
      case ONE_OF ->
          words.stream()
              .sorted()
              .map(java.util.regex.Pattern::quote)
              .collect(Collectors.joining("|", "(?i:", ")"));
    };
  }
}
