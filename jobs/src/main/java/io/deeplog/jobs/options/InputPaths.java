package io.deeplog.jobs.options;

import org.kohsuke.args4j.Option;

/** The raw logs of a command. */
public final class InputPaths implements OptionGroup {
  @Option(
      name = Flags.INPUT,
      metaVar = "PATH...",
      required = true,
      handler = PathsOptionHandler.class,
      usage =
          "files, directories or quoted globs; text, .gz, .bz2 or .zst, on any Hadoop file system")
  public String[] paths;

  @Override
  public String heading() {
    return "Input";
  }
}
