package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.ExitCode;
import io.deeplog.jobs.pipeline.SequenceData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All detectors on few generated key sequences, and the other commands that read such files. */
class EvaluateSequencesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NORMAL = 40;
  private static final double RATE = 0.1;

  @TempDir static Path place;

  private static Path train;
  private static Path test;

  /** A session of 10 to 12 keys. */
  private static String session(int i) {
    return "open " + "read ".repeat(7 + i % 3) + "sync close";
  }

  @BeforeAll
  static void write() throws IOException {
    TestSpark.session();
    train = place.resolve("train.txt");
    test = place.resolve("test.tsv");
    List<String> normal = new ArrayList<>();
    for (int i = 0; i < NORMAL; i++) {
      normal.add(i % 8 == 0 ? "open read close" : session(i));
    }
    Files.write(train, normal);
    List<String> judged = new ArrayList<>(List.of("session\tlabel\tkeys"));
    for (int i = 0; i < 20; i++) {
      judged.add("n" + i + "\tNormal\t" + (i < 4 ? "open read close" : session(i)));
    }
    // Two of them are one sequence; two are short.
    for (int i = 0; i < 8; i++) {
      String keys =
          switch (i) {
            case 0, 1 -> session(1) + " panic";
            case 2 -> "close open";
            case 3 -> "panic";
            default -> "close ".repeat(i) + session(i);
          };
      judged.add("a" + i + "\tAnomaly\t" + keys);
    }
    Files.write(test, judged);
  }

  /** The sum of some counts; those of several seeds are means, and not whole. */
  private static long of(JsonNode row, String... cells) {
    double sum = 0;
    for (String cell : cells) {
      assertThat(row.has(cell)).as(cell).isTrue();
      sum += row.path(cell).asDouble();
    }
    return Math.round(sum);
  }

  @Test
  void everyDetectorHasItsRow() throws IOException {
    Path output = place.resolve("out");
    Cli.Result result =
        Cli.run(
                ("evaluate-sequences --epochs 1 --units 4 --batch-size 64 --seeds 2"
                        + " --forest-trees 20 --anomaly-rate "
                        + RATE
                        + " --train "
                        + train
                        + " --test "
                        + test
                        + " --output "
                        + output)
                    .split(" ", -1))
            .succeeded();
    JsonNode figures = JSON.readTree(Files.readString(output.resolve("evaluation.json")));
    JsonNode data = figures.path("data");
    assertThat(data.path("train_sessions").asInt()).isEqualTo(NORMAL);
    assertThat(data.path("train_distinct").asInt()).isEqualTo(4);
    assertThat(data.path("test_normal").asInt()).isEqualTo(20);
    assertThat(data.path("test_normal_distinct").asInt()).isEqualTo(4);
    assertThat(data.path("test_normal_short").asInt()).isEqualTo(4);
    assertThat(data.path("test_normal_also_in_train").asDouble()).isEqualTo(1);
    assertThat(data.path("test_anomalous").asInt()).isEqualTo(8);
    assertThat(data.path("test_anomalous_distinct").asInt()).isEqualTo(7);
    assertThat(data.path("test_anomalous_short").asInt()).isEqualTo(2);
    assertThat(data.path("test_anomalous_also_in_train").asDouble(-1)).isZero();
    assertThat(data.path("distinct_with_both_labels").asInt(-1)).isZero();
    assertThat(data.path("split").asText()).isEqualTo("two files");
    assertThat(data.path("supervised_detectors_learn_from").asText())
        .contains("first half", "in file order");
    assertThat(figures.path("settings").path("forest-trees").asInt()).isEqualTo(20);

    Map<String, JsonNode> rows = new LinkedHashMap<>();
    figures.path("detectors").forEach(row -> rows.put(row.path("detector").asText(), row));
    List<String> supervised =
        List.of("logistic-regression", "linear-svm", "decision-tree", "boosted-trees");
    List<String> names = new ArrayList<>(List.of("new-event", "length", "bigram", "ngram"));
    names.addAll(List.of("count-distance", "pca", "lstm", "lstm-paper", "verdict"));
    names.addAll(List.of("invariants", "log-clustering", "isolation-forest"));
    names.addAll(supervised);
    assertThat(rows.keySet()).containsExactlyElementsOf(names);
    rows.forEach(
        (name, row) -> {
          boolean learnedFromLabels = supervised.contains(name);
          assertThat(row.path("supervised").asBoolean()).as(name).isEqualTo(learnedFromLabels);
          // Those judge the second halves only.
          long normal = learnedFromLabels ? 10 : 20;
          long anomalous = learnedFromLabels ? 4 : 8;
          assertThat(of(row, "fp", "tn")).as(name).isEqualTo(normal);
          assertThat(of(row, "tp", "fn")).as(name).isEqualTo(anomalous);
          if (!row.has("seeds")) {
            double alarms = (double) of(row, "fp") / normal;
            double recall = (double) of(row, "tp") / anomalous;
            assertThat(row.path("false_alarms_per_1000").asDouble())
                .as(name)
                .isCloseTo(1000 * alarms, within(1e-4));
            assertThat(row.path("recall").asDouble()).isCloseTo(recall, within(1e-5));
            double flagged = RATE * recall + (1 - RATE) * alarms;
            assertThat(row.path("precision").asDouble())
                .as("precision at the anomaly rate of " + name)
                .isCloseTo(flagged == 0 ? 0 : RATE * recall / flagged, within(1e-4));
          }
          JsonNode apart = row.path("short_sessions");
          JsonNode rest = row.path("without_short_sessions");
          assertThat(of(apart, "fp", "tn") + of(rest, "fp", "tn")).as(name).isEqualTo(normal);
          assertThat(of(apart, "tp", "fn") + of(rest, "tp", "fn")).as(name).isEqualTo(anomalous);
          if (!learnedFromLabels) {
            assertThat(of(apart, "tp", "fn")).as(name).isEqualTo(2);
            assertThat(of(row.path("deduplicated"), "tp", "fn")).as(name).isEqualTo(7);
            assertThat(of(row.path("deduplicated"), "fp", "tn")).as(name).isEqualTo(4);
          }
          assertThat(row.path("train_seconds").asDouble()).isPositive();
          assertThat(row.path("sessions_per_second").asLong()).isPositive();
          boolean ofNetwork = List.of("lstm", "lstm-paper", "verdict").contains(name);
          assertThat(row.has("seeds")).as(name).isEqualTo(ofNetwork);
          if (ofNetwork) {
            assertThat(row.path("seeds").asInt()).isEqualTo(2);
            assertThat(row.path("f1").asDouble())
                .isBetween(
                    row.path("f1_least").asDouble() - 1e-5, row.path("f1_most").asDouble() + 1e-5);
          }
        });
    // What is sure: three sessions hold a key of their own, and no count vector of training is new.
    assertThat(rows.get("new-event").path("tp").asInt()).isEqualTo(3);
    assertThat(rows.get("new-event").path("fp").asInt()).isZero();
    assertThat(rows.get("verdict").path("tp").asDouble()).isGreaterThanOrEqualTo(3);
    // Of the short ones the paper's rule flags all, whatever they are.
    assertThat(rows.get("lstm-paper").path("short_sessions").path("fp").asInt()).isEqualTo(4);
    assertThat(Files.readString(output.resolve("evaluation.md")))
        .contains("## Distinct sessions", "## Sessions shorter than the history")
        .contains("not to be compared with the above", "test normal also in train: 1.0")
        .isSubstringOf(result.out());
  }

  private static final class Warnings extends AbstractAppender {
    private final List<String> texts = new ArrayList<>();

    Warnings() {
      super("warnings", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      texts.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
    }
  }

  @Test
  void aRandomSplitWarns() {
    Logger logger = (Logger) LogManager.getLogger(SequenceData.class);
    Warnings warnings = new Warnings();
    warnings.start();
    logger.addAppender(warnings);
    try {
      String call = "evaluate-sequences --dry-run --train " + train + " --output none";
      Cli.run((call + " --train-share .5").split(" ", -1)).succeeded();
      assertThat(warnings.texts).as("in file order").isEmpty();
      Cli.Result split = Cli.run((call + " --train-share .5 --random-split").split(" ", -1));
      assertThat(split.succeeded().out()).contains("learn from 20 sessions and judge 20");
      assertThat(warnings.texts).hasSize(1);
      assertThat(warnings.texts.get(0)).startsWith("WARN split at random").contains("leaks");
      Cli.run((call + " --test " + test + " --random-split").split(" ", -1))
          .failed(ExitCode.USAGE, "--train-share");
    } finally {
      logger.removeAppender(warnings);
    }
  }

  @Test
  void judgingIsTimedByDetector() throws IOException {
    Path json = place.resolve("detect.json");
    Cli.run(
            ("benchmark detect --sessions 100 --detectors new-event,bigram,pca --train "
                    + train
                    + " --test "
                    + test
                    + " --work "
                    + place
                    + " --json "
                    + json)
                .split(" ", -1))
        .succeeded();
    JsonNode figures = JSON.readTree(Files.readString(json));
    assertThat(figures.path("sessions").asInt()).isEqualTo(100);
    for (String name : List.of("new-event", "bigram", "pca", "verdict")) {
      assertThat(figures.path("sessions_per_s").path(name).asLong()).as(name).isPositive();
    }
    assertThat(Trees.named(place, "deeplog-benchmark")).isEmpty();
  }
}
