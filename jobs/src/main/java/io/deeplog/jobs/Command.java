package io.deeplog.jobs;

import io.deeplog.jobs.options.OptionGroup;
import java.io.PrintStream;
import java.util.List;

/** A command of the program. A new instance serves one run. */
public interface Command {
  /** The name it is called by. */
  String name();

  /** One line for the list of commands. */
  String summary();

  /** What it reads and writes, and an example, for its help. */
  String description();

  /** Its options; the common ones come by themselves. */
  List<OptionGroup> options();

  /**
   * Checks settings, inputs and output, and then does the work or, in a dry run, tells what it
   * would do.
   *
   * @param out for what the command prints as its result
   */
  void run(boolean dryRun, PrintStream out);
}
