package io.deeplog.detect.count;

import io.deeplog.detect.Detection;
import io.deeplog.detect.Detector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** A detector that learns a scorer of event counts, and a threshold of its scores. */
abstract class ScoredDetector extends Detector<CountModel> {
  private static final long serialVersionUID = 1L;

  ScoredDetector(String uid, String detector) {
    super(uid, detector);
  }

  /**
   * What was learned.
   *
   * @param figures of the training, by name
   */
  record Learned(CountScorer scorer, double threshold, Map<String, Object> figures) {}

  /** Learns from sessions or windows with a number of distinct counts. */
  abstract Learned learn(Dataset<Row> rows, CountData data);

  @Override
  public StructType transformSchema(StructType schema) {
    return CountJudge.appended(schema, detector());
  }

  @Override
  public CountModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> rows = dataset.toDF();
    try (CountData data = CountData.of(rows, 1, true)) {
      Learned learned = learn(rows, data);
      return copyValues(
          new CountModel(
                  uid(),
                  detector(),
                  data.vocabulary(),
                  learned.scorer,
                  new LinkedHashMap<>(learned.figures))
              .setThreshold(Detection.rounded(learned.threshold))
              .setParent(this),
          extractParamMap());
    }
  }
}
