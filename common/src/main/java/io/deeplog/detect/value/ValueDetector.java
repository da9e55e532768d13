package io.deeplog.detect.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import io.deeplog.detect.Detection;
import io.deeplog.detect.Detector;
import io.deeplog.detect.TailThreshold;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.MlPersistence;
import io.deeplog.spark.Spark;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Learns, for every template, which values are normal: the time gap to the entry before, and the
 * parameters. One group of samples of a template trains one model, on the executors.
 *
 * <p>A session's score is the surprise of its most surprising entry. The threshold is the score
 * that the wanted share of training sessions exceeds: with many templates and parameters, an
 * interval that holds 99.9 % of single values flags far more than one session in a thousand. The
 * paper's Gaussian interval of an entry's validation errors is there too ({@link ValueInterval}): a
 * session's score then is the standard deviations that its farthest value is off, and what lies
 * between the interval of 98 % and the chosen one is for review.
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

  private final IntParam history;
  private final DoubleParam falseAlarms;
  private final BooleanParam networks;
  private final IntParam units;
  private final IntParam epochs;
  private final IntParam samples;
  private final LongParam seed;
  private final Param<String> interval;
  private Map<String, String> templates = Map.of();

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
    interval = interval(this);
    setDefault(interval, ValueInterval.TAIL.id());
    setDefault(history, 10);
    setDefault(falseAlarms, FALSE_ALARMS / 2);
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

  /** What values are normal by: tail, 98, 99 or 99.9 ({@link ValueInterval}), default tail. */
  public Param<String> interval() {
    return interval;
  }

  static Param<String> interval(Params stage) {
    return new Param<>(stage, "interval", "what values are normal by: " + ValueInterval.names());
  }

  /** Sets {@link #interval()}. */
  public ValueDetector setInterval(String value) {
    set(interval, ValueInterval.of(value).id());
    return this;
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

  /**
   * Tells the texts of templates, by id: they name the parameters and hold units of some. Without,
   * parameters are numbered. They are no setting, and are not saved.
   */
  public ValueDetector setTemplates(Map<String, String> value) {
    templates = Map.copyOf(value);
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
    counts.remove(null);
    Map<String, String> series = Siblings.series(templates, counts);
    List<TemplateValues> trained =
        samples(sessions, counts, series)
            .repartition(PARTITIONS_PER_CORE * parallelism, col("series"))
            .groupBy("series")
            .as(Encoders.STRING(), Encoders.row(RunSampling.SAMPLE))
            .flatMapGroups(learn(), Encoders.row(TemplateValues.SCHEMA))
            .collectAsList()
            .stream()
            .map(TemplateValues::of)
            .sorted(Comparator.comparing(TemplateValues::templateId))
            .toList();
    ValueDetectorModel model =
        copyValues(
            new ValueDetectorModel(uid(), trained, (int) getOrDefault(history)).setParent(this),
            extractParamMap());
    ValueInterval bounds = ValueInterval.of(getOrDefault(interval));
    if (bounds.isGaussian()) {
      return model
          .setThreshold(bounds.deviations())
          .setReviewThreshold(ValueInterval.GAUSSIAN_98.deviations());
    }
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

  private Dataset<Row> samples(
      Dataset<Row> sessions, Map<String, Long> counts, Map<String, String> series) {
    int most = (int) getOrDefault(samples);
    Map<String, Long> lines = new HashMap<>();
    Map<String, Long> wanted = new HashMap<>();
    counts.forEach(
        (id, count) -> {
          String first = series.getOrDefault(id, id);
          lines.merge(first, count, Long::sum);
          wanted.merge(first, (long) most, Long::sum);
        });
    Map<String, Double> shares = new HashMap<>();
    lines.forEach((id, count) -> shares.put(id, (double) wanted.get(id) / count));
    Column[] columns = ValueEntries.columns(sessions);
    return sessions
        .select(col(Sessions.SESSION), columns[0], columns[1], columns[2])
        .flatMap(
            new RunSampling(
                Spark.broadcast(sessions.sparkSession(), series),
                Spark.broadcast(sessions.sparkSession(), shares),
                Math.max(RunSampling.LEAD, (int) getOrDefault(history)),
                (long) getOrDefault(seed)),
            Encoders.row(RunSampling.SAMPLE));
  }

  private SeriesLearning learn() {
    return new SeriesLearning(
        templates,
        (int) getOrDefault(history),
        (boolean) getOrDefault(networks),
        (int) getOrDefault(units),
        (int) getOrDefault(epochs),
        (long) getOrDefault(seed));
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
    ValueDetector copy = defaultCopy(extra);
    return copy.setTemplates(templates);
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
