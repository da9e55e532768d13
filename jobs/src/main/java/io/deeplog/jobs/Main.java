package io.deeplog.jobs;

import io.deeplog.ExitCode;
import io.deeplog.UserException;
import io.deeplog.jobs.options.CommandLine;
import io.deeplog.jobs.options.CommonOptions;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.OptionGroup;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** The program: finds the command, runs it, and is the only place that exits. */
public final class Main {
  private static final List<Supplier<Command>> COMMANDS =
      List.of(
          DemoCommand::new,
          RunCommand::new,
          ParseCommand::new,
          TrainCommand::new,
          DetectCommand::new,
          EvaluateCommand::new,
          EvaluateSequencesCommand::new,
          EvaluateParseCommand::new,
          EvaluateValuesCommand::new,
          ReportCommand::new,
          GenerateCommand::new,
          BenchmarkCommand::new);

  private Main() {}

  /**
   * Runs a command line; exits only when it fails, as Spark on YARN takes any exit for a failure.
   */
  public static void main(String[] args) {
    ExitCode code = run(args, System.out, System.err);
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
    if (code != ExitCode.OK) {
      System.exit(code.value());
    }
  }

  /**
   * Runs a command line in this process.
   *
   * @param out for results
   * @param err for errors
   */
  public static ExitCode run(String[] args, PrintStream out, PrintStream err) {
    boolean stacktrace = Arrays.asList(args).contains(Flags.STACKTRACE);
    try {
      dispatch(args, out);
      return ExitCode.OK;
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      UserException known = UserException.in(e);
      if (known != null) {
        err.println("deeplog: " + oneLine(known.getMessage()));
      } else {
        err.println("deeplog: a bug, or a fault of the cluster: " + oneLine(e.toString()));
      }
      if (known == null || stacktrace) {
        e.printStackTrace(err);
      }
      return known == null ? ExitCode.BUG : known.exitCode();
    }
  }

  /**
   * Messages quote log lines and paths: no line break or escape sequence of theirs gets through.
   */
  private static String oneLine(String message) {
    return message.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ");
  }

  private static void dispatch(String[] args, PrintStream out) {
    if (args.length == 0 || args[0].equals(Flags.HELP) || args[0].equals("-h")) {
      out.print(help());
      return;
    }
    if (args[0].equals("--version")) {
      out.println("deeplog " + Version.current());
      return;
    }
    Command command = command(args[0]);
    CommonOptions common = new CommonOptions();
    List<OptionGroup> groups = new ArrayList<>(command.options());
    groups.add(common);
    CommandLine.parse(
        command.name(), groups, Arrays.copyOfRange(args, 1, args.length), optionsOfAllCommands());
    if (common.help) {
      out.println("deeplog " + command.name() + " [options]: " + command.summary());
      out.println();
      out.println(command.description().strip());
      out.print(CommandLine.usage(groups));
      return;
    }
    command.run(common.dryRun, out);
  }

  private static Command command(String name) {
    return COMMANDS.stream()
        .map(Supplier::get)
        .filter(command -> command.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.usage(
                    "unknown command '"
                        + name
                        + "' (give one of "
                        + String.join(", ", names())
                        + ")"));
  }

  private static List<String> names() {
    return COMMANDS.stream().map(command -> command.get().name()).toList();
  }

  private static Set<String> optionsOfAllCommands() {
    Set<String> names = new HashSet<>(CommandLine.names(new CommonOptions()));
    COMMANDS.forEach(
        command -> command.get().options().forEach(g -> names.addAll(CommandLine.names(g))));
    return names;
  }

  private static String help() {
    StringBuilder text =
        new StringBuilder("DeepLog on Spark: finds the anomalous lines and sessions in logs.\n\n");
    text.append("Commands:\n");
    int width = names().stream().mapToInt(String::length).max().orElse(0);
    for (Supplier<Command> command : COMMANDS) {
      String name = command.get().name();
      text.append("  " + name + " ".repeat(width - name.length() + 2) + command.get().summary());
      text.append('\n');
    }
    return text.append("\ndeeplog COMMAND --help tells a command's options.\n").toString();
  }
}
