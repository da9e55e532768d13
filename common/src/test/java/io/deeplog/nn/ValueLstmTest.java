package io.deeplog.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

final class ValueLstmTest {
  private static final int ROWS = 200;
  private static final int HISTORY = 3;

  private final float[][][] steps = new float[ROWS][HISTORY][2];
  private final float[][] next = new float[ROWS][1];

  /** The next value is minus the last one; there is also an input that means nothing. */
  ValueLstmTest() {
    Random random = new Random(1);
    for (int i = 0; i < ROWS; i++) {
      for (float[] step : steps[i]) {
        step[0] = random.nextFloat() - 0.5f;
        step[1] = random.nextFloat();
      }
      next[i][0] = i % 10 == 0 ? Float.NaN : -steps[i][HISTORY - 1][0];
    }
  }

  private MultiLayerNetwork train() {
    return new ValueLstm(2, 1, HISTORY, 4, 0.02, 15, 20, 7).train(steps, next);
  }

  @Test
  void theNetworkLearnsAndPlainJavaAppliesItAsTheLibraryDoes() {
    MultiLayerNetwork network = train();
    LstmForward forward =
        ValueLstm.forward(KeyLstm.fromBytes(KeyLstm.toBytes(network, false), false));
    double error = 0;
    double square = 0;
    for (int i = 0; i < 20; i++) {
      float[] mine = forward.apply(steps[i]);
      INDArray features = Nd4j.create(1, 2, HISTORY);
      for (int t = 0; t < HISTORY; t++) {
        features.putScalar(0, 0, t, steps[i][t][0]);
        features.putScalar(0, 1, t, steps[i][t][1]);
      }
      assertThat((double) mine[0])
          .isCloseTo(network.output(features, false).getDouble(0), within(1e-5));
      double target = -steps[i][HISTORY - 1][0];
      error += Math.pow(mine[0] - target, 2);
      square += target * target;
    }
    assertThat(error).isLessThan(square / 4);
  }

  @Test
  void aSeedGivesOneNetwork() {
    assertThat(KeyLstm.toBytes(train(), false)).isEqualTo(KeyLstm.toBytes(train(), false));
  }
}
