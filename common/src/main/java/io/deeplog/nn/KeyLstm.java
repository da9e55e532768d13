package io.deeplog.nn;

import io.deeplog.UserException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
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
 * The log-key network (DeepLog, section 3.1): one-hot symbols, stacked LSTM layers, a softmax over
 * the symbols that may come next. It reads either a window of the last h symbols and says what
 * comes after it, or a whole session and says after each of its symbols what comes next.
 *
 * @param cell kind of the recurrent layers
 * @param symbols number of symbols, inputs and outputs alike
 * @param history length h of a window; {@link #WHOLE_SESSION} for the session from its begin
 * @param layers number of LSTM layers
 * @param units memory units of a layer
 * @param learningRate of Adam at the start
 * @param seed of the initial weights
 */
public record KeyLstm(
    Cell cell, int symbols, int history, int layers, int units, double learningRate, long seed)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The history that is the whole session. */
  public static final int WHOLE_SESSION = 0;

  private static final double GRADIENT_CLIP = 1;

  /** Values of a batch at most, so that its memory is bounded whatever the vocabulary. */
  static final long BATCH_VALUES = 1 << 22;

  private static final LocalDateTime ZIP_TIME = LocalDateTime.of(1980, 1, 2, 0, 0);

  /**
   * Kinds of layers: those of DL4J that read a session from its begin on. It has no layer of gated
   * recurrent units, and its bidirectional ones would look at what is to be predicted.
   */
  public enum Cell {
    /** Long short-term memory. */
    LSTM,
    /** The same with peepholes: its gates see the memory (Graves, 2012). */
    GRAVES_LSTM,
    /** A plain recurrent layer, without gates: a quarter of the weights, and a short memory. */
    SIMPLE_RNN;

    /** The name in settings. */
    public String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The cell of a name.
     *
     * @throws UserException when there is none
     */
    public static Cell of(String name) {
      return Arrays.stream(values())
          .filter(cell -> cell.id().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  UserException.usage(
                      "unknown cell '"
                          + name
                          + "' (give one of "
                          + Arrays.stream(values()).map(Cell::id).collect(Collectors.joining(", "))
                          + ")"));
    }

    @SuppressWarnings("deprecation")
    private Layer layer(int units) {
      return switch (this) {
        case LSTM -> new LSTM.Builder().nOut(units).activation(Activation.TANH).build();
        case GRAVES_LSTM ->
            new GravesLSTM.Builder().nOut(units).activation(Activation.TANH).build();
        case SIMPLE_RNN -> new SimpleRnn.Builder().nOut(units).activation(Activation.TANH).build();
      };
    }
  }

  /** A network; a model of the time before there were cells has none, and is an LSTM. */
  public KeyLstm {
    cell = cell == null ? Cell.LSTM : cell;
  }

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
      Layer layer = cell.layer(units);
      builder.layer(i < layers - 1 || wholeSession() ? layer : new LastTimeStep(layer));
    }
    // With weights, even of one, DL4J takes the gradient that holds for labels of any sum; without,
    // a shortcut that holds for one-hot labels only.
    LossMCXENT loss = new LossMCXENT(Nd4j.ones(DataType.FLOAT, 1, symbols));
    builder.layer(
        wholeSession()
            ? new RnnOutputLayer.Builder(loss).nOut(symbols).activation(Activation.SOFTMAX).build()
            : new OutputLayer.Builder(loss).nOut(symbols).activation(Activation.SOFTMAX).build());
    builder.setInputType(
        wholeSession() ? InputType.recurrent(symbols) : InputType.recurrent(symbols, history));
    MultiLayerConfiguration configuration = builder.build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    return network;
  }

  /** Whether it reads a session from its begin, not a window of it. */
  public boolean wholeSession() {
    return history == WHOLE_SESSION;
  }

  /**
   * One-hot features of histories, [n, symbols, steps], in Fortran order: DL4J's LSTM is nearly
   * twice as fast on it. Steps is {@code history}, or the longest of the histories.
   *
   * @param histories symbols, negative ones stay all zero
   * @param n rows of the result, at least the number of histories; the rest stays all zero
   */
  public INDArray features(int[][] histories, int n) {
    int steps = steps(histories);
    float[] values = new float[values(n, steps)];
    for (int i = 0; i < histories.length; i++) {
      for (int t = 0; t < histories[i].length; t++) {
        int symbol = histories[i][t];
        if (symbol >= 0) {
          values[i + n * (symbol + symbols * t)] = 1f;
        }
      }
    }
    return Nd4j.create(values, new long[] {n, symbols, steps}, 'f');
  }

  /** Numbers of an array of so many rows and steps. */
  private int values(int n, int steps) {
    long values = (long) n * symbols * steps;
    if (values > Integer.MAX_VALUE) {
      throw UserException.usage(
          String.format(
              Locale.ROOT,
              "a batch of %,d rows of %,d steps of %,d symbols is too large (give a lower"
                  + " --batch-size or --history)",
              n,
              steps,
              symbols));
    }
    return (int) values;
  }

  private int steps(int[][] histories) {
    if (!wholeSession()) {
      return history;
    }
    int longest = 1;
    for (int[] row : histories) {
      longest = Math.max(longest, row.length);
    }
    return longest;
  }

  /**
   * A batch of weighted rows.
   *
   * @param rows at most n; the batch is filled up with rows whose labels are all zero, which add
   *     nothing to the gradient, as do the steps after the end of a session
   * @param n rows of the batch
   * @param scale what weights are multiplied by: DL4J divides by the number of rows, not by weight
   */
  public DataSet batch(WeightedHistory[] rows, int n, double scale) {
    int[][] histories = histories(rows);
    int outputs = wholeSession() ? steps(histories) : 1;
    float[] labels = new float[values(n, outputs)];
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < rows[i].next().length; k++) {
        int step = wholeSession() ? k : 0;
        labels[i + n * (rows[i].next()[k] + symbols * step)] =
            (float) (rows[i].weights()[k] * scale);
      }
    }
    long[] shape = wholeSession() ? new long[] {n, symbols, outputs} : new long[] {n, symbols};
    return new DataSet(features(histories, n), Nd4j.create(labels, shape, 'f'));
  }

  private static int[][] histories(WeightedHistory[] rows) {
    return Arrays.stream(rows).map(WeightedHistory::history).toArray(int[][]::new);
  }

  /**
   * How many histories of a length go through the network at once: at most so many, and at most
   * {@value #BATCH_VALUES} values, but one at least.
   */
  public int batchSize(int length, int most) {
    return (int) Math.max(1, Math.min(most, BATCH_VALUES / ((long) length * symbols)));
  }

  /** Probabilities of every next symbol after each of some windows, [n][symbols]. */
  public float[][] probabilities(MultiLayerNetwork network, int[][] histories) {
    return network.output(features(histories, histories.length), false).toFloatMatrix();
  }

  /** Probabilities of every next symbol after each step of some sessions, [n][steps][symbols]. */
  public float[][][] stepProbabilities(MultiLayerNetwork network, int[][] sessions) {
    INDArray output = network.output(features(sessions, sessions.length), false);
    int steps = (int) output.size(2);
    // [n, symbols, steps] to rows of one step each.
    float[] values = output.permute(0, 2, 1).dup('c').data().asFloat();
    float[][][] result = new float[sessions.length][][];
    for (int i = 0; i < sessions.length; i++) {
      result[i] = new float[sessions[i].length][];
      for (int t = 0; t < sessions[i].length; t++) {
        int from = (i * steps + t) * symbols;
        result[i][t] = Arrays.copyOfRange(values, from, from + symbols);
      }
    }
    return result;
  }

  /** Sum over the rows of weight times -ln p of what came next, in nats. */
  public double loss(MultiLayerNetwork network, WeightedHistory[] rows) {
    int[][] histories = histories(rows);
    float[][] windows = wholeSession() ? null : probabilities(network, histories);
    float[][][] steps = wholeSession() ? stepProbabilities(network, histories) : null;
    double loss = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < rows[i].next().length; k++) {
        float[] p = wholeSession() ? steps[i][k] : windows[i];
        loss += rows[i].weights()[k] * Surprise.of(p[rows[i].next()[k]]);
      }
    }
    return loss;
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
