package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Value models beside simple rules, on few generated lines. */
class EvaluateValuesTest {
  @TempDir Path output;

  private static JsonNode detector(JsonNode rows, String name) {
    for (JsonNode row : rows) {
      if (row.path("detector").asText().equals(name)) {
        return row;
      }
    }
    throw new AssertionError("no " + name + " in " + rows);
  }

  private JsonNode evaluate(String... options) throws IOException {
    TestSpark.session();
    List<String> all = new ArrayList<>(List.of("evaluate-values", "--output", output.toString()));
    all.addAll(List.of(options));
    Cli.run(all.toArray(new String[0])).succeeded();
    return new ObjectMapper().readTree(Files.readString(output.resolve("values.json")));
  }

  @ParameterizedTest
  @CsvSource({"pool, 1, 12", "shop, 2, 12"})
  void valueModelsFindMoreThanSimpleRulesAtEqualFalseAlarms(
      String system, String seed, int leastOfKind) throws IOException {
    JsonNode figures =
        evaluate("--system", system, "--seed", seed, "--lines", "10000", "--no-networks");
    JsonNode own = detector(figures.path("detectors"), "value");
    assertThat(own.path("events").asInt()).isEqualTo(50);
    assertThat(own.path("false_alarms_per_1000").asDouble()).isLessThanOrEqualTo(0.6);
    assertThat(own.path("recall").asDouble()).isGreaterThanOrEqualTo(0.97);
    JsonNode equal = figures.path("at_equal_false_alarms_per_1000").path("1");
    assertThat(detector(equal, "value").path("recall").asDouble())
        .isGreaterThan(detector(equal, "sigma").path("recall").asDouble())
        .isGreaterThan(detector(equal, "mad").path("recall").asDouble());
    for (String rule : List.of("sigma", "mad")) {
      JsonNode theirs = detector(figures.path("detectors"), rule);
      JsonNode ours = figures.path("value_at_false_alarms_of").path(rule);
      assertThat(ours.path("false_alarms").asInt())
          .isLessThanOrEqualTo(theirs.path("false_alarms").asInt());
      assertThat(ours.path("found").asInt()).isGreaterThan(theirs.path("found").asInt());
    }
    JsonNode kinds = figures.path("recall_per_kind").path("value");
    assertThat(kinds.size()).isEqualTo(4);
    kinds.forEach(recall -> assertThat(recall.asDouble() * 13).isGreaterThan(leastOfKind - 1.0));
    assertThat(output.resolve("values.md")).content().contains("| sigma |", "| mad |");
  }

  @Test
  void withNetworksOnSeriesThatOnlyTheirPastPredicts() throws IOException {
    StringBuilder csv = new StringBuilder("timestamp,value\n");
    java.util.Random random = new java.util.Random(3);
    for (int i = 0; i < 1200; i++) {
      // A beat of period five: no mean of the last values tells the next.
      double value = 50 + 10 * Math.sin(2 * Math.PI * i / 5) + random.nextGaussian();
      csv.append(java.time.LocalDateTime.of(2026, 1, 1, 0, 0).plusMinutes(i))
          .append(':')
          .append("00,")
          .append(i == 1000 ? 50 - 9.5 : value)
          .append('\n');
    }
    Path directory = Files.createDirectories(output.resolve("beats"));
    Files.writeString(directory.resolve("a.csv"), csv);
    Files.writeString(
        output.resolve("windows.json"),
        "{\"beats/a.csv\": [[\"2026-01-01 16:40:00\", \"2026-01-01 16:42:00\"]]}");
    JsonNode figures =
        evaluate(
            "--series",
            directory.resolve("a.csv").toString(),
            "--windows",
            output.resolve("windows.json").toString(),
            "--train-share",
            "0.6");
    assertThat(figures.path("model").path("networks").asInt()).isEqualTo(1);
    JsonNode equal = figures.path("at_equal_false_alarms_per_1000").path("5");
    assertThat(detector(equal, "value").path("found").asInt()).isEqualTo(1);
    assertThat(detector(equal, "sigma").path("found").asInt()).isZero();
  }
}
