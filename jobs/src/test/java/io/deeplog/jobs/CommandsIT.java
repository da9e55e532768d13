package io.deeplog.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.ExitCode;
import io.deeplog.model.Manifest;
import io.deeplog.model.ModelStore;
import io.deeplog.nn.AveragingTrainer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands as a user calls them, on small generated logs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SESSION = BlockLogs.SESSION;
  private static final String SCRIPT = "<script>alert(1)</script>";
  private static final List<String> TABLES =
      List.of("structured", "templates", "rejects", "sessions", "anomalies");

  /** A network that learns in seconds; how well is not the point here. */
  private static final List<String> QUICK =
      List.of(
          ("--validation 0.2 --epochs 2 --units 8 --layers 1 --history 4 --batch-size 256"
                  + " --averaging-frequency 20")
              .split(" ", -1));

  private static final String DATE = "2026-03-09";

  @TempDir static Path temporary;

  private SparkSession spark;
  private Path place;
  private Path train;
  private Path test;
  private Path labels;
  private Path models;
  private Map<String, String> logsBefore;

  /** The output of a run with labels that all tests may read. */
  private Path out;

  private Cli.Result runResult;

  @BeforeAll
  void generateTrainAndRun() throws IOException {
    spark = TestSpark.session();
    place = Files.createDirectory(temporary.resolve("with space"));
    Path data = place.resolve("data");
    Cli.run("generate", "--seed", "7", "--output", data.toString()).succeeded();
    Path logs = Files.createDirectory(place.resolve("logs"));
    train = BlockLogs.firstSessions(data.resolve("block/train.log"), logs.resolve("train.log"), 60);
    test = BlockLogs.firstSessions(data.resolve("block/test.log"), logs.resolve("test.log"), 40);
    String exploit =
        "260309 203531 17 WARN store.DataNode$Receiver: Odd name " + SCRIPT + " in blk_4711";
    Files.writeString(test, Files.readString(test) + exploit + "\nno header at all\n");
    labels = place.resolve("labels.csv");
    List<String> rows = BlockLogs.labels(data.resolve("block/labels.csv"), test);
    rows.add("blk_4711,Anomaly,exploit_line");
    Files.write(labels, rows);
    logsBefore = Trees.of(logs);

    out = place.resolve("run");
    runResult = Cli.run(run(out, "--labels", labels.toString())).succeeded();
    models = out.resolve("models");
  }

  /** The inputs are only ever read, whatever the tests did. */
  @AfterAll
  void inputsAreUntouched() {
    assertThat(Trees.of(place.resolve("logs"))).isEqualTo(logsBefore);
    assertThat(Trees.named(temporary, ".staging")).isEmpty();
    assertThat(Trees.named(temporary, ".new-")).isEmpty();
  }

  private static String[] words(List<String> first, String... more) {
    return Stream.concat(first.stream(), Arrays.stream(more)).toArray(String[]::new);
  }

  private String[] run(Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("run", "--train", train.toString(), "--input", test.toString(), "--format"));
    args.addAll(List.of("hdfs", "--session", SESSION, "--output", output.toString()));
    args.addAll(List.of("--date", DATE));
    args.addAll(QUICK);
    return words(args, more);
  }

  private String[] detect(Path output, String... more) {
    return words(
        List.of("detect", "--input", test.toString(), "--model", models.toString()),
        words(List.of("--output", output.toString(), "--date", DATE), more));
  }

  private String[] trainInto(Path store, String... more) {
    return words(
        Stream.concat(
                Stream.of("train", "--input", train.toString(), "--model", store.toString()),
                Stream.concat(Stream.of("--session", SESSION), QUICK.stream()))
            .toList(),
        more);
  }

  private String[] trainNetworkInto(Path store, String... more) {
    return trainInto(store, words(List.of("--detectors", "lstm"), more));
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  private static List<String> columns(Path output, String table) {
    return Arrays.asList(TestSpark.table(output, table).columns());
  }

  private static long lines(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long lines = bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0;
    for (byte b : bytes) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines;
  }

  // --- What a run leaves ------------------------------------------------------------------------

  @Test
  void tablesHaveTheirColumns() {
    assertThat(columns(out, "structured"))
        .contains("date", "source", "offset", "ts", "level", "component", "host", "pid", "fields")
        .contains("content", "template_id", "params", "session");
    assertThat(columns(out, "templates"))
        .contains("template_id", "template", "tokens", "count", "first_seen", "last_seen")
        .contains("example", "date");
    assertThat(columns(out, "rejects")).contains("source", "offset", "line", "reason", "date");
    assertThat(columns(out, "sessions"))
        .contains("session", "first_ts", "last_ts", "length", "template_ids", "date");
    assertThat(columns(out, "anomalies"))
        .contains("detector", "subject", "session", "source", "offset", "ts", "template_id")
        .contains("score", "threshold", "verdict", "evidence", "model_version", "date");
    for (String table : TABLES) {
      assertThat(out.resolve(table).resolve("date=" + DATE)).isDirectory();
      assertThat(TestSpark.table(out, table).schema().apply("date").dataType().typeName())
          .isEqualTo("date");
    }
  }

  @Test
  void tablesHoldEveryLineAndSession() throws IOException {
    long structured = TestSpark.table(out, "structured").count();
    assertThat(structured + TestSpark.table(out, "rejects").count()).isEqualTo(lines(test));
    assertThat(TestSpark.table(out, "rejects").select("line").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("no header at all");
    assertThat(TestSpark.table(out, "sessions").select("session").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrderElementsOf(BlockLogs.sessions(test));
    assertThat(
            TestSpark.table(out, "templates")
                .agg(org.apache.spark.sql.functions.sum("count"))
                .first()
                .getLong(0))
        .isEqualTo(structured);
    assertThat(TestSpark.table(out, "structured").filter("ts is null").count()).isZero();
  }

  @Test
  void anomaliesTellWhatWhereAndWhy() {
    Dataset<Row> anomalies = TestSpark.table(out, "anomalies");
    assertThat(
            anomalies
                .filter(
                    "detector = 'verdict' and session = 'blk_4711' and subject = 'session' and"
                        + " verdict = 'anomaly' and score > threshold")
                .count())
        .isEqualTo(1);
    Row event =
        anomalies
            .filter("detector = 'new-event' and session = 'blk_4711'")
            .selectExpr("evidence.reason", "source", "offset", "model_version")
            .first();
    assertThat(event.getString(0)).isNotBlank();
    assertThat(event.getString(1)).contains("test.log");
    assertThat(event.getString(3)).isEqualTo("v0001");
    Row raw =
        TestSpark.table(out, "structured")
            .filter("offset = " + event.getLong(2))
            .select("content")
            .first();
    assertThat(raw.getString(0)).contains(SCRIPT);
    // Every row of a detector names its evidence and a line of the input.
    assertThat(anomalies.filter("evidence.reason is null or source is null").count()).isZero();
    assertThat(anomalies.filter("detector = 'lstm' and size(evidence.expected) = 0").count())
        .isZero();
    assertThat(anomalies.filter("detector = 'pca' and size(evidence.contributions) = 0").count())
        .isZero();
  }

  @Test
  void summaryHasTheFigures() throws IOException {
    JsonNode summary = json(out.resolve("summary.json"));
    assertThat(summary.path("command").asText()).isEqualTo("run");
    assertThat(summary.path("date").asText()).isEqualTo(DATE);
    assertThat(summary.path("lines").asLong()).isEqualTo(lines(test));
    assertThat(summary.path("rejects").asLong()).isEqualTo(1);
    assertThat(summary.path("templates").asLong())
        .isEqualTo(TestSpark.table(out, "templates").count());
    assertThat(summary.path("sessions").asLong()).isEqualTo(BlockLogs.sessions(test).size());
    assertThat(summary.path("model_version").asText()).isEqualTo("v0001");
    Dataset<Row> anomalies = TestSpark.table(out, "anomalies").filter("subject = 'session'");
    for (String detector : List.of("new-event", "lstm", "pca", "verdict")) {
      assertThat(summary.path("anomalies").path(detector).asLong(-1))
          .as(detector)
          .isEqualTo(anomalies.filter("detector = '" + detector + "'").count());
      JsonNode figures = summary.path("evaluation").path(detector);
      assertThat(List.of("precision", "recall", "f1"))
          .allSatisfy(
              name -> assertThat(figures.path(name).asDouble(-1)).as(name).isBetween(0.0, 1.0));
      assertThat(Stream.of("tp", "fp", "fn", "tn").mapToLong(n -> figures.path(n).asLong(-1)).sum())
          .isEqualTo(BlockLogs.sessions(test).size());
    }
    assertThat(summary.path("evaluation").path("recall_per_kind").path("exploit_line").asDouble())
        .isEqualTo(1);
    assertThat(summary.path("seconds").size()).isGreaterThanOrEqualTo(10);
    summary.path("seconds").forEach(s -> assertThat(s.asDouble()).isBetween(0.0, 600.0));
    assertThat(summary.path("peak_memory_mb").path("driver_heap").asLong()).isPositive();
    assertThat(json(out.resolve("reports/date=" + DATE + "/summary.json"))).isEqualTo(summary);
    assertThat(runResult.out()).contains("report: ", "verdict");
  }

  @Test
  void modelStoreHasAManifestAndALatest() throws IOException {
    assertThat(Files.readString(models.resolve("LATEST")).trim()).isEqualTo("v0001");
    JsonNode manifest = json(models.resolve("v0001/manifest.json"));
    assertThat(manifest.path("format").asInt()).isEqualTo(Manifest.FORMAT);
    assertThat(manifest.path("version").asText()).isEqualTo("v0001");
    assertThat(manifest.path("sparkVersion").asText()).isEqualTo(spark.version());
    assertThat(manifest.path("codeVersion").asText()).isNotBlank();
    assertThat(manifest.path("firstEntry").asText()).startsWith("2026-03-0");
    assertThat(manifest.path("settings").path("history").asInt()).isEqualTo(4);
    assertThat(manifest.path("settings").path("session").asText()).isEqualTo(SESSION);
    assertThat(manifest.path("metrics").path("sessions").asInt())
        .isEqualTo(BlockLogs.sessions(train).size());
    JsonNode vocabulary = json(models.resolve("v0001/vocabulary.json"));
    assertThat(vocabulary.path("templates").size()).isPositive();
    assertThat(manifest.path("vocabulary")).isEqualTo(vocabulary.path("version"));
    for (String detector : List.of("new-event", "bigram", "ngram", "lstm", "pca")) {
      JsonNode own = json(models.resolve("v0001/detectors/" + detector + "/data/vocabulary.json"));
      assertThat(own.path("version")).as(detector).isEqualTo(vocabulary.path("version"));
      assertThat(own.path("templates").isNull()).as(detector).isTrue();
    }
    assertThat(models.resolve(".training")).doesNotExist();
    for (String part : List.of("templates", "detectors/lstm", "detectors/pca")) {
      assertThat(models.resolve("v0001").resolve(part)).isDirectory();
    }
  }

  @Test
  void reportShowsLogLinesAsText() throws IOException {
    String page = Files.readString(out.resolve("report.html"));
    assertThat(page).doesNotContain(SCRIPT).contains("&lt;script&gt;alert(1)");
    // Whatever else embeds data (JSON for the chart) must not close its element either.
    assertThat(page.split("alert\\(1\\)", -1))
        .allSatisfy(before -> assertThat(before).doesNotEndWith("<script>"));
    assertThat(page).contains("blk_4711");
    assertThat(Files.readString(out.resolve("reports/date=" + DATE + "/report.html")))
        .isEqualTo(page);
  }

  // --- The commands one after the other ---------------------------------------------------------

  @Test
  void commandsChain() throws IOException {
    Path chain = place.resolve("chain");
    Path store = chain.resolve("models");
    Path parsed = chain.resolve("parsed");
    Path detected = chain.resolve("detected");

    Cli.run(
            words(
                List.of("parse", "--input", test.toString(), "--output", parsed.toString()),
                "--session",
                SESSION,
                "--date",
                DATE))
        .succeeded();
    assertThat(json(parsed.resolve("summary.json")).path("format").asText()).isEqualTo("hdfs");
    for (String table : List.of("structured", "templates", "rejects", "sessions")) {
      assertThat(columns(parsed, table)).isEqualTo(columns(out, table));
    }
    assertThat(
            TestSpark.table(parsed, "structured").count()
                + TestSpark.table(parsed, "rejects").count())
        .isEqualTo(lines(test));

    Cli.Result trained = Cli.run(trainInto(store)).succeeded();
    assertThat(trained.out()).contains("v0001");
    assertThat(Files.readString(store.resolve("LATEST")).trim()).isEqualTo("v0001");
    assertThat(store.resolve("v0001/manifest.json")).isRegularFile();
    assertThat(store.resolve(".training")).doesNotExist();

    Cli.run(
            words(
                List.of("detect", "--input", test.toString(), "--model", store.toString()),
                "--output",
                detected.toString(),
                "--date",
                DATE))
        .succeeded();
    // The same input, settings and seed: detect says what run said.
    for (String table : TABLES) {
      assertThat(TestSpark.rows(detected, table)).as(table).isEqualTo(TestSpark.rows(out, table));
    }
    assertThat(json(detected.resolve("summary.json")).has("evaluation")).isFalse();

    Cli.Result evaluated =
        Cli.run("evaluate", "--tables", detected.toString(), "--labels", labels.toString())
            .succeeded();
    assertThat(evaluated.out()).contains("precision", "verdict", "exploit_line");
    assertThat(json(detected.resolve("summary.json")).path("evaluation"))
        .isEqualTo(json(out.resolve("summary.json")).path("evaluation"));

    Path page = detected.resolve("report.html");
    Files.delete(page);
    Cli.run("report", "--tables", detected.toString(), "--max-shown", "2").succeeded();
    assertThat(Files.readString(page)).doesNotContain(SCRIPT).contains("<html");
    assertThat(Files.readString(detected.resolve("reports/date=" + DATE + "/report.html")))
        .isEqualTo(Files.readString(page));

    // A second training is a second version; the first stays as it is.
    Map<String, String> first = Trees.of(store.resolve("v0001"));
    Cli.run(trainInto(store, "--seed", "2", "--detectors", "new-event")).succeeded();
    assertThat(Files.readString(store.resolve("LATEST")).trim()).isEqualTo("v0002");
    assertThat(Trees.of(store.resolve("v0001"))).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void otherTableFormatsHoldTheSame(String format) {
    Path output = place.resolve("as-" + format);
    String[] call = format.equals("csv") ? run(output) : detect(output);
    Cli.run(words(Arrays.asList(call), "--table-format", format)).succeeded();
    for (String table : TABLES) {
      Dataset<Row> expected = TestSpark.table(out, table);
      Dataset<Row> rows =
          format.equals("csv")
              ? spark
                  .read()
                  .option("header", true)
                  .option("escape", "\"")
                  .option("multiLine", true)
                  .csv(output.resolve(table).toString())
              : spark.read().schema(expected.schema()).json(output.resolve(table).toString());
      assertThat(rows.columns()).as(table).isEqualTo(expected.columns());
      assertThat(rows.count()).as(table).isEqualTo(expected.count());
      if (format.equals("json")) {
        assertThat(rows.toJSON().collectAsList())
            .as(table)
            .containsExactlyInAnyOrderElementsOf(TestSpark.rows(out, table));
      }
    }
    assertThat(
            spark
                .read()
                .option("header", true)
                .text(output.resolve("structured").toString())
                .filter("value like '%" + SCRIPT + "%'")
                .count())
        .isEqualTo(1);
    // They are for others to read.
    Cli.run("report", "--tables", output.toString()).failed(ExitCode.INPUT, "parquet");
  }

  @Test
  void partitioningChangesNothing() {
    Path output = place.resolve("partitions");
    String before = spark.conf().get("spark.sql.shuffle.partitions");
    spark.conf().set("spark.sql.shuffle.partitions", 17);
    try {
      Cli.run(run(output)).succeeded();
    } finally {
      spark.conf().set("spark.sql.shuffle.partitions", before);
    }
    for (String table : TABLES) {
      assertThat(TestSpark.rows(output, table))
          .as(table)
          .isNotEmpty()
          .isEqualTo(TestSpark.rows(out, table));
    }
  }

  // --- Output that is there already -------------------------------------------------------------

  @Test
  void rerunsReplaceTheirDateOnlyAndOnlyWhenTold() throws IOException {
    Path output = place.resolve("dates");
    Cli.run(detect(output)).succeeded();
    // Of an option given twice the last counts.
    Cli.run(detect(output, "--date", "2026-03-08")).succeeded();
    Map<String, String> before = Trees.of(output);

    Cli.run(detect(output)).failed(ExitCode.USAGE, "output exists", "date=" + DATE, "--overwrite");
    assertThat(Trees.of(output)).isEqualTo(before);

    Path wrong = place.resolve("wrong-session.csv");
    write(wrong, "session,label\nblk_1,Normal\n");
    Cli.run(detect(output, "--overwrite", "--labels", wrong.toString()))
        .failed(ExitCode.INPUT, "blk_1");
    assertThat(Trees.of(output)).as("after a failure").isEqualTo(before);

    Cli.run(detect(output, "--overwrite")).succeeded();
    Map<String, String> after = Trees.of(output);
    for (String table : TABLES) {
      assertThat(below(after, table + "/date=2026-03-08"))
          .isNotEmpty()
          .isEqualTo(below(before, table + "/date=2026-03-08"));
      assertThat(below(after, table + "/date=" + DATE).keySet())
          .as("new files of " + table)
          .isNotEqualTo(below(before, table + "/date=" + DATE).keySet());
    }
    assertThat(below(after, "reports/date=2026-03-08"))
        .isEqualTo(below(before, "reports/date=2026-03-08"));
    assertThat(json(output.resolve("summary.json")).path("date").asText()).isEqualTo(DATE);
    assertThat(Trees.named(output, ".staging")).isEmpty();
    assertThat(TestSpark.table(output, "structured").groupBy("date").count().count()).isEqualTo(2);
  }

  private static Map<String, String> below(Map<String, String> tree, String prefix) {
    Map<String, String> part = new TreeMap<>();
    tree.forEach(
        (name, content) -> {
          if (name.startsWith(prefix)) {
            part.put(name, content);
          }
        });
    return part;
  }

  // --- Errors -----------------------------------------------------------------------------------

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void missingInputIsNamed() {
    Path output = place.resolve("none");
    String missing = place.resolve("no such.log").toString();
    Cli.run("parse", "--input", missing, "--output", output.toString())
        .failed(ExitCode.INPUT, "no such.log");
    Cli.run("parse", "--input", place + "/none-*.log", "--output", output.toString())
        .failed(ExitCode.INPUT, "none-*.log");
    Cli.run(
            words(
                List.of("run", "--train", missing, "--input", test.toString()),
                "--session",
                SESSION,
                "--output",
                output.toString()))
        .failed(ExitCode.INPUT, "no such.log");
    Cli.run("train", "--input", missing, "--model", output.toString(), "--session", SESSION)
        .failed(ExitCode.INPUT, "no such.log");
    Cli.run("detect", "--input", missing, "--model", models.toString(), "--output", output + "")
        .failed(ExitCode.INPUT, "no such.log");
    Cli.run("demo", "--data", missing, "--output", output.toString())
        .failed(ExitCode.INPUT, "no such.log");
    Cli.run("report", "--tables", output.toString()).failed(ExitCode.INPUT, "none");
    Cli.run("evaluate", "--tables", output.toString(), "--labels", labels.toString())
        .failed(ExitCode.INPUT, "none");
    Cli.run("evaluate", "--tables", out.toString(), "--labels", missing)
        .failed(ExitCode.INPUT, "no such.log");
    Cli.run("report", "--tables", out.toString(), "--date", "1999-01-01")
        .failed(ExitCode.INPUT, "1999-01-01");
    assertThat(output).doesNotExist();
  }

  @Test
  void aFormatThatNoLineFitsShowsLinesAndTheNearestPreset() throws IOException {
    Path output = place.resolve("wrong-format");
    Cli.Result result =
        Cli.run("parse", "--input", test + "", "--format", "log4j", "--output", output + "")
            .failed(ExitCode.INPUT, "log4j", "nearest preset: hdfs", "--format hdfs");
    for (String line : Files.readAllLines(test).subList(0, 3)) {
      assertThat(result.err()).contains(line.substring(0, Math.min(100, line.length())));
    }
    assertThat(Trees.named(output, ".staging")).isEmpty();
    assertThat(Trees.of(output).keySet()).noneMatch(name -> name.contains("date="));

    Path prose = place.resolve("prose.txt");
    write(prose, "once upon a time\nthere was a log\u001b[31m\rwithout a header\n");
    Cli.run("parse", "--input", prose + "", "--output", output + "")
        .failed(ExitCode.INPUT, "no preset reads", "once upon a time", "--format");
    Cli.run("parse", "--input", prose + "", "--format", "syslog", "--output", output + "")
        .failed(ExitCode.INPUT, "no line fits", "once upon a time", "there was a log");
  }

  @Test
  void usageErrorsAreFoundBeforeAnyWork() {
    Path output = place.resolve("usage");
    Cli.run(run(output, "--no-such-option")).failed(ExitCode.USAGE, "--no-such-option");
    Cli.run("detcet").failed(ExitCode.USAGE, "detcet", "detect");
    Cli.run("run", "--input", test + "", "--output", output + "").failed(ExitCode.USAGE, "--train");
    Cli.run(
            words(
                List.of("run", "--train", train + "", "--input", test + "", "--output"),
                output + ""))
        .failed(ExitCode.USAGE, "--session");
    Cli.run("parse", "--input", test + "", "--output", output + "", "--date", "09.03.2026")
        .failed(ExitCode.USAGE, "--date");
    Cli.run("parse", "--input", test + "", "--output", output + "", "--session", "blk_(")
        .failed(ExitCode.USAGE, "--session", "blk_(");
    Cli.run("parse", "--input", test + "", "--output", output + "", "--format", "hdsf")
        .failed(ExitCode.USAGE, "hdsf", "hdfs, hadoop, spark");
    Cli.run("parse", "--input", test + "", "--output", output + "", "--format", "<Date <Content>")
        .failed(ExitCode.USAGE, "<Date <Content>");
    Cli.run("parse", "--input", test + "", "--output", output + "", "--timestamp", "nonsense")
        .failed(ExitCode.USAGE, "nonsense");
    Cli.run("run", "--settings", output + ".yaml").failed(ExitCode.USAGE, "usage.yaml");
    assertThat(output).doesNotExist();
  }

  @Test
  void missingModelsAreNamed() {
    Path output = place.resolve("no-model");
    Path store = place.resolve("no store");
    Cli.run("detect", "--input", test + "", "--model", store + "", "--output", output + "")
        .failed(ExitCode.INPUT, "no model in", "no store");
    Cli.run(detect(output, "--model-version", "v0042")).failed(ExitCode.INPUT, "v0042", "v0001");
    assertThat(output).doesNotExist();
    assertThat(store).doesNotExist();
  }

  @Test
  void wrongLabelsAreNamed() {
    Path output = place.resolve("wrong-labels");
    Path unknown = place.resolve("unknown.csv");
    write(unknown, "session,label\nblk_4711,Anomaly\nblk_0,Normal\n");
    Cli.run("evaluate", "--tables", out + "", "--labels", unknown + "")
        .failed(ExitCode.INPUT, "blk_0", "unknown.csv");
    Path bad = place.resolve("bad.csv");
    write(bad, "session,label\nblk_4711,Anomaly\nblk_0,perhaps\n");
    Cli.run("evaluate", "--tables", out + "", "--labels", bad + "")
        .failed(ExitCode.INPUT, "perhaps", "blk_0", "bad.csv");
    Path narrow = place.resolve("narrow.csv");
    write(narrow, "blk_4711\n");
    Cli.run("evaluate", "--tables", out + "", "--labels", narrow + "")
        .failed(ExitCode.INPUT, "narrow.csv");
    write(narrow, "");
    Cli.run("evaluate", "--tables", out + "", "--labels", narrow + "")
        .failed(ExitCode.INPUT, "narrow.csv");
    Cli.run(detect(output, "--labels", place + "/none.csv")).failed(ExitCode.INPUT, "none.csv");
    assertThat(Trees.of(output).keySet()).noneMatch(name -> name.contains("date="));
  }

  @Test
  void theQualityGateComesLast() throws IOException {
    Path flipped = place.resolve("flipped.csv");
    write(
        flipped,
        Files.readString(labels)
            .replace("Anomaly", "?")
            .replace("Normal", "Anomaly")
            .replace("?", "Normal"));
    Path output = place.resolve("gated");
    Cli.run(detect(output, "--labels", flipped + "", "--min-f1", "0.9"))
        .failed(ExitCode.QUALITY_GATE, "F1", "--min-f1");
    // Results below the gate are there to be looked at.
    assertThat(output.resolve("report.html")).isRegularFile();
    assertThat(TestSpark.table(output, "anomalies").count()).isPositive();
    Cli.run("evaluate", "--tables", output + "", "--labels", flipped + "", "--min-f1", "0.9")
        .failed(ExitCode.QUALITY_GATE, "F1", "--min-f1");
    Cli.run("evaluate", "--tables", output + "", "--labels", labels + "", "--min-f1", "0.1")
        .succeeded();
  }

  @Test
  void aSessionThatMatchesNothingIsNamed() {
    Cli.run(
            words(
                List.of("train", "--input", train + "", "--model", place + "/no-session"),
                "--session",
                "task_\\d+"))
        .failed(ExitCode.INPUT, "--session");
    assertThat(Trees.named(place, ".staging")).isEmpty();
  }

  @Test
  void aStackTraceComesOnDemand() {
    Cli.Result result =
        Cli.run("parse", "--stacktrace", "--input", place + "/none", "--output", place + "/x");
    assertThat(result.code()).isEqualTo(ExitCode.INPUT);
    assertThat(result.err()).startsWith("deeplog: input not found").contains("\tat io.deeplog.");
  }

  // --- Dry runs ---------------------------------------------------------------------------------

  @Test
  void dryRunsWriteNothing() throws IOException {
    Path output = place.resolve("dry");
    Map<String, String> before = Trees.of(temporary);
    List<String[]> calls =
        List.of(
            run(output, "--labels", labels + ""),
            new String[] {"parse", "--input", test + "", "--output", output + ""},
            trainInto(output),
            detect(output, "--labels", labels + ""),
            new String[] {"evaluate", "--tables", out + "", "--labels", labels + ""},
            new String[] {"report", "--tables", out + ""},
            new String[] {"demo", "--data", place + "/data", "--output", output + ""},
            new String[] {"generate", "--output", output + ""},
            new String[] {"generate", "--lines", "5", "--output", output + ""});
    for (String[] call : calls) {
      String[] dry = words(Arrays.asList(call), "--dry-run");
      assertThat(Cli.run(dry).succeeded().out()).as(call[0]).contains("would ");
      assertThat(Trees.of(temporary)).as(call[0]).isEqualTo(before);
    }
    // It checks what the real run checks.
    Cli.run(run(out, "--dry-run")).failed(ExitCode.USAGE, "output exists");
    Cli.run("parse", "--dry-run", "--input", place + "/none", "--output", output + "")
        .failed(ExitCode.INPUT, "none");
    assertThat(Trees.of(temporary)).isEqualTo(before);
  }

  // --- Unhappy inputs ---------------------------------------------------------------------------

  @Test
  void unhappyInputsLoseNothing() throws IOException {
    Path logs = Files.createDirectory(place.resolve("unhappy"));
    String header = "260309 203531 17 INFO store.DataNode$Receiver: ";
    write(logs.resolve("empty.log"), "");
    write(
        logs.resolve("crlf.log"),
        header + "Verification of blk_1 succeeded\r\n\r\n" + header + "lone \r return blk_1\r\n");
    ByteArrayOutputStream invalid = new ByteArrayOutputStream();
    invalid.writeBytes((header + "payload ").getBytes(UTF_8));
    invalid.writeBytes(new byte[] {(byte) 0xff, (byte) 0x90, (byte) 0xc3, 0, 0x1b});
    invalid.writeBytes((" in blk_2\n" + header + "payload ü in blk_2\n").getBytes(UTF_8));
    Files.write(logs.resolve("invalid.log"), invalid.toByteArray());
    int mega = 10 << 20;
    write(
        logs.resolve("long.log"),
        header + "dump of blk_3 " + "x".repeat(mega) + "\n" + header + "no line end blk_3");
    write(logs.resolve("_hidden.log"), "not read\n");
    Files.copy(test, logs.resolve("normal.log"));
    Map<String, String> before = Trees.of(logs);

    Path output = place.resolve("of-unhappy");
    Cli.run(
            words(
                List.of("detect", "--input", logs + "", "--model", models + "", "--output"),
                output + "",
                "--date",
                DATE))
        .succeeded();
    assertThat(Trees.of(logs)).isEqualTo(before);

    Dataset<Row> structured = TestSpark.table(output, "structured");
    Dataset<Row> rejects = TestSpark.table(output, "rejects");
    for (String name : List.of("empty.log", "crlf.log", "invalid.log", "long.log", "normal.log")) {
      String ofFile = "source like '%/" + name + "'";
      assertThat(structured.filter(ofFile).count() + rejects.filter(ofFile).count())
          .as(name)
          .isEqualTo(lines(logs.resolve(name)));
    }
    assertThat(structured.filter("content like '%\\r'").count()).isZero();
    assertThat(contents(structured, "crlf.log"))
        .containsExactly("Verification of blk_1 succeeded", "lone \r return blk_1");
    assertThat(contents(structured, "invalid.log"))
        .containsExactly(
            "payload "
                + new String(
                    new byte[] {(byte) 0xff, (byte) 0x90, (byte) 0xc3, 0, 0x1b}, ISO_8859_1)
                + " in blk_2",
            "payload ü in blk_2");
    assertThat(contents(structured, "long.log"))
        .extracting(String::length)
        .containsExactly("dump of blk_3 ".length() + mega, "no line end blk_3".length());
    assertThat(TestSpark.table(output, "sessions").filter("session like 'blk__'").count())
        .isEqualTo(3);
    // A page is for reading: it does not carry the 10 MB along.
    assertThat(Files.size(output.resolve("report.html"))).isLessThan(5L << 20);
  }

  private static List<String> contents(Dataset<Row> structured, String file) {
    return structured
        .filter("source like '%/" + file + "'")
        .orderBy("offset")
        .select("content")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void shortSessionsAreFlaggedWhenAskedFor() {
    Path store = place.resolve("short");
    Path output = place.resolve("short out");
    List<String> args = new ArrayList<>(Arrays.asList(trainNetworkInto(store)));
    args.set(args.indexOf("--history") + 1, "50");
    args.addAll(List.of("--short-sessions", "flag", "--epochs", "1"));
    Cli.run(args.toArray(new String[0])).succeeded();
    Cli.run(
            words(
                List.of("detect", "--input", test.toString(), "--model", store.toString()),
                "--output",
                output.toString(),
                "--date",
                DATE,
                "--entries"))
        .succeeded();
    Dataset<Row> entries = TestSpark.table(output, "entries");
    assertThat(entries.columns()).contains("history", "expected", "probability", "anomalous");
    assertThat(entries.select("session").distinct().count())
        .isEqualTo(TestSpark.table(output, "sessions").count());
    long sessions = TestSpark.table(output, "sessions").filter("length < 50").count();
    assertThat(sessions).isPositive();
    assertThat(
            TestSpark.table(output, "anomalies")
                .filter(
                    "detector = 'lstm' and evidence.reason like '%fewer than the history of 50'")
                .count())
        .isEqualTo(sessions);
  }

  @Test
  void theNgramModelStandsInForTheNetworkWhereSessionsAreFew() throws IOException {
    Path store = place.resolve("few");
    List<String> args = new ArrayList<>(Arrays.asList(trainInto(store)));
    args.set(args.indexOf("--validation") + 1, "0.1");
    Cli.run(args.toArray(new String[0])).succeeded();
    JsonNode metrics = json(store.resolve("v0001/manifest.json")).path("metrics");
    assertThat(metrics.path("chosen").get(0).asText())
        .startsWith("no lstm, ngram in its place: of");
    assertThat(metrics.has("lstm")).isFalse();
    assertThat(metrics.path("ngram").path("calibration").asText()).startsWith("g ");
  }

  // --- Interrupted training ---------------------------------------------------------------------

  @Test
  void resumeRefusesAnotherTraining() {
    Path store = place.resolve("stale");
    new ModelStore(spark, store.toString())
        .checkpoint(Map.of("input", "another training"), false)
        .save(List.of(new AveragingTrainer.Epoch(1, 1.0, true, 1.0)), new byte[1], new byte[1]);
    Path state = store.resolve(".training");
    assertThat(state).isDirectory();
    Map<String, String> before = Trees.of(store);
    Cli.run(trainNetworkInto(store, "--resume")).failed(ExitCode.USAGE, ".training", "--resume");
    assertThat(Trees.of(store)).isEqualTo(before);

    Cli.run(trainNetworkInto(store)).succeeded();
    assertThat(state).doesNotExist();
    assertThat(store.resolve("LATEST")).isRegularFile();
  }

  @Test
  void resumeWithoutAnythingToResumeTrains() {
    Path store = place.resolve("fresh");
    Cli.run(trainNetworkInto(store, "--resume")).succeeded();
    assertThat(store.resolve("v0001/manifest.json")).isRegularFile();
  }

  @Test
  void anInterruptedTrainingGoesOn() throws Exception {
    Path store = place.resolve("interrupted");
    Path state = store.resolve(".training/state.json");
    AtomicBoolean ended = new AtomicBoolean();
    Thread killer =
        new Thread(
            () -> {
              while (!ended.get() && !Files.exists(state)) {
                Thread.onSpinWait();
              }
              while (!ended.get()) {
                spark.sparkContext().cancelAllJobs();
              }
            });
    killer.start();
    String[] args = trainNetworkInto(store, "--epochs", "6");
    Cli.Result result = Cli.run(args);
    ended.set(true);
    killer.join(TimeUnit.SECONDS.toMillis(60));
    assertThat(result.code()).isEqualTo(ExitCode.BUG);
    assertThat(state).isRegularFile();
    assertThat(store.resolve("LATEST")).doesNotExist();
    int done = json(state).path("epochs").size();
    assertThat(done).isBetween(1, 5);
    // The learning rate falls over the epochs, and would be none in those that are added.
    List<String> more = new ArrayList<>(Arrays.asList(words(Arrays.asList(args), "--resume")));
    more.set(more.lastIndexOf("--epochs") + 1, "9");
    Cli.run(more.toArray(new String[0])).failed(ExitCode.USAGE, "epochs 6, not 9", "--resume");
    assertThat(Trees.named(store, ".staging")).isEmpty();

    Cli.run(words(Arrays.asList(args), "--resume")).succeeded();
    assertThat(store.resolve(".training")).doesNotExist();

    Path whole = place.resolve("uninterrupted");
    args[Arrays.asList(args).indexOf("--model") + 1] = whole.toString();
    Cli.run(args).succeeded();
    JsonNode resumed = json(store.resolve("v0001/manifest.json")).path("metrics");
    assertThat(resumed).isEqualTo(json(whole.resolve("v0001/manifest.json")).path("metrics"));
  }
}
