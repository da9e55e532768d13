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
  void spellEndsWordsAtDelimiters() {
    assertThat(texts(Miner.SPELL, "user=bob,uid=1 logged in", "user=tom,uid=2 logged in"))
        .containsExactly("user=<*>,uid=<*> logged in");
    assertThat(texts(Miner.SPELL, "name: bob came", "name=bob came"))
        .containsExactly("name<*>bob came");
  }

  @Test
  void spellPrefersTheTemplateThatTheLineHoldsWhole() {
    assertThat(texts(Miner.SPELL, "a b c", "a b q r s t", "a b c q r s"))
        .containsExactly("a b c<*>", "a b q r s t");
  }

  @Test
  void spellTauIsTheShareOfAllWords() {
    List<String> lines = List.of("open <*> a b", "open <*> c b");
    for (double tau : new double[] {0.75, 0.76}) {
      SpellMiner miner = new SpellMiner(tau);
      lines.forEach(line -> miner.add(line, 1));
      assertThat(miner.templates()).hasSize(tau == 0.75 ? 1 : 2);
    }
  }

  @Test
  void spellNeedsHalfOfTheWords() {
    assertThat(texts(Miner.SPELL, "a b c d", "a b x y")).containsExactly("a b <*>");
    assertThat(texts(Miner.SPELL, "a b c d", "a x y z")).hasSize(2);
  }
}
