package io.deeplog.detect.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NewTemplateTest {
  private static final String REQUEST = "Request at <*> took <*> ms, result ";

  private static final List<NewTemplate.Known> KNOWN =
      List.of(
          new NewTemplate.Known("hit", REQUEST + "hit", 2000),
          new NewTemplate.Known("miss", REQUEST + "miss", 1000),
          new NewTemplate.Known("start", "Started <*>", 3000));

  private static Finding judge(String text, String... params) {
    return NewTemplate.of(text, KNOWN).judge(new ValueRow(1, params));
  }

  @Test
  void aWordThatIsNoneOfThoseKnownAtItsPlaceIsSurprising() {
    Finding odd = judge(REQUEST + "corrupt", "a", "12");
    assertThat(odd.surprise()).isGreaterThan(9);
    assertThat(odd.reason()).isEqualTo("result was 'corrupt', which is none of the 2 known");
  }

  @Test
  void aParameterInItsPlaceIsComparedWithTheKnownWords() {
    String text = REQUEST + "<*>";
    assertThat(judge(text, "a", "12", "refused").surprise()).isGreaterThan(9);
    assertThat(judge(text, "a", "12", "hit").surprise()).isLessThan(1);
  }

  @Test
  void anotherUnitIsTheSameTemplate() {
    NewTemplate seconds = NewTemplate.of("Request at <*> took <*> s, result hit", KNOWN);
    assertThat(seconds.sameAs()).isEqualTo("hit");
    assertThat(seconds.values(new ValueRow(1, new String[] {"a", "48"})))
        .containsExactly("a", "48 s");
  }

  @Test
  void aTemplateOfOtherWordsOrLengthResemblesNone() {
    assertThat(NewTemplate.of("Stopped <*>", KNOWN)).isNull();
    assertThat(NewTemplate.of("Request at <*> took <*> ms", KNOWN)).isNull();
    assertThat(NewTemplate.of("Reply at <*> took <*> ms, result stale", KNOWN)).isNull();
  }

  @Test
  void textNamesParametersAndHoldsTheirUnits() {
    TemplateText text = TemplateText.of("Flush of worker-<*> wrote <*> in <*> s to volume <*>.");
    assertThat(text.places())
        .containsExactly(
            new TemplateText.Place("worker", ""),
            new TemplateText.Place("wrote", ""),
            new TemplateText.Place("in", "s"),
            new TemplateText.Place("volume", ""));
    assertThat(text.values(new String[] {"1", "64 MB", "0.5", "2"}))
        .containsExactly("1", "64 MB", "0.5 s", "2");
    assertThat(TemplateText.of("took <*> ms, <*> bytes.").places())
        .containsExactly(new TemplateText.Place("took", "ms"), new TemplateText.Place("", "bytes"));
    assertThat(TemplateText.NONE.name(1)).isEqualTo("value 2");
  }

  @Test
  void templatesThatDifferInOneWordAreOneSeries() {
    Map<String, String> texts =
        Map.of(
            "a", "heap <*> MB, state busy",
            "b", "heap <*> MB, state ready",
            "c", "heap <*> MB, state rare",
            "d", "closed <*>");
    Map<String, Long> counts = Map.of("a", 500L, "b", 1000L, "c", 2L, "d", 70L);
    assertThat(Siblings.series(texts, counts)).isEqualTo(Map.of("a", "a", "b", "a"));
    assertThat(Siblings.series(Map.of(), counts)).isEmpty();
  }

  @Test
  void driftGoesOnFromOneTemplateOfASeriesToAnother() {
    java.util.Random random = new java.util.Random(2);
    List<ValueSample> samples = new java.util.ArrayList<>();
    List<ValueRow> rows = new java.util.ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      rows.add(
          new ValueRow(1, new String[] {String.valueOf((float) (50 + random.nextGaussian()))}));
    }
    for (int i = 0; i < rows.size(); i++) {
      samples.add(new ValueSample(i, 0, rows.subList(Math.max(0, i - 40), i), rows.get(i)));
    }
    ValueModel model =
        new ValueLearner(TemplateText.of("heap <*>, state busy"), 10, null).learn(samples).model();
    ValueModels models =
        new ValueModels(
            Map.of("a", model, "b", model),
            ValueModels.members(Map.of("a", "a", "b", "a")),
            Map.of());
    ValueModels.Session session = models.start();
    Finding last = Finding.NONE;
    for (int i = 0; i < 20; i++) {
      // Never the same twice: that would be another thing to tell.
      ValueRow row = new ValueRow(1, new String[] {"52." + (i + 10)});
      Finding next = session.next(i % 2 == 0 ? "a" : "b", row);
      last = next.surprise() > last.surprise() ? next : last;
    }
    assertThat(last.surprise()).isGreaterThan(9);
    assertThat(last.reason()).startsWith("heap has been high for some time, now 52");
    assertThat(session.next("a", new ValueRow(1, new String[] {"50.1"})).surprise()).isLessThan(4);
  }
}
