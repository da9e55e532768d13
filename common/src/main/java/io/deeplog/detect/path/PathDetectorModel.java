package io.deeplog.detect.path;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.SessionKeys;
import io.deeplog.nn.AveragingTrainer;
import io.deeplog.nn.KeyLstm;
import io.deeplog.sequence.Framing;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Columns;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;

/**
 * Appends {@code lstm} to sessions: the surprise of their most surprising entry, and their first
 * abnormal entry as evidence.
 */
public final class PathDetectorModel extends DetectorModel<PathDetectorModel> {
  private static final long serialVersionUID = 1L;

  private static final String NETWORK = "network.zip";
  private static final String FILE = "keys.json";

  private final Vocabulary vocabulary;
  private final KeyLstm lstm;
  private final transient byte[] network;
  private final transient List<AveragingTrainer.Epoch> epochs;
  private final IntParam topG;
  private final Param<String> rule;
  private final DoubleParam threshold;
  private final Param<String> calibration;
  private final BooleanParam flagShort;

  PathDetectorModel(
      String uid,
      Vocabulary vocabulary,
      KeyLstm lstm,
      byte[] network,
      List<AveragingTrainer.Epoch> epochs) {
    super(uid, PathDetector.NAME);
    this.vocabulary = vocabulary;
    this.lstm = lstm;
    this.network = network;
    this.epochs = epochs;
    topG = topG(this);
    rule = rule(this);
    threshold =
        new DoubleParam(this, "threshold", "surprise, -ln p, above which an entry is abnormal");
    calibration = calibration(this);
    flagShort = flagShort(this);
    setDefault(flagShort, false);
    setDefault(topG, PathLimits.PAPER_G);
    setDefault(calibration, "");
    setDefault(rule, PathRule.EITHER.id());
  }

  static IntParam topG(Params parent) {
    return new IntParam(
        parent,
        "topG",
        "keys that are normal at a place (g); 0: chosen when fitted",
        ParamValidators.gtEq(0));
  }

  static Param<String> calibration(Params parent) {
    return new Param<>(parent, "calibration", "how g and the threshold were chosen");
  }

  static BooleanParam flagShort(Params parent) {
    return new BooleanParam(
        parent, "flagShort", "whether sessions of fewer keys than the history are abnormal");
  }

  static Param<String> rule(Params parent) {
    return new Param<>(parent, "rule", "decision rule: top-g, probability, either or argmax");
  }

  /** Detectors of another kind of evidence: how many events there are, not in which order. */
  @Override
  public List<String> corroboratedBy() {
    return List.of("length", "count-distance", "pca");
  }

  @Override
  public String condition() {
    return PathRule.of(getOrDefault(rule))
        .condition((int) getOrDefault(topG), (double) getOrDefault(threshold));
  }

  @Override
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("threshold", getOrDefault(threshold));
    metrics.put("top_g", getOrDefault(topG));
    metrics.put("calibration", getOrDefault(calibration));
    metrics.put("epochs", epochs.size());
    metrics.put(
        "validation_loss",
        epochs.stream()
            .mapToDouble(AveragingTrainer.Epoch::validationLoss)
            .min()
            .orElse(Double.NaN));
    return metrics;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** How training went. */
  public List<AveragingTrainer.Epoch> epochs() {
    return epochs;
  }

  /** Keys that are normal at a place (g). */
  public IntParam topG() {
    return topG;
  }

  /** Decision rule. */
  public Param<String> rule() {
    return rule;
  }

  /** Surprise, -ln p, above which an entry is abnormal. */
  public DoubleParam threshold() {
    return threshold;
  }

  /** Whether sessions of fewer keys than the history are abnormal, without a look at them. */
  public BooleanParam flagShort() {
    return flagShort;
  }

  /** How g and the threshold were chosen, in words. */
  public Param<String> calibration() {
    return calibration;
  }

