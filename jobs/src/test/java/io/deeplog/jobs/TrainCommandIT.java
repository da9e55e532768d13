package io.deeplog.jobs;

import static io.deeplog.jobs.SmallLogs.DATE;
import static io.deeplog.jobs.SmallLogs.json;
import static io.deeplog.jobs.SmallLogs.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.ExitCode;
import io.deeplog.model.ModelStore;
import io.deeplog.nn.AveragingTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Training of other kinds than the usual one, and training that was interrupted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainCommandIT {
  @TempDir static Path temporary;

  private SparkSession spark;
  private SmallLogs logs;

  @BeforeAll
  void generate() throws IOException {
    spark = TestSpark.session();
    logs = new SmallLogs(temporary);
  }

  /** The inputs are only ever read, whatever the tests did. */
  @AfterAll
  void inputsAreUntouched() {
    logs.assertUntouched();
  }

  @Test
  void shortSessionsAreFlaggedWhenAskedFor() {
    Path store = logs.place.resolve("short");
    Path output = logs.place.resolve("short out");
    List<String> args = new ArrayList<>(Arrays.asList(logs.trainNetworkInto(store)));
    args.set(args.indexOf("--history") + 1, "50");
    args.addAll(List.of("--short-sessions", "flag", "--epochs", "1"));
    Cli.run(args.toArray(new String[0])).succeeded();
    Cli.run(
            words(
                List.of("detect", "--input", logs.test.toString(), "--model", store.toString()),
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
    Path store = logs.place.resolve("few");
    List<String> args = new ArrayList<>(Arrays.asList(logs.trainInto(store)));
    args.set(args.indexOf("--validation") + 1, "0.1");
    Cli.run(args.toArray(new String[0])).succeeded();
    JsonNode metrics = json(store.resolve("v0001/manifest.json")).path("metrics");
    assertThat(metrics.path("chosen").get(0).asText())
        .startsWith("no lstm, ngram in its place: of");
    assertThat(metrics.has("lstm")).isFalse();
    assertThat(metrics.path("ngram").path("calibration").asText()).startsWith("g ");
  }

  @Test
  void resumeRefusesAnotherTraining() {
    Path store = logs.place.resolve("stale");
    new ModelStore(spark, store.toString())
        .checkpoint(Map.of("input", "another training"), false)
        .save(List.of(new AveragingTrainer.Epoch(1, 1.0, true, 1.0)), new byte[1], new byte[1]);
    Path state = store.resolve(".training");
    assertThat(state).isDirectory();
    Map<String, String> before = Trees.of(store);
    Cli.run(logs.trainNetworkInto(store, "--resume"))
        .failed(ExitCode.USAGE, ".training", "--resume");
    assertThat(Trees.of(store)).isEqualTo(before);

    Cli.run(logs.trainNetworkInto(store)).succeeded();
    assertThat(state).doesNotExist();
    assertThat(store.resolve("LATEST")).isRegularFile();
  }

  @Test
  void resumeWithoutAnythingToResumeTrains() {
    Path store = logs.place.resolve("fresh");
    Cli.run(logs.trainNetworkInto(store, "--resume")).succeeded();
    assertThat(store.resolve("v0001/manifest.json")).isRegularFile();
  }

  @Test
  void anInterruptedTrainingGoesOn() throws Exception {
    Path store = logs.place.resolve("interrupted");
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
    killer.setDaemon(true);
    killer.start();
    String[] args = logs.trainNetworkInto(store, "--epochs", "6");
    Cli.Result result;
    try {
      result = Cli.run(args);
    } finally {
      ended.set(true);
      killer.join(TimeUnit.SECONDS.toMillis(60));
    }
    assertThat(killer.isAlive()).isFalse();
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

    Path whole = logs.place.resolve("uninterrupted");
    args[Arrays.asList(args).indexOf("--model") + 1] = whole.toString();
    Cli.run(args).succeeded();
    JsonNode resumed = json(store.resolve("v0001/manifest.json")).path("metrics");
    assertThat(resumed).isEqualTo(json(whole.resolve("v0001/manifest.json")).path("metrics"));
  }
}
