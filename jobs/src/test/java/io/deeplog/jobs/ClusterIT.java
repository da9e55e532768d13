package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher as a user starts it: on a standalone cluster, with the local master, as a shell. The
 * jar is the one of the package phase.
 */
class ClusterIT {
  private static final Path SCRIPTS = Path.of("../submit-scripts").toAbsolutePath().normalize();
  private static final Path DATA = Path.of("../test-data/block").toAbsolutePath().normalize();
  private static final Path JAR =
      Path.of(System.getProperty("deeplog.jar", "target/deeplog.jar")).toAbsolutePath();
  private static final long SECONDS = 240;

  @TempDir static Path temporary;

  private record Exit(int code, String out, String err) {
    Exit succeeded() {
      assertThat(code).as("exit code; standard error:%n%s", err).isZero();
      return this;
    }
  }

  @BeforeAll
  static void needsAUnixShell() {
    assumeTrue(
        Files.isExecutable(Path.of("/bin/bash")) || Files.isExecutable(Path.of("/usr/bin/bash")),
        "no bash: the launcher is a bash script");
    assertThat(JAR).as("the application jar, which the package phase makes").isRegularFile();
  }

  /** Runs a script; its output goes through files, so that no pipe fills up. */
  private static Exit script(String name, File stdin, String... args)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(temporary, name, ".out");
    Path err = Files.createTempFile(temporary, name, ".err");
    List<String> command = new ArrayList<>(List.of(SCRIPTS.resolve(name).toString()));
    command.addAll(Arrays.asList(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(temporary.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.redirectInput(stdin == null ? new File("/dev/null") : stdin);
    builder.environment().put("DEEPLOG_JAR", JAR.toString());
    Process process = builder.start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(
          command + " took more than " + SECONDS + " s:\n" + Files.readString(err));
    }
    return new Exit(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static Exit run(Path output, String... sparkOptions)
      throws IOException, InterruptedException {
    List<String> args = new ArrayList<>(Arrays.asList(sparkOptions));
    args.addAll(List.of("--driver-memory", "1g", "--conf", "spark.sql.shuffle.partitions=4"));
    args.addAll(List.of("run", "--train", temporary.resolve("train.log").toString()));
    args.addAll(List.of("--input", temporary.resolve("test.log").toString(), "--format", "hdfs"));
    args.addAll(List.of("--labels", temporary.resolve("labels.csv").toString()));
    args.addAll(List.of("--session", BlockLogs.SESSION, "--date", "2026-03-09"));
    args.addAll(
        List.of(
            "--epochs",
            "3",
            "--units",
            "16",
            "--batch-size",
            "256",
            "--averaging-frequency",
            "20"));
    args.addAll(List.of("--output", output.toString()));
    return script("deeplog", null, args.toArray(new String[0]));
  }

  /** A part of the block service's logs: a cluster of two cores is to be done in a minute. */
  private static void takeSomeSessions() throws IOException {
    BlockLogs.firstSessions(DATA.resolve("train.log"), temporary.resolve("train.log"), 120);
    Path test =
        BlockLogs.firstSessions(DATA.resolve("test.log"), temporary.resolve("test.log"), 100);
    Files.write(
        temporary.resolve("labels.csv"), BlockLogs.labels(DATA.resolve("labels.csv"), test));
  }

  private static double f1(Path output) throws IOException {
    JsonNode summary =
        new ObjectMapper().readTree(Files.readString(output.resolve("summary.json")));
    return summary.at("/evaluation/verdict/f1").asDouble(-1);
  }

  @Test
  void aClusterSaysWhatOneProcessSays() throws IOException, InterruptedException {
    takeSomeSessions();
    Path local = temporary.resolve("on local");
    Path cluster = temporary.resolve("on cluster");
    String directory = temporary.resolve("spark").toString();
    try {
      Exit started =
          script(
              "local-cluster",
              null,
              "start",
              "--dir",
              directory,
              "--workers",
              "2",
              "--cores",
              "1",
              "--memory",
              "1g");
      String master = started.succeeded().out().strip();
      assertThat(master).startsWith("spark://127.0.0.1:");
      Exit onCluster = run(cluster, "--master", master, "--executor-memory", "1g").succeeded();
      assertThat(onCluster.out()).contains("report: ");
      assertThat(script("local-cluster", null, "status", "--dir", directory).code()).isZero();
    } finally {
      script("local-cluster", null, "stop", "--dir", directory);
    }
    assertThat(script("local-cluster", null, "status", "--dir", directory).code()).isEqualTo(3);

    run(local, "--master", "local[2]").succeeded();
    TestSpark.session();
    for (String table : List.of("templates", "structured", "sessions", "rejects")) {
      assertThat(TestSpark.rows(cluster, table)).as(table).isEqualTo(TestSpark.rows(local, table));
    }
    assertThat(TestSpark.table(cluster, "structured").count()).isPositive();
    assertThat(f1(local)).isPositive();
    assertThat(f1(cluster)).isCloseTo(f1(local), within(0.01));
  }

  @Test
  void theShellParsesLogs() throws IOException, InterruptedException {
    Path shell = temporary.resolve("snippet.scala");
    Files.writeString(
        shell,
        """
        import io.deeplog.log.LogReader
        import io.deeplog.template.TemplateParser
        val logs = new LogReader(spark).format("hdfs").load("%s")
        new TemplateParser().fit(logs).transform(logs).show()
        """
            .formatted(DATA.resolve("train.log")));
    Exit exit = script("deeplog", shell.toFile(), "--driver-memory", "1g", "shell").succeeded();
    assertThat(exit.out())
        .contains("|", "template_id", "params", "only showing top 20 rows")
        .doesNotContain("error:");
  }

  @Test
  void exitCodesComeThrough() throws IOException, InterruptedException {
    String output = temporary.resolve("none").toString();
    Exit missing =
        script(
            "deeplog",
            null,
            "parse",
            "--input",
            temporary.resolve("no such.log").toString(),
            "--output",
            output);
    assertThat(missing.code()).as(missing.err()).isEqualTo(3);
    assertThat(missing.err().lines())
        .filteredOn(line -> line.startsWith("deeplog: "))
        .singleElement()
        .asString()
        .contains("input not found", "no such.log");
    assertThat(missing.err()).doesNotContain("\tat ", "Exception");

    Exit usage = script("deeplog", null, "parse", "--no-such-option");
    assertThat(usage.code()).as(usage.err()).isEqualTo(2);
    assertThat(usage.err()).contains("--no-such-option").doesNotContain("\tat ");

    Exit launcher = script("deeplog", null, "--no-such-spark-option", "parse");
    assertThat(launcher.code()).as(launcher.err()).isEqualTo(2);

    Exit help = script("deeplog", null, "run", "--help");
    assertThat(help.succeeded().out()).contains("--train", "--session", "--epochs");
  }
}
