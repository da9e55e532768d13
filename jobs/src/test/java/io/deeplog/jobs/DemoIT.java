package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.jobs.generate.AnomalyKind;
import io.deeplog.jobs.generate.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo finds what was put into test-data. */
class DemoIT {
  private static final Path DATA = Path.of("../test-data");

  @TempDir Path output;

  @Test
  void findsEveryKindOfAnomaly() throws IOException {
    TestSpark.session();
    Map<String, String> before = Trees.of(DATA);
    Cli.Result result =
        // Fewer epochs than by default: time.
        Cli.run("demo", "--data", DATA.toString(), "--output", output.toString(), "--epochs", "12")
            .succeeded();
    assertThat(result.out()).contains("overview: ");
    assertThat(Trees.of(DATA)).isEqualTo(before);

    JsonNode summary =
        new ObjectMapper().readTree(Files.readString(output.resolve("summary.json")));
    Map<String, Double> recall = new java.util.TreeMap<>();
    summary
        .path("recall_per_kind")
        .fields()
        .forEachRemaining(e -> recall.put(e.getKey(), e.getValue().asDouble()));
    assertThat(recall.keySet())
        .isEqualTo(
            Arrays.stream(AnomalyKind.values())
                .map(AnomalyKind::id)
                .collect(Collectors.toCollection(TreeSet::new)));
    recall.forEach(
        (kind, share) ->
            assertThat(share).as("recall of %s in %s", kind, recall).isGreaterThanOrEqualTo(0.25));

    String overview = Files.readString(output.resolve("report.html"));
    for (Service service : Service.values()) {
      JsonNode figures = summary.path("services").path(service.id());
      assertThat(figures.path("evaluation").path("verdict").path("precision").asDouble())
          .as("precision of %s", service.id())
          .isGreaterThanOrEqualTo(0.5);
      assertThat(figures.path("evaluation").path("unlabelled_sessions").asLong(-1)).isZero();
      Path page = output.resolve(service.id()).resolve("report.html");
      assertThat(overview).contains(service.id() + "/report.html");
      assertThat(Files.readString(page)).doesNotContain("<script>alert(1)</script>");
      assertThat(output.resolve(service.id()).resolve("models/LATEST")).isRegularFile();
    }
    assertThat(Trees.named(output, ".staging")).isEmpty();
    // What test-data's README tells of its awkward lines.
    assertThat(summary.at("/services/syslog/rejects").asLong()).isEqualTo(3);
  }
}
