package io.deeplog.detect.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.detect.Detection;
import io.deeplog.detect.Detector;
import io.deeplog.detect.TailThreshold;
import io.deeplog.nn.KeyLstm;
import io.deeplog.nn.ValueLstm;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.MlPersistence;
import io.deeplog.spark.Spark;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapGroupsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import scala.collection.Seq;

/**
 * Learns, for every template, which values are normal: the time gap to the entry before, and the
 * parameters. One group of samples of a template trains one model, on the executors.
 *
 * <p>A session's score is the surprise of its most surprising entry. The threshold is the score
 * that the wanted share of training sessions exceeds: with many templates and parameters, an
 * interval that holds 99.9 % of single values flags far more than one session in a thousand.
 */
public final class ValueDetector extends Detector<ValueDetectorModel> {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "value";

  /** What is for review may come this many times as often as what is anomalous. */
  private static final double REVIEW = 10;

  /** Sessions that the threshold is taken from, at most about. */
  private static final double MOST_JUDGED = 200_000;

  private static final int PARTITIONS_PER_CORE = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final StructType VALUES =
      new StructType()
          .add("gap", DataTypes.DoubleType)
          .add("params", DataTypes.createArrayType(DataTypes.StringType));

  private static final StructType SAMPLE =
      new StructType()
          .add("template_id", DataTypes.StringType)
          .add("time", DataTypes.LongType)
          .add("tie", DataTypes.LongType)
          .add("history", DataTypes.createArrayType(VALUES))
          .add("row", VALUES);

  private final IntParam history;
  private final DoubleParam falseAlarms;
  private final BooleanParam networks;
  private final IntParam units;
  private final IntParam epochs;
  private final IntParam samples;
  private final LongParam seed;

  /** A detector with the default settings. */
  public ValueDetector() {
    this(Identifiable$.MODULE$.randomUID("valueDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public ValueDetector(String uid) {
    super(uid, NAME);
    history =
        new IntParam(
            this, "history", "values of a template looked back at", ParamValidators.gtEq(1));
    falseAlarms = falseAlarms(this, "share of normal sessions that may be flagged");
    networks =
        new BooleanParam(
            this, "networks", "whether LSTMs are tried; one is kept where it predicts better");
    units = new IntParam(this, "units", "memory units of an LSTM", ParamValidators.gtEq(1));
    epochs = new IntParam(this, "epochs", "epochs of an LSTM", ParamValidators.gtEq(1));
    samples =
        new IntParam(
            this,
            "samples",
            "lines of a template that are learned from, at most about",
            ParamValidators.gtEq(1));
    seed = new LongParam(this, "seed", "seed of weights, order and samples");
    setDefault(history, 10);
    setDefault(falseAlarms, FALSE_ALARMS);
    setDefault(networks, true);
    setDefault(units, 8);
    setDefault(epochs, 10);
    setDefault(samples, 4000);
    setDefault(seed, 1L);
  }

  /** Values of a template looked back at, default 10. */
  public IntParam history() {
    return history;
  }

  /** Share of normal sessions that may be flagged, default 0.0005. */
  public DoubleParam falseAlarms() {
    return falseAlarms;
  }

  /** Whether LSTMs are tried, default true. */
  public BooleanParam networks() {
    return networks;
  }

  /** Memory units of an LSTM, default 8. */
  public IntParam units() {
    return units;
  }

  /** Epochs of an LSTM, default 10. */
  public IntParam epochs() {
    return epochs;
  }

  /** Lines of a template that are learned from, default about 4000. */
  public IntParam samples() {
    return samples;
  }

  /** Seed of weights, order and samples, default 1. */
  public LongParam seed() {
    return seed;
  }

  /** Sets {@link #history()}. */
  public ValueDetector setHistory(int value) {
    set(history, value);
    return this;
  }

  /** Sets {@link #falseAlarms()}. */
  public ValueDetector setFalseAlarms(double value) {
    set(falseAlarms, value);
    return this;
  }

  /** Sets {@link #networks()}. */
  public ValueDetector setNetworks(boolean value) {
    set(networks, value);
    return this;
  }

  /** Sets {@link #units()}. */
  public ValueDetector setUnits(int value) {
    set(units, value);
    return this;
  }

  /** Sets {@link #epochs()}. */
  public ValueDetector setEpochs(int value) {
    set(epochs, value);
    return this;
  }

  /** Sets {@link #samples()}. */
  public ValueDetector setSamples(int value) {
    set(samples, value);
    return this;
  }

  /** Sets {@link #seed()}. */
  public ValueDetector setSeed(long value) {
    set(seed, value);
    return this;
  }

  @Override
  public ValueDetectorModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> sessions = dataset.toDF();
    Map<String, Long> counts = new HashMap<>();
    sessions
        .select(explode(col(Sessions.ENTRIES)).as("entry"))
        .groupBy("entry.template_id")
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    int parallelism = sessions.sparkSession().sparkContext().defaultParallelism();
    List<TemplateValues> trained =
        samples(sessions, counts)
            .repartition(PARTITIONS_PER_CORE * parallelism, col("template_id"))
            .groupBy("template_id")
            .as(Encoders.STRING(), Encoders.row(SAMPLE))
            .mapGroups(learn(), Encoders.row(TemplateValues.SCHEMA))
            .collectAsList()
            .stream()
            .map(TemplateValues::of)
            .sorted(Comparator.comparing(TemplateValues::templateId))
            .toList();
    ValueDetectorModel model =
        copyValues(
            new ValueDetectorModel(uid(), trained, (int) getOrDefault(history)).setParent(this),
            extractParamMap());
    Map<Double, Long> scores = scores(sessions, model);
    double rate = (double) getOrDefault(falseAlarms);
    // No bound below the surprise of the rate itself, however tame the training sessions are.
    double threshold = Math.max(TailThreshold.of(scores, rate), -Math.log(rate));
    double review = TailThreshold.of(scores, Math.min(0.5, REVIEW * rate));
    return model
        .setThreshold(Detection.rounded(finite(threshold)))
        .setReviewThreshold(Detection.rounded(finite(Math.min(review, threshold))));
  }

  /** Without any session there is no score, hence no threshold that could be stored as a number. */
  private static double finite(double threshold) {
    return Double.isInfinite(threshold) ? Double.MAX_VALUE : threshold;
  }

  private Dataset<Row> samples(Dataset<Row> sessions, Map<String, Long> counts) {
    Broadcast<Map<String, Long>> broadcast = Spark.broadcast(sessions.sparkSession(), counts);
    Column[] columns = ValueEntries.columns(sessions);
    return sessions
        .select(col(Sessions.SESSION), columns[0], columns[1], columns[2])
        .flatMap(
            new Sampling(
                broadcast,
                (int) getOrDefault(history),
                (int) getOrDefault(samples),
                (long) getOrDefault(seed)),
            Encoders.row(SAMPLE));
  }

  /**
   * Takes entries by a hash of their place: the same ones whatever the partitioning, and about as
   * many of a template as asked for, so that a group fits into memory however large the data.
   */
  private static final class Sampling implements FlatMapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Map<String, Long>> counts;
    private final int history;
    private final int most;
    private final long seed;

    Sampling(Broadcast<Map<String, Long>> counts, int history, int most, long seed) {
      this.counts = counts;
      this.history = history;
      this.most = most;
      this.seed = seed;
    }

    @Override
    public Iterator<Row> call(Row session) {
      List<Row> rows = new ArrayList<>();
      long name = hash(seed, session.isNullAt(0) ? "" : session.getString(0));
      ValueEntries.walk(
          session.<Seq<Long>>getAs(1),
          session.<Seq<String>>getAs(2),
          session.<Seq<Seq<String>>>getAs(3),
          history,
          (position, id, time, past, row) -> {
            long tie = mix(name + position);
            double share = (double) most / counts.value().get(id);
            if ((tie >>> 11) * 0x1p-53 < share) {
              rows.add(
                  RowFactory.create(
                      id,
                      time,
                      tie,
                      past.stream().map(Sampling::values).toArray(Row[]::new),
                      values(row)));
            }
          });
      return rows.iterator();
    }

    private static Row values(ValueRow row) {
      return RowFactory.create(row.gap(), row.params());
    }

    private static long hash(long seed, String text) {
      long hash = mix(seed);
      for (int i = 0; i < text.length(); i++) {
        hash = mix(hash ^ text.charAt(i));
      }
      return hash;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long value) {
      long z = value + 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      return z ^ (z >>> 31);
    }
  }

