package io.deeplog.jobs.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class SequenceEvaluationTest {
  @Test
  void theSpreadOfSeedsIsASamplesDeviation() {
    assertThat(SequenceEvaluation.deviation(new double[] {2, 4, 9}))
        .isCloseTo(Math.sqrt(13), within(1e-12));
    assertThat(SequenceEvaluation.deviation(new double[] {0.5, 0.5})).isZero();
  }
}
