package io.deeplog.model;

import io.deeplog.detect.DetectorModel;
import io.deeplog.template.TemplateParserModel;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The models of one training.
 *
 * @param templates the parser
 * @param detectors in the order in which their evidence is shown
 */
public record TrainedModels(TemplateParserModel templates, List<DetectorModel<?>> detectors) {
  /** Names of the detectors. */
  public List<String> names() {
    return detectors.stream().map(DetectorModel::detector).toList();
  }

  /** Appends the column of every detector to sessions. */
  public Dataset<Row> judge(Dataset<Row> sessions) {
    Dataset<Row> judged = sessions;
    for (DetectorModel<?> detector : detectors) {
      judged = detector.transform(judged);
    }
    return judged;
  }
}
