package io.deeplog.nn;

import io.deeplog.Hash64;
import io.deeplog.UserException;
import io.deeplog.sequence.SessionSteps;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.function.ToDoubleFunction;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.api.java.function.PairFunction;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Trains a network over Spark by parameter averaging, so that (data, seed, replicas) fix the result
 * to the byte on any master, and with any number of workers that makes no further replicas.
 *
 * <p>Rows get an explicit index; batch {@code index / batchSize} goes to replica {@code batch mod
 * replicas}. Training goes in rounds: in each, every replica trains its next {@code
 * averagingFrequency} batches, made on its worker as they are needed, and the replicas are
 * averaged. The last round is filled up with batches that add nothing, because DL4J silently drops
 * what does not fill a round.
 */
public final class AveragingTrainer {
  private static final Logger LOG = LoggerFactory.getLogger(AveragingTrainer.class);

  /**
   * Rows of an epoch that heavy rows are split into at the least: a network needs some thousands of
   * steps, however few distinct rows there are.
   */
  private static final long LEAST_ROWS = 2048;

  /** The same where rows are whole sessions, each of many steps. */
  private static final long LEAST_SESSIONS = 1024;

  /** Batches of a replica that are filled with rows of like length together. */
  private static final int LIKE_BATCHES = 4;

  private final JavaSparkContext context;
  private final KeyLstm lstm;
  private final TrainingSettings settings;

  /** What is known after an epoch. */
  public record Epoch(int number, double validationLoss, boolean best, double seconds)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Keeps what training can go on from after a crash. */
  public interface Checkpoint {
    /** Called after every epoch; networks as {@link KeyLstm#toBytes} with their updater. */
    void save(List<Epoch> epochs, byte[] last, byte[] best);

    /** The epochs of an interrupted training of the same kind; empty when there is none. */
    List<Epoch> epochs();

    /** The network after the last of {@link #epochs}. */
    byte[] last();

    /** The network of the best of {@link #epochs}. */
    byte[] best();
  }

  /** A trained network and how it came about. */
  public record Trained(byte[] network, List<Epoch> epochs) {}

  /** A trainer of a network on a context. */
  public AveragingTrainer(JavaSparkContext context, KeyLstm lstm, TrainingSettings settings) {
    this.context = context;
    this.lstm = lstm;
    this.settings = settings;
  }

