package io.deeplog.template;

import io.deeplog.evaluate.ParsingScore;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * Scores a miner ({@code -Dminer=NAME}, {@code -Dtau=X} for spell) on the benchmark's files, in
 * seconds and without Spark.
 */
final class ParsingBench {
  private ParsingBench() {}

  public static void main(String[] args) throws IOException {
    Path data = Path.of(args[0]);
    int shown = Integer.parseInt(args[1]);
    int limit = Integer.parseInt(args[2]);
    List<String> systems = new ArrayList<>();
    for (int i = 3; i < args.length; i++) {
      systems.add(args[i]);
    }
    if (systems.isEmpty()) {
      try (var list = Files.list(data)) {
        list.map(p -> p.getFileName().toString()).sorted().forEach(systems::add);
      }
    }
    double[] sum = new double[4];
    for (String system : systems) {
      List<String> contents = new ArrayList<>();
      List<String> truths = new ArrayList<>();
      read(data, system, contents, truths);
      if (limit < contents.size()) {
        java.util.Collections.shuffle(contents, new java.util.Random(limit));
        java.util.Collections.shuffle(truths, new java.util.Random(limit));
        contents = contents.subList(0, limit);
        truths = truths.subList(0, limit);
      }
      ParsingScore score = score(contents, truths);
      System.out.printf(
          Locale.ROOT,
          "%-10s %4d %4d  GA %.3f FGA %.3f PA %.3f FTA %.3f%n",
          system,
          score.templates(),
          score.trueTemplates(),
          score.groupingAccuracy(),
          score.groupingF1(),
          score.parsingAccuracy(),
          score.templateF1());
      sum[0] += score.groupingAccuracy();
      sum[1] += score.groupingF1();
      sum[2] += score.parsingAccuracy();
      sum[3] += score.templateF1();
      score.worst().stream()
          .limit(shown)
          .forEach(
              w -> {
                System.out.printf(
                    "  %d %s others=%d%n     T %s%n",
                    w.lines(), w.grouped(), w.others(), w.truth());
                w.parsed().stream()
                    .limit(4)
                    .forEach(p -> System.out.printf("     P %s (%d)%n", p.text(), p.lines()));
              });
    }
    int n = systems.size();
    System.out.printf(
        Locale.ROOT,
        "%-10s           GA %.3f FGA %.3f PA %.3f FTA %.3f%n",
        "average",
        sum[0] / n,
        sum[1] / n,
        sum[2] / n,
        sum[3] / n);
  }

  /** Reads a benchmark's file, or one of the made-up systems. */
  static void read(Path data, String system, List<String> contents, List<String> truths)
      throws IOException {
    Path file = data.resolve(system).resolve(system + "_2k.log_structured_corrected.csv");
    if (!Files.exists(file)) {
      file = data.resolve(system).resolve(system + ".log_structured.csv");
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      for (CSVRecord row :
          CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build().parse(reader)) {
        contents.add(row.get("Content"));
        truths.add(row.get("EventTemplate"));
      }
    }
  }

  private static List<Template> mineInOrder(Miner kind, List<String> contents) {
    MinerOptions defaults = MinerOptions.DEFAULT;
    double tau = Double.parseDouble(System.getProperty("tau", "" + defaults.tau()));
    Masker masker = new Masker(kind.masks());
    TemplateMiner miner = kind.start(new MinerOptions(4, 0.4, 100, 0, tau));
    contents.forEach(content -> miner.add(masker.mask(content), 1));
    List<String> results = new ArrayList<>();
    miner.templates().forEach(results::add);
    return kind.finish(results);
  }

  static List<Template> mine(Miner kind, Map<String, Long> lines) {
    Map<String, TemplateMiner> leaves = new TreeMap<>();
    lines.forEach(
        (line, n) ->
            leaves
                .computeIfAbsent(kind.leaf(line), k -> kind.start(MinerOptions.DEFAULT))
                .add(line, n));
    List<String> results = new ArrayList<>();
    leaves.values().forEach(l -> l.templates().forEach(results::add));
    return kind.finish(results);
  }

  static ParsingScore score(List<String> contents, List<String> truths) {
    Miner miner = Miner.of(System.getProperty("miner", "auto"));
    Masker masker = new Masker(miner.masks());
    Map<String, Long> lines = new TreeMap<>();
    contents.forEach(c -> lines.merge(masker.mask(c), Long.getLong("times", 1L), Long::sum));
    List<Template> templates =
        miner.followsOrder() ? mineInOrder(miner, contents) : mine(miner, lines);
    TemplateMatcher matcher = miner.matcher(templates, miner.masks());
    List<ParsingScore.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < contents.size(); i++) {
      TemplateMatcher.Match match = matcher.match(contents.get(i));
      if (match != null && !match.template().fill(match.params()).equals(contents.get(i))) {
        throw new IllegalStateException(contents.get(i) + " | " + match);
      }
      pairs.add(
          new ParsingScore.Pair(truths.get(i), match == null ? null : match.template().text(), 1));
    }
    return ParsingScore.of(pairs);
  }
}
