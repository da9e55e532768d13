package io.deeplog.model;

import io.deeplog.detect.count.CountDetector;
import io.deeplog.detect.count.CountDetectorModel;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.detect.path.PathDetectorModel;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.template.TemplateParserModel;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The models of one training.
 *
 * @param templates the parser
 * @param path the log-key model
 * @param count the event-count model
 */
public record TrainedModels(
    TemplateParserModel templates, PathDetectorModel path, CountDetectorModel count) {
  /** Names of the detectors, in the order in which their evidence is shown. */
  public static final List<String> DETECTORS =
      List.of(NewEventDetector.NAME, PathDetector.NAME, CountDetector.NAME);

  /** Appends the column of every detector to sessions. */
  public Dataset<Row> judge(Dataset<Row> sessions) {
    Dataset<Row> withNewEvents = new NewEventDetector(path.vocabulary()).transform(sessions);
    return count.transform(path.transform(withNewEvents));
  }
}
