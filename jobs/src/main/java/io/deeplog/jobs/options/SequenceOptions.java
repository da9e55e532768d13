package io.deeplog.jobs.options;

import io.deeplog.UserException;
import org.kohsuke.args4j.Option;

/** Files of key sequences, and how they are evaluated. */
public final class SequenceOptions implements OptionGroup {
  @Option(
      name = Flags.TRAIN,
      metaVar = "FILE",
      required = true,
      usage =
          "sessions to learn from, of which those labelled anomalous are left out: keys separated by"
              + " spaces, or session, label and keys by tabs, or CSV of keys and label, or CSV whose"
              + " header names session, label and sequence")
  public String train;

  @Option(
      name = Flags.TEST,
      metaVar = "FILE",
      usage = "labelled sessions to judge, in one of the same forms")
  public String test;

  @Option(
      name = Flags.TRAIN_SHARE,
      metaVar = "X",
      usage =
          "learn from this first share of --train, in file order, and judge the rest, with --test"
              + " or alone")
  public Double trainShare;

  @Option(
      name = Flags.RANDOM_SPLIT,
      depends = Flags.TRAIN_SHARE,
      usage = "split at random instead: sessions of one time on both sides, which flatters")
  public boolean randomSplit;

  @Option(
      name = Flags.TEST_LABEL,
      metaVar = "LABEL",
      depends = Flags.TEST,
      usage = "label of the sessions of --test that have none: normal or anomaly")
  public String testLabel;

  @Option(
      name = Flags.ANOMALY_RATE,
      metaVar = "R",
      usage =
          "true share of anomalous sessions, which precision is given for (default: the file's)")
  public Double anomalyRate;

  @Option(
      name = Flags.SEEDS,
      metaVar = "N",
      usage =
          "networks trained, from --seed on; figures are means, F1 with standard deviation, least and most")
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
    if (test == null && trainShare == null) {
      throw UserException.usage(
          "nothing to judge (give "
              + Flags.TEST
              + " FILE, or "
              + Flags.TRAIN_SHARE
              + " .5 to judge the second half of "
              + Flags.TRAIN
              + ")");
    }
    if (trainShare != null) {
      OptionGroup.requireShare(Flags.TRAIN_SHARE, trainShare);
    }
    OptionGroup.require(
        testLabel == null || testLabel.equals("normal") || testLabel.equals("anomaly"),
        Flags.TEST_LABEL,
        testLabel,
        "normal or anomaly");
    if (anomalyRate != null) {
      OptionGroup.requireShare(Flags.ANOMALY_RATE, anomalyRate);
    }
    OptionGroup.require(seeds >= 1, Flags.SEEDS, seeds, "1 or more");
  }
}
