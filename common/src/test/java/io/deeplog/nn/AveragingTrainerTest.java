package io.deeplog.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.SparkTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

@SparkTest
final class AveragingTrainerTest {
  private static final KeyLstm LSTM = new KeyLstm(KeyLstm.Cell.LSTM, 6, 3, 1, 8, 0.02, 1);

  /** Training goes on for all epochs: its loss falls by itself. */
  private static ToDoubleFunction<byte[]> falling() {
    double[] loss = {100};
    return bytes -> loss[0]--;
  }

  private static List<WeightedHistory> rows(int n, long seed) {
    Random random = new Random(seed);
    List<WeightedHistory> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      rows.add(
          new WeightedHistory(
              new int[] {random.nextInt(6), random.nextInt(6), random.nextInt(6)},
              new int[] {random.nextInt(6)},
              new float[] {1}));
    }
    return rows;
  }

  private static class Memory implements AveragingTrainer.Checkpoint {
    List<AveragingTrainer.Epoch> epochs = List.of();
    byte[] last;
    byte[] best;

    @Override
    public void save(List<AveragingTrainer.Epoch> now, byte[] lastNetwork, byte[] bestNetwork) {
      epochs = List.copyOf(now);
      last = lastNetwork;
      best = bestNetwork;
    }

    @Override
    public List<AveragingTrainer.Epoch> epochs() {
      return epochs;
    }

    @Override
    public byte[] last() {
      return last;
    }

    @Override
    public byte[] best() {
      return best;
    }
  }

  private static AveragingTrainer.Trained train(
      SparkSession spark,
      List<WeightedHistory> rows,
      int slices,
      TrainingSettings settings,
      AveragingTrainer.Checkpoint checkpoint) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    JavaRDD<WeightedHistory> rdd = context.parallelize(rows, slices);
    return new AveragingTrainer(context, LSTM, settings).train(rdd, falling(), checkpoint);
  }

  private static float[] parameters(byte[] network) {
    return KeyLstm.fromBytes(network, false).params().dup().data().asFloat();
  }

  private static INDArray gradient(double scale, int n, WeightedHistory... rows) {
    return gradient(LSTM, scale, n, rows);
  }

  private static INDArray gradient(KeyLstm lstm, double scale, int n, WeightedHistory... rows) {
    MultiLayerNetwork network = lstm.create(10);
    var batch = lstm.batch(rows, n, scale);
    network.setInput(batch.getFeatures());
    network.setLabels(batch.getLabels());
    network.computeGradientAndScore();
    // Summed over the rows; the updater divides.
    return network.gradient().gradient().dup();
  }

  private static void equal(INDArray a, INDArray b, double tolerance) {
    assertThat(a.norm2Number().doubleValue()).isPositive();
    assertThat(a.distance2(b) / a.norm2Number().doubleValue()).isLessThan(tolerance);
  }

  @Test
  void aWeightIsARepetition() {
    WeightedHistory one = new WeightedHistory(new int[] {1, 2, 3}, new int[] {4}, new float[] {1});
    WeightedHistory three =
        new WeightedHistory(new int[] {1, 2, 3}, new int[] {4}, new float[] {3});
    WeightedHistory other =
        new WeightedHistory(new int[] {-1, 5, 3}, new int[] {2}, new float[] {1});
    equal(gradient(1, 4, one, one, one, other), gradient(1, 2, three, other), 1e-5);
    equal(gradient(2, 4, one, one, one, other), gradient(1, 4, one, one, one, other).mul(2), 1e-5);
  }

  @Test
  void nextsOfOneHistoryAreRowsOfTheirOwn() {
    int[] history = {1, 2, 3};
    WeightedHistory both = new WeightedHistory(history, new int[] {4, 2}, new float[] {2, 1});
    WeightedHistory a = new WeightedHistory(history, new int[] {4}, new float[] {2});
    WeightedHistory b = new WeightedHistory(history, new int[] {2}, new float[] {1});
    equal(gradient(1, 2, a, b), gradient(1, 1, both), 1e-5);
    WeightedHistory[] parts = both.split(0.5);
    assertThat(parts).hasSize(6);
    assertThat(Arrays.stream(parts).mapToDouble(WeightedHistory::weight).sum())
        .isCloseTo(3, within(1e-6));
    equal(gradient(1, 6, parts), gradient(1, 1, both), 1e-5);
    assertThat(both.split(3)).hasSize(1);
  }

  /** A session of three symbols that came so many times. */
  private static WeightedHistory session(float times) {
    return new WeightedHistory(
        new int[] {4, 1, 2}, new int[] {1, 2, 5}, new float[] {times, times, times});
  }

  /**
   * A network that reads whole sessions, of which a weight is a repetition, whatever the length.
   */
  private static KeyLstm ofWholeSessions(KeyLstm.Cell cell) {
    KeyLstm whole = new KeyLstm(cell, 6, KeyLstm.WHOLE_SESSION, 1, 8, 0.02, 1);
    WeightedHistory longer =
        new WeightedHistory(
            new int[] {4, 3, 1, 1, 2}, new int[] {3, 1, 1, 2, 5}, new float[] {1, 1, 1, 1, 1});
    INDArray alone = gradient(whole, 1, 1, session(3));
    equal(gradient(whole, 1, 3, session(1), session(1), session(1)), alone, 1e-5);
    equal(
        gradient(whole, 1, 2, session(3), longer), alone.add(gradient(whole, 1, 1, longer)), 1e-5);
    return whole;
  }

  @Test
  void sessionsOfAnyLengthAreRowsOfTheirOwn() {
    KeyLstm whole = ofWholeSessions(KeyLstm.Cell.LSTM);
    WeightedHistory session = session(3);
    // Neither rows that fill up nor the steps after a session's end add anything.
    equal(gradient(whole, 1, 5, session), gradient(whole, 1, 1, session), 1e-5);
    // What is only read teaches nothing by itself.
    WeightedHistory context =
        new WeightedHistory(new int[] {4, 1, 2}, new int[] {1, 2, 5}, new float[] {0, 0, 0});
    assertThat(gradient(whole, 1, 1, context).norm2Number().doubleValue()).isZero();
    MultiLayerNetwork network = whole.create(10);
    float[][][] both = whole.stepProbabilities(network, new int[][] {{4, 1, 2}, {4, 3, 1, 1, 2}});
    assertThat(both[0]).hasDimensions(3, 6);
    assertThat(both[1]).hasDimensions(5, 6);
    double loss = 0;
    for (int k = 0; k < 3; k++) {
      loss += 3 * Surprise.of(both[0][k][session.next()[k]]);
    }
    assertThat(whole.loss(network, new WeightedHistory[] {session})).isCloseTo(loss, within(1e-4));
  }

  @ParameterizedTest
  @EnumSource(KeyLstm.Cell.class)
  void everyCellIsWeighedPaddedAveragedAndKept(KeyLstm.Cell cell, SparkSession spark) {
    ofWholeSessions(cell);
    // Windows too, and by two workers, whatever the partitions.
    KeyLstm windows = new KeyLstm(cell, 6, 3, 2, 8, 0.02, 1);
    List<WeightedHistory> rows = rows(40, 9);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    TrainingSettings settings = new TrainingSettings(1, 9, 8, 2, 2, 2, 7);
    byte[] first = null;
    for (int slices : new int[] {1, 3}) {
      byte[] trained =
          new AveragingTrainer(context, windows, settings)
              .train(context.parallelize(rows, slices), falling(), new Memory())
              .network();
      first = first == null ? trained : first;
      assertThat(trained).isEqualTo(first);
    }
    assertThat(parameters(first)).isNotEqualTo(windows.create(10).params().dup().data().asFloat());
    assertThat(KeyLstm.Cell.of(cell.id())).isEqualTo(cell);
  }

  @Test
  void rowsThatFillABatchAddNothing() {
    WeightedHistory row = new WeightedHistory(new int[] {1, 2, 3}, new int[] {4}, new float[] {1});
    equal(gradient(1, 1, row), gradient(1, 7, row), 1e-5);
    assertThat(gradient(1, 3).norm2Number().doubleValue()).isZero();
  }

  @Test
  void networksComeBackFromTheirBytes() {
    MultiLayerNetwork network = LSTM.create(10);
    int[][] histories = {{1, 2, 3}, {-1, -1, 4}};
    float[][] expected = LSTM.probabilities(network, histories);
    float[][] found =
        LSTM.probabilities(KeyLstm.fromBytes(KeyLstm.toBytes(network, true), false), histories);
    assertThat(found).isDeepEqualTo(expected);
    float sum = 0;
    for (float p : expected[0]) {
      sum += p;
    }
    assertThat(sum).isCloseTo(1, within(1e-5f));
    assertThatThrownBy(() -> KeyLstm.fromBytes(new byte[] {1, 2, 3}, false))
        .isInstanceOf(io.deeplog.UserException.class);
  }

  @Test
  void everyBatchIsTrained(SparkSession spark) {
    // 31 batches of 4 rows; one worker trains them one after the other, as the network alone would.
    List<WeightedHistory> rows = rows(31 * 4 - 1, 5);
    List<WeightedHistory> dealt =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted(
                Comparator.comparingLong(
                    i -> AveragingTrainer.Parts.place((long) i * WeightedHistory.MOST_PARTS, 3)))
            .map(rows::get)
            .toList();
    int frequency = 5;
    int rounds = 7;
    int epochs = 2;
    TrainingSettings settings = new TrainingSettings(epochs, 9, 4, 1, 1, frequency, 3);
    byte[] trained = train(spark, rows, 3, settings, new Memory()).network();
    MultiLayerNetwork alone = LSTM.create(epochs * rounds * frequency);
    int batches = 0;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      for (int round = 0; round < rounds; round++) {
        int first = (round + epoch) % rounds * frequency;
        for (int b = first; b < first + frequency; b++) {
          List<WeightedHistory> batch =
              dealt.subList(Math.min(4 * b, rows.size()), Math.min(4 * b + 4, rows.size()));
          batches += batch.isEmpty() ? 0 : 1;
          alone.fit(LSTM.batch(batch.toArray(new WeightedHistory[0]), 4, 1));
        }
      }
    }
    assertThat(batches).isEqualTo(62);
    assertThat(parameters(trained))
        .containsExactly(alone.params().dup().data().asFloat(), within(1e-5f));
  }

  @Test
  void aLargeVocabularyIsTrainedInSmallerBatches(SparkSession spark) {
    int symbols = 5003;
    KeyLstm large = new KeyLstm(KeyLstm.Cell.LSTM, symbols, KeyLstm.WHOLE_SESSION, 1, 2, 0.02, 1);
    assertThat(large.batchSize(128, 4096)).isEqualTo(6);
    assertThatThrownBy(() -> large.features(new int[][] {new int[128]}, 4096))
        .isInstanceOf(io.deeplog.UserException.class)
        .hasMessageContaining("--batch-size");
    // One session of 128 steps among short ones: 6 rows a batch, 14 rows, 3 batches.
    List<WeightedHistory> rows = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      int[] history = IntStream.range(i, i + (i == 5 ? 128 : 3)).toArray();
      float[] weights = new float[history.length];
      weights[0] = 1;
      rows.add(
          new WeightedHistory(
              history, Arrays.stream(history).map(s -> symbols - 1 - s).toArray(), weights));
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    TrainingSettings settings = new TrainingSettings(1, 9, 4096, 1, 1, 2, 3);
    float[] trained =
        parameters(
            new AveragingTrainer(context, large, settings)
                .train(context.parallelize(rows, 2), falling(), new Memory())
                .network());
    // The same as of batches of that size asked for.
    TrainingSettings six = new TrainingSettings(1, 9, 6, 1, 1, 2, 3);
    assertThat(
            parameters(
                new AveragingTrainer(context, large, six)
                    .train(context.parallelize(rows, 2), falling(), new Memory())
                    .network()))
        .isEqualTo(trained)
        .isNotEqualTo(large.create(10).params().dup().data().asFloat());
  }

  @Test
  void aSingleRowOfManyWorkersIsLearned(SparkSession spark) {
    // One row only holds what comes after 5, 5, 5.
    List<WeightedHistory> rows = new ArrayList<>();
    for (int i = 0; i < 30 * 4; i++) {
      rows.add(new WeightedHistory(new int[] {1, 2, i % 5}, new int[] {i % 2}, new float[] {1}));
    }
    rows.add(new WeightedHistory(new int[] {5, 5, 5}, new int[] {4}, new float[] {4}));
    byte[] trained =
        train(spark, rows, 2, new TrainingSettings(12, 99, 4, 2, 2, 3, 1), new Memory()).network();
    float[] p = LSTM.probabilities(KeyLstm.fromBytes(trained, false), new int[][] {{5, 5, 5}})[0];
    assertThat(p[4]).isGreaterThan(0.5f);
  }

  @Test
  void theSeedAndTheReplicasFixTheBytesWhateverTheWorkers(SparkSession spark) {
    List<WeightedHistory> rows = rows(100, 9);
    byte[] first =
        train(spark, rows, 1, new TrainingSettings(2, 9, 8, 4, 4, 2, 7), new Memory()).network();
    for (int workers = 1; workers <= 4; workers++) {
      TrainingSettings settings = new TrainingSettings(2, 9, 8, 4, workers, 2, 7);
      assertThat(train(spark, rows, workers + 1, settings, new Memory()).network())
          .isEqualTo(first);
    }
    TrainingSettings two = new TrainingSettings(2, 9, 8, 2, 2, 2, 7);
    assertThat(parameters(train(spark, rows, 1, two, new Memory()).network()))
        .isNotEqualTo(parameters(first));
  }

  @Test
  void furtherWorkersMakeReplicasWhereThereIsEnoughToLearnFrom() {
    TrainingSettings one = new TrainingSettings(2, 9, 8, 2, 1, 2, 7);
    TrainingSettings four = new TrainingSettings(2, 9, 8, 2, 4, 2, 7);
    assertThat(one.replicas(1000)).isEqualTo(2);
    assertThat(four.replicas(95)).isEqualTo(2);
    assertThat(four.replicas(96)).isEqualTo(3);
    assertThat(four.replicas(1000)).isEqualTo(4);
  }

  @Test
  void anInterruptedTrainingGoesOnAsIfItHadNot(SparkSession spark) {
    List<WeightedHistory> rows = rows(60, 2);
    TrainingSettings settings = new TrainingSettings(4, 9, 4, 2, 2, 3, 5);
    Memory whole = new Memory();
    byte[] expected = train(spark, rows, 2, settings, whole).network();
    assertThat(whole.epochs).hasSize(4);

    Memory crashed =
        new Memory() {
          @Override
          public void save(
              List<AveragingTrainer.Epoch> now, byte[] lastNetwork, byte[] bestNetwork) {
            if (now.size() > 2) {
              throw new IllegalStateException("crash");
            }
            super.save(now, lastNetwork, bestNetwork);
          }
        };
    assertThatThrownBy(() -> train(spark, rows, 2, settings, crashed)).hasMessage("crash");
    assertThat(crashed.epochs).hasSize(2);
    Memory resumed = new Memory();
    resumed.save(crashed.epochs, crashed.last, crashed.best);
    // Losses go on falling from where they were.
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    double[] loss = {98};
    AveragingTrainer.Trained trained =
        new AveragingTrainer(context, LSTM, settings)
            .train(context.parallelize(rows, 2), bytes -> loss[0]--, resumed);
    assertThat(trained.network()).isEqualTo(expected);
    assertThat(trained.epochs())
        .extracting(AveragingTrainer.Epoch::number)
        .containsExactly(1, 2, 3, 4);
    assertThat(resumed.last).isEqualTo(whole.last);
  }

  @Test
  void trainingStopsWhenTheLossNoLongerFalls(SparkSession spark) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    double[] losses = {3, 2, 2.5, 2, 9, 1};
    int[] epoch = {0};
    List<byte[]> networks = new ArrayList<>();
    AveragingTrainer.Trained trained =
        new AveragingTrainer(context, LSTM, new TrainingSettings(10, 3, 4, 1, 1, 3, 5))
            .train(
                context.parallelize(rows(8, 1), 1),
                bytes -> {
                  networks.add(bytes);
                  return losses[epoch[0]++];
                },
                new Memory());
    assertThat(trained.epochs()).hasSize(5);
    assertThat(trained.epochs())
        .extracting(AveragingTrainer.Epoch::best)
        .containsExactly(true, true, false, false, false);
    assertThat(trained.network()).isEqualTo(networks.get(1));
  }

  @Test
  void aTrainingThatDivergesIsAUserError(SparkSession spark) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    AveragingTrainer trainer =
        new AveragingTrainer(context, LSTM, new TrainingSettings(5, 2, 4, 1, 1, 3, 5));
    assertThatThrownBy(
            () -> trainer.train(context.parallelize(rows(8, 1), 1), b -> Double.NaN, new Memory()))
        .isInstanceOf(io.deeplog.UserException.class)
        .hasMessageContaining("--learning-rate");
  }
}
