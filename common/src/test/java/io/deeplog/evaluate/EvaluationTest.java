package io.deeplog.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.ExitCode;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class EvaluationTest {
  @TempDir private Path directory;

  private String labels(String text) {
    try {
      return Files.writeString(directory.resolve("my labels.csv"), text).toString();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Dataset<Row> sessions(SparkSession spark, String... names) {
    return spark.createDataset(List.of(names), Encoders.STRING()).toDF("session");
  }

  private List<String> read(SparkSession spark, String text) {
    return Labels.read(spark, labels(text)).orderBy("session").collectAsList().stream()
        .map(Row::toString)
        .toList();
  }

  @Test
  void confusionsAreMeasured() {
    Confusion confusion = new Confusion(8, 2, 4, 86);
    assertThat(confusion.precision()).isEqualTo(0.8);
    assertThat(confusion.recall()).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(confusion.f1()).isCloseTo(16.0 / 22, within(1e-12));
    Confusion none = new Confusion(0, 0, 0, 5);
    assertThat(none.precision()).isZero();
    assertThat(none.recall()).isZero();
    assertThat(none.f1()).isZero();
  }

  @Test
  void labelsMayHaveAHeaderAndKinds(SparkSession spark) {
    List<String> expected = List.of("[a,true,null]", "[b,false,null]");
    assertThat(read(spark, "BlockId,Label\na,Anomaly\nb,Normal\n")).isEqualTo(expected);
    assertThat(read(spark, "a,Anomaly\nb,Normal\n")).isEqualTo(expected);
    assertThat(read(spark, "b, 0 \r\na ,1\r\n")).isEqualTo(expected);
    assertThat(read(spark, "session,label,kind\nb,normal,\na,anomaly,cut short\n"))
        .containsExactly("[a,true,cut short]", "[b,false,null]");
  }

  @Test
  void badLabelsAreUserErrors(SparkSession spark) {
    assertThatThrownBy(() -> read(spark, "session,label\na,anomaly\nb,odd\n"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("bad label 'odd' of session 'b'")
        .satisfies(e -> assertThat(((UserException) e).exitCode()).isEqualTo(ExitCode.INPUT));
    assertThatThrownBy(() -> read(spark, "session,label\na,\n"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("of session 'a'");
    assertThatThrownBy(() -> read(spark, "a\nb\n"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("two columns");
    assertThatThrownBy(() -> read(spark, "")).isInstanceOf(UserException.class);
    assertThatThrownBy(() -> Labels.read(spark, directory + "/none.csv"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("not found");
  }

  @Test
  void labelsOfUnknownSessionsAreUserErrors(SparkSession spark) {
    String file = labels("a,1\nx,0\ny,1\n");
    Dataset<Row> read = Labels.read(spark, file);
    Labels.check(read, sessions(spark, "x", "a", "y", "z"), file);
    assertThatThrownBy(() -> Labels.check(read, sessions(spark, "a", "b"), file))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("not in the input: x, y")
        .hasMessageContaining("--session");
  }

  @Test
  void detectorsAreComparedWithLabels(SparkSession spark) {
    Dataset<Row> read =
        Labels.read(spark, labels("a,1,loop\nb,1,loop\nc,1,swap\nd,0,\ne,0,\nf,1,\n"));
    Dataset<Row> anomalies =
        spark.sql(
            "select * from values ('lstm','a'), ('verdict','a'), ('pca','a'), ('lstm','d'),"
                + " ('verdict','d'), ('pca','c'), ('verdict','c'), ('verdict','g'),"
                + " ('new-event', cast(null as string)) as t(detector, session)");
    Evaluation evaluation =
        Evaluation.of(
            sessions(spark, "a", "b", "c", "d", "e", "f", "g"),
            anomalies,
            read,
            List.of("lstm", "pca", "new-event", "verdict"));
    assertThat(evaluation.detectors())
        .containsExactly(
            Map.entry("lstm", new Confusion(1, 1, 3, 1)),
            Map.entry("pca", new Confusion(2, 0, 2, 2)),
            Map.entry("new-event", new Confusion(0, 0, 4, 2)),
            Map.entry("verdict", new Confusion(2, 1, 2, 1)));
    assertThat(evaluation.kinds())
        .containsExactly(
            Map.entry("loop", new Evaluation.Found(1, 2)),
            Map.entry("swap", new Evaluation.Found(1, 1)));
    assertThat(evaluation.kinds().get("loop").recall()).isEqualTo(0.5);
    assertThat(evaluation.unlabelled()).isEqualTo(1);
  }
}
