package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deeplog.ExitCode;
import io.deeplog.template.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parsing as a user calls it, on small logs made here. */
class ParsingIT {
  private static final String LAYOUT = "<Date> <Time> <Level> <Component>: <Content>";

  @TempDir Path place;

  @BeforeAll
  static void start() {
    TestSpark.session();
  }

  private Path write(String name, List<String> lines) throws IOException {
    Path file = place.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, lines);
  }

  /** Lines a second apart. */
  private Path log(String name, String day, List<String> contents) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String content : contents) {
      int second = lines.size();
      lines.add(
          String.format("%s 10:%02d:%02d INFO app: %s", day, second / 60, second % 60, content));
    }
    return write(name, lines);
  }

  private static String word(int i) {
    StringBuilder word = new StringBuilder();
    for (int k = 0; k < 6; k++) {
      word.append((char) ('a' + (i * 7 + k * 11 + i * i * k) % 26));
    }
    return word.toString();
  }

  private Cli.Result parse(Path input, Path output, String day, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "parse",
                "--input",
                input.toString(),
                "--format",
                LAYOUT,
                "--output",
                output.toString(),
                "--date",
                day));
    words.addAll(Arrays.asList(more));
    return Cli.run(words.toArray(new String[0]));
  }

  private static Dataset<Row> of(Path output, String table, String day) {
    return TestSpark.table(output, table).filter("date = '" + day + "'");
  }

  private static List<String> idsOf(Path output, String day, String content) {
    return of(output, "structured", day)
        .filter("content = '" + content + "'")
        .collectAsList()
        .stream()
        .map(row -> row.<String>getAs("template_id"))
        .toList();
  }

  private static final String BOTH = "Closed the session of user alpha after use";

  private List<String> firstDay() {
    List<String> contents = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      contents.add("Closed the session of user " + word(i) + " after use");
    }
    contents.add("Opened a door for guest alpha at last");
    contents.add("Opened a door for guest alpha at last");
    return contents;
  }

  private List<String> secondDay() {
    List<String> contents = new ArrayList<>(List.of(BOTH));
    for (int i = 0; i < 30; i++) {
      contents.add("Closed the session of user alpha after " + word(i + 40));
      contents.add("Opened a door for guest " + word(i + 3) + " at last");
    }
    contents.add("Opened a door for guest alpha at last");
    return contents;
  }

  private static final String KNOWN = Template.id("Closed the session of user <*> after use");
  private static final String NEWER = Template.id("Closed the session of user alpha after <*>");
  private static final String NARROW = Template.id("Opened a door for guest alpha at last");
  private static final String WIDE = Template.id("Opened a door for guest <*> at last");

  @Test
  void timesOfClocksThatWereNeverSetAreTimes() throws IOException {
    Path input =
        write(
            "a.log",
            List.of(
                "1601-01-01 00:00:00 INFO app: door 1 opened",
                "2024-01-31 10:00:00 INFO app: door 2 opened",
                "0001-01-01 00:00:00 INFO app: door 3 opened"));
    assertThat(parse(input, place.resolve("out"), "2024-01-31").code()).isEqualTo(ExitCode.OK);
    assertThat(
            of(place.resolve("out"), "structured", "2024-01-31")
                .selectExpr("cast(ts as string)")
                .as(Encoders.STRING())
                .collectAsList())
        .containsExactlyInAnyOrder(
            "1601-01-01 00:00:00", "2024-01-31 10:00:00", "0001-01-01 00:00:00");
  }

  @Test
  void templatesOfEarlierRunsComeFirstAndKeepTheirIds() throws IOException {
    Path output = place.resolve("out");
    Path first = log("1.log", "2024-05-01", firstDay());
    Path second = log("2.log", "2024-05-02", secondDay());
    parse(first, output, "2024-05-01").succeeded();
    String again = "--templates";
    parse(second, output, "2024-05-02", again, output.toString()).succeeded();

    Dataset<Row> templates = of(output, "templates", "2024-05-02");
    assertThat(templates.collectAsList())
        .extracting(row -> row.getAs("template_id") + " " + row.getAs("generation"))
        .containsExactlyInAnyOrder(KNOWN + " 0", NARROW + " 0", NEWER + " 1", WIDE + " 1");
    assertThat(templates.filter("is_new").count()).isEqualTo(2);
    assertThat(
            templates.filter("supersedes is not null").collectAsList().stream()
                .map(
                    row ->
                        row.getAs("template_id") + " " + row.getList(row.fieldIndex("supersedes"))))
        .containsExactly(WIDE + " [" + NARROW + "]");
    assertThat(idsOf(output, "2024-05-02", BOTH)).as("the known one").containsExactly(KNOWN);
    assertThat(idsOf(output, "2024-05-02", "Opened a door for guest alpha at last"))
        .as("generalised, and still there")
        .containsExactly(NARROW);

    // A day later both are known, and nothing is new.
    parse(second, output, "2024-05-03", again, output.toString()).succeeded();
    assertThat(idsOf(output, "2024-05-03", BOTH)).containsExactly(KNOWN);
    assertThat(of(output, "templates", "2024-05-03").filter("is_new").count()).isZero();

    // All lines at once are another matter: the most specific template.
    parse(first, place.resolve("anew"), "2024-05-01").succeeded();
    Path all =
        write(
            "3.log", Stream.of(first, second).map(ParsingIT::text).flatMap(String::lines).toList());
    parse(all, place.resolve("anew"), "2024-05-02").succeeded();
    assertThat(of(place.resolve("anew"), "templates", "2024-05-02").filter("is_new").count())
        .as("no templates given, none known")
        .isEqualTo(of(place.resolve("anew"), "templates", "2024-05-02").count());
  }

  @Test
  void detectMatchesTheModelsTemplatesFirst() throws IOException {
    Path models = place.resolve("models");
    Cli.run(
            "train",
            "--input",
            log("train.log", "2024-05-01", firstDay()).toString(),
            "--format",
            LAYOUT,
            "--session-window",
            "10s",
            "--detectors",
            "new-event",
            "--model",
            models.toString())
        .succeeded();
    Path output = place.resolve("detected");
    Cli.run(
            "detect",
            "--input",
            log("today.log", "2024-05-02", secondDay()).toString(),
            "--model",
            models.toString(),
            "--output",
            output.toString(),
            "--date",
            "2024-05-02")
        .succeeded();
    assertThat(TestSpark.table(output, "templates").collectAsList())
        .extracting(row -> row.getAs("template_id") + " " + row.getAs("generation"))
        .containsExactlyInAnyOrder(KNOWN + " 0", NARROW + " 0", NEWER + " 1", WIDE + " 1");
    assertThat(idsOf(output, "2024-05-02", BOTH)).containsExactly(KNOWN);
    // Inside sessions too, every line of a new template has its row.
    Dataset<Row> lines =
        TestSpark.table(output, "anomalies")
            .filter("detector = 'new-event' and subject = 'line' and session is not null");
    assertThat(lines.count()).isEqualTo(60);
    assertThat(lines.filter("evidence.reason like 'first-seen: %'").count()).isEqualTo(60);
    assertThat(lines.filter("template_id in ('" + NEWER + "', '" + WIDE + "')").count())
        .isEqualTo(60);
  }

  @Test
  void anotherMinerOrOtherMasksAreRefused() throws IOException {
    Path output = place.resolve("out");
    Path log = log("1.log", "2024-05-01", List.of("job 17 started", "job ORD-x ended"));
    Path masks =
        write(
            "masks.yaml", List.of("masks:", "  - number", "  - {name: order, regex: 'ORD-\\w+'}"));
    parse(log, output, "2024-05-01", "--masks", masks.toString()).succeeded();
    String[] known = {"--templates", output.toString()};
    parse(log, output, "2024-05-02", known[0], known[1], "--miner", "drain")
        .failed(ExitCode.USAGE, "auto", "drain", "--miner auto");
    Path others = write("others.yaml", List.of("masks: [number]"));
    parse(log, output, "2024-05-02", known[0], known[1], "--masks", others.toString())
        .failed(ExitCode.USAGE, "others.yaml", "order: ORD-\\w+", "--masks");
    Cli.Result result = parse(log, output, "2024-05-02", known).succeeded();
    assertThat(result.out()).contains("masks: those of " + output, "order: ORD-\\w+");
    Dataset<Row> templates = of(output, "templates", "2024-05-02");
    assertThat(templates.filter("is_new").count()).as("same masks, same templates").isZero();
    assertThat(templates.select("template").as(Encoders.STRING()).collectAsList())
        .containsExactlyInAnyOrder("job <*> started", "job <*> ended");
  }

  @Test
  void oneCoreOrTwoAndAnyOrderOfFilesGiveTheSameTables() throws Exception {
    Path first = log("a.log", "2024-05-01", firstDay());
    Path second = log("b.log", "2024-05-02", secondDay());
    Path two = place.resolve("two");
    List<String> call =
        new ArrayList<>(List.of("parse", "--format", LAYOUT, "--date", "2024-05-03", "--input"));
    List<String> onTwo = new ArrayList<>(call);
    onTwo.addAll(List.of(first.toString(), second.toString(), "--output", two.toString()));
    Cli.run(onTwo.toArray(new String[0])).succeeded();

    Path one = place.resolve("one");
    List<String> process = new ArrayList<>();
    process.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> !argument.startsWith("-javaagent") && !argument.contains("jdwp"))
        .forEach(process::add);
    process.addAll(List.of("-Dspark.master=local[1]", "-Dspark.ui.enabled=false"));
    process.addAll(List.of("-Dspark.sql.shuffle.partitions=5", "-Dspark.driver.host=127.0.0.1"));
    process.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    process.addAll(call);
    process.addAll(List.of(second.toString(), first.toString(), "--output", one.toString()));
    Path said = place.resolve("one.txt");
    Process child =
        new ProcessBuilder(process).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(child.waitFor()).as(() -> said + ": " + text(said)).isZero();
    for (String table : List.of("structured", "templates", "rejects")) {
      assertThat(TestSpark.rows(one, table)).as(table).isEqualTo(TestSpark.rows(two, table));
    }
    assertThat(TestSpark.rows(one, "templates")).hasSize(2);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // --- Tables for other tools -------------------------------------------------------------------

  @Test
  void csvHasLogparsersFilesAndValueVectors() throws IOException {
    write(
        "logs/a.log",
        List.of(
            "2024-02-28 23:59:50 INFO app: job 17 started",
            "2024-02-29 00:00:05 INFO app: job 18 started",
            "2024-03-01 00:00:05 WARN disk: disk sda, 81 full"));
    write(
        "logs/b.log",
        List.of(
            "2024-07-31 18:14:30 INFO app: job 19 started",
            "2024-08-01 03:13:44 INFO app: job 20 started",
            "2024-08-01 03:13:44 INFO app: job 21 started"));
    Path output = place.resolve("out");
    parse(
            place.resolve("logs"),
            output,
            "2024-09-01",
            "--timestamp",
            "yyyy-MM-dd HH:mm:ss",
            "--table-format",
            "csv")
        .succeeded();
    String job = Template.id("job <*> started");
    String disk = Template.id("disk sda, <*> full");
    Path logparser = output.resolve("logparser/date=2024-09-01");
    String header = "LineId,Date,Time,Level,Component,Content,EventId,EventTemplate,ParameterList";
    assertThat(Files.readAllLines(logparser.resolve("a.log_structured.csv")))
        .containsExactly(
            header,
            "1,2024-02-28,23:59:50,INFO,app,job 17 started," + job + ",job <*> started,['17']",
            "2,2024-02-29,00:00:05,INFO,app,job 18 started," + job + ",job <*> started,['18']",
            "3,2024-03-01,00:00:05,WARN,disk,\"disk sda, 81 full\","
                + disk
                + ",\"disk sda, <*> full\",['81']");
    assertThat(Files.readAllLines(logparser.resolve("a.log_templates.csv")))
        .containsExactly(
            "EventId,EventTemplate,Occurrences",
            job + ",job <*> started,2",
            disk + ",\"disk sda, <*> full\",1");
    assertThat(Files.readAllLines(logparser.resolve("b.log_structured.csv")))
        .containsExactly(
            header,
            "1,2024-07-31,18:14:30,INFO,app,job 19 started," + job + ",job <*> started,['19']",
            "2,2024-08-01,03:13:44,INFO,app,job 20 started," + job + ",job <*> started,['20']",
            "3,2024-08-01,03:13:44,INFO,app,job 21 started," + job + ",job <*> started,['21']");
    assertThat(Files.readAllLines(logparser.resolve("b.log_templates.csv")))
        .containsExactly("EventId,EventTemplate,Occurrences", job + ",job <*> started,3");

    List<Row> vectors =
        TestSpark.session()
            .read()
            .option("header", true)
            .option("escape", "\"")
            .csv(output.resolve("log_value_vector").toString())
            .orderBy("source", "offset")
            .collectAsList();
    // 152 days and 18 h 14 min 25 s from the first file to the second; then over a month's end.
    assertThat(vectors)
        .extracting(row -> row.getAs("log_message") + " " + row.getAs("value_vector"))
        .containsExactly(
            "job 17 started [\"0.0\",\"17\"]",
            "job 18 started [\"15.0\",\"18\"]",
            "disk sda, 81 full [\"86400.0\",\"81\"]",
            "job 19 started [\"" + (152.0 * 86_400 + 18 * 3600 + 14 * 60 + 25) + "\",\"19\"]",
            "job 20 started [\"32354.0\",\"20\"]",
            "job 21 started [\"0.0\",\"21\"]");
    assertThat(vectors).extracting(row -> row.getAs("log_key")).contains(job, disk);
  }

  @Test
  void lenmaGivesTheGoldenIdsThroughTheCommand() throws IOException {
    Path seed = Path.of(System.getProperty("deeplog.data", "../../shared/data")).resolve("seed");
    Path golden = seed.resolve("golden/messages.9_structured.csv");
    assumeTrue(Files.isRegularFile(golden), "no " + golden + " (give -Ddeeplog.data=DIR)");
    Path output = place.resolve("out");
    Cli.run(
            "parse",
            "--input",
            seed.resolve("messages/messages.9").toString(),
            "--format",
            "syslog",
            "--year",
            "2005",
            "--miner",
            "lenma",
            "--table-format",
            "csv",
            "--output",
            output.toString(),
            "--date",
            "2024-05-01")
        .succeeded();
    List<String> ids = eventIds(golden);
    assertThat(ids).hasSize(346);
    assertThat(eventIds(output.resolve("logparser/date=2024-05-01/messages.9_structured.csv")))
        .isEqualTo(ids);
  }

  private static List<String> eventIds(Path csv) {
    return TestSpark.session()
        .read()
        .option("header", true)
        .option("escape", "\"")
        .csv(csv.toString())
        .selectExpr("cast(LineId as int) as line", "EventId")
        .orderBy("line")
        .collectAsList()
        .stream()
        .map(row -> row.getString(1))
        .toList();
  }

  @Test
  void aTableWithItsNewestLineFirstIsInTheOrderOfTime() throws IOException {
    List<String> rows = new ArrayList<>(List.of("@timestamp,message"));
    for (int i = 39; i >= 0; i--) {
      String message =
          i < 2
              ? "opened the door for task-" + i % 2
              : i < 38
                  ? "item " + i + " of task-" + i % 2 + " was moved"
                  : "all of task-" + i % 2 + " is done: closed";
      rows.add(String.format("2024-05-01T10:%02d:00Z,%s", i, message));
    }
    Path export = write("export.csv", rows);
    String opened = "opened moved moved";
    for (String[] session :
        new String[][] {
          {"--session", "task-\\d+", "20"}, {"--session-window", "10m", "10"},
        }) {
      Path output = place.resolve("out" + session[0]);
      Cli.run(
              "parse",
              "--input",
              export.toString(),
              session[0],
              session[1],
              "--output",
              output.toString(),
              "--date",
              "2024-05-01")
          .succeeded();
      List<Row> sessions =
          TestSpark.table(output, "sessions").orderBy("first_ts", "session").collectAsList();
      assertThat(sessions).hasSize(40 / Integer.parseInt(session[2]));
      Map<String, String> texts = new HashMap<>();
      TestSpark.table(output, "templates")
          .collectAsList()
          .forEach(row -> texts.put(row.getAs("template_id"), row.getAs("template")));
      String kinds =
          sessions.get(0).<String>getList(sessions.get(0).fieldIndex("template_ids")).stream()
              .map(id -> texts.get(id).replaceAll(".*(opened|moved|closed).*", "$1"))
              .limit(3)
              .collect(Collectors.joining(" "));
      assertThat(kinds).isEqualTo(session[0].equals("--session") ? opened : "opened opened moved");
      Row last = sessions.get(sessions.size() - 1);
      List<String> ids = last.getList(last.fieldIndex("template_ids"));
      assertThat(texts.get(ids.get(ids.size() - 1))).contains("closed");
      assertThat(last.<Instant>getAs("last_ts")).isEqualTo(Instant.parse("2024-05-01T10:39:00Z"));
    }
  }

  // --- evaluate-parse ---------------------------------------------------------------------------

  private Path truth(String name, List<String> rows) throws IOException {
    List<String> lines = new ArrayList<>(List.of("LineId,Content,EventTemplate"));
    for (String row : rows) {
      lines.add(lines.size() + "," + row);
    }
    return write(name, lines);
  }

  private static final List<String> JOBS =
      List.of(
          "job 17 started,job <*> started",
          "job 18 started,job <*> started",
          "disk sda full,disk <*> full",
          "quota reached,quota reached");

  @Test
  void aLogIsComparedWithItsTruth() throws IOException {
    Path truth = truth("x_structured.csv", JOBS);
    Cli.Result own = Cli.run("evaluate-parse", "--truth", truth.toString()).succeeded();
    assertThat(own.out())
        .contains("4 lines, 3 templates, 3 true templates")
        .contains("GA 1.0000  FGA 1.0000  PA 0.7500  FTA 0.6667")
        .contains("the worst 1 of 1 wrong templates:")
        .contains("1 lines, grouped right", "true   disk <*> full", "parsed disk sda full");
    Path json = place.resolve("figures.json");
    Path log =
        log(
            "x.log",
            "2024-05-01",
            JOBS.stream().map(row -> row.substring(0, row.indexOf(','))).toList());
    assertThat(
            Cli.run(
                    "evaluate-parse",
                    "--truth",
                    truth.toString(),
                    "--input",
                    log.toString(),
                    "--format",
                    LAYOUT,
                    "--json",
                    json.toString())
                .succeeded()
                .out())
        .isEqualTo(own.out());
    assertThat(Files.readString(json)).contains("\"groupingAccuracy\" : 1.0");
    Cli.run(
            "evaluate-parse",
            "--truth",
            truth.toString(),
            "--input",
            log("short.log", "2024-05-01", List.of("job 17 started")).toString(),
            "--format",
            LAYOUT)
        .failed(ExitCode.INPUT, "the log has 1 entries and the truth 4 rows");
  }

  @Test
  void aDirectoryOfTruthsGivesATableAndTheWorstOfEach() throws IOException {
    truth("t/x_structured.csv", JOBS);
    List<String> words = new ArrayList<>(List.of("fine,fine"));
    for (int i = 0; i < 5; i++) {
      words.add(word(i) + " is " + word(i + 50) + "," + word(i) + " is <*>");
    }
    truth("t/y_structured.csv", words);
    Path json = place.resolve("all.json");
    String directory = place.resolve("t").toString();
    String out =
        Cli.run("evaluate-parse", "--truth", directory, "--json", json.toString())
            .succeeded()
            .out();
    List<String> lines = out.lines().toList();
    assertThat(lines.get(0)).startsWith("x ").contains("GA 1.0000");
    assertThat(lines.get(1)).startsWith("y ");
    assertThat(lines.get(2)).startsWith("average ");
    assertThat(out).contains("x, the worst 1 of 1 wrong templates:", "true   disk <*> full");
    assertThat(out).contains("y, the worst 3 of 5 wrong templates:");
    assertThat(Files.readString(json)).contains("\"x\" : {", "\"y\" : {");
    assertThat(
            Cli.run("evaluate-parse", "--truth", directory, "--max-shown", "0").succeeded().out())
        .doesNotContain("wrong templates");
  }

  @Test
  void linesOfStackTracesHaveTheirRowsInATruth() throws IOException {
    List<String> log = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      log.add("2024-05-01 10:00:0" + i + ",123 ERROR [main] a.B: request " + i + " failed");
      rows.add("request " + i + " failed,request <*> failed");
      log.add("java.io.IOException: closed");
      rows.add("java.io.IOException: closed,java.io.IOException: closed");
      log.add("\tat a.B.c(B.java:12)");
      rows.add("at a.B.c(B.java:12),at a.B.c(B.java:<*>)");
    }
    Path file = write("traces.log", log);
    String[] call = {"evaluate-parse", "--input", file.toString(), "--format", "hadoop", "--truth"};
    List<String> byLine = new ArrayList<>(Arrays.asList(call));
    byLine.add(truth("lines.csv", rows).toString());
    assertThat(Cli.run(byLine.toArray(new String[0])).succeeded().out())
        .as("a row for every line: those that are no entries have no template")
        .contains("18 lines, ", "3 true templates")
        .contains("(no template)");
    // A truth with a row for every entry.
    List<String> byEntry = new ArrayList<>(Arrays.asList(call));
    byEntry.add(
        truth("entries.csv", rows.stream().filter(row -> row.startsWith("request")).toList())
            .toString());
    assertThat(Cli.run(byEntry.toArray(new String[0])).succeeded().out())
        .contains("6 lines, 1 templates, 1 true templates");
  }
}
