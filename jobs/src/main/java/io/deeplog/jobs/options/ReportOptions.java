package io.deeplog.jobs.options;

import org.kohsuke.args4j.Option;

/** What the report shows. */
public final class ReportOptions implements OptionGroup {
  @Option(name = Flags.MAX_SHOWN, metaVar = "N", usage = "anomalies that the report shows")
  public int maxShown = 200;

  @Override
  public String heading() {
    return "Report";
  }

  @Override
  public void validate() {
    OptionGroup.require(maxShown >= 1, Flags.MAX_SHOWN, maxShown, "1 or more");
  }
}