  private Learning learn() {
    return new Learning(
        (int) getOrDefault(history),
        (boolean) getOrDefault(networks),
        (int) getOrDefault(units),
        (int) getOrDefault(epochs),
        (long) getOrDefault(seed));
  }

  /** Trains the model of one template. */
  private record Learning(int history, boolean networks, int units, int epochs, long seed)
      implements MapGroupsFunction<String, Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final double LEARNING_RATE = 0.01;
    private static final int BATCH_SIZE = 32;

    @Override
    public Row call(String templateId, Iterator<Row> rows) throws JsonProcessingException {
      List<ValueSample> group = new ArrayList<>();
      rows.forEachRemaining(
          row ->
              group.add(
                  new ValueSample(
                      row.getLong(1),
                      row.getLong(2),
                      row.<Row>getList(3).stream().map(Learning::values).toList(),
                      values(row.getStruct(4)))));
      ValueLearner learner = new ValueLearner(history, networks ? this::train : null);
      ValueLearner.Learned learned = learner.learn(group);
      return RowFactory.create(
          templateId,
          new String(JSON.writeValueAsBytes(learned.model().columns()), StandardCharsets.UTF_8),
          learned.network(),
          learned.note());
    }

    private static ValueRow values(Row row) {
      return new ValueRow(row.getDouble(0), row.<String>getList(1).toArray(new String[0]));
    }

    private ValueLearner.Network train(float[][][] steps, float[][] next) {
      ValueLstm lstm =
          new ValueLstm(
              steps[0][0].length,
              next[0].length,
              history,
              units,
              LEARNING_RATE,
              epochs,
              BATCH_SIZE,
              seed);
      MultiLayerNetwork network = lstm.train(steps, next);
      return new ValueLearner.Network(ValueLstm.forward(network), KeyLstm.toBytes(network, false));
    }
  }

  private Map<Double, Long> scores(Dataset<Row> sessions, ValueDetectorModel model) {
    long count = sessions.count();
    Dataset<Row> judged =
        count <= MOST_JUDGED
            ? sessions
            : sessions.filter(
                org.apache
                    .spark
                    .sql
                    .functions
                    .pmod(
                        org.apache.spark.sql.functions.xxhash64(col(Sessions.SESSION)),
                        lit(1_000_000))
                    .lt(1e6 * MOST_JUDGED / count));
    Map<Double, Long> scores = new HashMap<>();
    model
        .surprises(judged)
        .groupBy("surprise")
        .count()
        .collectAsList()
        .forEach(row -> scores.put(row.getDouble(0), row.getLong(1)));
    return scores;
  }

  @Override
  public ValueDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<ValueDetector> read() {
    return MlPersistence.reader(
        ValueDetector.class, (uid, directory, spark) -> new ValueDetector(uid));
  }

  /** Loads a saved detector. */
  public static ValueDetector load(String path) {
    return read().load(path);
  }
}
