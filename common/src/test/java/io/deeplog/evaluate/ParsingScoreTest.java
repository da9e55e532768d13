package io.deeplog.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.evaluate.ParsingScore.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ParsingScoreTest {
  @Test
  void allRight() {
    ParsingScore score =
        ParsingScore.of(List.of(new Pair("a <*>", "a <*>", 3), new Pair("b", "b", 1)));
    assertThat(score).isEqualTo(new ParsingScore(4, 2, 2, 1, 1, 1, 1, List.of()));
  }

  @Test
  void aSplitGroupCountsForNothing() {
    ParsingScore score =
        ParsingScore.of(
            List.of(
                new Pair("a <*>", "a <*>", 3), new Pair("a <*>", "a x", 1), new Pair("b", "b", 6)));
    assertThat(score.groupingAccuracy()).isEqualTo(0.6);
    // One exact group of three parsed and two true ones.
    assertThat(score.groupingF1()).isCloseTo(2.0 / 5, within(1e-12));
    assertThat(score.parsingAccuracy()).isEqualTo(0.9);
    // The larger part has the right text, and no other true template in it.
    assertThat(score.templateF1()).isCloseTo(4.0 / 5, within(1e-12));
    assertThat(score.worst()).hasSize(1);
    assertThat(score.worst().get(0).grouped()).isFalse();
    assertThat(score.worst().get(0).others()).isZero();
    assertThat(score.worst().get(0).parsed())
        .containsExactly(new ParsingScore.Parsed("a <*>", 3), new ParsingScore.Parsed("a x", 1));
  }

  @Test
  void aMergedGroupCountsForNothing() {
    ParsingScore score =
        ParsingScore.of(List.of(new Pair("VM up", "VM <*>", 2), new Pair("VM down", "VM <*>", 2)));
    assertThat(score.groupingAccuracy()).isZero();
    assertThat(score.groupingF1()).isZero();
    assertThat(score.parsingAccuracy()).isZero();
    assertThat(score.templateF1()).isZero();
    assertThat(score.worst()).extracting(ParsingScore.Wrong::others).containsExactly(2L, 2L);
  }

  @Test
  void aRightGroupMayHaveAWrongText() {
    ParsingScore score =
        ParsingScore.of(List.of(new Pair("a <*>", "<*> <*>", 2), new Pair("b", "b", 2)));
    assertThat(score.groupingAccuracy()).isEqualTo(1);
    assertThat(score.parsingAccuracy()).isEqualTo(0.5);
    assertThat(score.worst()).singleElement().matches(ParsingScore.Wrong::grouped);
  }

  @Test
  void linesWithoutATemplateAreGroupsOfTheirOwn() {
    ParsingScore score =
        ParsingScore.of(
            List.of(
                new Pair("one", null, 1), new Pair("two", null, 2), new Pair("three", "three", 1)));
    assertThat(score.templates()).isEqualTo(4);
    assertThat(score.groupingAccuracy()).as("one and three").isEqualTo(0.5);
    assertThat(score.parsingAccuracy()).isEqualTo(0.25);
  }

  @Test
  void runsOfBlanksAreOne() {
    assertThat(
            ParsingScore.of(List.of(new Pair("a  b ", "a b", 1), new Pair("a b", " a\tb", 1)))
                .parsingAccuracy())
        .isEqualTo(1);
  }

  @Test
  void nothingToCompare() {
    assertThat(ParsingScore.of(List.of()).groupingF1()).isZero();
  }
}
