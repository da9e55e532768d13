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
import java.util.stream.Stream;
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

  private static final List<String> NETWORK =
      List.of(
          "--epochs", "4", "--units", "16", "--batch-size", "256", "--averaging-frequency", "20");

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

  /** A running script; its output goes through files, so that no pipe fills up. */
  private record Running(Process process, Path out, Path err) {
    static Running start(String name, File stdin, String... args) throws IOException {
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
      return new Running(builder.start(), out, err);
    }

    Exit exit() throws IOException, InterruptedException {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        kill(process.toHandle());
        throw new AssertionError("more than " + SECONDS + " s:\n" + Files.readString(err));
      }
      return new Exit(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Waits until it has written a text to standard error. */
    Running until(String text) throws IOException, InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
      while (!Files.readString(err).contains(text)) {
        assertThat(process.isAlive() && System.nanoTime() < end)
            .as("%s in:%n%s", text, Files.readString(err))
            .isTrue();
        Thread.sleep(50);
      }
      return this;
    }
  }

  /** As a machine that loses its power: nobody is told. */
  private static void kill(ProcessHandle process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(0, process);
    all.forEach(ProcessHandle::destroyForcibly);
  }

  private static Exit script(String name, File stdin, String... args)
      throws IOException, InterruptedException {
    return Running.start(name, stdin, args).exit();
  }

  private static Running run(Path output, boolean resume, String... sparkOptions)
      throws IOException {
    List<String> args = new ArrayList<>(Arrays.asList(sparkOptions));
    args.addAll(List.of("--driver-memory", "1g", "--conf", "spark.sql.shuffle.partitions=4"));
    args.addAll(List.of("run", "--train", temporary.resolve("train.log").toString()));
    args.addAll(List.of("--input", temporary.resolve("test.log").toString(), "--format", "hdfs"));
    args.addAll(List.of("--labels", temporary.resolve("labels.csv").toString()));
    args.addAll(List.of("--session", BlockLogs.SESSION, "--date", "2026-03-09"));
    args.addAll(NETWORK);
    args.addAll(List.of("--detectors", "new-event,pca,lstm", "--output", output.toString()));
    if (resume) {
      args.add("--resume");
    }
    return Running.start("deeplog", null, args.toArray(new String[0]));
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

  /** The bytes of the trained network. */
  private static byte[] network(Path output) throws IOException {
    try (Stream<Path> files = Files.walk(output)) {
      List<Path> networks =
          files.filter(file -> file.getFileName().toString().equals("network.zip")).toList();
      assertThat(networks).hasSize(1);
      return Files.readAllBytes(networks.get(0));
    }
  }

  /** The network of a training that nothing happened to, in this process. */
  private static byte[] undisturbed() throws IOException {
    Path models = temporary.resolve("undisturbed");
    List<String> args = new ArrayList<>();
    args.addAll(List.of("train", "--input", temporary.resolve("train.log").toString()));
    args.addAll(List.of("--format", "hdfs", "--session", BlockLogs.SESSION));
    args.addAll(List.of("--detectors", "lstm", "--model", models.toString()));
    args.addAll(NETWORK);
    Cli.run(args.toArray(new String[0])).succeeded();
    return network(models);
  }

  @Test
  void aClusterThatLosesAWorkerSaysWhatAProcessSaysThatWasKilledAndResumed()
      throws IOException, InterruptedException {
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
      Running running = run(cluster, false, "--master", master, "--executor-memory", "1g");
      running.until("epoch 1/4");
      long worker = Long.parseLong(Files.readString(Path.of(directory, "pids/worker-2")).strip());
      kill(ProcessHandle.of(worker).orElseThrow());
      Exit onCluster = running.exit().succeeded();
      assertThat(onCluster.err()).contains("epoch 4/4").contains("Lost executor");
      assertThat(onCluster.out()).contains("report: ");
      assertThat(script("local-cluster", null, "status", "--dir", directory).code()).isEqualTo(3);
    } finally {
      script("local-cluster", null, "stop", "--dir", directory);
    }
    assertThat(script("local-cluster", null, "status", "--dir", directory).code()).isEqualTo(3);

    kill(run(local, false, "--master", "local[2]").until("epoch 2/4").process().toHandle());
    assertThat(local.resolve("summary.json")).doesNotExist();
    Exit resumed = run(local, true, "--master", "local[2]").exit().succeeded();
    assertThat(resumed.err()).contains("going on after epoch ").doesNotContain("epoch 1/4");
    TestSpark.session();
    assertThat(network(local)).isEqualTo(undisturbed());
    assertThat(network(cluster)).isEqualTo(network(local));
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
