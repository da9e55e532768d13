package io.deeplog.jobs.options;

import org.kohsuke.args4j.Option;

/** Where models are kept. */
public final class ModelOptions implements OptionGroup {
  @Option(name = Flags.MODEL, metaVar = "DIR", usage = "model store, a directory of versions")
  public String directory;

  @Override
  public String heading() {
    return "Model";
  }
}
