package io.deeplog.detect.path;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.md5;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;

import io.deeplog.UserException;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.SessionKeys;
import io.deeplog.nn.AveragingTrainer;
import io.deeplog.nn.KeyLstm;
import io.deeplog.nn.TrainingSettings;
import io.deeplog.nn.WeightedHistory;
import io.deeplog.sequence.Framing;
import io.deeplog.sequence.HeldOut;
import io.deeplog.sequence.SessionSteps;
import io.deeplog.spark.Columns;
import io.deeplog.spark.MlPersistence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Learns the order of log keys in sessions by an LSTM (DeepLog, section 3.1), trained by parameter
 * averaging on the distinct sessions, or the distinct windows of a history of h keys, weighted by
 * how often each came.
 *
 * <p>A share of the sessions, the last ones, is held out: training stops when their loss no longer
 * falls, and the limits of the rule, g and the cut, are chosen so that the wanted share of them is
 * flagged, and no more of those that were trained on.
 */
public final class PathDetector extends PathDetectorParams {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(PathDetector.class);

  /** The detector's name. */
  public static final String NAME = "lstm";

  /** With fewer held-out sessions, training sessions stand in for them. */
  public static final int LEAST_HELD_OUT = 10;

  private static final int LOSS_BATCH = 1024;

  private static final double HALF = 0.5;

  /** Halves are the same whatever the seed: limits differ less. */
  private static final long SPLIT_SEED = 1;

  private static final DataType KEYS = DataTypes.createArrayType(DataTypes.IntegerType, false);

  /**
   * What N workers learned apart is averaged, so that an epoch goes an Nth of the way: the rate is
   * multiplied by their number (linear scaling, Goyal et al., 2017). Tried with up to four.
   */
  private static final int MOST_SCALED = 4;

  private final IntParam topG;
  private final DoubleParam falseAlarms;
  private final Param<String> rule;
  private final BooleanParam flagShort;
  private AveragingTrainer.Checkpoint checkpoint = new NoCheckpoint();

