package io.deeplog.nn;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The value network (DeepLog, section 3.2): an LSTM over the last value vectors that predicts the
 * next, by mean squared error.
 *
 * @param inputs length of a step
 * @param outputs length of a prediction
 * @param history steps
 * @param units memory units
 * @param learningRate of Adam at the start; it falls to zero
 * @param epochs over the rows
 * @param batchSize rows of a batch
 * @param seed of weights and order
 */
public record ValueLstm(
    int inputs,
    int outputs,
    int history,
    int units,
    double learningRate,
    int epochs,
    int batchSize,
    long seed) {

  /**
   * Trains a network. The same rows in the same order give the same network.
   *
   * @param steps [rows][history][inputs]
   * @param next [rows][outputs]; NaN counts as predicted right
   */
  public MultiLayerNetwork train(float[][][] steps, float[][] next) {
    int rows = steps.length;
    int batches = (rows + batchSize - 1) / batchSize;
    MultiLayerNetwork network = create(Math.max(1, epochs * batches));
    int[] order = new int[rows];
    for (int i = 0; i < rows; i++) {
      order[i] = i;
    }
    SplittableRandom random = new SplittableRandom(seed);
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int i = rows - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
      for (int from = 0; from < rows; from += batchSize) {
        network.fit(batch(steps, next, order, from, Math.min(rows, from + batchSize)));
      }
    }
    return network;
  }

  private MultiLayerNetwork create(int iterations) {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.XAVIER)
                .updater(
                    new Adam(new PolySchedule(ScheduleType.ITERATION, learningRate, 1, iterations)))
                .gradientNormalization(GradientNormalization.ClipL2PerLayer)
                .gradientNormalizationThreshold(1)
                .dataType(DataType.FLOAT)
                .list()
                .layer(
                    new LastTimeStep(
                        new LSTM.Builder().nOut(units).activation(Activation.TANH).build()))
                .layer(
                    new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nOut(outputs)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(inputs, history))
                .build());
    network.init();
    return network;
  }

  private DataSet batch(float[][][] steps, float[][] next, int[] order, int from, int to) {
    int n = to - from;
    float[] features = new float[n * inputs * history];
    float[] labels = new float[n * outputs];
    float[] mask = new float[n * outputs];
    for (int i = 0; i < n; i++) {
      int row = order[from + i];
      for (int t = 0; t < history; t++) {
        for (int k = 0; k < inputs; k++) {
          features[i + n * (k + inputs * t)] = steps[row][t][k];
        }
      }
      for (int k = 0; k < outputs; k++) {
        float label = next[row][k];
        labels[i + n * k] = Float.isNaN(label) ? 0f : label;
        mask[i + n * k] = Float.isNaN(label) ? 0f : 1f;
      }
    }
    return new DataSet(
        Nd4j.create(features, new long[] {n, inputs, history}, 'f'),
        Nd4j.create(labels, new long[] {n, outputs}, 'f'),
        null,
        Nd4j.create(mask, new long[] {n, outputs}, 'f'));
  }

  /** The weights of a network that {@link #train} made, or that was read from its bytes. */
  public static LstmForward forward(MultiLayerNetwork network) {
    return new LstmForward(
        network.getParam("0_W").toFloatMatrix(),
        network.getParam("0_RW").toFloatMatrix(),
        network.getParam("0_b").toFloatVector(),
        network.getParam("1_W").toFloatMatrix(),
        network.getParam("1_b").toFloatVector());
  }
}
