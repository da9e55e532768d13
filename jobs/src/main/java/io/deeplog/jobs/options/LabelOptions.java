package io.deeplog.jobs.options;

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
}
