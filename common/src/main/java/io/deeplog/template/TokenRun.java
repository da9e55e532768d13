package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A run of tokens in a template: what may be a value there.
 *
 * @param template its text
 * @param from where the run starts in it
 * @param to where the run ends
 */
@Pure
record TokenRun(String template, int from, int to) {
  /** The text before the run. */
  String before() {
    return template.substring(0, from);
  }

  /** The run itself. */
  String text() {
    return template.substring(from, to);
  }

  /** The text behind it. */
  String after() {
    return template.substring(to);
  }

  /** The template with a wildcard in place of the run. */
  String general() {
    return before() + Masker.WILDCARD + after();
  }

  /** What the template has for each wildcard of {@link #general}. */
  List<String> parts() {
    List<String> parts = new ArrayList<>(Template.ownWildcards(before()));
    parts.add(text());
    parts.addAll(Template.ownWildcards(after()));
    return parts;
  }

  /** Whether the run is what programs print for a value that is not there. */
  boolean isNothing() {
    return switch (text()) {
      case "",
          "\"\"",
          "null",
          "(null)",
          "<null>",
          "nil",
          "(nil)",
          "none",
          "None",
          "(none)",
          "NULL" ->
          true;
      default -> false;
    };
  }

  /**
   * Whether the run is nothing but values: masked ones with one sign between, maybe with a blank,
   * or one with more to it.
   */
  boolean isList() {
    if (isMore() || isRecord()) {
      return true;
    }
    String text = text();
    String rest = text.replace(", ", ",").replace(Masker.WILDCARD, "");
    return text.startsWith(Masker.WILDCARD)
        && text.endsWith(Masker.WILDCARD)
        && rest.chars().distinct().count() <= 1
        && rest.chars().allMatch(c -> "|,;/#".indexOf(c) >= 0);
  }

  /** Whether the run is a value of parts, "name;1.2;en", with a masked one among them. */
  private boolean isRecord() {
    String text = text();
    return text.contains(Masker.WILDCARD)
        && text.indexOf(' ') < 0
        && text.indexOf(';') != text.lastIndexOf(';');
  }

  /** Whether the run is a value with more to it: see {@link ValueRuns#moreEnds}. */
  private boolean isMore() {
    String[] texts = Tokens.of(text(), Tokens.Grain.FINE).texts();
    return Arrays.stream(new ValueRuns(texts).moreEnds(1)).anyMatch(end -> end == texts.length);
  }
}
