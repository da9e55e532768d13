package io.deeplog.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.SparkTest;
import io.deeplog.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class KeySequencesTest {
  @TempDir private Path directory;

  private String file(String text) throws IOException {
    return Files.writeString(directory.resolve("keys.txt"), text).toString();
  }

  @Test
  void readsALineASession(SparkSession spark) throws IOException {
    List<Row> rows =
        KeySequences.read(spark, file("5 5  22 \n\n7\n")).orderBy("session").collectAsList();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).<String>getAs("keys")).isEqualTo("5 5 22");
    assertThat(rows.get(0).<Row>getList(1))
        .extracting(e -> e.<String>getAs("template_id"))
        .containsExactly("5", "5", "22");
    assertThat(rows.get(0).<Boolean>getAs("anomalous")).isNull();
    assertThat(rows.get(1).<String>getAs("session")).isEqualTo("line 000000003");
  }

  @Test
  void readsLabelsAndPassesOverAHeader(SparkSession spark) throws IOException {
    String file = file("session\tlabel\tkeys\na\tNormal\t1 2\nb\tAnomaly\t3\n");
    List<Row> rows = KeySequences.read(spark, file).orderBy("session").collectAsList();
    assertThat(rows).extracting(r -> r.<Boolean>getAs("anomalous")).containsExactly(false, true);
    assertThat(KeySequences.normal(KeySequences.read(spark, file)).count()).isEqualTo(1);
  }

  @Test
  void wrongFilesAreUserErrors(SparkSession spark) throws IOException {
    String empty = file("\n");
    assertThatThrownBy(() -> KeySequences.read(spark, empty))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no session in");
    String label = file("a\tNormal\t1 2\nb\tgreen\t3\n");
    assertThatThrownBy(() -> KeySequences.read(spark, label).count())
        .satisfies(
            e ->
                assertThat(UserException.in(e))
                    .hasMessageContaining("bad label 'green' on line 2"));
  }
}
