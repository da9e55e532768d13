package io.deeplog.template;

import io.deeplog.evaluate.ParsingScore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the default miner's thresholds are worth on a system that they were not chosen on: for each
 * system the best of a small grid on all others, measured on it. The rules themselves stay. Takes
 * the directory of the benchmark's files.
 */
final class LeaveOneOutBench {
  private LeaveOneOutBench() {}

  public static void main(String[] args) throws IOException {
    Path data = Path.of(args[0]);
    List<String> systems = new ArrayList<>();
    try (var list = Files.list(data)) {
      list.map(p -> p.getFileName().toString()).sorted().forEach(systems::add);
    }
    List<Evidence.Thresholds> grid = grid();
    List<ParsingScore[]> scores = new ArrayList<>();
    for (String system : systems) {
      List<String> contents = new ArrayList<>();
      List<String> truths = new ArrayList<>();
      ParsingBench.read(data, system, contents, truths);
      scores.add(grid.stream().map(t -> score(contents, truths, t)).toArray(ParsingScore[]::new));
    }
    double[] sum = new double[4];
    for (int left = 0; left < systems.size(); left++) {
      int best = 0;
      double highest = -1;
      for (int g = 0; g < grid.size(); g++) {
        double total = 0;
        for (int s = 0; s < systems.size(); s++) {
          total += s == left ? 0 : total(scores.get(s)[g]);
        }
        if (total > highest) {
          highest = total;
          best = g;
        }
      }
      ParsingScore score = scores.get(left)[best];
      double[] figures = {
        score.groupingAccuracy(), score.groupingF1(), score.parsingAccuracy(), score.templateF1()
      };
      for (int f = 0; f < figures.length; f++) {
        sum[f] += figures[f] / systems.size();
      }
      print(systems.get(left), figures, grid.get(best).toString());
    }
    print("average", sum, "");
  }

  private static void print(String name, double[] figures, String note) {
    System.out.printf(
        Locale.ROOT,
        "%-10s GA %.3f FGA %.3f PA %.3f FTA %.3f %s%n",
        name,
        figures[0],
        figures[1],
        figures[2],
        figures[3],
        note);
  }

  private static double total(ParsingScore score) {
    return score.groupingAccuracy()
        + score.groupingF1()
        + score.parsingAccuracy()
        + score.templateF1();
  }

  private static List<Evidence.Thresholds> grid() {
    List<Evidence.Thresholds> grid = new ArrayList<>();
    for (int words : new int[] {2, 3, 4}) {
      for (int fewStates : new int[] {0, 5}) {
        for (double share : new double[] {0.3, 0.5, 1}) {
          grid.add(new Evidence.Thresholds(words, 12, fewStates, 8, share));
        }
      }
    }
    return grid;
  }

  private static ParsingScore score(
      List<String> contents, List<String> truths, Evidence.Thresholds thresholds) {
    Masker masker = new Masker();
    Map<String, AutoMiner> leaves = new TreeMap<>();
    Map<String, Long> lines = new TreeMap<>();
    contents.forEach(content -> lines.merge(masker.mask(content), 1L, Long::sum));
    lines.forEach(
        (line, n) ->
            leaves
                .computeIfAbsent(AutoMiner.leaf(line), k -> new AutoMiner(thresholds))
                .add(line, n));
    List<String> results = new ArrayList<>();
    leaves.values().forEach(leaf -> leaf.templates().forEach(results::add));
    TemplateMatcher matcher = Miner.AUTO.matcher(Miner.AUTO.finish(results), Masks.DEFAULT);
    List<ParsingScore.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      TemplateMatcher.Match match = matcher.match(contents.get(i));
      pairs.add(
          new ParsingScore.Pair(truths.get(i), match == null ? null : match.template().text(), 1));
    }
    return ParsingScore.of(pairs);
  }
}
