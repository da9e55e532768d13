package io.deeplog.jobs.options;

import org.kohsuke.args4j.Option;

/** True templates. */
public final class TruthOptions implements OptionGroup {
  @Option(
      name = Flags.TRUTH,
      metaVar = "CSV",
      required = true,
      usage = "true templates: CSV with the columns LineId, Content and EventTemplate")
  public String file;

  @Option(
      name = Flags.INPUT,
      metaVar = "FILE",
      usage = "the log itself, one file (default: the contents in the truth)")
  public String input;

  @Option(name = Flags.JSON, metaVar = "FILE", usage = "where to write the figures too")
  public String json;

  @Option(name = Flags.MAX_SHOWN, metaVar = "N", usage = "wrong templates shown, most lines first")
  public int maxShown = 10;

  @Override
  public String heading() {
    return "Truth";
  }

  @Override
  public void validate() {
    OptionGroup.require(maxShown >= 0, Flags.MAX_SHOWN, maxShown, "0 or more");
  }
}
