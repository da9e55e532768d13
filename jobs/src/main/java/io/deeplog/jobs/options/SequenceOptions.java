package io.deeplog.jobs.options;

import org.kohsuke.args4j.Option;

/** Files of key sequences, and how they are evaluated. */
public final class SequenceOptions implements OptionGroup {
  @Option(
      name = Flags.TRAIN,
      metaVar = "FILE",
      required = true,
      usage = "normal sessions: keys separated by spaces, or session, label and keys by tabs")
  public String train;

  @Option(
      name = Flags.TEST,
      metaVar = "FILE",
      required = true,
      usage = "labelled sessions: session, label and keys separated by tabs")
  public String test;

  @Option(
      name = Flags.ANOMALY_RATE,
      metaVar = "R",
      usage =
          "true share of anomalous sessions, which precision is given for (default: the file's)")
  public Double anomalyRate;

  @Option(
      name = Flags.SEEDS,
      metaVar = "N",
      usage = "networks trained, from --seed on; figures are means, with their spread")
  public int seeds = 1;

  @Option(
      name = Flags.OUTPUT,
      metaVar = "DIR",
      required = true,
      usage = "directory of evaluation.json and evaluation.md")
  public String output;

  @Override
  public String heading() {
    return "Sequences";
  }

  @Override
  public void validate() {
    if (anomalyRate != null) {
      OptionGroup.requireShare(Flags.ANOMALY_RATE, anomalyRate);
    }
    OptionGroup.require(seeds >= 1, Flags.SEEDS, seeds, "1 or more");
  }
}
