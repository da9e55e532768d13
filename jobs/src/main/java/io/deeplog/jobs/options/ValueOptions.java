package io.deeplog.jobs.options;

import io.deeplog.jobs.generate.ValueSystems;
import org.kohsuke.args4j.Option;
import org.kohsuke.args4j.spi.StringArrayOptionHandler;

/** What values are evaluated on. */
public final class ValueOptions implements OptionGroup {
  @Option(
      name = Flags.SERIES,
      metaVar = "CSV",
      handler = StringArrayOptionHandler.class,
      usage = "series with the columns timestamp and value (default: generated logs)")
  public String[] series = {};

  @Option(
      name = Flags.WINDOWS,
      metaVar = "JSON",
      usage = "abnormal windows of the series, [begin, end] by DIRECTORY/NAME.csv")
  public String windows;

  @Option(
      name = Flags.TRAIN_SHARE,
      metaVar = "X",
      usage = "first part of a series that is learned from and not judged")
  public double trainShare = 0.15;

  @Option(
      name = Flags.SYSTEM,
      metaVar = "NAME",
      usage = "what the generated logs are of: pool (workers) or shop (front ends)")
  public String system = "pool";

  @Option(name = Flags.LINES, metaVar = "N", usage = "lines of either generated log")
  public int lines = 40_000;

  @Option(name = Flags.SEED, metaVar = "N", usage = "seed of the logs and the detector")
  public long seed = 1;

  @Option(
      name = Flags.FALSE_ALARMS,
      metaVar = "X",
      usage = "share of normal lines that may be flagged; sets the detector's threshold")
  public double falseAlarms = 0.0005;

  @Option(name = Flags.NO_NETWORKS, usage = "medians and moving averages alone, no LSTMs: faster")
  public boolean noNetworks;

  @Option(
      name = Flags.OUTPUT,
      metaVar = "DIR",
      required = true,
      usage = "where values.md, values.json and generated logs go")
  public String output;

  @Override
  public String heading() {
    return "Values";
  }

  @Override
  public void validate() {
    OptionGroup.require(
        trainShare > 0 && trainShare < 1, Flags.TRAIN_SHARE, trainShare, "0 to 1, without both");
    OptionGroup.require(
        ValueSystems.ALL.containsKey(system),
        Flags.SYSTEM,
        system,
        String.join(" or ", ValueSystems.ALL.keySet()));
    OptionGroup.require(lines >= 10_000, Flags.LINES, lines, "10000 or more");
    OptionGroup.requireShare(Flags.FALSE_ALARMS, falseAlarms);
    OptionGroup.require(
        (series.length == 0) == (windows == null),
        Flags.WINDOWS,
        windows,
        "a file together with " + Flags.SERIES + ", or neither");
  }
}
