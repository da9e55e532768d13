package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeplog.ExitCode;
import io.deeplog.UserException;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.jobs.options.AlertOptions;
import io.deeplog.jobs.options.CommandLine;
import io.deeplog.jobs.options.CommonOptions;
import io.deeplog.jobs.options.CountDetectorOptions;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.InputOptions;
import io.deeplog.jobs.options.LabelOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.OutputOptions;
import io.deeplog.jobs.options.ReportOptions;
import io.deeplog.jobs.options.RuleOptions;
import io.deeplog.jobs.options.SessionOptions;
import io.deeplog.jobs.options.TemplateOptions;
import io.deeplog.jobs.options.TrainAndInputPaths;
import io.deeplog.jobs.options.TrainingOptions;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.kohsuke.args4j.Option;

/** Options, settings files and help, without Spark. */
class CommandLineTest {
  private static final Path SETTINGS = Path.of("../conf/settings.yaml");

  @TempDir Path directory;

  private static List<Command> commands() {
    return List.of(
        new DemoCommand(),
        new RunCommand(),
        new ParseCommand(),
        new TrainCommand(),
        new DetectCommand(),
        new EvaluateCommand(),
        new EvaluateSequencesCommand(),
        new EvaluateValuesCommand(),
        new EvaluateParseCommand(),
        new BenchmarkCommand(),
        new ReportCommand(),
        new GenerateCommand(),
        new EvaluateParseCommand(),
        new BenchmarkCommand());
  }

  private static Set<String> known() {
    return Stream.concat(
            commands().stream().flatMap(command -> command.options().stream()),
            Stream.of(new CommonOptions()))
        .flatMap(group -> CommandLine.names(group).stream())
        .collect(Collectors.toSet());
  }

  /** The groups whose options a settings file is for. */
  private static List<OptionGroup> settable() {
    return List.of(
        new InputOptions(),
        new SessionOptions(),
        new TemplateOptions(),
        new TrainingOptions(),
        new CountDetectorOptions(),
        new RuleOptions(),
        new AlertOptions(),
        new OutputOptions(),
        new ReportOptions());
  }

