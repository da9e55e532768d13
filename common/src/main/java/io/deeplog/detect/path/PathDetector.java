package io.deeplog.detect.path;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.md5;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

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
import io.deeplog.spark.MlPersistence;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
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
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final double HALF = 0.5;

  /** Halves are the same whatever the seed: limits differ less. */
  private static final long SPLIT_SEED = 1;

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
            (double) getOrDefault(learningRate()),
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
        if ((double) getOrDefault(validationShare()) > 0) {
          LOG.warn("too few sessions to hold some out: early stop and limits use the training's");
        }
        heldOut = sequences;
      }
      Dataset<Row> trained = enough ? sequences.filter("not held_out") : sequences;
      JavaSparkContext context =
          JavaSparkContext.fromSparkContext(sessions.sparkSession().sparkContext());
      PathRows rows = new PathRows(lstm, framing);
      heldOutRows =
          rows.byLength(heldOut, training.replicas()).persist(StorageLevel.MEMORY_AND_DISK());
      JavaRDD<WeightedHistory> validation = heldOutRows;
      AveragingTrainer.Trained result =
          new AveragingTrainer(context, lstm, training)
              .train(
                  rows.ordered(trained, training.seed()),
                  bytes -> rows.loss(context, validation, bytes),
                  checkpoint);
      byte[] network = KeyLstm.toBytes(KeyLstm.fromBytes(result.network(), false), false);
      PathCalibration.Chosen chosen =
          new PathCalibration(context, sequences, rows, training)
              .choose(wanted(), network, enough, held.how(), result.epochs().size());
      LOG.info("key model: {} epochs, {}", result.epochs().size(), chosen.how());
      return copyValues(
          new PathDetectorModel(uid(), vocabulary, lstm, network, result.epochs())
              .setTopG(chosen.limits().topG())
              .setThreshold(Detection.rounded(chosen.limits().cut()))
              .setCalibration(chosen.how())
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

  private PathCalibration.Wanted wanted() {
    return new PathCalibration.Wanted(
        PathRule.of(getOrDefault(rule)),
        (double) getOrDefault(falseAlarms),
        isSet(topG) ? (Integer) get(topG).get() : null,
        (boolean) getOrDefault(crossFit()));
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
