package io.deeplog.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DetectorChoiceTest {
  private static final List<String> ALL =
      List.of("new-event", "length", "bigram", "ngram", "lstm", "value", "count-distance", "pca");

  @Test
  void autoGoesBySessionsLabelsAndAmount() {
    DetectorChoice many = DetectorChoice.auto(200, false, false);
    assertThat(many.names())
        .containsExactly("new-event", "length", "bigram", "ngram", "lstm", "count-distance", "pca");
    assertThat(many.reasons()).contains("lstm: 200 sessions are enough");
    DetectorChoice few = DetectorChoice.auto(199, false, true);
    assertThat(few.names())
        .containsExactly(
            "new-event", "length", "bigram", "ngram", "count-distance", "pca", "decision-tree");
    assertThat(few.reasons())
        .contains(
            "no lstm: 199 sessions are under 200", "decision-tree: there are labels to learn from");
    DetectorChoice windows = DetectorChoice.auto(50, true, false);
    assertThat(windows.names())
        .containsExactly("new-event", "count-distance", "pca", "log-clustering");
    assertThat(windows.reasons())
        .contains(
            "none of order: sessions are time windows", "log-clustering: 50 windows are enough");
    DetectorChoice fewWindows = DetectorChoice.auto(49, true, false);
    assertThat(fewWindows.names()).containsExactly("new-event", "count-distance", "pca");
    assertThat(fewWindows.reasons()).contains("no log-clustering: 49 windows are under 50");
  }

  @Test
  void ofAModelWhatTheDataToJudgeAllows() {
    DetectorChoice same = DetectorChoice.ofModel(ALL, 500, false, true);
    assertThat(same.names()).isEqualTo(ALL);
    assertThat(same.reasons()).containsExactly("all of the model's: " + String.join(", ", ALL));
    DetectorChoice small = DetectorChoice.ofModel(ALL, 60, false, true);
    assertThat(small.names()).doesNotContain("lstm").hasSize(ALL.size() - 1);
    assertThat(small.reasons().get(1))
        .isEqualTo("no lstm: the model learned from 60 sessions, under 200");
    DetectorChoice windows = DetectorChoice.ofModel(ALL, 500, true, true);
    assertThat(windows.names()).containsExactly("new-event", "value", "count-distance", "pca");
    assertThat(windows.reasons())
        .containsExactly(
            "of the model's: new-event, value, count-distance, pca",
            "no length, bigram, ngram, lstm: sessions are time windows");
    DetectorChoice others = DetectorChoice.ofModel(ALL, 500, true, false);
    assertThat(others.names()).containsExactly("new-event", "value");
    assertThat(others.reasons().get(1))
        .isEqualTo(
            "no length, bigram, ngram, lstm, count-distance, pca: the sessions to judge are made in"
                + " another way than those the model learned from");
    // Something must judge.
    assertThat(DetectorChoice.ofModel(List.of("lstm"), 10, true, false).names())
        .containsExactly("lstm");
  }
}
