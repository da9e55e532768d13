package io.deeplog.detect.value;

import io.deeplog.detect.Detection;
import io.deeplog.detect.DetectorModel;
import io.deeplog.spark.MlPersistence;
import io.deeplog.spark.Output;
import io.deeplog.spark.Spark;
import io.deeplog.template.Template;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Appends {@code value} to sessions: how surprising their values are. */
public final class ValueDetectorModel extends DetectorModel<ValueDetectorModel> {
  private static final long serialVersionUID = 1L;

  /** Scores beyond say no more, and a table of few of them is counted. */
  private static final double MOST = 700;

  private static final StructType ENTRY_FINDING =
      new StructType()
          .add("position", DataTypes.IntegerType)
          .add("template_id", DataTypes.StringType)
          .add("gap", DataTypes.DoubleType)
          .add("surprise", DataTypes.DoubleType)
          .add("gaussian", DataTypes.DoubleType)
          .add("reason", DataTypes.StringType)
          .add("verdict", DataTypes.StringType);

  private final List<TemplateValues> templates;
  private final int history;
  private List<Template> known = List.of();
  private final DoubleParam threshold;
  private final DoubleParam reviewThreshold;
  private final Param<String> interval;

  ValueDetectorModel(String uid, List<TemplateValues> templates, int history) {
    super(uid, ValueDetector.NAME);
    this.templates = templates;
    this.history = history;
    threshold = new DoubleParam(this, "threshold", "surprise above which a session is anomalous");
    reviewThreshold =
        new DoubleParam(this, "reviewThreshold", "surprise above which a session is for review");
    interval = ValueDetector.interval(this);
    setDefault(interval, ValueInterval.TAIL.id());
  }

  /**
   * What values are normal by: tails, or a Gaussian interval, whose bounds then are in deviations.
   */
  public Param<String> interval() {
    return interval;
  }

  /** Sets {@link #interval()}. */
  public ValueDetectorModel setInterval(String value) {
    set(interval, ValueInterval.of(value).id());
    return this;
  }

  private boolean gaussian() {
    return ValueInterval.of(getOrDefault(interval)).isGaussian();
  }

  /** Surprise above which a session is anomalous. */
  public DoubleParam threshold() {
    return threshold;
  }

  /** Surprise above which a session is for review. */
  public DoubleParam reviewThreshold() {
    return reviewThreshold;
  }

  /** Sets {@link #threshold()}. */
  public ValueDetectorModel setThreshold(double value) {
    set(threshold, value);
    return this;
  }

  /** Sets {@link #reviewThreshold()}. */
  public ValueDetectorModel setReviewThreshold(double value) {
    set(reviewThreshold, value);
    return this;
  }

  /**
   * Tells the templates of the entries to be judged: of one that training did not see, and that
   * differs from those it saw by a word, the word is judged. They are not saved.
   */
  public ValueDetectorModel setTemplates(List<Template> value) {
    known = List.copyOf(value);
    return this;
  }

  @Override
  public boolean byKeysAlone() {
    return false;
  }

  @Override
  public String condition() {
    return gaussian()
        ? "a value outside the " + getOrDefault(interval) + " % interval of validation errors"
        : String.format(
            Locale.ROOT, "surprise of a value > %.4g", (double) getOrDefault(threshold));
  }

