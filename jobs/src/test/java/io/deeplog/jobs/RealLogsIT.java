package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real HDFS logs, where they are at hand; they are read in place. */
class RealLogsIT {
  private static final Path DATA =
      Path.of(System.getProperty("deeplog.data", "../../shared/data"), "hdfs", "raw");

  @TempDir Path output;

  @Test
  void runsOnHdfs() throws IOException {
    assumeTrue(
        Files.isRegularFile(DATA.resolve("test.log")),
        () -> "no HDFS logs in " + DATA.toAbsolutePath() + " (give -Ddeeplog.data=DIR)");
    TestSpark.session();
    Map<String, String> before = Trees.of(DATA);
    Cli.run(
            "run",
            "--train",
            DATA.resolve("train_normal.log").toString(),
            "--input",
            DATA.resolve("test.log").toString(),
            "--labels",
            DATA.resolve("labels.csv").toString(),
            "--format",
            "hdfs",
            "--session",
            "blk_-?\\d+",
            "--output",
            output.toString(),
            "--epochs",
            "3")
        .succeeded();
    assertThat(Trees.of(DATA)).isEqualTo(before);

    JsonNode summary =
        new ObjectMapper().readTree(Files.readString(output.resolve("summary.json")));
    assertThat(summary.path("training").path("templates").asInt()).isEqualTo(14);
    assertThat(summary.path("training").path("rejects").asInt(-1)).isZero();
    assertThat(summary.path("rejects").asInt(-1)).isZero();
    assertThat(summary.path("sessions").asInt()).isEqualTo(1485);
    assertThat(summary.path("lines").asLong()).isEqualTo(28_429);
    JsonNode evaluation = summary.path("evaluation");
    assertThat(evaluation.path("unlabelled_sessions").asInt(-1)).isZero();
    assertThat(evaluation.path("new-event").path("precision").asDouble())
        .isGreaterThanOrEqualTo(0.98);
  }
}
