package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What stands between the constant words of templates that have the same words. */
@Pure
final class Gaps {
  private static final Pattern ARROW = Pattern.compile("[-=]>|<[-=]");

  private final String text;

  /** By template, what stands for each wildcard of the text. */
  private final List<List<String>> runs;

  private Gaps(String text, List<List<String>> runs) {
    this.text = text;
    this.runs = runs;
  }

  /** The text of a template that stands for all. */
  String text() {
    return text;
  }

  /** What one of the templates has for every wildcard of the text. */
  List<String> runs(int template) {
    return runs.get(template);
  }

  /** The constant words of a template, in order. */
  static String words(Tokens tokens) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      if (Tokens.isConstant(tokens.text(i))) {
        words.append(tokens.text(i)).append('\u0001');
      }
    }
    return words.toString();
  }

  /**
   * Joins templates of the same {@link #words}; null where they differ in more than the shape of
   * values.
   */
  static Gaps of(List<Tokens> templates) {
    List<List<List<String>>> all = templates.stream().map(Gaps::cut).toList();
    StringBuilder text = new StringBuilder();
    List<List<String>> runs = new ArrayList<>();
    templates.forEach(template -> runs.add(new ArrayList<>()));
    int last = all.get(0).size() - 1;
    for (int i = 0; i <= last; i++) {
      int place = i;
      List<List<String>> gaps = all.stream().map(pieces -> pieces.get(place)).toList();
      if (!join(gaps, i > 0, i < last, text, runs)) {
        return null;
      }
    }
    return new Gaps(text.toString(), runs);
  }

  /** Gaps and words in turn. */
  private static List<List<String>> cut(Tokens tokens) {
    List<List<String>> pieces = new ArrayList<>();
    List<String> gap = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (Tokens.isConstant(tokens.text(i))) {
        pieces.add(gap);
        pieces.add(List.of(tokens.text(i)));
        gap = new ArrayList<>();
      } else {
        gap.add(tokens.text(i));
      }
    }
    pieces.add(gap);
    return pieces;
  }

  /** Joins gaps; not where a value would be glued to the word before or behind it. */
  private static boolean join(
      List<List<String>> gaps,
      boolean behindWord,
      boolean beforeWord,
      StringBuilder text,
      List<List<String>> runs) {
    List<String> any = gaps.get(0);
    if (gaps.stream().allMatch(any::equals)) {
      List<String> own = Template.ownWildcards(String.join("", any));
      text.append(String.join("", any));
      runs.forEach(run -> run.addAll(own));
      return true;
    }
    if (gaps.stream().map(Gaps::arrows).distinct().count() > 1) {
      return false;
    }
    int shortest = gaps.stream().mapToInt(List::size).min().orElse(0);
    int head = 0;
    while (head < shortest && isSame(gaps, head, false)) {
      head++;
    }
    int tail = 0;
    while (head + tail < shortest && isSame(gaps, tail, true)) {
      tail++;
    }
    if ((behindWord && head == 0) || (beforeWord && tail == 0)) {
      return false;
    }
    text.append(String.join("", any.subList(0, head))).append(Masker.WILDCARD);
    text.append(String.join("", any.subList(any.size() - tail, any.size())));
    for (int i = 0; i < gaps.size(); i++) {
      String run = String.join("", gaps.get(i).subList(head, gaps.get(i).size() - tail));
      if (!run.contains(Masker.WILDCARD)
          || run.contains("=")
          || run.contains(" (")
          || ":,; ".indexOf(run.charAt(0)) >= 0) {
        return false;
      }
      runs.get(i).add(run);
    }
    return true;
  }

  /** The arrows of a gap: which way something went is told by them. */
  private static String arrows(List<String> gap) {
    String signs = String.join("", gap).replace(Masker.WILDCARD, "");
    return ARROW.matcher(signs).results().map(MatchResult::group).collect(Collectors.joining());
  }

  /** Whether all gaps have the same sign at a place, counted from the begin or the end. */
  private static boolean isSame(List<List<String>> gaps, int place, boolean fromEnd) {
    String token = at(gaps.get(0), place, fromEnd);
    return !token.contains(Masker.WILDCARD)
        && gaps.stream().allMatch(gap -> at(gap, place, fromEnd).equals(token));
  }

  private static String at(List<String> gap, int place, boolean fromEnd) {
    return gap.get(fromEnd ? gap.size() - 1 - place : place);
  }
}
