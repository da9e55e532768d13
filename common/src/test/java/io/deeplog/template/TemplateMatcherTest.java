package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class TemplateMatcherTest {
  static List<Template> learn(List<String> lines, Miner miner, MinerOptions options) {
    Masker masker = new Masker();
    Map<String, Map<String, Long>> leaves = new TreeMap<>();
    for (String line : lines) {
      String masked = masker.mask(line);
      leaves.computeIfAbsent(miner.leaf(masked), n -> new TreeMap<>()).merge(masked, 1L, Long::sum);
    }
    List<String> results = new java.util.ArrayList<>();
    for (Map<String, Long> leaf : leaves.values()) {
      TemplateMiner started = miner.start(options);
      leaf.forEach(started::add);
      started.templates().forEach(results::add);
    }
    return miner.finish(results);
  }

  static List<Template> learnInOrder(List<String> lines, Miner miner) {
    Masker masker = new Masker(miner.masks());
    TemplateMiner started = miner.start(MinerOptions.DEFAULT);
    lines.forEach(line -> started.add(masker.mask(line), 1));
    List<String> results = new java.util.ArrayList<>();
    started.templates().forEach(results::add);
    return miner.finish(results);
  }

  private static void everyLineComesBack(List<String> lines) {
    everyLineComesBack(lines, Miner.AUTO, MinerOptions.DEFAULT);
    everyLineComesBack(lines, Miner.LENMA, MinerOptions.DEFAULT);
    everyLineComesBack(lines, Miner.SPELL, MinerOptions.DEFAULT);
    for (MinerOptions options :
        List.of(
            MinerOptions.DEFAULT, new MinerOptions(3, 0, 100, 5), new MinerOptions(6, 0.7, 2, 0))) {
      everyLineComesBack(lines, Miner.DRAIN, options);
    }
  }

  private static void everyLineComesBack(List<String> lines, Miner miner, MinerOptions options) {
    TemplateMatcher matcher =
        miner.matcher(
            miner.followsOrder() ? learnInOrder(lines, miner) : learn(lines, miner, options),
            miner.masks());
    for (String line : lines) {
      TemplateMatcher.Match match = matcher.match(line);
      assertThat(match).as("match of '%s' by %s", line, miner).isNotNull();
      assertThat(match.template().fill(match.params())).isEqualTo(line);
      int wildcards = (match.template().text() + " ").split("<\\*>", -1).length - 1;
      assertThat(match.params()).as("parameters of '%s'", line).hasSize(wildcards);
    }
  }

  @Provide
  Arbitrary<List<String>> bytes() {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofMaxSize(60)
        .map(b -> new String(b, StandardCharsets.ISO_8859_1))
        .list()
        .ofMaxSize(20);
  }

  @Property(seed = "1", tries = 500)
  void randomBytes(@ForAll("bytes") List<String> lines) {
    everyLineComesBack(lines);
  }

  @Property(seed = "2", tries = 500)
  void unicode(@ForAll List<String> lines) {
    everyLineComesBack(lines);
  }

  @Provide
  Arbitrary<List<String>> logLike() {
    Arbitrary<String> word =
        Arbitraries.of(
            "Fetching",
            "block",
            "from",
            "part_-16089",
            "10.0.0.1:50010",
            "/a/b/c",
            "5",
            "-5",
            "+5",
            "1,234.5",
            "size=67108864",
            "VM",
            "Started",
            "Paused",
            "(took",
            "12ms)",
            "<*>",
            "<",
            "*>",
            "<*",
            "a<*>b",
            "<*><*>",
            "5<*>",
            "<*>.5",
            "https://x/y",
            "C:\\x\\y z",
            "",
            "",
            "\t",
            "\t5",
            "deadbeefcafe",
            "eth0",
            "[main]",
            "x:",
            "\"q\"",
            "--",
            "-",
            "_",
            "5-",
            "-_5",
            "5,",
            "..5",
            "<5>",
            "5:<*>",
            "µs",
            "５",
            "é5",
            "1,234,",
            "-1,234",
            "1,234:5");
    return word.list().ofMaxSize(8).map(w -> String.join(" ", w)).list().ofMaxSize(30);
  }

  @Property(seed = "3", tries = 700)
  void logLikeText(@ForAll("logLike") List<String> lines) {
    everyLineComesBack(lines);
  }

  @Provide
  Arbitrary<List<String>> awkward() {
    return Arbitraries.strings()
        .withChars(
            '<', '*', '>', ' ', '5', '-', '+', ',', '.', ':', '/', '_', '@', 'a', '\t', '~', '\\')
        .ofMaxLength(16)
        .list()
        .ofMaxSize(15);
  }

  @Property(seed = "4", tries = 3000)
  void awkwardText(@ForAll("awkward") List<String> lines) {
    everyLineComesBack(lines);
  }

  @Property(seed = "5", tries = 12)
  void hugeLines(@ForAll("logLike") List<String> lines) {
    everyLineComesBack(
        lines.stream()
            .flatMap(
                line ->
                    java.util.stream.Stream.of(
                        line,
                        (line + " ").repeat(700),
                        (line + "x").repeat(700),
                        " ".repeat(5000) + line))
            .toList());
  }

  @Test
  void manyTokens() {
    everyLineComesBack(
        List.of(
            "00 ".repeat(1400), "00 ".repeat(1400) + "x", "a 00 ".repeat(700), "5 ".repeat(4000)));
  }

  @Test
  void manyBlanks() {
    everyLineComesBack(List.of(" ", "", "  ", " ".repeat(10_000), "a" + " ".repeat(4090) + "b"));
  }

  @Test
  void theMostSpecificTemplateWins() {
    TemplateMatcher matcher =
        new TemplateMatcher(
            List.of(
                Template.of("VM <*> now"), Template.of("VM Started now"), Template.of("<*> x y")));
    assertThat(matcher.match("VM Started now").template().text()).isEqualTo("VM Started now");
    TemplateMatcher.Match other = matcher.match("VM Paused now");
    assertThat(other.template().text()).isEqualTo("VM <*> now");
    assertThat(other.params()).containsExactly("Paused");
    assertThat(matcher.match("VM x y").template().text()).as("goes back").isEqualTo("<*> x y");
    assertThat(matcher.match("VM Paused")).isNull();
    assertThat(matcher.match("something else entirely")).isNull();
  }

  @Test
  void parametersComeByPosition() {
    TemplateMatcher matcher =
        new TemplateMatcher(List.of(Template.of("from <*> size=<*>; took (<*>, <*>) ms")));
    TemplateMatcher.Match match = matcher.match("from /a/b/c size=67,108; took (5, -6.5) ms");
    assertThat(match.params()).containsExactly("/a/b/c", "67,108", "5", "-6.5");
  }
}
