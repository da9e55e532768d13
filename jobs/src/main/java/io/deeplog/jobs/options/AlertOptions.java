package io.deeplog.jobs.options;

import org.kohsuke.args4j.Option;

/** How many alerts a day may raise, and what is told beside them. */
public final class AlertOptions implements OptionGroup {
  @Option(
      name = Flags.MAX_ALERTS,
      metaVar = "N",
      usage =
          "most alerts of a day (UTC, of the entries' times): anomalous sessions, by their first"
              + " entry, and lines outside any, the strangest first; 0 for any number")
  public int maxAlerts;

  @Option(
      name = Flags.ENTRIES,
      usage =
          "write the table entries too: the log-key network's verdict of every entry, with its history"
              + " and what was expected")
  public boolean entries;

  @Override
  public String heading() {
    return "Alerts";
  }

  @Override
  public void validate() {
    OptionGroup.require(maxAlerts >= 0, Flags.MAX_ALERTS, maxAlerts, "0 or more");
  }
}
