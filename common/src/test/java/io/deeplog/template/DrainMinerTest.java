package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class DrainMinerTest {
  private static List<String> mine(MinerOptions options, Map<String, Long> lines) {
    DrainMiner miner = new DrainMiner(options);
    lines.forEach(miner::add);
    List<String> result = new ArrayList<>();
    miner.templates().forEach(result::add);
    return result;
  }

  private static List<String> mine(Object... linesAndCounts) {
    Map<String, Long> lines = new TreeMap<>();
    for (int i = 0; i < linesAndCounts.length; i += 2) {
      lines.put((String) linesAndCounts[i], ((Integer) linesAndCounts[i + 1]).longValue());
    }
    return mine(MinerOptions.DEFAULT, lines);
  }

  @Test
  void fewFrequentWordsAreEvents() {
    assertThat(
            mine(
                "instance <*> VM Started (Lifecycle Event)", 40,
                "instance <*> VM Paused (Lifecycle Event)", 30,
                "instance <*> VM Stopped (Lifecycle Event)", 30))
        .containsExactlyInAnyOrder(
            "instance <*> VM Started (Lifecycle Event)",
            "instance <*> VM Paused (Lifecycle Event)",
            "instance <*> VM Stopped (Lifecycle Event)");
  }

  @Test
  void manyWordsAreValues() {
    Map<String, Long> lines = new TreeMap<>();
    for (String user : List.of("root", "admin", "guest", "oracle", "test", "webmaster")) {
      lines.put("Failed password for " + user + " from <*>", 100L);
    }
    assertThat(mine(MinerOptions.DEFAULT, lines))
        .containsExactly("Failed password for <*> from <*>");
  }

  @Test
  void rareWordsAreValues() {
    assertThat(mine("open file readme now ok", 1, "open file notes now ok", 2))
        .containsExactly("open file <*> now ok");
  }

  @Test
  void wordsWithDigitsAreNoEvents() {
    assertThat(mine("bring up eth0 on host", 50, "bring up eth1 on host", 50))
        .containsExactly("bring up <*> on host");
    assertThat(mine("bring up eth on host", 50, "bring up <*> on host", 50))
        .as("a masked value among the words")
        .containsExactly("bring up <*> on host");
  }

  @Test
  void splitsCanBeSwitchedOff() {
    assertThat(
            mine(
                new MinerOptions(4, 0.4, 100, 0),
                new TreeMap<>(Map.of("the VM Started now", 40L, "the VM Paused now", 40L))))
        .containsExactly("the VM <*> now");
  }

  @Test
  void linesOfOtherLengthsOrBeginningsStayApart() {
    assertThat(mine("alpha <*> done", 1, "beta <*> done", 1, "alpha <*> done well", 1)).hasSize(3);
  }

  @Test
  void unlikeLinesStayApart() {
    assertThat(mine("start a b c d", 1, "start w x y z", 1)).hasSize(2);
  }

  @Test
  void aHundredThousandUnlikeLinesAreBounded() {
    Random random = new Random(5);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      StringBuilder line = new StringBuilder();
      for (int word = 0; word < 6; word++) {
        line.append(word == 0 ? "" : " ").append(Long.toString(random.nextLong() >>> 20, 36));
      }
      lines.add(line.toString().replaceAll("[0-9]", "x"));
    }
    LineSample sample = new LineSample();
    lines.forEach(line -> sample.add(line, 1));
    List<Template> templates =
        assertTimeout(
            Duration.ofSeconds(60),
            () -> SampledLearner.mine(sample, Miner.DRAIN, MinerOptions.DEFAULT));
    // A hundred branches of the tree, of which one takes nearly all.
    assertThat(templates)
        .hasSizeLessThanOrEqualTo(
            MinerOptions.DEFAULT.maxChildren() * (DrainMiner.MAX_CLUSTERS + 1));
    TemplateMatcher matcher = Miner.DRAIN.matcher(templates, Masks.DEFAULT);
    assertThat(lines).allMatch(matcher::matchesMasked);
  }

  @Test
  void tooManyBranchesShareOne() {
    Map<String, Long> lines = new TreeMap<>();
    for (char a = 'a'; a <= 'z'; a++) {
      lines.put("name" + a + " logged in now", 1L);
    }
    assertThat(mine(new MinerOptions(4, 0.4, 5, 5), lines))
        .contains("<*> logged in now")
        .hasSizeLessThan(7);
  }

  @Test
  void theSameLinesGiveTheSameTemplatesOnceSorted() {
    List<String> lines = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      lines.add(
          "event "
              + "abcde".charAt(random.nextInt(5))
              + " of "
              + "vwxyz".charAt(random.nextInt(5))
              + " is "
              + random.nextInt(10));
    }
    List<Template> once = TemplateMatcherTest.learn(lines, Miner.DRAIN, MinerOptions.DEFAULT);
    for (int i = 0; i < 5; i++) {
      Collections.shuffle(lines, random);
      assertThat(TemplateMatcherTest.learn(lines, Miner.DRAIN, MinerOptions.DEFAULT))
          .isEqualTo(once);
    }
  }

  @Test
  void templatesAreDistinct() {
    assertThat(mine("a b <*>", 3, "a c <*>", 3, "a d <*>", 3)).doesNotHaveDuplicates();
  }

  @Test
  void idsAreStableForEver() {
    assertThat(Template.of("Receiving block <*> src: /<*> dest: /<*>").id())
        .isEqualTo("7fc4d84216a4445f");
    assertThat(Template.of("").id()).isEqualTo("e3b0c44298fc1c14");
  }

  @Test
  void fillingChecksItsParameters() {
    Template template = Template.of("a <*> b");
    assertThat(template.fill(List.of("<*>"))).isEqualTo("a <*> b");
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> template.fill(List.of("x", "y")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void plainDrainCountsAllTokensAndBranchesAtDigits() {
    MinerOptions plain = new MinerOptions(4, 0.5, 100, 0);
    Map<String, Long> lines = new TreeMap<>();
    // Two of four tokens are equal constants: enough. The wildcards do not count, so one is not.
    lines.put("send <*> to alpha", 1L);
    lines.put("send <*> to beta", 1L);
    lines.put("send <*> at alpha", 1L);
    // Their first words have digits and lead to one leaf.
    lines.put("7f opened the door", 1L);
    lines.put("8f opened the door", 1L);
    assertThat(mine(plain, lines))
        .containsExactlyInAnyOrder("send <*> <*> alpha", "send <*> to beta", "<*> opened the door");
  }

  @Test
  void blanksBesideAWildcardAreItsOwn() {
    Map<String, Long> lines = new TreeMap<>();
    lines.put("at Jul  1 all is well", 1L);
    lines.put("at Jul 12 all is well", 1L);
    lines.put("at Jul  2 all is  well", 1L);
    assertThat(mine(new MinerOptions(4, 0.4, 100, 0), lines))
        .containsExactlyInAnyOrder("at Jul <*> all is well", "at Jul <*> all is  well");
  }
}
