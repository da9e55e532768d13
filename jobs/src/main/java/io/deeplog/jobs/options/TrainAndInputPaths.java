package io.deeplog.jobs.options;

import org.kohsuke.args4j.Option;

/** Logs to learn from and logs to judge. */
public final class TrainAndInputPaths implements OptionGroup {
  @Option(
      name = Flags.TRAIN,
      metaVar = "PATH...",
      required = true,
      handler = PathsOptionHandler.class,
      usage = "logs of normal operation to learn from; paths as for " + Flags.INPUT)
  public String[] train;

  @Option(
      name = Flags.INPUT,
      metaVar = "PATH...",
      required = true,
      handler = PathsOptionHandler.class,
      usage = "logs to judge: files, directories or quoted globs; text, .gz, .bz2 or .zst")
  public String[] input;

  @Override
  public String heading() {
    return "Input";
  }
}