  PathDetectorModel setCalibration(String value) {
    set(calibration, value);
    return this;
  }

  /** Sets {@link #topG()}. */
  public PathDetectorModel setTopG(int value) {
    set(topG, value);
    return this;
  }

  /** Sets {@link #rule()}. */
  public PathDetectorModel setRule(String value) {
    set(rule, PathRule.of(value).id());
    return this;
  }

  /** Sets {@link #threshold()}. */
  public PathDetectorModel setThreshold(double value) {
    set(threshold, value);
    return this;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    Dataset<Row> sessions = dataset.toDF();
    String sequence = uid() + "_sequence";
    Dataset<Row> keyed =
        sessions
            .withColumn(uid() + "_keys", SessionKeys.column(sessions, vocabulary))
            .withColumn(sequence, PathDetector.name(col(uid() + "_keys")));
    Dataset<Row> judged =
        judge(keyed.select(col(sequence).as("sequence"), col(uid() + "_keys").as("keys")));
    return keyed
        .join(judged.withColumnRenamed("sequence", sequence), new String[] {sequence}, "left")
        .withColumn(Detection.column(PathDetector.NAME), detection())
        .drop(uid() + "_keys", sequence, uid() + "_detection");
  }

  /**
   * The verdict of every entry of sessions, and of their ends: {@code session, position, actual,
   * history, expected, probability, rank, anomalous}, where position is that in the session, its
   * length for its end; actual and history are template ids, and expected the likeliest ones with
   * their probabilities. Entries after a key that training never saw are judged as if it had not
   * come, or, by a network of windows, not at all.
   *
   * @param sessions of {@link io.deeplog.sequence.Sessions#collect}
   */
  public Dataset<Row> entries(Dataset<Row> sessions) {
    SparkSession spark = sessions.sparkSession();
    Dataset<Row> keyed =
        sessions
            .select(col(Sessions.SESSION), SessionKeys.column(sessions, vocabulary).as("keys"))
            .withColumn("sequence", PathDetector.name(col("keys")));
    Broadcast<Vocabulary> names = Spark.broadcast(spark, vocabulary);
    return keyed
        .select(Sessions.SESSION, "sequence")
        .join(
            EntryScorer.score(
                keyed.select("sequence", "keys"),
                lstm,
                new Framing(vocabulary.size(), lstm.history()),
                Spark.broadcast(spark, network)),
            "sequence")
        .select(
            col(Sessions.SESSION),
            udf((UDF1<Row, Row>) entry -> evidence(names.value(), entry), Detection.EVIDENCE)
                .apply(entry())
                .as("evidence"),
            exp(negate(col("surprise"))).as("probability"),
            col("rank"),
            abnormal((double) getOrDefault(threshold)).as("anomalous"))
        .select(
            col(Sessions.SESSION),
            col("evidence.position"),
            col("evidence.actual"),
            col("evidence.history"),
            col("evidence.expected"),
            col("probability"),
            col("rank"),
            col("anomalous"));
  }

  private Column detection() {
    Column judged = coalesce(col(uid() + "_detection"), normal());
    if (!(boolean) getOrDefault(flagShort)) {
      return judged;
    }
    int h = lstm.history();
    double cut = (double) getOrDefault(threshold);
    Column length = size(col(uid() + "_keys"));
    Column flagged =
        udf(
                (UDF1<Integer, Row>)
                    n ->
                        Detection.anomalous(
                            NgramCounts.NEVER,
                            cut,
                            Detection.countEvidence(
                                n + " entries, fewer than the history of " + h, new Row[0])),
                Detection.TYPE)
            .apply(length);
    return when(length.lt(h), flagged).otherwise(judged);
  }

  /** A session that holds nothing the network can judge is no anomaly to it. */
  private Column normal() {
    return struct(
        lit(0.0).as("score"),
        lit((double) getOrDefault(threshold)).as("threshold"),
        lit(false).as("anomalous"),
        lit(null).cast(Detection.EVIDENCE).as("evidence"));
  }

