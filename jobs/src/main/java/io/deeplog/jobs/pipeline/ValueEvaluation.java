package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.detect.TailThreshold;
import io.deeplog.detect.value.ValueDetector;
import io.deeplog.detect.value.ValueDetectorModel;
import io.deeplog.evaluate.ValueComparison;
import io.deeplog.evaluate.ValueRules;
import io.deeplog.spark.Spark;
import io.deeplog.template.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Compares the value models with simple rules, where the abnormal values are known. */
public final class ValueEvaluation {
  private static final List<String> DETECTORS = List.of("value", "value-gaussian", "sigma", "mad");

  /** Bounds of the detectors but the first; of the Gaussian the paper's 99.9 %. */
  private static final Map<String, Double> CUSTOMARY =
      Map.of(
          "value-gaussian", 3.29,
          "sigma", ValueRules.SIGMA_THRESHOLD,
          "mad", ValueRules.MAD_THRESHOLD);

  private final ValueDetector detector;
  private final double falseAlarms;

  /**
   * An evaluation.
   *
   * @param falseAlarms share of normal lines that may be flagged; sets the detector's threshold
   */
  public ValueEvaluation(ValueDetector detector, double falseAlarms) {
    this.detector = detector.setFalseAlarms(falseAlarms);
    this.falseAlarms = falseAlarms;
  }

  /**
   * What was found.
   *
   * @param model figures of the value models
   */
  public record Result(ValueComparison comparison, Map<String, Object> model) {}

  /** Trains on the data's first part and compares on the second. */
  public Result run(ValueData data) {
    ValueDetectorModel model =
        detector
            .setTemplates(
                data.known().stream().collect(Collectors.toMap(Template::id, Template::text)))
            .fit(data.train())
            .setTemplates(data.all());
    Dataset<Row> trained = entries(model, data.train()).persist();
    ValueRules rules = rules(trained);
    Map<Double, Long> training = counts(scored(trained, rules, Map.of()), DETECTORS.get(0));
    // As the detector's own: not below the surprise of the rate, however tame the training is.
    double threshold = Math.max(TailThreshold.of(training, falseAlarms), -Math.log(falseAlarms));
    trained.unpersist();
    Dataset<Row> judged =
        scored(entries(model, data.test()), rules, data.events())
            .filter("event is null or event <> ''")
            .persist();
    ValueComparison comparison = new ValueComparison();
    for (String name : DETECTORS) {
      Map<String, Double> events = new TreeMap<>();
      judged
          .filter("event is not null")
          .groupBy("event")
          .agg(max(column(name)))
          .collectAsList()
          .forEach(row -> events.put(row.getString(0), row.getDouble(1)));
      comparison.add(
          name,
          CUSTOMARY.getOrDefault(name, threshold),
          counts(judged.filter("event is null"), name),
          events,
          data.kinds());
    }
    judged.unpersist();
    return new Result(comparison, model.metrics());
  }

  /** How many entries have each score of a detector. */
  private static Map<Double, Long> counts(Dataset<Row> scored, String name) {
    Map<Double, Long> counts = new HashMap<>();
    scored
        .groupBy(column(name))
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getDouble(0), row.getLong(1)));
    return counts;
  }

  private static String column(String name) {
    return name.replace('-', '_');
  }

  /** A row an entry: {@code id, template_id, gap, params, surprise, gaussian}. */
  private static Dataset<Row> entries(ValueDetectorModel model, Dataset<Row> sessions) {
    return model
        .entries(sessions)
        .select(expr("explode(arrays_zip(entries, values)) as e"))
        .select(
            concat(col("e.entries.source"), lit(":"), col("e.entries.offset")).as("id"),
            col("e.values.template_id").as("template_id"),
            col("e.values.gap").as("gap"),
            col("e.entries.params").as("params"),
            col("e.values.surprise").as("surprise"),
            col("e.values.gaussian").as("gaussian"));
  }

  private static ValueRules rules(Dataset<Row> trained) {
    ValueRules rules = new ValueRules();
    trained
        .withColumn(
            "numbers",
            udf(new Numbers(), DataTypes.createArrayType(DataTypes.DoubleType))
                .apply(col("gap"), col("params")))
        .select(
            col("template_id"), posexplode(col("numbers")).as(new String[] {"column", "number"}))
        .filter("not isnan(number)")
        .groupBy("template_id", "column")
        .agg(expr("slice(collect_list(number), 1, 100000)").as("numbers"))
        .collectAsList()
        .forEach(
            row ->
                rules.learn(
                    row.getString(0),
                    row.getInt(1),
                    row.<Double>getList(2).stream().mapToDouble(Double::doubleValue).toArray()));
    return rules;
  }

  private static final class Numbers implements UDF2<Double, Seq<String>, double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public double[] call(Double gap, Seq<String> params) {
      return ValueRules.numbers(gap, JavaConverters.seqAsJavaList(params));
    }
  }

  private static Dataset<Row> scored(
      Dataset<Row> entries, ValueRules rules, Map<String, String> events) {
    SparkSession spark = entries.sparkSession();
    Broadcast<ValueRules> broadcastRules = Spark.broadcast(spark, rules);
    Broadcast<Map<String, String>> broadcastEvents = Spark.broadcast(spark, events);
    StructType type = new StructType().add("event", DataTypes.StringType);
    for (String name : DETECTORS) {
      type = type.add(column(name), DataTypes.DoubleType);
    }
    UDF3<Row, Double, Double, Row> score = new Scoring(broadcastRules, broadcastEvents);
    return entries
        .select(
            udf(score, type)
                .apply(
                    struct("id", "template_id", "gap", "params"), col("surprise"), col("gaussian"))
                .as("s"))
        .select("s.*");
  }

  /** Scores of all detectors, rounded so that few differ. */
  private record Scoring(Broadcast<ValueRules> rules, Broadcast<Map<String, String>> events)
      implements UDF3<Row, Double, Double, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Row call(Row entry, Double surprise, Double gaussian) {
      double[] numbers = ValueRules.numbers(entry.getDouble(2), entry.getList(3));
      return RowFactory.create(
          events.value().get(entry.getString(0)),
          rounded(surprise),
          rounded(gaussian),
          rounded(rules.value().sigmas(entry.getString(1), numbers)),
          rounded(rules.value().deviations(entry.getString(1), numbers)));
    }

    private static double rounded(double score) {
      return score == 0
          ? 0
          : new java.math.BigDecimal(score).round(new java.math.MathContext(3)).doubleValue();
    }
  }
}
