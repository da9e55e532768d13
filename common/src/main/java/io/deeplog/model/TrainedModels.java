package io.deeplog.model;

import io.deeplog.UserException;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.DistinctSequences;
import io.deeplog.detect.value.ValueDetectorModel;
import io.deeplog.template.Template;
import io.deeplog.template.TemplateParserModel;
import io.deeplog.verdict.Verdict;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The models of one training.
 *
 * @param templates the parser
 * @param vocabulary what the detectors share; one that has another keeps it with itself
 * @param detectors in the order in which their evidence is shown
 * @param verdict how they are combined
 */
public record TrainedModels(
    TemplateParserModel templates,
    Vocabulary vocabulary,
    List<DetectorModel<?>> detectors,
    Verdict verdict) {
  /** Models that share nothing, and each decide by themselves. */
  public TrainedModels(TemplateParserModel templates, List<DetectorModel<?>> detectors) {
    this(templates, new Vocabulary(List.of()), detectors, Verdict.any(names(detectors)));
  }

  /** Names of the detectors. */
  public List<String> names() {
    return names(detectors);
  }

  private static List<String> names(List<DetectorModel<?>> detectors) {
    return detectors.stream().map(DetectorModel::detector).toList();
  }

  /**
   * Some of the detectors.
   *
   * @throws UserException when one of them was not trained
   */
  public TrainedModels only(List<String> wanted) {
    for (String name : wanted) {
      if (!names().contains(name)) {
        throw UserException.usage(
            "the model has no detector '" + name + "' (it has " + String.join(", ", names()) + ")");
      }
    }
    return new TrainedModels(
        templates,
        vocabulary,
        detectors.stream().filter(d -> wanted.contains(d.detector())).toList(),
        verdict.only(names().stream().filter(wanted::contains).toList()));
  }

  /** Whether event counts are all that the detectors judge by. */
  public boolean byCountsAlone() {
    return detectors.stream().allMatch(DetectorModel::byCountsAlone);
  }

  /**
   * Appends the column of every detector to sessions.
   *
   * @param known templates of the sessions' entries, with those that training did not see
   */
  public Dataset<Row> judge(Dataset<Row> sessions, List<Template> known) {
    for (DetectorModel<?> detector : detectors) {
      if (detector instanceof ValueDetectorModel values) {
        values.setTemplates(known);
      }
    }
    return DistinctSequences.judge(detectors, sessions);
  }
}
