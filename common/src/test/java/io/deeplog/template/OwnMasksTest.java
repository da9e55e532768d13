package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.UserException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Masks of the user's own, and the list that is the default. */
final class OwnMasksTest {
  private static final List<String> OWN =
      List.of(
          "order: ORD-[A-Z]{2}-\\w+",
          "state: (up|down)",
          "letters: [a-f]+",
          "empty: x*",
          "blanks: \\s+",
          "brackets: \\[[^\\]]*\\]",
          "wildcard: <\\*>",
          "ends: ^\\w+|\\w+$",
          "all: (?s)q.*",
          "look: (?<=\\d)\\w");

  @Test
  void theListOfTheJarIsTheDefault() {
    assertThat(MaskEntries.ofJar()).as("all built-in masks").isEqualTo(Masks.DEFAULT);
    assertThat(Miner.AUTO.masks()).isSameAs(MaskEntries.ofJar());
    TemplateParser parser = new TemplateParser();
    assertThat(parser.getOrDefault(parser.masks())).isEqualTo(MaskEntries.ofJar().text());
  }

  @Test
  void aMatchEndsTheDateBeforeIt() {
    List<String> entries = new ArrayList<>(Masks.DEFAULT.entries());
    entries.add("clock: \\d+:\\d+:\\d+");
    for (String line : List.of("Jul 17 09:21:12 host up", "January 17 09:21:12 host up")) {
      assertThat(new Masker(Masks.of(entries)).mask(line)).endsWith("<*> host up");
    }
  }

  @Test
  void aMaskThatBacktracksIsToldAndEnds() {
    Masker masker = new Masker(Masks.of(List.of("evil: (x+x+)+y", "number")));
    assertThat(masker.mask("xxy " + "x".repeat(10) + " 7")).isEqualTo("<*> xxxxxxxxxx <*>");
    assertThatThrownBy(() -> masker.mask("x".repeat(200)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("'evil' takes too long");
  }

  @Provide
  Arbitrary<Masks> masks() {
    return Combinators.combine(
            Arbitraries.of(OWN).list().uniqueElements().ofMaxSize(3),
            Arbitraries.of(Mask.values()).map(Mask::key).list().uniqueElements().ofMaxSize(14))
        .as(
            (own, builtin) -> {
              List<String> entries = new ArrayList<>(builtin);
              // Anywhere in the list.
              own.forEach(mask -> entries.add(entries.size() / 2, mask));
              return Masks.of(entries);
            });
  }

  @Provide
  Arbitrary<List<String>> lines() {
    Arbitrary<String> word =
        Arbitraries.of(
            "link",
            "up",
            "down",
            "ORD-AB-77x",
            "ORD-",
            "cafe",
            "5",
            "12ms",
            "10.0.0.1:80",
            "/a/b",
            "[a b]",
            "[",
            "]",
            "<*>",
            "q",
            "xx",
            "",
            "\t",
            "\"v w\"",
            "k=v,",
            "\u00e9\ud83d\ude00");
    return word.list()
        .ofMaxSize(8)
        .flatMap(words -> Arbitraries.of(" ", "", ": ").map(glue -> String.join(glue, words)))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12);
  }

  @Property(seed = "41", tries = 1500)
  void everyLineComesBackWhateverTheMasks(
      @ForAll("masks") Masks masks, @ForAll("lines") List<String> lines) {
    for (Miner miner : Miner.values()) {
      Masker masker = new Masker(masks);
      List<Template> templates;
      if (miner.followsOrder()) {
        TemplateMiner started = miner.start(MinerOptions.DEFAULT);
        lines.forEach(line -> started.add(masker.mask(line), 1));
        List<String> results = new ArrayList<>();
        started.templates().forEach(results::add);
        templates = miner.finish(results);
      } else {
        LineSample sample = new LineSample();
        lines.forEach(line -> sample.add(masker.mask(line), 1));
        templates = SampledLearner.mine(sample, miner, MinerOptions.DEFAULT);
      }
      TemplateMatcher matcher = miner.matcher(templates, masks);
      for (String line : lines) {
        TemplateMatcher.Match match = matcher.match(line);
        assertThat(match).as("'%s' by %s, masks %s", line, miner, masks.entries()).isNotNull();
        assertThat(match.template().fill(match.params())).isEqualTo(line);
      }
    }
  }
}
