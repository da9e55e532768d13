package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SampledLearnerTest {
  private static Map<String, Long> lines(LineSample sample) {
    Map<String, Long> lines = new TreeMap<>();
    sample.forEach(lines::put);
    return lines;
  }

  @Property(tries = 100)
  void aSampleIsTheSameInAnyOrderAndParts(
      @ForAll @IntRange(min = 1, max = 400) int distinct,
      @ForAll @IntRange(min = 1, max = 300) int mostLines,
      @ForAll @IntRange(min = 10, max = 4000) int mostChars,
      @ForAll @IntRange(min = 1, max = 9) int parts,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<String> log = new ArrayList<>();
    Map<String, Long> counts = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      log.add("line " + random.nextInt(distinct));
      counts.merge(log.get(i), 1L, Long::sum);
    }
    LineSample whole = new LineSample(mostLines, mostChars);
    log.forEach(line -> whole.add(line, 1));
    Collections.shuffle(log, random);
    LineSample merged = new LineSample(mostLines, mostChars);
    for (int part = 0; part < parts; part++) {
      LineSample one = new LineSample(mostLines, mostChars);
      log.subList(part * 500 / parts, (part + 1) * 500 / parts).forEach(line -> one.add(line, 1));
      merged.merge(one);
    }
    assertThat(lines(merged)).isEqualTo(lines(whole));
    assertThat(merged.isPart()).isEqualTo(whole.isPart());
    assertThat(merged.size()).isLessThanOrEqualTo(mostLines);
    assertThat(lines(whole)).allSatisfy((line, n) -> assertThat(n).isEqualTo(counts.get(line)));
    if (!whole.isPart()) {
      assertThat(lines(whole)).isEqualTo(counts);
    }
  }

  /** Reads lines in parts with a budget, and counts how often. */
  private static final class Lines implements SampledLearner.Log {
    private final List<String> lines;
    private final int parts;
    private final int budget;
    private int passes;

    Lines(List<String> lines, int parts, int budget) {
      this.lines = lines;
      this.parts = parts;
      this.budget = budget;
    }

    @Override
    public LineSample unknown(List<Template> known) {
      passes++;
      TemplateMatcher matcher = new TemplateMatcher(known);
      Masker masker = new Masker();
      LineSample all = new LineSample(budget, 100_000_000);
      for (int part = 0; part < parts; part++) {
        LineSample sample = new LineSample(budget, 100_000_000);
        for (int i = part; i < lines.size(); i += parts) {
          String masked = masker.mask(lines.get(i));
          if (!matcher.matchesMasked(masked)) {
            sample.add(masked, 1);
          }
        }
        all.merge(sample);
      }
      return all;
    }
  }

  private static String word(Random random) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      word.append((char) ('g' + random.nextInt(20)));
    }
    return word.toString();
  }

  private static List<Template> learn(Lines log) {
    return SampledLearner.learn(log, List.of(), Miner.AUTO, MinerOptions.DEFAULT);
  }

  @Test
  void uniqueLinesBeyondTheBudgetGiveTheTemplatesOfAll() {
    Random random = new Random(1);
    List<String> log = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      log.add("Accepted the request of user " + word(random) + " in " + i + " ms");
      log.add("Closed the session of user " + word(random));
    }
    Lines whole = new Lines(log, 1, 100_000);
    List<Template> expected = learn(whole);
    assertThat(whole.passes).isEqualTo(1);
    assertThat(expected)
        .extracting(Template::text)
        .containsExactly(
            "Accepted the request of user <*> in <*> ms", "Closed the session of user <*>");
    Lines parts = new Lines(log, 7, 500);
    assertThat(learn(parts)).isEqualTo(expected);
    assertThat(parts.passes).isEqualTo(2);
    Collections.shuffle(log, random);
    assertThat(learn(new Lines(log, 3, 500))).isEqualTo(expected);
  }

  @Test
  void everyLineHasATemplateWhateverIsMerged() {
    List<String> log = new ArrayList<>();
    for (int i = 1; i < 10; i++) {
      log.add("listening on interface net0:" + i + ", 10.0.0." + i + "#53");
      log.add("listening on interface net" + i + ", 10.0.1." + i + "#53");
    }
    log.add("listening on interface loop, 127.0.0.1#53");
    log.add("listening on interface net0, 10.0.0.99#53");
    TemplateMatcher matcher = new TemplateMatcher(learn(new Lines(log, 1, 100)));
    assertThat(log).allMatch(line -> matcher.match(line) != null);
  }

  @Test
  void whatIsRareIsLearnedInALaterPass() {
    Random random = new Random(2);
    List<String> log = new ArrayList<>(List.of("A rare event that comes once"));
    for (int i = 0; i < 5_000; i++) {
      log.add("Closed the session of user " + word(random));
    }
    assertThat(learn(new Lines(log, 2, 100)))
        .extracting(Template::text)
        .contains("A rare event that comes once", "Closed the session of user <*>");
  }

  @Test
  void linesOfRandomWordsEndInFewTemplates() {
    Random random = new Random(3);
    List<String> log = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      log.add(word(random) + " " + word(random) + " " + word(random) + " " + word(random));
    }
    List<Template> templates = learn(new Lines(log, 1, 6_000));
    assertThat(templates).hasSizeLessThanOrEqualTo(AutoMiner.MAX_TEMPLATES);
    TemplateMatcher matcher = new TemplateMatcher(templates);
    assertThat(log).allMatch(line -> matcher.match(line) != null);
  }
}
