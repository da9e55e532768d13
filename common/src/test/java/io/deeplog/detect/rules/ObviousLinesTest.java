package io.deeplog.detect.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.SparkTest;
import io.deeplog.detect.Detection;
import io.deeplog.log.LogReader;
import io.deeplog.sequence.SessionKey;
import io.deeplog.sequence.Sessions;
import io.deeplog.verdict.Anomalies;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class ObviousLinesTest {
  @TempDir private Path directory;

  @Test
  void linesAndTheirSessionsAreFound(SparkSession spark) throws Exception {
    String text =
        """
        Jun  9 06:06:20 combo statd[1]: started
        Jun  9 06:06:21 combo statd[1]: name %8x%8x%hn
        Jun  9 06:06:22 combo statd[1]: name ÷ÿ¿÷
        Jun  9 06:06:23 combo statd[2]: started
        Jun  9 06:06:23 combo statd[3]: what no template fits
        Jun  9 06:06:24 combo plain %8x%8x%hn

        no header
        """;
    Path file = directory.resolve("messages");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    Dataset<Row> lines =
        new LogReader(spark).format("syslog").year(2005).open(List.of(file.toString())).lines();
    Dataset<Row> structured =
        Sessions.assign(
            LogReader.entries(lines)
                .withColumn("template_id", functions.expr("if(pid = 3, null, 't')")),
            SessionKey.byFields(List.of("component", "pid")));
    Dataset<Row> obvious =
        ObviousLines.find(structured, LogReader.rejects(lines), LineRules.load());
    Map<String, Row> rows =
        Anomalies.ofRules(obvious, "v1").collectAsList().stream()
            .collect(
                Collectors.toMap(
                    r -> r.getAs("session") + " " + r.<Row>getAs("evidence").getAs("reason"),
                    r -> r));
    assertThat(rows.keySet())
        .containsExactlyInAnyOrder(
            "statd/1 format-string: directives that write or read memory, as in a format-string"
                + " attack",
            "statd/1 raw-binary: bytes that are no text",
            "null format-string: directives that write or read memory, as in a format-string"
                + " attack",
            "statd/3 no-format: a line that fits neither format nor template",
            "null no-format: a line that fits neither format nor template");
    assertThat(rows.values()).extracting(r -> r.getAs("detector")).containsOnly("rule");
    assertThat(rows.values()).extracting(r -> r.getAs("subject")).containsOnly("line");
    assertThat(rows.get("null no-format: a line that fits neither format nor template"))
        .satisfies(r -> assertThat(r.<String>getAs("verdict")).isEqualTo("review"));

    Map<String, Row> judged =
        ObviousLines.judge(Sessions.collect(structured), obvious).collectAsList().stream()
            .collect(
                Collectors.toMap(r -> r.getAs("session"), r -> r.getAs(Detection.column("rule"))));
    assertThat(judged).containsOnlyKeys("statd/1", "statd/2", "statd/3");
    assertThat(judged.get("statd/2").<Boolean>getAs("anomalous")).isFalse();
    assertThat(judged.get("statd/3").<Boolean>getAs("anomalous")).as("for review").isFalse();
    Row found = judged.get("statd/1");
    assertThat(found.<Boolean>getAs("anomalous")).isTrue();
    assertThat(found.<Double>getAs("score")).isEqualTo(2);
    Row evidence = found.getAs("evidence");
    assertThat(evidence.<Integer>getAs("position")).isEqualTo(1);
    assertThat(evidence.<String>getAs("reason")).startsWith("format-string: ");
  }
}
