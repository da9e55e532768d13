package io.deeplog.jobs;

import static io.deeplog.jobs.SmallLogs.DATE;
import static io.deeplog.jobs.SmallLogs.SESSION;
import static io.deeplog.jobs.SmallLogs.words;
import static io.deeplog.jobs.SmallLogs.write;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the commands refuse, and the inputs they bear. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedCommandsIT {
  @TempDir static Path temporary;

  private SmallLogs logs;
  private Path models;

  /** The output of a run with labels that all tests may read. */
  private Path out;

  @BeforeAll
  void generateAndRun() throws IOException {
    TestSpark.session();
    logs = new SmallLogs(temporary);
    out = logs.place.resolve("run");
    models = out.resolve("models");
    Cli.run(logs.run(out, "--detectors", "ngram,pca", "--labels", logs.labels.toString()))
        .succeeded();
  }

  /** The inputs are only ever read, whatever the tests did. */
  @AfterAll
  void inputsAreUntouched() {
    logs.assertUntouched();
  }

  @Test
  void missingInputIsNamed() {
    Path output = logs.place.resolve("none");
    String missing = logs.place.resolve("no such.log").toString();
    Cli.run("parse", "--input", missing, "--output", output.toString())
        .failed(ExitCode.INPUT, "no such.log");
    Cli.run("parse", "--input", logs.place + "/none-*.log", "--output", output.toString())
        .failed(ExitCode.INPUT, "none-*.log");
    Cli.run(
            words(
                List.of("run", "--train", missing, "--input", logs.test.toString()),
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
    Cli.run("evaluate", "--tables", output.toString(), "--labels", logs.labels.toString())
        .failed(ExitCode.INPUT, "none");
    Cli.run("evaluate", "--tables", out.toString(), "--labels", missing)
        .failed(ExitCode.INPUT, "no such.log");
    Cli.run("report", "--tables", out.toString(), "--date", "1999-01-01")
        .failed(ExitCode.INPUT, "1999-01-01");
    assertThat(output).doesNotExist();
  }

  @Test
  void aFormatThatNoLineFitsShowsLinesAndTheNearestPreset() throws IOException {
    Path output = logs.place.resolve("wrong-format");
    Cli.Result result =
        Cli.run("parse", "--input", logs.test + "", "--format", "log4j", "--output", output + "")
            .failed(ExitCode.INPUT, "log4j", "nearest preset: hdfs", "--format hdfs");
    for (String line : Files.readAllLines(logs.test).subList(0, 3)) {
      assertThat(result.err()).contains(line.substring(0, Math.min(100, line.length())));
    }
    assertThat(Trees.named(output, ".staging")).isEmpty();
    assertThat(Trees.of(output).keySet()).noneMatch(name -> name.contains("date="));

    Path prose = logs.place.resolve("prose.txt");
    write(prose, "once upon a time\nthere was a log\u001b[31m\rwithout a header\n");
    Cli.run("parse", "--input", prose + "", "--output", output + "")
        .failed(ExitCode.INPUT, "no preset reads", "once upon a time", "--format");
    Cli.run("parse", "--input", prose + "", "--format", "syslog", "--output", output + "")
        .failed(ExitCode.INPUT, "no line fits", "once upon a time", "there was a log");
  }

  @Test
  void usageErrorsAreFoundBeforeAnyWork() {
    Path output = logs.place.resolve("usage");
    Cli.run(logs.run(output, "--no-such-option")).failed(ExitCode.USAGE, "--no-such-option");
    Cli.run("detcet").failed(ExitCode.USAGE, "detcet", "detect");
    Cli.run("run", "--input", logs.test + "", "--output", output + "")
        .failed(ExitCode.USAGE, "--train");
    Cli.run(
            words(
                List.of("run", "--train", logs.train + "", "--input", logs.test + "", "--output"),
                output + ""))
        .failed(ExitCode.USAGE, "--session");
    Cli.run("parse", "--input", logs.test + "", "--output", output + "", "--date", "09.03.2026")
        .failed(ExitCode.USAGE, "--date");
    Cli.run("parse", "--input", logs.test + "", "--output", output + "", "--session", "blk_(")
        .failed(ExitCode.USAGE, "--session", "blk_(");
    Cli.run("parse", "--input", logs.test + "", "--output", output + "", "--format", "hdsf")
        .failed(ExitCode.USAGE, "hdsf", "hdfs, hadoop, spark");
    Cli.run(
            "parse",
            "--input",
            logs.test + "",
            "--output",
            output + "",
            "--format",
            "<Date <Content>")
        .failed(ExitCode.USAGE, "<Date <Content>");
    Cli.run("parse", "--input", logs.test + "", "--output", output + "", "--timestamp", "nonsense")
        .failed(ExitCode.USAGE, "nonsense");
    Cli.run("run", "--settings", output + ".yaml").failed(ExitCode.USAGE, "usage.yaml");
    assertThat(output).doesNotExist();
  }

  @Test
  void missingModelsAreNamed() {
    Path output = logs.place.resolve("no-model");
    Path store = logs.place.resolve("no store");
    Cli.run("detect", "--input", logs.test + "", "--model", store + "", "--output", output + "")
        .failed(ExitCode.INPUT, "no model in", "no store");
    Cli.run(logs.detect(models, output, "--model-version", "v0042"))
        .failed(ExitCode.INPUT, "v0042", "v0001");
    assertThat(output).doesNotExist();
    assertThat(store).doesNotExist();
  }

  @Test
  void wrongLabelsAreNamed() {
    Path output = logs.place.resolve("wrong-labels");
    Path unknown = logs.place.resolve("unknown.csv");
    write(unknown, "session,label\nblk_4711,Anomaly\nblk_0,Normal\n");
    Cli.run("evaluate", "--tables", out + "", "--labels", unknown + "")
        .failed(ExitCode.INPUT, "blk_0", "unknown.csv");
    Path bad = logs.place.resolve("bad.csv");
    write(bad, "session,label\nblk_4711,Anomaly\nblk_0,perhaps\n");
    Cli.run("evaluate", "--tables", out + "", "--labels", bad + "")
        .failed(ExitCode.INPUT, "perhaps", "blk_0", "bad.csv");
    Path narrow = logs.place.resolve("narrow.csv");
    write(narrow, "blk_4711\n");
    Cli.run("evaluate", "--tables", out + "", "--labels", narrow + "")
        .failed(ExitCode.INPUT, "narrow.csv");
    write(narrow, "");
    Cli.run("evaluate", "--tables", out + "", "--labels", narrow + "")
        .failed(ExitCode.INPUT, "narrow.csv");
    Cli.run(logs.detect(models, output, "--labels", logs.place + "/none.csv"))
        .failed(ExitCode.INPUT, "none.csv");
    assertThat(Trees.of(output).keySet()).noneMatch(name -> name.contains("date="));
  }

  @Test
  void theQualityGateComesLast() throws IOException {
    Path flipped = logs.place.resolve("flipped.csv");
    write(
        flipped,
        Files.readString(logs.labels)
            .replace("Anomaly", "?")
            .replace("Normal", "Anomaly")
            .replace("?", "Normal"));
    Path output = logs.place.resolve("gated");
    Cli.run(logs.detect(models, output, "--labels", flipped + "", "--min-f1", "0.9"))
        .failed(ExitCode.QUALITY_GATE, "F1", "--min-f1");
    // Results below the gate are there to be looked at.
    assertThat(output.resolve("report.html")).isRegularFile();
    assertThat(TestSpark.table(output, "anomalies").count()).isPositive();
    Cli.run("evaluate", "--tables", output + "", "--labels", flipped + "", "--min-f1", "0.9")
        .failed(ExitCode.QUALITY_GATE, "F1", "--min-f1");
    Cli.run("evaluate", "--tables", output + "", "--labels", logs.labels + "", "--min-f1", "0.1")
        .succeeded();
  }

  @Test
  void aSessionThatMatchesNothingIsNamed() {
    Cli.run(
            words(
                List.of("train", "--input", logs.train + "", "--model", logs.place + "/no-session"),
                "--session",
                "task_\\d+"))
        .failed(ExitCode.INPUT, "--session");
    assertThat(Trees.named(logs.place, ".staging")).isEmpty();
  }

  @Test
  void aStackTraceComesOnDemand() {
    Cli.Result result =
        Cli.run(
            "parse",
            "--stacktrace",
            "--input",
            logs.place + "/none",
            "--output",
            logs.place + "/x");
    assertThat(result.code()).isEqualTo(ExitCode.INPUT);
    assertThat(result.err()).startsWith("deeplog: input not found").contains("\tat io.deeplog.");
  }

  @Test
  void dryRunsWriteNothing() throws IOException {
    Path output = logs.place.resolve("dry");
    Map<String, String> before = Trees.of(temporary);
    List<String[]> calls =
        List.of(
            logs.run(output, "--labels", logs.labels + ""),
            new String[] {"parse", "--input", logs.test + "", "--output", output + ""},
            logs.trainInto(output),
            logs.detect(models, output, "--labels", logs.labels + ""),
            new String[] {"evaluate", "--tables", out + "", "--labels", logs.labels + ""},
            new String[] {"report", "--tables", out + ""},
            new String[] {"demo", "--data", logs.place + "/data", "--output", output + ""},
            new String[] {"generate", "--output", output + ""},
            new String[] {"generate", "--lines", "5", "--output", output + ""});
    for (String[] call : calls) {
      String[] dry = words(Arrays.asList(call), "--dry-run");
      assertThat(Cli.run(dry).succeeded().out()).as(call[0]).contains("would ");
      assertThat(Trees.of(temporary)).as(call[0]).isEqualTo(before);
    }
    // It checks what the real run checks.
    Cli.run(logs.run(out, "--dry-run")).failed(ExitCode.USAGE, "output exists");
    Cli.run("parse", "--dry-run", "--input", logs.place + "/none", "--output", output + "")
        .failed(ExitCode.INPUT, "none");
    assertThat(Trees.of(temporary)).isEqualTo(before);
  }

  @Test
  void unhappyInputsLoseNothing() throws IOException {
    Path unhappy = Files.createDirectory(logs.place.resolve("unhappy"));
    String header = "260309 203531 17 INFO store.DataNode$Receiver: ";
    write(unhappy.resolve("empty.log"), "");
    write(
        unhappy.resolve("crlf.log"),
        header + "Verification of blk_1 succeeded\r\n\r\n" + header + "lone \r return blk_1\r\n");
    ByteArrayOutputStream invalid = new ByteArrayOutputStream();
    invalid.writeBytes((header + "payload ").getBytes(UTF_8));
    invalid.writeBytes(new byte[] {(byte) 0xff, (byte) 0x90, (byte) 0xc3, 0, 0x1b});
    invalid.writeBytes((" in blk_2\n" + header + "payload ü in blk_2\n").getBytes(UTF_8));
    Files.write(unhappy.resolve("invalid.log"), invalid.toByteArray());
    int mega = 10 << 20;
    write(
        unhappy.resolve("long.log"),
        header + "dump of blk_3 " + "x".repeat(mega) + "\n" + header + "no line end blk_3");
    write(unhappy.resolve("_hidden.log"), "not read\n");
    Files.copy(logs.test, unhappy.resolve("normal.log"));
    Map<String, String> before = Trees.of(unhappy);

    Path output = logs.place.resolve("of-unhappy");
    Cli.run(
            words(
                List.of("detect", "--input", unhappy + "", "--model", models + "", "--output"),
                output + "",
                "--date",
                DATE))
        .succeeded();
    assertThat(Trees.of(unhappy)).isEqualTo(before);

    Dataset<Row> structured = TestSpark.table(output, "structured");
    Dataset<Row> rejects = TestSpark.table(output, "rejects");
    for (String name : List.of("empty.log", "crlf.log", "invalid.log", "long.log", "normal.log")) {
      String ofFile = "source like '%/" + name + "'";
      assertThat(structured.filter(ofFile).count() + rejects.filter(ofFile).count())
          .as(name)
          .isEqualTo(SmallLogs.lines(unhappy.resolve(name)));
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
}
