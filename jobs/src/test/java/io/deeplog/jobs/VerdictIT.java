package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How detectors are chosen and combined, and event counts, by the commands, without a network. */
class VerdictIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> NAMES = List.of("ares", "bach", "coco", "dido", "echo", "fado");

  @TempDir static Path place;

  private static Path train;
  private static Path test;
  private static Path trainLabels;

  private static void line(List<String> lines, int day, int second, String content) {
    lines.add(
        String.format(
            Locale.ROOT,
            "2603%02d %02d%02d%02d 17 INFO store.Node: %s",
            day,
            10 + second / 3600,
            second / 60 % 60,
            second % 60,
            content));
  }

  /** Opened once, some packets, closed once. */
  private static void session(List<String> lines, int day, int number, String... more) {
    int second = number * 20;
    String block = "blk_" + number;
    line(lines, day, second, "Opening block " + block);
    for (int i = 0; i <= number % 3; i++) {
      String name = NAMES.get((number + i) % NAMES.size());
      line(lines, day, second + 1 + i, "Packet of " + name + " received for " + block);
    }
    for (String content : more) {
      line(lines, day, second + 5, content + " " + block);
    }
    line(lines, day, second + 9, "Closing block " + block);
  }

  @BeforeAll
  static void write() throws IOException {
    TestSpark.session();
    List<String> normal = new ArrayList<>();
    List<String> labels = new ArrayList<>(List.of("session,label"));
    for (int i = 100; i < 190; i++) {
      boolean wrong = i >= 180;
      session(
          normal, 8, i, wrong ? new String[] {"Opening block", "Opening block"} : new String[0]);
      labels.add("blk_" + i + "," + (wrong ? "Anomaly" : "Normal"));
    }
    List<String> judged = new ArrayList<>();
    for (int day : new int[] {9, 10}) {
      int first = day * 20;
      for (int i = first; i < first + 10; i++) {
        session(judged, day, i);
      }
      session(judged, day, first + 10, "Panic in", "Panic in", "Panic in");
      session(judged, day, first + 11, "Opening block", "Opening block", "Opening block");
      line(judged, day, 7200, "Rack fell over");
    }
    session(judged, 10, 212, "Packet of %8x%8x%8x%hn received for");
    train = place.resolve("train.log");
    test = place.resolve("test.log");
    trainLabels = place.resolve("train-labels.csv");
    Files.write(train, normal);
    Files.write(test, judged);
    Files.write(trainLabels, labels);
  }

  private static Cli.Result call(String command, Path output, String... more) {
    List<String> args = new ArrayList<>(List.of(command, "--output", output.toString()));
    args.addAll(List.of("--date", "2026-03-11"));
    args.addAll(Arrays.asList(more));
    return Cli.run(args.toArray(new String[0])).succeeded();
  }

  private static Cli.Result run(Path output, String... more) {
    return call(
        "run",
        output,
        Stream.concat(
                Stream.of("--train", train.toString(), "--input", test.toString(), "--format"),
                Stream.concat(
                    Stream.of("hdfs", "--session", "blk_\\d+", "--train-labels", trainLabels + ""),
                    Arrays.stream(more)))
            .toArray(String[]::new));
  }

  private static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  /** Which detectors flag a session, by session; those for review too. */
  private static Map<String, Set<String>> flagged(Path output, String condition) {
    Map<String, Set<String>> flagged = new TreeMap<>();
    for (Row row :
        TestSpark.table(output, "anomalies")
            .filter("subject = 'session' and " + condition)
            .select("session", "detector")
            .collectAsList()) {
      flagged.computeIfAbsent(row.getString(0), s -> new TreeSet<>()).add(row.getString(1));
    }
    return flagged;
  }

  @Test
  void allThatLearnedAgreeOrARuleDecides() throws IOException {
    Path output = place.resolve("all");
    run(output, "--combine", "all", "--detectors", "new-event,pca");
    Map<String, Set<String>> flagged = flagged(output, "true");
    assertThat(flagged.get("blk_190")).containsExactly("new-event", "pca", "verdict");
    assertThat(flagged.get("blk_210")).containsExactly("new-event", "pca", "verdict");
    assertThat(flagged.get("blk_191")).as("one of two").containsExactly("pca");
    assertThat(flagged.get("blk_212")).contains("rule", "verdict");
    assertThat(flagged.get("blk_212")).as("a rule alone").doesNotContain("new-event");
    JsonNode summary = json(output.resolve("summary.json"));
    assertThat(summary.path("anomalous_sessions").asInt()).isEqualTo(3);
    assertThat(summary.path("conditions").path("verdict").asText())
        .isEqualTo("all of new-event, pca; or a rule");
    assertThat(summary.path("training").path("sessions").asInt()).isEqualTo(90);
  }

  @Test
  void aCascadeWithSoManyAlertsOfADay() throws IOException {
    Path output = place.resolve("cascade");
    String detectors = "new-event,bigram,count-distance,pca";
    run(output, "--combine", "cascade", "--detectors", detectors, "--max-alerts", "2");
    Map<String, Set<String>> anomalies = flagged(output, "verdict = 'anomaly'");
    // On the 10th a rule comes before all; the other is the strangest of the rest.
    assertThat(anomalies.get("blk_212")).contains("rule", "verdict");
    assertThat(anomalies.get("blk_212")).as("keys are not asked").doesNotContain("bigram");
    assertThat(anomalies).containsOnlyKeys("blk_190", "blk_191", "blk_210", "blk_212");
    assertThat(anomalies.get("blk_190")).contains("new-event", "pca", "verdict");
    assertThat(flagged(output, "verdict = 'review'")).containsOnlyKeys("blk_211");
    List<Row> lines =
        TestSpark.table(output, "anomalies")
            .filter("subject = 'line' and session is null")
            .orderBy("ts")
            .select("detector", "verdict", "surprise")
            .collectAsList();
    assertThat(lines).extracting(r -> r.getString(0)).containsExactly("new-event", "new-event");
    assertThat(lines).extracting(r -> r.getString(1)).containsOnly("review");
    assertThat(lines).allSatisfy(r -> assertThat(r.getDouble(2)).isGreaterThan(4));
    JsonNode summary = json(output.resolve("summary.json"));
    assertThat(summary.path("anomalous_sessions").asInt()).isEqualTo(4);
    assertThat(summary.path("anomalous_lines_outside_sessions").asInt(-1)).isZero();
    assertThat(summary.path("conditions").path("verdict").asText())
        .isEqualTo("rule; else new-event, bigram; beside them count-distance, pca");
  }

  @Test
  void labelsTeachAndAutoChooses() throws IOException {
    Path store = place.resolve("store");
    Cli.run(
            ("train --format hdfs --session blk_\\d+ --detectors auto --train-labels "
                    + trainLabels
                    + " --input "
                    + train
                    + " --model "
                    + store)
                .split(" ", -1))
        .succeeded();
    JsonNode metrics = json(store.resolve("v0001/manifest.json")).path("metrics");
    assertThat(metrics.path("chosen").toString())
        .contains("no lstm: 90 sessions are under 200", "decision-tree: there are labels");
    assertThat(metrics.path("decision-tree").path("anomalous_sessions").asInt()).isEqualTo(10);
    assertThat(metrics.path("decision-tree").path("normal_sessions").asInt()).isEqualTo(80);

    Path detected = place.resolve("detected");
    String[] detect = {"--input", test + "", "--model", store + "", "--detectors", "auto"};
    call("detect", detected, detect);
    JsonNode summary = json(detected.resolve("summary.json"));
    assertThat(summary.path("chosen").get(0).asText()).startsWith("all of the model's: new-event");
    assertThat(summary.path("detectors").toString()).contains("bigram", "decision-tree");
    assertThat(flagged(detected, "true").get("blk_191"))
        .as("as the labelled ones")
        .contains("decision-tree", "verdict");

    // Other sessions than the model's: what is learned of sessions says nothing of them.
    Path windows = place.resolve("windows");
    call(
        "detect",
        windows,
        Stream.concat(Arrays.stream(detect), Stream.of("--session-window", "10m"))
            .toArray(String[]::new));
    summary = json(windows.resolve("summary.json"));
    assertThat(summary.path("detectors").toString()).isEqualTo("[\"new-event\"]");
    assertThat(summary.path("chosen").get(0).asText()).isEqualTo("of the model's: new-event");
    assertThat(summary.path("chosen").get(1).asText()).contains("made in another way");
  }

  /** The counts of a row, after its name and, of a window, its start and end. */
  private static long sum(String[] cells, int first) {
    return Arrays.stream(cells).skip(first).mapToLong(Long::parseLong).sum();
  }

  @Test
  void countsAreWrittenAlsoOfWindowsThatOverlapMuch() throws IOException {
    Path output = place.resolve("counts");
    String[] input = {"--input", test + "", "--format", "hdfs", "--count-matrix"};
    call(
        "parse",
        output,
        Stream.concat(Arrays.stream(input), Stream.of("--session", "blk_\\d+"))
            .toArray(String[]::new));
    List<String> rows = Files.readAllLines(output.resolve("counts/date=2026-03-11/counts.csv"));
    long templates = TestSpark.table(output, "templates").count();
    assertThat(rows.get(0).split(",", -1)).hasSize((int) templates + 1);
    assertThat(rows).hasSize(1 + 25);
    Map<String, Integer> lengths = new TreeMap<>();
    TestSpark.table(output, "sessions")
        .select("session", "length")
        .collectAsList()
        .forEach(row -> lengths.put(row.getString(0), row.getInt(1)));
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",", -1);
      assertThat(sum(cells, 1)).as(cells[0]).isEqualTo((long) lengths.get(cells[0]));
    }

    // A day every minute: 1,440 windows hold a line, which only counts can bear.
    Path overlapping = place.resolve("overlapping");
    String[] windows = {"--session-window", "24h", "--session-step", "1m"};
    Cli.Result result =
        call(
            "parse",
            overlapping,
            Stream.concat(Arrays.stream(input), Arrays.stream(windows)).toArray(String[]::new));
    assertThat(result.out()).contains("no table of sessions", "86400 s every 60 s");
    assertThat(overlapping.resolve("sessions")).doesNotExist();
    List<String> counted =
        Files.readAllLines(overlapping.resolve("counts/date=2026-03-11/counts.csv"));
    assertThat(counted.stream().skip(1).mapToLong(row -> sum(row.split(",", -1), 3)).sum())
        .isEqualTo(1_440 * TestSpark.table(overlapping, "structured").count());
    for (String command : List.of("parse", "run")) {
      List<String> args = new ArrayList<>(List.of(command, "--input", test + "", "--output"));
      args.addAll(List.of(place + "/none", "--format", "hdfs"));
      args.addAll(command.equals("run") ? List.of("--train", train + "") : List.of());
      args.addAll(Arrays.asList(windows));
      Cli.run(args.toArray(new String[0])).failed(ExitCode.USAGE, "1440 windows", "--count-matrix");
    }
  }

  @Test
  void countingIsTimedBesideParsing() throws IOException {
    Path json = place.resolve("counts.json");
    Cli.run(
            ("benchmark counts --lines 2000 --session-window 24h --session-step 1m --work "
                    + place
                    + " --json "
                    + json)
                .split(" ", -1))
        .succeeded();
    JsonNode figures = json(json);
    assertThat(figures.path("lines").asInt()).isEqualTo(2_000);
    assertThat(figures.path("rows").asInt()).isGreaterThan(1_400);
    for (String name : List.of("parse_s", "counts_s", "pca_s", "ratio", "templates")) {
      assertThat(figures.path(name).asDouble()).as(name).isPositive();
    }
    assertThat(Trees.named(place, "deeplog-benchmark")).isEmpty();
  }
}
