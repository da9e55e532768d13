package io.deeplog.jobs.options;

import io.deeplog.UserException;
import org.kohsuke.args4j.Option;

/** True templates. */
public final class TruthOptions implements OptionGroup {
  @Option(
      name = Flags.TRUTH,
      metaVar = "CSV|DIR",
      required = true,
      usage =
          "true templates: CSV with the columns LineId, Content and EventTemplate; or a directory of"
              + " such files (X_structured_corrected.csv before X_structured.csv): a table")
  public String file;

  @Option(
      name = Flags.INPUT,
      metaVar = "FILE",
      usage =
          "the log itself, one file (default: the contents in the truth); its lines are not joined"
              + " to entries, unless --multiline says so, where the truth has a row for each")
  public String input;

  @Option(
      name = Flags.UNCORRECTED,
      usage = "of a directory, X_structured.csv even where X_structured_corrected.csv is there")
  public boolean uncorrected;

  @Option(
      name = Flags.SETTINGS_BY_LOG,
      metaVar = "FILE",
      usage =
          "miner, masks and their settings for each log by the beginning of its name, as in"
              + " conf/benchmark-drain.yaml, in place of the options below")
  public String settingsByLog;

  @Option(name = Flags.JSON, metaVar = "FILE", usage = "where to write the figures too")
  public String json;

  @Option(
      name = Flags.SAMPLE,
      metaVar = "N",
      usage = "only N lines of each truth, the same random ones every time (default: all)")
  public Integer sample;

  @Option(
      name = Flags.MAX_SHOWN,
      metaVar = "N",
      usage = "wrong templates shown, most lines first (default: 10; of a directory 3 of each log)")
  public Integer maxShown;

  @Override
  public String heading() {
    return "Truth";
  }

  @Override
  public void validate() {
    OptionGroup.require(maxShown == null || maxShown >= 0, Flags.MAX_SHOWN, maxShown, "0 or more");
    OptionGroup.require(sample == null || sample >= 1, Flags.SAMPLE, sample, "1 or more");
    if (sample != null && input != null) {
      throw UserException.usage(Flags.SAMPLE + " takes the contents in the truth, not an input");
    }
  }
}
