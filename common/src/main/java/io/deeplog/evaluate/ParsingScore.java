package io.deeplog.evaluate;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How well parsed templates agree with the true ones. Both are compared as text with runs of white
 * space as one blank, since published truths write them so.
 *
 * @param lines compared
 * @param templates distinct parsed templates, each line without one counted as its own
 * @param trueTemplates distinct true templates
 * @param groupingAccuracy GA: share of lines whose parsed group holds exactly the lines of their
 *     true group (Zhu et al., ICSE SEIP 2019)
 * @param groupingF1 FGA: harmonic mean of the share of exact groups among the parsed and among the
 *     true groups (Jiang et al., ISSTA 2024)
 * @param parsingAccuracy PA: share of lines whose template has exactly the true text
 * @param templateF1 FTA: harmonic mean of the share of right templates among the parsed and among
 *     the true; right is one whose lines all have the true template of the same text
 * @param worst the true templates that are wrong, most lines first
 */
@Pure
public record ParsingScore(
    long lines,
    long templates,
    long trueTemplates,
    double groupingAccuracy,
    double groupingF1,
    double parsingAccuracy,
    double templateF1,
    List<Wrong> worst) {
  /**
   * Lines with one true and one parsed template.
   *
   * @param truth text of the true template
   * @param parsed text of the parsed template; null when the line has none
   * @param lines how many
   */
  @Pure
  public record Pair(String truth, String parsed, long lines) {}

  /**
   * A true template that was not parsed exactly.
   *
   * @param truth its text
   * @param lines of it
   * @param grouped whether its lines are exactly those of a parsed template
   * @param parsed the parsed templates of its lines, most lines first; a null text is none
   * @param others lines of other true templates that those parsed templates hold
   */
  @Pure
  public record Wrong(
      String truth, long lines, boolean grouped, List<Parsed> parsed, long others) {}

  /** A parsed template and how many lines of a true one it holds. */
  @Pure
  public record Parsed(String text, long lines) {}

  /** Scores; the same pair may come several times. */
  public static ParsingScore of(Collection<Pair> pairs) {
    Map<String, Map<String, Long>> byTruth = new HashMap<>();
    Map<String, Map<String, Long>> byParsed = new HashMap<>();
    long lines = 0;
    long without = 0;
    long right = 0;
    for (Pair pair : pairs) {
      String truth = oneBlank(pair.truth);
      String parsed = pair.parsed == null ? null : oneBlank(pair.parsed);
      byTruth.computeIfAbsent(truth, t -> new HashMap<>()).merge(parsed, pair.lines, Long::sum);
      lines += pair.lines;
      if (parsed == null) {
        without += pair.lines;
      } else {
        byParsed.computeIfAbsent(parsed, t -> new HashMap<>()).merge(truth, pair.lines, Long::sum);
        right += parsed.equals(truth) ? pair.lines : 0;
      }
    }
    long exactLines = 0;
    long exactGroups = 0;
    for (Map<String, Long> parsed : byTruth.values()) {
      if (exact(parsed, byParsed)) {
        exactGroups++;
        exactLines += sum(parsed);
      }
    }
    long rightTemplates =
        byParsed.entrySet().stream()
            .filter(e -> e.getValue().keySet().equals(Set.of(e.getKey())))
            .count();
    long templates = byParsed.size() + without;
    return new ParsingScore(
        lines,
        templates,
        byTruth.size(),
        share(exactLines, lines),
        share(2 * exactGroups, templates + byTruth.size()),
        share(right, lines),
        share(2 * rightTemplates, templates + byTruth.size()),
        worst(byTruth, byParsed));
  }

  private static String oneBlank(String text) {
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isWhitespace(c)) {
        result.append(c);
      } else if (result.length() > 0 && result.charAt(result.length() - 1) != ' ') {
        result.append(' ');
      }
    }
    int end = result.length();
    return end > 0 && result.charAt(end - 1) == ' '
        ? result.substring(0, end - 1)
        : result.toString();
  }

  /** Whether the lines of a true template are exactly those of one parsed template. */
  private static boolean exact(Map<String, Long> parsed, Map<String, Map<String, Long>> byParsed) {
    if (parsed.size() != 1) {
      return false;
    }
    String only = parsed.keySet().iterator().next();
    // A line without a template is a group by itself.
    return only == null ? parsed.get(null) == 1 : byParsed.get(only).size() == 1;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static double share(long part, long all) {
    return all == 0 ? 0 : (double) part / all;
  }

  private static List<Wrong> worst(
      Map<String, Map<String, Long>> byTruth, Map<String, Map<String, Long>> byParsed) {
    List<Wrong> result = new ArrayList<>();
    byTruth.forEach(
        (truth, counts) -> {
          boolean grouped = exact(counts, byParsed);
          if (grouped && counts.containsKey(truth)) {
            return;
          }
          List<Parsed> parsed = new ArrayList<>();
          counts.forEach((text, lines) -> parsed.add(new Parsed(text, lines)));
          parsed.sort(
              Comparator.comparingLong((Parsed p) -> -p.lines)
                  .thenComparing(p -> p.text == null ? "" : p.text));
          long others = 0;
          for (String text : new HashSet<>(counts.keySet())) {
            others += text == null ? 0 : sum(byParsed.get(text)) - counts.get(text);
          }
          result.add(new Wrong(truth, sum(counts), grouped, List.copyOf(parsed), others));
        });
    result.sort(Comparator.comparingLong((Wrong w) -> -w.lines).thenComparing(w -> w.truth));
    return List.copyOf(result);
  }
}
