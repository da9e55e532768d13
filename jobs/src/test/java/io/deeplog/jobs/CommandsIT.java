package io.deeplog.jobs;

import static io.deeplog.jobs.SmallLogs.DATE;
import static io.deeplog.jobs.SmallLogs.SCRIPT;
import static io.deeplog.jobs.SmallLogs.SESSION;
import static io.deeplog.jobs.SmallLogs.TABLES;
import static io.deeplog.jobs.SmallLogs.json;
import static io.deeplog.jobs.SmallLogs.words;
import static io.deeplog.jobs.SmallLogs.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.ExitCode;
import io.deeplog.model.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  @TempDir static Path temporary;

  private SparkSession spark;
  private SmallLogs logs;
  private Path models;

  /** The output of a run with labels that all tests may read. */
  private Path out;

  private Cli.Result runResult;

  @BeforeAll
  void generateTrainAndRun() throws IOException {
    spark = TestSpark.session();
    logs = new SmallLogs(temporary);
    out = logs.place.resolve("run");
    models = out.resolve("models");
    runResult = Cli.run(logs.run(out, "--labels", logs.labels.toString())).succeeded();
  }

  /** The inputs are only ever read, whatever the tests did. */
  @AfterAll
  void inputsAreUntouched() {
    logs.assertUntouched();
  }

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
    assertThat(structured + TestSpark.table(out, "rejects").count())
        .isEqualTo(SmallLogs.lines(logs.test));
    assertThat(TestSpark.table(out, "rejects").select("line").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("no header at all");
    assertThat(TestSpark.table(out, "sessions").select("session").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrderElementsOf(BlockLogs.sessions(logs.test));
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
    assertThat(summary.path("lines").asLong()).isEqualTo(SmallLogs.lines(logs.test));
    assertThat(summary.path("rejects").asLong()).isEqualTo(1);
    assertThat(summary.path("templates").asLong())
        .isEqualTo(TestSpark.table(out, "templates").count());
    assertThat(summary.path("sessions").asLong()).isEqualTo(BlockLogs.sessions(logs.test).size());
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
          .isEqualTo(BlockLogs.sessions(logs.test).size());
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
        .isEqualTo(BlockLogs.sessions(logs.train).size());
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

  @Test
  void commandsChain() throws IOException {
    Path chain = logs.place.resolve("chain");
    Path store = chain.resolve("models");
    Path parsed = chain.resolve("parsed");
    Path detected = chain.resolve("detected");

    Cli.run(
            words(
                List.of("parse", "--input", logs.test.toString(), "--output", parsed.toString()),
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
        .isEqualTo(SmallLogs.lines(logs.test));

    Cli.Result trained = Cli.run(logs.trainInto(store)).succeeded();
    assertThat(trained.out()).contains("v0001");
    assertThat(Files.readString(store.resolve("LATEST")).trim()).isEqualTo("v0001");
    assertThat(store.resolve("v0001/manifest.json")).isRegularFile();
    assertThat(store.resolve(".training")).doesNotExist();

    Cli.run(
            words(
                List.of("detect", "--input", logs.test.toString(), "--model", store.toString()),
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
        Cli.run("evaluate", "--tables", detected.toString(), "--labels", logs.labels.toString())
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
    Cli.run(logs.trainInto(store, "--seed", "2", "--detectors", "new-event")).succeeded();
    assertThat(Files.readString(store.resolve("LATEST")).trim()).isEqualTo("v0002");
    assertThat(Trees.of(store.resolve("v0001"))).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "json"})
  void otherTableFormatsHoldTheSame(String format) {
    Path output = logs.place.resolve("as-" + format);
    String[] call = format.equals("csv") ? logs.run(output) : logs.detect(models, output);
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
    Path output = logs.place.resolve("partitions");
    String before = spark.conf().get("spark.sql.shuffle.partitions");
    spark.conf().set("spark.sql.shuffle.partitions", 17);
    try {
      Cli.run(logs.run(output)).succeeded();
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

  @Test
  void rerunsReplaceTheirDateOnlyAndOnlyWhenTold() throws IOException {
    Path output = logs.place.resolve("dates");
    Cli.run(logs.detect(models, output)).succeeded();
    // Of an option given twice the last counts.
    Cli.run(logs.detect(models, output, "--date", "2026-03-08")).succeeded();
    Map<String, String> before = Trees.of(output);

    Cli.run(logs.detect(models, output))
        .failed(ExitCode.USAGE, "output exists", "date=" + DATE, "--overwrite");
    assertThat(Trees.of(output)).isEqualTo(before);

    Path wrong = logs.place.resolve("wrong-session.csv");
    write(wrong, "session,label\nblk_1,Normal\n");
    Cli.run(logs.detect(models, output, "--overwrite", "--labels", wrong.toString()))
        .failed(ExitCode.INPUT, "blk_1");
    assertThat(Trees.of(output)).as("after a failure").isEqualTo(before);

    Cli.run(logs.detect(models, output, "--overwrite")).succeeded();
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

  private static List<String> columns(Path output, String table) {
    return Arrays.asList(TestSpark.table(output, table).columns());
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
}
