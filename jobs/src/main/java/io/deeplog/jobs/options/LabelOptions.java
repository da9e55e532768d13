package io.deeplog.jobs.options;

import io.deeplog.evaluate.Labels;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** Evaluation against labels. */
public final class LabelOptions implements OptionGroup {
  @Option(
      name = Flags.LABELS,
      metaVar = "FILE",
      usage = "CSV of session, label and, optionally, kind of anomaly; never used to decide")
  public String file;

  @Option(
      name = Flags.MIN_F1,
      metaVar = "X",
      depends = Flags.LABELS,
      usage = "quality gate: exit 4 when the verdict's F1 is below")
  public Double minF1;

  @Override
  public String heading() {
    return "Evaluation";
  }

  @Override
  public void validate() {
    OptionGroup.require(minF1 == null || (minF1 >= 0 && minF1 <= 1), Flags.MIN_F1, minF1, "0 to 1");
  }

  /**
   * Reads the labels, if there are any: a wrong file is to be told before the work, not after it.
   *
   * @throws io.deeplog.UserException when the file is missing or a label is none
   */
  public void check(SparkSession spark) {
    if (file != null) {
      Labels.read(spark, file);
    }
  }
}
