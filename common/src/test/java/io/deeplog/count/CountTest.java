package io.deeplog.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.UserException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class CountTest {
  @Test
  void countsKnownKeys() {
    CountVector vector = CountVector.of(new int[] {3, 1, 0, 3, 3, 0, 7});
    assertThat(vector.indices()).containsExactly(0, 2, 6);
    assertThat(vector.counts()).containsExactly(1, 3, 1);
    assertThat(CountVector.of(new int[0]).indices()).isEmpty();
    assertThat(CountVector.of(new int[] {0, 0}).counts()).isEmpty();
  }

  @Test
  void countingLeavesTheSessionAlone() {
    int[] session = {3, 1, 2};
    CountVector.of(session);
    assertThat(session).containsExactly(3, 1, 2);
  }

  @Test
  void weighs() {
    assertThat(Weighting.NONE.weigh(3, 9)).isEqualTo(3);
    assertThat(Weighting.LOG.weigh(Math.E - 1, 9)).isCloseTo(1, within(1e-12));
    assertThat(Weighting.TF_IDF.weigh(3, 0.5)).isEqualTo(1.5);
    assertThat(Weighting.TF_IDF.count(1, 0)).isNaN();
    for (Weighting weighting : Weighting.values()) {
      assertThat(weighting.weigh(0, 2)).isZero();
      assertThat(Weighting.of(weighting.id())).isEqualTo(weighting);
    }
    assertThat(Weighting.of("tf_idf")).isEqualTo(Weighting.TF_IDF);
    assertThatThrownBy(() -> Weighting.of("bm25"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("none, log, tf-idf, sigmoid");
  }

  @Property(seed = "1")
  void countsComeBackFromWeights(
      @ForAll Weighting weighting, @ForAll @IntRange(max = 100_000) int count) {
    // The sigmoid of a larger count is 1 to a double.
    int known = weighting == Weighting.SIGMOID ? count % 15 : count;
    assertThat(weighting.count(weighting.weigh(known, 0.7), 0.7)).isCloseTo(known, within(1e-6));
  }

  @Test
  void vocabulariesNumberTheSortedIds() {
    Vocabulary vocabulary = new Vocabulary(List.of("b", "a", "c", "a"));
    assertThat(vocabulary.size()).isEqualTo(3);
    assertThat(vocabulary.ids()).containsExactly("a", "b", "c");
    assertThat(vocabulary.index("a")).isEqualTo(1);
    assertThat(vocabulary.id(3)).isEqualTo("c");
    assertThat(vocabulary.index("d")).isZero();
  }
}
