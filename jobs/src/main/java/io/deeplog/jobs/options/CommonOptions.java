package io.deeplog.jobs.options;

import org.kohsuke.args4j.Option;

/** Options that every command has. */
public final class CommonOptions implements OptionGroup {
  @Option(name = Flags.HELP, aliases = "-h", help = true, usage = "print this help")
  public boolean help;

  @Option(
      name = Flags.DRY_RUN,
      usage = "check settings, inputs and output, print the plan, write nothing")
  public boolean dryRun;

  @Option(name = Flags.STACKTRACE, usage = "print the stack trace of any error")
  public boolean stacktrace;

  @Option(
      name = Flags.SETTINGS,
      metaVar = "FILE",
      usage = "YAML file of options by name, as conf/settings.yaml; options given here win")
  public String settings;

  @Override
  public String heading() {
    return "General";
  }
}
