package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SerialMinersTest {
  private static List<String> texts(Miner miner, String... lines) {
    return TemplateMatcherTest.learnInOrder(List.of(lines), miner).stream()
        .map(Template::text)
        .toList();
  }

  @Test
  void lenmaJoinsLinesOfAlikeLengths() {
    assertThat(
            texts(
                Miner.LENMA,
                "session opened for user root by admin",
                "session opened for user mail by admin",
                "other opened for user root by admin"))
        .containsExactly(
            "other opened for user root by admin", "session opened for user <*> by admin");
  }

  @Test
  void lenmaNeedsThreeEqualWords() {
    assertThat(texts(Miner.LENMA, "a b c", "a b d")).hasSize(2);
  }

  @Test
  void lenmaFollowsTheLatestLengths() {
    String first = "one two three x";
    String longer = "one two three xxxx";
    String longest = "one two three xxxxxxxxx";
    assertThat(texts(Miner.LENMA, first, longer, longest)).containsExactly("one two three <*>");
    assertThat(texts(Miner.LENMA, first, longest)).hasSize(2);
  }

  @Test
  void lenmaKeepsTheIdsOfTheOriginal() {
    assertThat(TemplateMatcherTest.learnInOrder(List.of("restart."), Miner.LENMA))
        .containsExactly(new Template("78996bdd", "restart."));
  }

  @Test
  void lenmaTakesBlanksIntoAWildcardOnly() {
    assertThat(
            texts(
                Miner.LENMA,
                "the name of user bob is known",
                "the name of user  tom is known",
                "the name  of user tim is known"))
        .containsExactly("the name  of user <*> is known", "the name of user <*> is known");
  }

  @Test
  void spellJoinsByTheCommonSubsequence() {
    assertThat(
            texts(
                Miner.SPELL,
                "temperature of fan exceeds warning",
                "temperature of core exceeds warning",
                "disk failure at node"))
        .containsExactly("disk failure at node", "temperature of <*> exceeds warning");
  }

  @Test
  void spellTakesValuesOfAnyNumberOfWords() {
    assertThat(
            texts(
                Miner.SPELL,
                "logged in user big bob from here",
                "logged in user tom from here",
                "logged in user from here"))
        .containsExactly("logged in user<*> from here");
  }

  @Test
  void spellNeedsHalfOfTheWords() {
    assertThat(texts(Miner.SPELL, "a b c d", "a b x y")).containsExactly("a b <*>");
    assertThat(texts(Miner.SPELL, "a b c d", "a x y z")).hasSize(2);
  }
}
