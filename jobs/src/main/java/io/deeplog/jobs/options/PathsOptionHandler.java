package io.deeplog.jobs.options;

import io.deeplog.UserException;
import org.kohsuke.args4j.CmdLineException;
import org.kohsuke.args4j.CmdLineParser;
import org.kohsuke.args4j.OptionDef;
import org.kohsuke.args4j.spi.OptionHandler;
import org.kohsuke.args4j.spi.Parameters;
import org.kohsuke.args4j.spi.Setter;

/**
 * One or more paths, up to the next option. args4j's own handler of arrays would split a path at
 * its spaces, and takes none at all for an answer.
 */
public final class PathsOptionHandler extends OptionHandler<String> {
  /** As args4j makes it. */
  public PathsOptionHandler(CmdLineParser parser, OptionDef option, Setter<? super String> setter) {
    super(parser, option, setter);
  }

  @Override
  public String getDefaultMetaVariable() {
    return "PATH...";
  }

  @Override
  public int parseArguments(Parameters parameters) throws CmdLineException {
    int count = 0;
    while (count < parameters.size() && !parameters.getParameter(count).startsWith("-")) {
      setter.addValue(parameters.getParameter(count));
      count++;
    }
    if (count == 0) {
      throw UserException.usage("no path given after " + option + " (give one or more)");
    }
    return count;
  }
}
