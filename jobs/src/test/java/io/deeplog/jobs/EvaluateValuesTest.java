package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void valueModelsFindMoreThanSimpleRulesAtEqualFalseAlarms() throws IOException {
    TestSpark.session();
    Cli.run("evaluate-values", "--lines", "10000", "--no-networks", "--output", output.toString())
        .succeeded();
    JsonNode figures = new ObjectMapper().readTree(Files.readString(output.resolve("values.json")));
    JsonNode own = detector(figures.path("detectors"), "value");
    assertThat(own.path("events").asInt()).isEqualTo(50);
    assertThat(own.path("false_alarms_per_1000").asDouble()).isLessThanOrEqualTo(1);
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
    assertThat(own.path("recall").asDouble()).isGreaterThanOrEqualTo(0.95);
    kinds.forEach(recall -> assertThat(recall.asDouble()).isGreaterThan(0.9));
    assertThat(output.resolve("values.md")).content().contains("| sigma |", "| mad |");
  }
}