  /** Values of all options of groups by their names. */
  private static Map<String, String> values(List<OptionGroup> groups) {
    Map<String, String> values = new TreeMap<>();
    for (OptionGroup group : groups) {
      for (Field field : group.getClass().getFields()) {
        Option option = field.getAnnotation(Option.class);
        if (option != null) {
          try {
            values.put(option.name(), String.valueOf(field.get(group)));
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
    return values;
  }

  private static void parse(List<OptionGroup> groups, String... args) {
    CommandLine.parse("test", groups, args, known());
  }

  private Path settings(String yaml) throws IOException {
    return Files.writeString(directory.resolve("my settings.yaml"), yaml);
  }

  private String[] withSettings(String yaml, String... args) throws IOException {
    List<String> all = new ArrayList<>(List.of(args));
    all.add(Flags.SETTINGS);
    all.add(settings(yaml).toString());
    return all.toArray(new String[0]);
  }

  @Test
  void flagsWinOverSettingsOverDefaults() throws IOException {
    TrainingOptions defaults = new TrainingOptions();
    TrainingOptions options = new TrainingOptions();
    parse(
        List.of(options, new CommonOptions()),
        withSettings("epochs: 3\nunits: 7\nrule: top-g\n", Flags.UNITS, "9"));
    assertThat(options.epochs).isEqualTo(3);
    assertThat(options.rule).isEqualTo("top-g");
    assertThat(options.units).isEqualTo(9);
    assertThat(options.history).isEqualTo(defaults.history);
    assertThat(options.seed).isEqualTo(defaults.seed);
  }

  @Test
  void settingsHoldListsSwitchesAndEmptyValues() throws IOException {
    TrainAndInputPaths paths = new TrainAndInputPaths();
    TrainingOptions training = new TrainingOptions();
    InputOptions input = new InputOptions();
    OutputOptions output = new OutputOptions();
    parse(
        List.of(paths, training, input, output, new CommonOptions()),
        withSettings(
            "train: [a.log, b.log]\ninput: c d.log\nresume: true\noverwrite: false\nformat:\n",
            Flags.OUTPUT,
            "out"));
    assertThat(paths.train).containsExactly("a.log", "b.log");
    assertThat(paths.input).containsExactly("c d.log");
    assertThat(training.resume).isTrue();
    assertThat(output.overwrite).isFalse();
    assertThat(input.format).isNull();
  }

  @Test
  void settingsOfOtherCommandsAreLeftAlone() throws IOException {
    ReportOptions options = new ReportOptions();
    parse(List.of(options, new CommonOptions()), withSettings("epochs: 3\nmax-shown: 5\n"));
    assertThat(options.maxShown).isEqualTo(5);
  }

  @Test
  void aFlagTakesThePlaceOfASettingThatItExcludes() throws IOException {
    SessionOptions options = new SessionOptions();
    parse(
        List.of(options, new CommonOptions()),
        withSettings("session: blk_\n", Flags.SESSION_FIELD, "host"));
    assertThat(options.pattern).isNull();
    assertThat(options.fields).isEqualTo("host");

    SessionOptions other = new SessionOptions();
    parse(
        List.of(other, new CommonOptions()),
        withSettings("session-window: 10m\n", Flags.SESSION, "blk_"));
    assertThat(other.pattern).isEqualTo("blk_");
    assertThat(other.window).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          epoch: 3       | unknown setting 'epoch'
          --epochs: 3    | unknown setting '--epochs'
          epochs: three  | --epochs
          epochs: 0      | --epochs
          just words     | are not lines of 'name: value'
          - epochs       | are not lines of 'name: value'
          epochs: [3     | cannot read settings
          """)
  void wrongSettingsAreNamed(String yaml, String part) throws IOException {
    String[] args = withSettings(yaml);
    assertThatThrownBy(() -> parse(List.of(new TrainingOptions(), new CommonOptions()), args))
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(part)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aMissingSettingsFileIsNamed() {
    assertThatThrownBy(
            () -> parse(List.of(new CommonOptions()), Flags.SETTINGS, directory + "/none.yaml"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("none.yaml");
  }

  @ParameterizedTest
  @CsvSource({
    "run, --epochs, many",
    "run, --epochs, 0",
    "run, --patience, 0",
    "run, --history, -1",
    "run, --layers, 0",
    "run, --units, 1.5",
    "run, --learning-rate, 0",
    "run, --learning-rate, NaN",
    "run, --batch-size, 0",
    "run, --workers, 0",
    "run, --averaging-frequency, 0",
    "run, --validation, 1",
    "run, --seed, x",
    "run, --rule, any",
    "run, --top-g, 0",
    "run, --false-alarms, 0",
    "run, --pca-variance, 1.1",
    "run, --pca-weighting, idf",
    "run, --pca-components, -1",
    "run, --pca-rule, both",
    "run, --pca-alpha, 0",
    "run, --pca-unknown, keep",
    "run, --pca-min-count, 0",
    "run, --cluster-distance, 1.5",
    "run, --cluster-bootstrap, 5000",
    "run, --forest-trees, 0",
    "run, --forest-sample, 1",
    "run, --forest-contamination, 0.6",
    "run, --invariant-support, 0",
    "run, --invariant-epsilon, 0",
    "run, --invariant-length, 6",
    "run, --depth, 2",
    "run, --tau, 2",
    "run, --similarity, 2",
    "run, --max-children, 0",
    "run, --split-words, -1",
    "run, --year, 26",
    "run, --session, blk_(",
    "run, --session-window, 10 parsecs",
    "run, --session-window, 0m",
    "run, --date, 2026-02-30",
    "run, --date, yesterday",
    "run, --table-format, orc",
    "run, --max-shown, 0",
    "run, --no-such-option, x",
    "report, --date, 2026-1-1",
    "evaluate, --min-f1, 2",
    "generate, --lines, 0",
    "generate, --anomaly-rate, 1.5",
    "generate, --service, mail",
  })
  void badValuesAreNamedWithTheirOption(String command, String option, String value) {
    List<String> args = new ArrayList<>(List.of(command, option, value));
    // A mistake must not go unseen behind one that comes first: all that is required is there.
    switch (command) {
      case "run" -> args.addAll(List.of("--train", "a", "--input", "b", "--output", "c"));
      case "generate" -> args.addAll(List.of("--output", "c"));
      default -> args.addAll(List.of("--tables", "t", "--labels", "l"));
    }
    Cli.run(args.toArray(new String[0])).failed(ExitCode.USAGE, option);
  }

  @Test
  void whatIsMissingOrExcludedIsNamed() {
    Cli.run("run", "--train", "a", "--output", "c").failed(ExitCode.USAGE, Flags.INPUT);
    Cli.run("run", "--train", "a", "--input", "b").failed(ExitCode.USAGE, Flags.OUTPUT);
    Cli.run("report").failed(ExitCode.USAGE, Flags.TABLES);
    Cli.run("report", "--tables", "t", "--min-f1", "0.5").failed(ExitCode.USAGE, Flags.LABELS);
    Cli.run("train", "--input", "a").failed(ExitCode.USAGE, Flags.MODEL);
    Cli.run("detect", "--input", "a", "--output", "b").failed(ExitCode.USAGE, Flags.MODEL);
    Cli.run("evaluate", "--tables", "t").failed(ExitCode.USAGE, Flags.LABELS);
    Cli.run("parse", "--input", "a", "--output", "b", "--session", "x", "--session-field", "host")
        .failed(ExitCode.USAGE, Flags.SESSION_FIELD);
    Cli.run("parse", "--input", "a", "--output", "b", "--count-matrix")
        .failed(ExitCode.USAGE, "no session given");
    Cli.run("parse", "--input", "a", "--output", "b", "--session", "x", "--window-rule", "fixed")
        .failed(ExitCode.USAGE, Flags.WINDOW_RULE);
    for (String[] wrong :
        new String[][] {
          {"fixed", "--session-step", "1m"},
          {"sliding"},
          {"legacy"},
          {"odd", "--session-step", "1m"},
          {"legacy", "--session-step", "1m", "--session-field", "host"},
          {"fixed", "--empty-windows", "maybe"}
        }) {
      List<String> args = new ArrayList<>();
      Collections.addAll(args, "parse", "--input", "a", "--output", "b");
      Collections.addAll(args, "--session-window", "5m", "--window-rule");
      Collections.addAll(args, wrong);
      Cli.run(args.toArray(new String[0])).failed(ExitCode.USAGE, "give");
    }
    Cli.run("parse", "--epochs", "3").failed(ExitCode.USAGE, Flags.EPOCHS);
    Cli.run("prase").failed(ExitCode.USAGE, "prase", "parse, train, detect");
    Cli.run("--verbose").failed(ExitCode.USAGE, "--verbose");
  }

  @Test
  void whatAUserGaveCannotBreakTheLineOrWriteEscapes() {
    Cli.Result result = Cli.run("a\nb\r\u001b[31m\u2028c").failed(ExitCode.USAGE, "a b [31m c");
    assertThat(result.err().stripTrailing()).doesNotContainPattern("[\\p{Cc}\\u2028]");
  }

  @Test
  void pathsMayHoldSpacesAndMustBeThere() {
    TrainAndInputPaths paths = new TrainAndInputPaths();
    parse(List.of(paths), "--train", "a b.log", "c.log", "--input", "d e/*.log");
    assertThat(paths.train).containsExactly("a b.log", "c.log");
    assertThat(paths.input).containsExactly("d e/*.log");
    Cli.run("parse", "--input", "--output", "x").failed(ExitCode.USAGE, Flags.INPUT);
    Cli.run("parse", "--output", "x", "--input").failed(ExitCode.USAGE, Flags.INPUT);
  }

  @Test
  void aStackTraceComesOnDemand() {
    Cli.Result result = Cli.run("parse", "--stacktrace", "--no-such-option");
    assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    assertThat(result.err().lines().findFirst().orElse("")).startsWith("deeplog: ");
    assertThat(result.err()).contains("\tat io.deeplog.jobs.");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpListsEveryOption(Command command) {
    for (String help : List.of("--help", "-h")) {
      Cli.Result result = Cli.run(command.name(), help).succeeded();
      List<OptionGroup> groups = new ArrayList<>(command.options());
      groups.add(new CommonOptions());
      assertThat(result.out()).contains(command.summary()).contains("deeplog " + command.name());
      for (OptionGroup group : groups) {
        assertThat(result.out()).contains(group.heading() + ":").contains(CommandLine.names(group));
      }
    }
  }

  @Test
  void shortSessionsAreJudgedOrFlagged() throws IOException {
    TrainingOptions options = new TrainingOptions();
    parse(List.of(options, new CommonOptions()), "--history", "10", "--short-sessions", "flag");
    PathDetector flags = options.pathDetector();
    assertThat((boolean) flags.getOrDefault(flags.flagShort())).isTrue();
    PathDetector judges = new TrainingOptions().pathDetector();
    assertThat((boolean) judges.getOrDefault(judges.flagShort())).isFalse();
    assertThat(judges.isSet(judges.topG())).as("g is chosen").isFalse();
    Cli.run("train", "--input", "x", "--model", "m", "--short-sessions", "flag")
        .failed(ExitCode.USAGE, "--history H");
    Cli.run("train", "--input", "x", "--model", "m", "--short-sessions", "skip")
        .failed(ExitCode.USAGE, "--short-sessions", "skip", "judge or flag");
  }

  @Test
  void helpWinsOverMistakes() {
    Cli.run("run", "--epochs", "0", "--help").succeeded();
  }

  @Test
  void helpListsEveryCommand() {
    for (String[] args : List.of(new String[0], new String[] {"--help"}, new String[] {"-h"})) {
      String help = Cli.run(args).succeeded().out();
      commands().forEach(c -> assertThat(help).contains("  " + c.name(), c.summary()));
    }
    assertThat(Cli.run("--version").succeeded().out()).startsWith("deeplog ");
  }

  @Test
  void everyOptionNameIsDeclaredByACommand() throws IllegalAccessException {
    Set<String> flags = new HashSet<>();
    for (Field field : Flags.class.getFields()) {
      flags.add((String) field.get(null));
    }
    assertThat(known()).isEqualTo(flags);
  }

  @Test
  void theSettingsFileChangesNothing() throws IOException {
    List<OptionGroup> groups = settable();
    Map<String, String> before = values(groups);
    List<OptionGroup> all = new ArrayList<>(groups);
    all.add(new CommonOptions());
    parse(all, Flags.OUTPUT, "out", Flags.SETTINGS, SETTINGS.toString());
    before.put(Flags.OUTPUT, "out");
    assertThat(values(groups)).isEqualTo(before);
    assertThat(new YAMLMapper().readTree(Files.readString(SETTINGS)).isMissingNode()).isTrue();
  }

  @Test
  void emptySettingsFilesAreFine() throws IOException {
    for (String yaml : List.of("", "\n", "# nothing\n", "---\n", "{}")) {
      TrainingOptions options = new TrainingOptions();
      parse(List.of(options, new CommonOptions()), withSettings(yaml));
      assertThat(options.epochs).isEqualTo(new TrainingOptions().epochs);
    }
  }

  @Test
  void theSettingsFileTellsTheDefaults() throws IOException {
    String uncommented =
        Files.readString(SETTINGS)
            .lines()
            .filter(line -> line.matches("#[a-z].*"))
            .map(line -> line.substring(1))
            .collect(Collectors.joining("\n"));
    JsonNode settings = new YAMLMapper().readTree(uncommented);
    Map<String, String> told = new TreeMap<>();
    settings.fields().forEachRemaining(e -> told.put("--" + e.getKey(), e.getValue().asText()));

    Map<String, String> defaults = values(settable());
    // What is of one run only.
    List.of(Flags.OUTPUT, Flags.DATE, Flags.OVERWRITE, Flags.RESUME).forEach(defaults::remove);
    assertThat(told).isEqualTo(defaults);

    List<OptionGroup> groups = settable();
    List<OptionGroup> all = new ArrayList<>(groups);
    all.add(new CommonOptions());
    parse(all, withSettings(uncommented, Flags.OUTPUT, "out"));
    assertThat(values(groups)).containsAllEntriesOf(defaults);
  }

  @Test
  void oneSettingsFileServesEveryCommand() throws IOException {
    Path file = settings("epochs: 3\ntable-format: parquet\nmax-shown: 5\nformat: hdfs\n");
    for (Command command : commands()) {
      Cli.run(command.name(), Flags.SETTINGS, file.toString(), Flags.HELP).succeeded();
    }
    LabelOptions labels = new LabelOptions();
    parse(List.of(labels, new CommonOptions()), Flags.SETTINGS, file.toString());
    assertThat(labels.file).isNull();
  }
}