  @Override
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("interval", getOrDefault(interval));
    metrics.put("threshold", getOrDefault(threshold));
    metrics.put("review_threshold", getOrDefault(reviewThreshold));
    metrics.put("templates", templates.size());
    metrics.put("networks", templates.stream().filter(t -> t.network() != null).count());
    metrics.put("notes", notes());
    return metrics;
  }

  /** What is ignored, constant or not learned, and why, by template. */
  public Map<String, List<String>> notes() {
    Map<String, List<String>> notes = new TreeMap<>();
    for (TemplateValues template : templates) {
      List<String> lines = new ArrayList<>();
      if (template.note() != null) {
        lines.add(template.note());
      }
      for (ValueColumn column : template.model(history).columns()) {
        if (column.note() != null) {
          lines.add(column.name() + ": " + column.note());
        }
      }
      if (!lines.isEmpty()) {
        notes.put(template.templateId(), lines);
      }
    }
    return notes;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    Dataset<Row> sessions = dataset.toDF();
    return sessions.withColumn(
        Detection.column(ValueDetector.NAME),
        apply(
            sessions,
            new Judge(
                models(sessions),
                gaussian(),
                (double) getOrDefault(threshold),
                (double) getOrDefault(reviewThreshold)),
            Detection.TYPE));
  }

  /** The surprise of every session, rounded so that few differ: {@code surprise}. */
  Dataset<Row> surprises(Dataset<Row> sessions) {
    return sessions.select(
        apply(sessions, new Surprise(models(sessions)), DataTypes.DoubleType).as("surprise"));
  }

  /**
   * Appends {@code values}, an array of {@code position, template_id, gap, surprise, gaussian,
   * reason, verdict} for every entry of a session; gaussian is how many standard deviations of the
   * validation errors the value is off ({@link Finding}), verdict normal, review or anomaly.
   */
  public Dataset<Row> entries(Dataset<Row> sessions) {
    return sessions.withColumn(
        "values",
        apply(
            sessions,
            new Entries(
                models(sessions),
                gaussian(),
                (double) getOrDefault(threshold),
                (double) getOrDefault(reviewThreshold)),
            DataTypes.createArrayType(ENTRY_FINDING)));
  }

  private static Column apply(
      Dataset<Row> sessions,
      UDF3<Seq<Long>, Seq<String>, Seq<Seq<String>>, ?> function,
      DataType type) {
    return functions.udf(function, type).apply(ValueEntries.columns(sessions));
  }

  private Broadcast<ValueModels> models(Dataset<Row> sessions) {
    Map<String, ValueModel> models = new HashMap<>();
    List<NewTemplate.Known> texts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Map<String, String> series = new HashMap<>();
    for (TemplateValues template : templates) {
      ValueModel model = template.model(history);
      seen.add(template.templateId());
      series.put(template.templateId(), template.series());
      if (model.judges()) {
        models.put(template.templateId(), model);
      }
      if (template.template() != null) {
        texts.add(
            new NewTemplate.Known(
                template.templateId(),
                template.template(),
                model.columns().stream().mapToLong(ValueColumn::rows).max().orElse(1)));
      }
    }
    Map<String, NewTemplate> strangers = new HashMap<>();
    for (Template template : known) {
      NewTemplate stranger =
          seen.contains(template.id()) ? null : NewTemplate.of(template.text(), texts);
      if (stranger != null) {
        strangers.put(template.id(), stranger);
      }
    }
    return Spark.broadcast(
        sessions.sparkSession(), new ValueModels(models, ValueModels.members(series), strangers));
  }

  private static double bounded(double surprise) {
    return Math.min(MOST, surprise);
  }

  private static double score(Finding finding, boolean gaussian) {
    return bounded(gaussian ? finding.gaussian() : finding.surprise());
  }

  /** The most surprising entry of a session so far. */
  private static final class Worst {
    private Finding finding = Finding.NONE;
    private int position;

    static Worst of(
        ValueModels models,
        boolean gaussian,
        Seq<Long> times,
        Seq<String> ids,
        Seq<Seq<String>> params) {
      Worst worst = new Worst();
      ValueModels.Session session = models.start();
      ValueEntries.walk(
          times,
          ids,
          params,
          (position, id, time, row) -> {
            Finding found = session.next(id, row);
            if (score(found, gaussian) > score(worst.finding, gaussian)) {
              worst.finding = found;
              worst.position = position;
            }
          });
      return worst;
    }
  }

  private record Surprise(Broadcast<ValueModels> models)
      implements UDF3<Seq<Long>, Seq<String>, Seq<Seq<String>>, Double> {
    private static final long serialVersionUID = 1L;

    @Override
    public Double call(Seq<Long> times, Seq<String> ids, Seq<Seq<String>> params) {
      Worst worst = Worst.of(models.value(), false, times, ids, params);
      return Math.ceil(bounded(worst.finding.surprise()) * 100) / 100;
    }
  }

  private record Entries(
      Broadcast<ValueModels> models, boolean gaussian, double threshold, double review)
      implements UDF3<Seq<Long>, Seq<String>, Seq<Seq<String>>, Row[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public Row[] call(Seq<Long> times, Seq<String> ids, Seq<Seq<String>> params) {
      ValueModels.Session session = models.value().start();
      // A row for every entry, also for one that no template fits: they are matched by position.
      Row[] rows = new Row[ids.size()];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = RowFactory.create(i, null, Double.NaN, 0.0, 0.0, null, "normal");
      }
      ValueEntries.walk(
          times,
          ids,
          params,
          (position, id, time, row) -> {
            Finding found = session.next(id, row);
            rows[position] =
                RowFactory.create(
                    position,
                    id,
                    row.gap(),
                    bounded(found.surprise()),
                    found.gaussian(),
                    gaussian ? found.gaussianReason() : found.reason(),
                    verdict(score(found, gaussian)));
          });
      return rows;
    }

    private String verdict(double score) {
      return score > threshold ? "anomaly" : score > review ? "review" : "normal";
    }
  }

  private record Judge(
      Broadcast<ValueModels> models, boolean gaussian, double threshold, double review)
      implements UDF3<Seq<Long>, Seq<String>, Seq<Seq<String>>, Row> {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_HISTORY = 10;

    @Override
    public Row call(Seq<Long> times, Seq<String> ids, Seq<Seq<String>> params) {
      Worst worst = Worst.of(models.value(), gaussian, times, ids, params);
      Finding finding = worst.finding;
      double score = Detection.rounded(score(finding, gaussian));
      if (score <= review) {
        return Detection.normal(score, threshold);
      }
      List<String> templates = JavaConverters.seqAsJavaList(ids);
      Row evidence =
          Detection.valueEvidence(
              worst.position,
              gaussian ? finding.gaussianReason() : finding.reason(),
              templates
                  .subList(Math.max(0, worst.position - SHOWN_HISTORY), worst.position)
                  .toArray(new String[0]),
              templates.get(worst.position),
              finding.parts().stream()
                  .map(
                      part ->
                          RowFactory.create(
                              part.parameter(),
                              part.value(),
                              part.expected(),
                              Detection.rounded(finding.share(part))))
                  .toArray(Row[]::new));
      return score > threshold
          ? Detection.anomalous(score, threshold, evidence)
          : Detection.review(score, threshold, evidence);
    }
  }

  @Override
  public ValueDetectorModel copy(ParamMap extra) {
    return copyValues(new ValueDetectorModel(uid(), templates, history).setTemplates(known), extra)
        .setParent(parent());
  }

  private static final StructType STORED =
      TemplateValues.SCHEMA.add("history", DataTypes.IntegerType);

  @Override
  protected void write(Path directory, SparkSession spark) {
    Output.writeParquet(
        spark
            .createDataFrame(
                templates.stream().map(TemplateValues::row).toList(), TemplateValues.SCHEMA)
            .withColumn("history", functions.lit(history))
            .coalesce(1),
        directory.toString());
  }

  /** Reads what {@link #write()} wrote. */
  public static MLReader<ValueDetectorModel> read() {
    return MlPersistence.reader(
        ValueDetectorModel.class,
        (String uid, String directory, SparkSession spark) -> {
          List<Row> rows = spark.read().schema(STORED).parquet(directory).collectAsList();
          return new ValueDetectorModel(
              uid,
              rows.stream()
                  .map(TemplateValues::of)
                  .sorted(Comparator.comparing(TemplateValues::templateId))
                  .toList(),
              rows.isEmpty() ? 1 : rows.get(0).getInt(6));
        });
  }

  /** Loads a saved model. */
  public static ValueDetectorModel load(String path) {
    return read().load(path);
  }
}
