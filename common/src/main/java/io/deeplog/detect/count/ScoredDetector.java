package io.deeplog.detect.count;

import io.deeplog.detect.Detection;
import io.deeplog.detect.VocabularyDetector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A detector that learns a scorer of event counts, and a threshold of its scores. */
abstract class ScoredDetector extends VocabularyDetector<CountModel> {
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

  /** Least entries of a template, in normal sessions, to have a column. */
  long minCount() {
    return 1;
  }

  /** Learns from sessions or windows with a number of distinct counts. */
  abstract Learned learn(Dataset<Row> rows, CountData data);

  @Override
  public boolean byCountsAlone() {
    return true;
  }

  @Override
  public CountModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> rows = dataset.toDF();
    try (CountData data = CountData.of(rows, vocabulary(rows, minCount()), true)) {
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
