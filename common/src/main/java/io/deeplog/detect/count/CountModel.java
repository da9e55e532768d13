package io.deeplog.detect.count;

import io.deeplog.count.Vocabulary;
import io.deeplog.detect.DetectorModel;
import io.deeplog.spark.Files;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A model of event counts: appends the column of the detector that trained it. */
public final class CountModel extends DetectorModel<CountModel> {
  private static final long serialVersionUID = 1L;

  private static final String FILE = "counts.json";

  private final Vocabulary vocabulary;
  private final CountScorer scorer;
  private final Map<String, Object> figures;
  private final DoubleParam threshold;

  CountModel(
      String uid,
      String detector,
      Vocabulary vocabulary,
      CountScorer scorer,
      Map<String, Object> figures) {
    super(uid, detector);
    this.vocabulary = vocabulary;
    this.scorer = scorer;
    this.figures = figures;
    this.threshold = new DoubleParam(this, "threshold", "score above which a session is anomalous");
  }

  @Override
  public String condition() {
    double limit = (double) getOrDefault(threshold);
    if (scorer instanceof InvariantsScorer) {
      return "a relation of event counts that training keeps is violated";
    }
    String what =
        scorer instanceof PatternsScorer
            ? "cosine distance of the counts to the nearest known ones"
            : scorer instanceof ForestScorer forest && forest.isolation()
                ? "isolation score of the counts"
                : "probability of an anomaly, learned from labels,";
    return String.format(Locale.ROOT, "%s > %.4g", what, limit);
  }

  @Override
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("threshold", getOrDefault(threshold));
    metrics.putAll(figures);
    metrics.put("templates", vocabulary.size());
    return metrics;
  }

  /** Score above which a session is anomalous. */
  public DoubleParam threshold() {
    return threshold;
  }

  /** Sets {@link #threshold()}. */
  public CountModel setThreshold(double value) {
    set(threshold, value);
    return this;
  }

  @Override
  public boolean byCountsAlone() {
    return true;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /**
   * What learned from normal sessions is a hint; what learned from labels knows anomalies, and
   * decides by itself.
   */
  @Override
  public boolean pooled() {
    return !(scorer instanceof LinearScorer)
        && !(scorer instanceof ForestScorer forest && !forest.isolation());
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    return judged(dataset, scorer);
  }

  @Override
  public Dataset<Row> transformTraining(Dataset<?> dataset) {
    return judged(dataset, scorer.leavingOut());
  }

  private Dataset<Row> judged(Dataset<?> dataset, CountScorer by) {
    double limit = (double) getOrDefault(threshold);
    return CountJudge.judge(dataset.toDF(), detector(), vocabulary, true, by, limit);
  }

  @Override
  public CountModel copy(ParamMap extra) {
    return copyValues(new CountModel(uid(), detector(), vocabulary, scorer, figures), extra)
        .setParent(parent());
  }

  /** What the model is beside its parameters; one of the scorers is there. */
  private record Stored(
      String detector,
      Map<String, Object> figures,
      InvariantsScorer invariants,
      PatternsScorer patterns,
      ForestScorer forest,
      LinearScorer linear) {
    CountScorer scorer() {
      if (invariants != null) {
        return invariants;
      }
      if (patterns != null) {
        return patterns;
      }
      return forest != null ? forest : linear;
    }
  }

  @Override
  protected void write(Path directory, SparkSession spark) {
    Files.of(spark)
        .writeJson(
            new Path(directory, FILE),
            new Stored(
                detector(),
                figures,
                scorer instanceof InvariantsScorer s ? s : null,
                scorer instanceof PatternsScorer s ? s : null,
                scorer instanceof ForestScorer s ? s : null,
                scorer instanceof LinearScorer s ? s : null));
  }

  /** Reads what {@link #write()} wrote. */
  public static MLReader<CountModel> read() {
    return read(null);
  }

  /** Reads what {@link #writeSharing} wrote. */
  public static MLReader<CountModel> read(Vocabulary shared) {
    return reader(
        CountModel.class,
        shared,
        (uid, directory, files, vocabulary) -> {
          Stored stored = files.readJson(new Path(directory, FILE), Stored.class);
          return new CountModel(uid, stored.detector, vocabulary, stored.scorer(), stored.figures);
        });
  }

  /** Loads a saved model. */
  public static CountModel load(String path) {
    return read().load(path);
  }
}