  /** A detector with the default settings. */
  public PathDetector() {
    this(Identifiable$.MODULE$.randomUID("pathDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public PathDetector(String uid) {
    super(uid);
    topG = PathDetectorModel.topG(this);
    rule = PathDetectorModel.rule(this);
    falseAlarms = falseAlarms(this, "share of normal sessions that the rule may flag");
    flagShort = PathDetectorModel.flagShort(this);
    setDefault(flagShort, false);
    setDefault(rule, PathRule.EITHER.id());
    setDefault(falseAlarms, FALSE_ALARMS);
  }

  /** Keys that are normal at a place (g); unless it is set, held-out sessions choose it. */
  public IntParam topG() {
    return topG;
  }

  /** Decision rule, default either. */
  public Param<String> rule() {
    return rule;
  }

  /** Share of normal sessions that the rule may flag, default 0.001. */
  public DoubleParam falseAlarms() {
    return falseAlarms;
  }

  /**
   * Whether sessions of fewer keys than the history are abnormal, as popular implementations have
   * it by padding; default false: the begin and end symbols tell what a short session lacks.
   */
  public BooleanParam flagShort() {
    return flagShort;
  }

  /** Sets {@link #flagShort()}. */
  public PathDetector setFlagShort(boolean value) {
    set(flagShort, value);
    return this;
  }

  /** Sets {@link #topG()}. */
  public PathDetector setTopG(int value) {
    set(topG, value);
    return this;
  }

  /** Sets {@link #rule()}. */
  public PathDetector setRule(String value) {
    set(rule, PathRule.of(value).id());
    return this;
  }

  /** Sets {@link #falseAlarms()}. */
  public PathDetector setFalseAlarms(double value) {
    set(falseAlarms, value);
    return this;
  }

  /** A training that starts anew and keeps nothing. */
  public static AveragingTrainer.Checkpoint noCheckpoint() {
    return new NoCheckpoint();
  }

  /** Sets where training goes on from and what it saves after every epoch. */
  public PathDetector setCheckpoint(AveragingTrainer.Checkpoint value) {
    checkpoint = value;
    return this;
  }

  @Override
  public PathDetectorModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> sessions = dataset.toDF();
    Vocabulary vocabulary = vocabulary(sessions);
    if (vocabulary.size() == 0) {
      throw UserException.input("no session to learn from (check --session)");
    }
    TrainingSettings training = trainingSettings();
    Framing framing = new Framing(vocabulary.size(), (int) getOrDefault(history()));
    KeyLstm lstm =
        new KeyLstm(
            KeyLstm.Cell.of(getOrDefault(cell())),
            framing.symbols(),
            framing.history(),
            (int) getOrDefault(layers()),
            (int) getOrDefault(units()),
            (double) getOrDefault(learningRate()) * Math.min(training.workers(), MOST_SCALED),
            training.seed());
    HeldOut held =
        HeldOut.of(
            sessions,
            (double) getOrDefault(validationShare()),
            HeldOut.Order.of(getOrDefault(validationOrder())),
            training.seed());
    HeldOut late =
        HeldOut.of(sessions, HALF, HeldOut.Order.of(getOrDefault(validationOrder())), SPLIT_SEED);
    Dataset<Row> sequences =
        distinct(sessions, vocabulary, held, late).persist(StorageLevel.MEMORY_AND_DISK());
    JavaRDD<WeightedHistory> heldOutRows = null;
    try {
      Dataset<Row> heldOut = sequences.filter("held_out");
      Row size = heldOut.agg(sum("count")).first();
      boolean enough = !size.isNullAt(0) && size.getLong(0) >= LEAST_HELD_OUT;
      if (!enough) {
        LOG.warn("too few sessions to hold some out: early stop and threshold use the training's");
        heldOut = sequences;
      }
      Dataset<Row> trained = enough ? sequences.filter("not held_out") : sequences;
      JavaSparkContext context =
          JavaSparkContext.fromSparkContext(sessions.sparkSession().sparkContext());
      heldOutRows =
          rows(
                  distinctRows(heldOut, lstm, framing)
                      .repartition(training.workers(), col("keys"))
                      .sortWithinPartitions(size(col("keys")), col("keys")),
                  lstm,
                  framing)
              .persist(StorageLevel.MEMORY_AND_DISK());
      JavaRDD<WeightedHistory> validation = heldOutRows;
      Fit fit = new Fit(context, sequences, framing, lstm, training);
      AveragingTrainer.Trained result =
          new AveragingTrainer(context, lstm, training)
              .train(
                  fit.ordered(trained),
                  bytes -> loss(context, validation, lstm, bytes),
                  checkpoint);
      byte[] network = KeyLstm.toBytes(KeyLstm.fromBytes(result.network(), false), false);
      Calibration calibration = calibration(fit, network, enough, held, result.epochs().size());
      LOG.info("key model: {} epochs, {}", result.epochs().size(), calibration.how);
      return copyValues(
          new PathDetectorModel(uid(), vocabulary, lstm, network, result.epochs())
              .setTopG(calibration.limits.topG())
              .setThreshold(Detection.rounded(calibration.limits.cut()))
              .setCalibration(calibration.how)
              .setParent(this),
          extractParamMap());
    } finally {
      sequences.unpersist();
      if (heldOutRows != null) {
        heldOutRows.unpersist();
      }
    }
  }

  /** Distinct sequences: {@code sequence, keys, held_out, late, count}. */
  private static Dataset<Row> distinct(
      Dataset<Row> sessions, Vocabulary vocabulary, HeldOut heldOut, HeldOut late) {
    return sessions
        .select(
            SessionKeys.column(sessions, vocabulary).as("keys"),
            heldOut.column().as("held_out"),
            late.column().as("late"))
        .groupBy("keys", "held_out", "late")
        .agg(count(lit(1)).as("count"))
        .withColumn("sequence", name(col("keys")));
  }

  /** A short name of a sequence, to join by. */
  static Column name(Column keys) {
    return md5(concat_ws(",", keys.cast("array<string>")).cast("binary"));
  }

  /**
   * What is trained on, each once: distinct sessions, {@code keys, count}; or distinct windows and
   * how often each symbol came next, {@code keys, nexts}.
   */
  private static Dataset<Row> distinctRows(Dataset<Row> sequences, KeyLstm lstm, Framing framing) {
    if (lstm.wholeSession()) {
      return sequences.groupBy("keys").agg(sum("count").as("count"));
    }
    return WindowScorer.windows(sequences, framing)
        .join(sequences.groupBy("sequence").agg(sum("count").as("count")), "sequence")
        .groupBy("history", "next")
        .agg(sum("count").as("count"))
        .groupBy(col("history").as("keys"))
        .agg(sort_array(collect_list(struct(col("next"), col("count")))).as("nexts"));
  }

  private static JavaRDD<WeightedHistory> rows(
      Dataset<Row> distinct, KeyLstm lstm, Framing framing) {
    return lstm.wholeSession()
        ? distinct.javaRDD().flatMap(row -> stretches(row, framing))
        : distinct.javaRDD().map(PathDetector::weightedHistory);
  }

  private static Iterator<WeightedHistory> stretches(Row row, Framing framing) {
    float count = row.getLong(1);
    List<WeightedHistory> result = new ArrayList<>();
    for (SessionSteps steps : SessionSteps.of(framing, Columns.ints(row, 0))) {
      float[] weights = new float[steps.next().length];
      Arrays.fill(weights, steps.first(), weights.length, count);
      result.add(new WeightedHistory(steps.history(), steps.next(), weights));
    }
    return result.iterator();
  }

  private static WeightedHistory weightedHistory(Row row) {
    List<Row> nexts = row.getList(1);
    int[] symbols = new int[nexts.size()];
    float[] weights = new float[nexts.size()];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = nexts.get(i).getInt(0);
      weights[i] = nexts.get(i).getLong(1);
    }
    return new WeightedHistory(Columns.ints(row, 0), symbols, weights);
  }

