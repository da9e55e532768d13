package io.deeplog.nn;

import io.deeplog.Pure;
import java.io.Serializable;

/**
 * One LSTM layer and a linear output, applied in plain Java: for a network of some units a call of
 * the tensor library costs a thousand times the arithmetic.
 *
 * @param input weights [inputs][4 units]: block input, forget, output and input gate, as DL4J has
 *     them
 * @param recurrent weights [units][4 units]
 * @param bias [4 units]
 * @param output weights [units][outputs]
 * @param outputBias [outputs]
 */
@Pure
public record LstmForward(
    float[][] input, float[][] recurrent, float[] bias, float[][] output, float[] outputBias)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The output after the last of some steps, [steps][inputs]. */
  public float[] apply(float[][] steps) {
    int units = recurrent.length;
    float[] hidden = new float[units];
    float[] cell = new float[units];
    float[] gates = new float[4 * units];
    for (float[] step : steps) {
      System.arraycopy(bias, 0, gates, 0, gates.length);
      add(step, input, gates);
      add(hidden, recurrent, gates);
      for (int u = 0; u < units; u++) {
        double block = Math.tanh(gates[u]);
        double forget = sigmoid(gates[units + u]);
        double out = sigmoid(gates[2 * units + u]);
        double in = sigmoid(gates[3 * units + u]);
        cell[u] = (float) (forget * cell[u] + in * block);
        hidden[u] = (float) (out * Math.tanh(cell[u]));
      }
    }
    float[] result = outputBias.clone();
    add(hidden, output, result);
    return result;
  }

  private static void add(float[] values, float[][] weights, float[] sum) {
    for (int i = 0; i < values.length; i++) {
      float value = values[i];
      if (value != 0) {
        float[] row = weights[i];
        for (int k = 0; k < sum.length; k++) {
          sum[k] += value * row[k];
        }
      }
    }
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
