package io.deeplog.nn;

import io.deeplog.UserException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * The log-key network (DeepLog, section 3.1): a one-hot window of h symbols, stacked LSTM layers, a
 * softmax over the symbols that may come next.
 *
 * @param symbols number of symbols, inputs and outputs alike
 * @param history length h of a window
 * @param layers number of LSTM layers
 * @param units memory units of a layer
 * @param learningRate of Adam at the start
 * @param seed of the initial weights
 */
public record KeyLstm(
    int symbols, int history, int layers, int units, double learningRate, long seed)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final double GRADIENT_CLIP = 1;

  private static final LocalDateTime ZIP_TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

  /**
   * A network with fresh weights.
   *
   * @param iterations batches a worker will train at most; the learning rate falls to zero over
   *     them, so that the weights settle
   */
  public MultiLayerNetwork create(int iterations) {
    NeuralNetConfiguration.ListBuilder builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER)
            .updater(
                new Adam(new PolySchedule(ScheduleType.ITERATION, learningRate, 1, iterations)))
            .gradientNormalization(org.deeplearning4j.nn.conf.GradientNormalization.ClipL2PerLayer)
            .gradientNormalizationThreshold(GRADIENT_CLIP)
            .dataType(DataType.FLOAT)
            .list();
    for (int i = 0; i < layers; i++) {
      LSTM lstm = new LSTM.Builder().nOut(units).activation(Activation.TANH).build();
      builder.layer(i < layers - 1 ? lstm : new LastTimeStep(lstm));
    }
    // With weights, even of one, DL4J takes the gradient that holds for labels of any sum; without,
    // a shortcut that holds for one-hot labels only.
    builder.layer(
        new OutputLayer.Builder(new LossMCXENT(Nd4j.ones(DataType.FLOAT, 1, symbols)))
            .nOut(symbols)
            .activation(Activation.SOFTMAX)
            .build());
    MultiLayerConfiguration configuration =
        builder.setInputType(InputType.recurrent(symbols, history)).build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  /**
   * One-hot features of histories, [n, symbols, history], in Fortran order: DL4J's LSTM is nearly
   * twice as fast on it.
   *
   * @param histories symbols, negative ones stay all zero
   * @param n rows of the result, at least the number of histories; the rest stays all zero
   */
  public INDArray features(int[][] histories, int n) {
    float[] values = new float[n * symbols * history];
    for (int i = 0; i < histories.length; i++) {
      for (int t = 0; t < history; t++) {
        int symbol = histories[i][t];
        if (symbol >= 0) {
          values[i + n * (symbol + symbols * t)] = 1f;
        }
      }
    }
    return Nd4j.create(values, new long[] {n, symbols, history}, 'f');
  }

  /**
   * A batch of weighted rows.
   *
   * @param rows at most n; the batch is filled up with rows whose labels are all zero, which add
   *     nothing to the gradient
   * @param n rows of the batch
   * @param scale what weights are multiplied by: DL4J divides by the number of rows, not by weight
   */
  public DataSet batch(WeightedHistory[] rows, int n, double scale) {
    int[][] histories = new int[rows.length][];
    float[] labels = new float[n * symbols];
    for (int i = 0; i < rows.length; i++) {
      histories[i] = rows[i].history();
      for (int k = 0; k < rows[i].next().length; k++) {
        labels[i + n * rows[i].next()[k]] = (float) (rows[i].weights()[k] * scale);
      }
    }
    return new DataSet(features(histories, n), Nd4j.create(labels, new long[] {n, symbols}, 'f'));
  }

  /** Probabilities of every next symbol, [n][symbols]. */
  public float[][] probabilities(MultiLayerNetwork network, int[][] histories) {
    return network.output(features(histories, histories.length), false).toFloatMatrix();
  }

  /** A network as bytes: a zip of its JSON configuration and binary parameters. */
  public static byte[] toBytes(MultiLayerNetwork network, boolean withUpdater) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      ModelSerializer.writeModel(network, out, withUpdater);
      return withoutTimes(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same zip with fixed times of its entries: equal networks are equal bytes. */
  private static byte[] withoutTimes(byte[] zip) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip));
        ZipOutputStream copy = new ZipOutputStream(out)) {
      ZipEntry from;
      while ((from = in.getNextEntry()) != null) {
        ZipEntry to = new ZipEntry(from.getName());
        to.setTimeLocal(ZIP_TIME);
        copy.putNextEntry(to);
        in.transferTo(copy);
        copy.closeEntry();
      }
    }
    return out.toByteArray();
  }

  /**
   * The network of {@link #toBytes}.
   *
   * @throws UserException when the bytes are none
   */
  public static MultiLayerNetwork fromBytes(byte[] bytes, boolean withUpdater) {
    try {
      return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes), withUpdater);
    } catch (IOException | IllegalStateException e) {
      throw UserException.input("a network cannot be read: " + e.getMessage(), e);
    }
  }
}