  /** Mean negative log likelihood of a symbol, in nats. */
  private static double loss(
      JavaSparkContext context, JavaRDD<WeightedHistory> rows, KeyLstm lstm, byte[] network) {
    Broadcast<byte[]> broadcast = context.broadcast(network);
    double loss = 0;
    double weight = 0;
    // Collected in the order of the partitions, so that the sum repeats.
    for (double[] part : rows.mapPartitions(new Loss(lstm, broadcast)).collect()) {
      loss += part[0];
      weight += part[1];
    }
    broadcast.destroy();
    return loss / weight;
  }

  private record Loss(KeyLstm lstm, Broadcast<byte[]> network)
      implements FlatMapFunction<Iterator<WeightedHistory>, double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<double[]> call(Iterator<WeightedHistory> rows) {
      double[] sums = new double[2];
      MultiLayerNetwork decoded = rows.hasNext() ? KeyLstm.fromBytes(network.value(), false) : null;
      while (rows.hasNext()) {
        List<WeightedHistory> batch = new ArrayList<>();
        int most = LOSS_BATCH;
        while (rows.hasNext() && batch.size() < most) {
          WeightedHistory row = rows.next();
          batch.add(row);
          sums[1] += row.weight();
          // Rows come by length.
          most = lstm.batchSize(row.history().length, LOSS_BATCH);
        }
        sums[0] += lstm.loss(decoded, batch.toArray(new WeightedHistory[0]));
      }
      return List.of(sums).iterator();
    }
  }

  /** Limits, and what they were chosen by, in words. */
  private record Calibration(PathLimits limits, String how) {}

  /**
   * Chooses the limits by sessions that were not trained on. The held-out ones are few for so small
   * a share of false alarms, and their limits differ much from one part of a log to the next. So
   * two more networks are trained beside, each on one half of the sessions, and each judges the
   * half that it did not see: every session is held out once.
   *
   * <p>No stricter than what the sessions that the network itself was trained on ask for: those
   * look more normal than others ever will. Where nearly all sessions repeat others, so will those
   * to come, and what they will score is known.
   *
   * @param enough whether there are held-out sessions
   * @param epochs of the network
   */
  private Calibration calibration(
      Fit fit, byte[] network, boolean enough, HeldOut heldOut, int epochs) {
    PathRule decision = PathRule.of(getOrDefault(rule));
    double share = (double) getOrDefault(falseAlarms);
    Integer fixedG = isSet(topG) ? (Integer) get(topG).get() : null;
    int symbols = fit.framing.symbols();
    Dataset<Row> sequences = fit.sequences;
    long once =
        sequences
            .groupBy("sequence")
            .agg(sum("count").as("count"))
            .filter(col("count").equalTo(1))
            .count();
    PathLimits.Sample every =
        new PathLimits.Sample(
            fit.peaks(
                sequences, enough ? sequences.filter(not(col("held_out"))) : sequences, network),
            once,
            enough ? "sessions, held out or not" : "sessions, all of which were trained on");
    PathLimits limits = PathLimits.of(decision, every, share, fixedG, symbols);
    if (!enough || every.repeats(share)) {
      return new Calibration(limits, PathLimits.words(decision, limits, every, share, fixedG));
    }
    boolean chosen =
        decision == PathRule.PROBABILITY
            || decision == PathRule.EITHER
            || (decision == PathRule.TOP_G && fixedG == null);
    Map<PathLimits.Peak, Long> unseen = new HashMap<>();
    String who;
    if (chosen && (boolean) getOrDefault(crossFit())) {
      for (Column judged : List.of(col("late"), not(col("late")))) {
        Dataset<Row> trained = sequences.filter(not(judged));
        Dataset<Row> others = sequences.filter(judged);
        byte[] half = fit.trainedOn(trained, Math.max(1, epochs / 2));
        fit.peaks(others, trained, half).forEach((peak, n) -> unseen.merge(peak, n, Long::sum));
      }
      who = "sessions, each judged by a network that was trained on the other half";
    } else {
      unseen.putAll(
          fit.peaks(sequences.filter("held_out"), sequences.filter(not(col("held_out"))), network));
      who = "held-out sessions, " + heldOut.how();
    }
    // That few of them are like no other one says nothing here: they are a part only.
    PathLimits.Sample some = new PathLimits.Sample(unseen, Long.MAX_VALUE, who);
    limits = limits.widest(PathLimits.of(decision, some, share, fixedG, symbols));
    return new Calibration(limits, PathLimits.words(decision, limits, some, share, fixedG));
  }

  /**
   * What is learned from.
   *
   * @param sequences {@code sequence, keys, held_out, late, count}
   */
  private record Fit(
      JavaSparkContext context,
      Dataset<Row> sequences,
      Framing framing,
      KeyLstm lstm,
      TrainingSettings training) {
    /** What a network is trained on, in an order that is the same in every run. */
    JavaRDD<WeightedHistory> ordered(Dataset<Row> trained) {
      return rows(
          distinctRows(trained, lstm, framing)
              .orderBy(xxhash64(lit(training.seed()), col("keys")), col("keys")),
          lstm,
          framing);
    }

    /** A network trained on some of the sequences for a number of epochs. */
    byte[] trainedOn(Dataset<Row> trained, int epochs) {
      TrainingSettings settings =
          new TrainingSettings(
              epochs,
              epochs,
              training.batchSize(),
              training.workers(),
              training.averagingFrequency(),
              training.seed());
      double[] loss = {epochs};
      return new AveragingTrainer(context, lstm, settings)
          .train(ordered(trained), bytes -> loss[0]--, new NoCheckpoint())
          .network();
    }

    /**
     * The worst entries of sequences as sessions to come will be judged: keys that were not trained
     * on are unknown.
     */
    Map<PathLimits.Peak, Long> peaks(Dataset<Row> judged, Dataset<Row> trainedOn, byte[] network) {
      boolean[] trained = new boolean[framing.symbols()];
      trainedOn
          .select(explode(col("keys")).as("key"))
          .distinct()
          .collectAsList()
          .forEach(row -> trained[row.getInt(0)] = true);
      Broadcast<byte[]> broadcast = context.broadcast(network);
      Map<PathLimits.Peak, Long> peaks = new HashMap<>();
      EntryScorer.score(
              judged.withColumn("keys", udf(new Known(trained), KEYS).apply(col("keys"))),
              lstm,
              framing,
              broadcast)
          .filter(col("next").notEqual(Framing.UNKNOWN))
          .groupBy("sequence")
          .agg(max("rank").as("rank"), max("surprise").as("surprise"))
          .join(judged.groupBy("sequence").agg(sum("count").as("count")), "sequence")
          .select(
              col("rank"),
              udf((UDF1<Double, Double>) PathLimits.Peak::rounded, DataTypes.DoubleType)
                  .apply(col("surprise"))
                  .as("surprise"),
              col("count"))
          .groupBy("rank", "surprise")
          .agg(sum("count"))
          .collectAsList()
          .forEach(
              row ->
                  peaks.put(new PathLimits.Peak(row.getInt(0), row.getDouble(1)), row.getLong(2)));
      broadcast.destroy();
      return peaks;
    }
  }

  /** Keys that were not trained on become the unknown one. */
  private record Known(boolean[] trained) implements UDF1<Seq<Integer>, int[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] call(Seq<Integer> keys) {
      return JavaConverters.seqAsJavaList(keys).stream()
          .mapToInt(key -> trained[key] ? key : Framing.UNKNOWN)
          .toArray();
    }
  }

  /** Training that starts anew and keeps nothing. */
  private static final class NoCheckpoint implements AveragingTrainer.Checkpoint {
    @Override
    public void save(List<AveragingTrainer.Epoch> epochs, byte[] last, byte[] best) {}

    @Override
    public List<AveragingTrainer.Epoch> epochs() {
      return List.of();
    }

    @Override
    public byte[] last() {
      throw new IllegalStateException("there is no checkpoint");
    }

    @Override
    public byte[] best() {
      throw new IllegalStateException("there is no checkpoint");
    }
  }

  @Override
  public PathDetector copy(ParamMap extra) {
    PathDetector copy = defaultCopy(extra);
    return copy.setCheckpoint(checkpoint);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<PathDetector> read() {
    return MlPersistence.reader(PathDetector.class, PathDetector::new);
  }

  /** Loads a saved detector. */
  public static PathDetector load(String path) {
    return read().load(path);
  }
}