  /** Detections of distinct sequences. */
  private Dataset<Row> judge(Dataset<Row> sequences) {
    SparkSession spark = sequences.sparkSession();
    Framing framing = new Framing(vocabulary.size(), lstm.history());
    double cut = (double) getOrDefault(threshold);
    Dataset<Row> scored =
        EntryScorer.score(sequences, lstm, framing, Spark.broadcast(spark, network));
    Column abnormal = abnormal(cut);
    return scored
        .groupBy("sequence")
        .agg(max("surprise").as("score"), min(when(abnormal, entry())).as("first"))
        .select(
            col("sequence"),
            udf(new Explain(Spark.broadcast(spark, vocabulary), cut), Detection.TYPE)
                .apply(col("score"), col("first"))
                .as(uid() + "_detection"));
  }

  /** What {@link #evidence} reads. */
  private static Column entry() {
    return struct(
        col("position"),
        col("surprise"),
        col("rank"),
        col("history"),
        col("next"),
        col("symbols"),
        col("probabilities"));
  }

  private static Row evidence(Vocabulary vocabulary, Row entry) {
    List<Integer> symbols = entry.getList(5);
    List<Double> probabilities = entry.getList(6);
    return new PathEvidence(vocabulary)
        .of(
            entry.getInt(0),
            entry.getInt(2),
            entry.getDouble(1),
            Columns.ints(entry, 3),
            entry.getInt(4),
            symbols.stream().mapToInt(Integer::intValue).toArray(),
            probabilities.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private Column abnormal(double cut) {
    PathRule decision = PathRule.of(getOrDefault(rule));
    int g = (int) getOrDefault(topG);
    return udf(
            (UDF2<Integer, Double, Boolean>)
                (rank, surprise) -> decision.abnormal(rank, surprise, g, cut),
            DataTypes.BooleanType)
        .apply(col("rank"), col("surprise"));
  }

  /** From symbols to templates and words. */
  private static final class Explain implements UDF2<Double, Row, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Vocabulary> vocabulary;
    private final double threshold;

    Explain(Broadcast<Vocabulary> vocabulary, double threshold) {
      this.vocabulary = vocabulary;
      this.threshold = threshold;
    }

    @Override
    public Row call(Double score, Row first) {
      if (first == null) {
        return Detection.normal(score, threshold);
      }
      return Detection.anomalous(score, threshold, evidence(vocabulary.value(), first));
    }
  }

  @Override
  public PathDetectorModel copy(ParamMap extra) {
    return copyValues(new PathDetectorModel(uid(), vocabulary, lstm, network, epochs), extra)
        .setParent(parent());
  }

  /** What the model is beside its parameters and the network's bytes. */
  private record Stored(KeyLstm network, List<AveragingTrainer.Epoch> epochs) {}

  @Override
  protected void write(Path directory, SparkSession spark) {
    Files files = Files.of(spark);
    files.writeBytes(new Path(directory, NETWORK), network);
    files.writeJson(new Path(directory, FILE), new Stored(lstm, epochs));
  }

  /** Reads what {@link #write()} wrote. */
  public static MLReader<PathDetectorModel> read() {
    return read(null);
  }

  /** Reads what {@link #writeSharing} wrote. */
  public static MLReader<PathDetectorModel> read(Vocabulary shared) {
    return reader(
        PathDetectorModel.class,
        shared,
        (uid, directory, files, vocabulary) -> {
          Stored stored = files.readJson(new Path(directory, FILE), Stored.class);
          return new PathDetectorModel(
              uid,
              vocabulary,
              stored.network,
              files.readBytes(new Path(directory, NETWORK)),
              stored.epochs);
        });
  }

  /** Loads a saved model. */
  public static PathDetectorModel load(String path) {
    return read().load(path);
  }
}