  /**
   * Trains until the validation loss stops falling.
   *
   * @param rows in an order that is the same in every run: their position is their index
   * @param validationLoss the mean loss of a network on rows that are not trained on
   * @param checkpoint where to go on from, and to save to
   * @return the network of the best epoch
   */
  public Trained train(
      JavaRDD<WeightedHistory> rows,
      ToDoubleFunction<byte[]> validationLoss,
      Checkpoint checkpoint) {
    Extent extent = rows.map(Extent::of).fold(new Extent(0, 0, 0), Extent::plus);
    double weight = extent.weight;
    long leastRows = lstm.wholeSession() ? LEAST_SESSIONS : LEAST_ROWS;
    double unit = Math.max(1, weight / Math.max(extent.rows, leastRows));
    // The longest row decides, whether or not it is in a batch, so that all batches are alike.
    int batchSize = lstm.batchSize(extent.steps, settings.batchSize());
    if (batchSize < settings.batchSize()) {
      LOG.info(
          "batches of {} rows, not {}, so that {} steps of {} symbols fit",
          batchSize,
          settings.batchSize(),
          extent.steps,
          lstm.symbols());
    }
    long count = rows.map(row -> (long) row.parts(unit)).fold(0L, Long::sum);
    int replicas = settings.replicas(-Math.floorDiv(-count, (long) batchSize));
    JavaRDD<WeightedHistory> parts =
        rows.zipWithIndex().flatMapToPair(new Parts(unit, settings.seed())).sortByKey().values();
    JavaPairRDD<Integer, WeightedHistory> byReplica =
        byReplica(
                lstm.wholeSession()
                    ? ofLikeLength(parts, (long) LIKE_BATCHES * batchSize * replicas)
                    : parts,
                batchSize,
                replicas)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      int batchesPerReplica = Math.toIntExact(-Math.floorDiv(-count, (long) batchSize * replicas));
      int rounds = Math.max(1, -Math.floorDiv(-batchesPerReplica, settings.averagingFrequency()));
      // Even rounds: in batches that only fill up, Adam would go on by its momentum, blindly.
      int frequency = Math.max(1, -Math.floorDiv(-batchesPerReplica, rounds));
      LOG.info(
          "training on {} rows of weight {}: {} replicas on {} workers, {} rounds of {} batches of"
              + " {} an epoch",
          count,
          String.format(Locale.ROOT, "%.0f", weight),
          replicas,
          settings.workers(),
          rounds,
          frequency,
          batchSize);
      Rounds plan = new Rounds(replicas, batchSize, rounds, frequency, count / weight);
      return epochs(byReplica, plan, validationLoss, checkpoint);
    } finally {
      byReplica.unpersist();
    }
  }

  /**
   * How much there is to learn from. The weights are whole numbers until they are split, so that
   * their sum is exact whatever the order of addition.
   *
   * @param steps of the longest row
   */
  private record Extent(long rows, double weight, int steps) implements Serializable {
    private static final long serialVersionUID = 1L;

    static Extent of(WeightedHistory row) {
      return new Extent(1, row.weight(), row.history().length);
    }

    Extent plus(Extent other) {
      return new Extent(rows + other.rows, weight + other.weight, Math.max(steps, other.steps));
    }
  }

  /**
   * How an epoch is trained.
   *
   * @param replicas that are averaged
   * @param frequency batches of a replica in a round
   * @param scale of the weights
   */
  private record Rounds(int replicas, int batchSize, int rounds, int frequency, double scale) {}

  private Trained epochs(
      JavaPairRDD<Integer, WeightedHistory> rows,
      Rounds plan,
      ToDoubleFunction<byte[]> validationLoss,
      Checkpoint checkpoint) {
    List<Epoch> epochs = new ArrayList<>(checkpoint.epochs());
    MultiLayerNetwork network =
        epochs.isEmpty()
            ? lstm.create(Math.toIntExact((long) settings.epochs() * plan.rounds * plan.frequency))
            : KeyLstm.fromBytes(checkpoint.last(), true);
    byte[] best = epochs.isEmpty() ? null : checkpoint.best();
    double bestLoss =
        epochs.stream().mapToDouble(Epoch::validationLoss).min().orElse(Double.POSITIVE_INFINITY);
    if (!epochs.isEmpty()) {
      LOG.info("going on after epoch {} (validation loss {})", epochs.size(), bestLoss);
    }
    long start = System.nanoTime();
    int done = epochs.size();
    while (epochs.size() < settings.epochs() && sinceBest(epochs) < settings.patience()) {
      long epochStart = System.nanoTime();
      int number = epochs.size() + 1;
      context.sc().setJobDescription("train: epoch " + number + " of " + settings.epochs());
      SparkDl4jMultiLayer master =
          new SparkDl4jMultiLayer(
              context,
              network,
              new OrderedAveraging(
                  plan.replicas,
                  settings.workers(),
                  plan.batchSize,
                  plan.frequency,
                  settings.seed() + number));
      for (int round = 0; round < plan.rounds; round++) {
        int shifted = (round + number) % plan.rounds;
        master.fit(
            rows.mapPartitions(
                new RoundBatches(
                    lstm, plan.batchSize, plan.scale, shifted * plan.frequency, plan.frequency)));
      }
      network = master.getNetwork();
      byte[] last = KeyLstm.toBytes(network, true);
      double loss = validationLoss.applyAsDouble(last);
      boolean isBest = loss < bestLoss;
      if (isBest) {
        bestLoss = loss;
        best = last;
      }
      epochs.add(new Epoch(number, loss, isBest, (System.nanoTime() - epochStart) / 1e9));
      report(epochs.get(epochs.size() - 1), (System.nanoTime() - start) / 1e9 / (number - done));
      checkpoint.save(epochs, last, best);
    }
    if (best == null) {
      throw UserException.usage(
          "training diverged: the loss is no number after "
              + epochs.size()
              + " epochs (give a lower --learning-rate)");
    }
    return new Trained(best, epochs);
  }

  private static int sinceBest(List<Epoch> epochs) {
    int n = 0;
    for (int i = epochs.size() - 1; i >= 0 && !epochs.get(i).best(); i--) {
      n++;
    }
    return n;
  }

  private void report(Epoch epoch, double secondsAnEpoch) {
    LOG.info(
        String.format(
            Locale.ROOT,
            "epoch %d/%d: validation loss %.5f%s, %.1f s an epoch, at most %.0f s to go",
            epoch.number(),
            settings.epochs(),
            epoch.validationLoss(),
            epoch.best() ? " (best)" : "",
            secondsAnEpoch,
            secondsAnEpoch * (settings.epochs() - epoch.number())));
  }

  /**
   * Splits heavy rows and deals the parts out over the epoch: side by side, a frequent row would
   * fill whole batches, and the averages would swing from one such stretch to the next.
   */
  static final class Parts
      implements PairFlatMapFunction<Tuple2<WeightedHistory, Long>, Long, WeightedHistory> {
    private static final long serialVersionUID = 1L;

    private final double unit;
    private final long seed;

    Parts(double unit, long seed) {
      this.unit = unit;
      this.seed = seed;
    }

    @Override
    public Iterator<Tuple2<Long, WeightedHistory>> call(Tuple2<WeightedHistory, Long> row) {
      List<Tuple2<Long, WeightedHistory>> parts = new ArrayList<>();
      for (WeightedHistory part : row._1.split(unit)) {
        parts.add(
            new Tuple2<>(place(row._2 * WeightedHistory.MOST_PARTS + parts.size(), seed), part));
      }
      return parts.iterator();
    }

    /** No two numbers get the same place. */
    static long place(long number, long seed) {
      return Hash64.mix(number + seed * 0x9e3779b97f4a7c15L);
    }
  }

  /**
   * Sorts rows by length within stretches of so many: a batch takes as long as its longest row.
   * Stretches are short, so that an epoch does not go from short sessions to long ones.
   */
  private static JavaRDD<WeightedHistory> ofLikeLength(
      JavaRDD<WeightedHistory> rows, long stretch) {
    return rows.zipWithIndex()
        .mapToPair(
            row -> {
              long place = row._2 / stretch * (SessionSteps.LONGEST + 1) + row._1.history().length;
              return new Tuple2<>(place * stretch + row._2 % stretch, row._1);
            })
        .sortByKey()
        .values();
  }

  /** Rows keyed by their index within their replica, in one partition each, in that order. */
  private static JavaPairRDD<Integer, WeightedHistory> byReplica(
      JavaRDD<WeightedHistory> rows, int batch, int replicas) {
    return rows.zipWithIndex()
        .mapToPair(new ReplicaKey(batch, replicas))
        .repartitionAndSortWithinPartitions(new ByReplica(replicas))
        .mapToPair(pair -> new Tuple2<>((int) (pair._1 / replicas), pair._2));
  }

  /** Keys of a row: place within the replica times replicas, plus the replica. */
  private static final class ReplicaKey
      implements PairFunction<Tuple2<WeightedHistory, Long>, Long, WeightedHistory> {
    private static final long serialVersionUID = 1L;
    private final int batch;
    private final int replicas;

    ReplicaKey(int batch, int replicas) {
      this.batch = batch;
      this.replicas = replicas;
    }

    @Override
    public Tuple2<Long, WeightedHistory> call(Tuple2<WeightedHistory, Long> row) {
      long batchNumber = row._2 / batch;
      long replica = batchNumber % replicas;
      long place = batchNumber / replicas * batch + row._2 % batch;
      return new Tuple2<>(place * replicas + replica, row._1);
    }
  }

  private static final class ByReplica extends HashPartitioner {
    private static final long serialVersionUID = 1L;
    private final int replicas;

    ByReplica(int replicas) {
      super(replicas);
      this.replicas = replicas;
    }

    @Override
    public int getPartition(Object key) {
      return (int) ((Long) key % replicas);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ByReplica o && o.replicas == replicas;
    }

    @Override
    public int hashCode() {
      return replicas;
    }
  }

  /** Makes the batches of one round of one replica, one at a time. */
  private static final class RoundBatches
      implements FlatMapFunction<Iterator<Tuple2<Integer, WeightedHistory>>, DataSet> {
    private static final long serialVersionUID = 1L;
    private final KeyLstm lstm;
    private final int batchSize;
    private final double scale;
    private final int firstBatch;
    private final int batches;

    RoundBatches(KeyLstm lstm, int batchSize, double scale, int firstBatch, int batches) {
      this.lstm = lstm;
      this.batchSize = batchSize;
      this.scale = scale;
      this.firstBatch = firstBatch;
      this.batches = batches;
    }

    @Override
    public Iterator<DataSet> call(Iterator<Tuple2<Integer, WeightedHistory>> rows) {
      long start = (long) firstBatch * batchSize;
      return new Iterator<>() {
        private int made;
        private Tuple2<Integer, WeightedHistory> ahead = skip();

        private Tuple2<Integer, WeightedHistory> skip() {
          while (rows.hasNext()) {
            Tuple2<Integer, WeightedHistory> row = rows.next();
            if (row._1 >= start) {
              return row;
            }
          }
          return null;
        }

        @Override
        public boolean hasNext() {
          return made < batches;
        }

        @Override
        public DataSet next() {
          if (!hasNext()) {
            throw new NoSuchElementException();
          }
          made++;
          long end = start + (long) made * batchSize;
          List<WeightedHistory> batch = new ArrayList<>(batchSize);
          while (ahead != null && ahead._1 < end) {
            batch.add(ahead._2);
            ahead = rows.hasNext() ? rows.next() : null;
          }
          return lstm.batch(batch.toArray(new WeightedHistory[0]), batchSize, scale);
        }
      };
    }
  }
}
