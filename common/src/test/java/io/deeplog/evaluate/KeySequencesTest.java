package io.deeplog.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.SparkTest;
import io.deeplog.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5 5 22,0\n7,1\n",
        "label,sequence\n0,5 5 22\n1,\"7\"\n",
        "Session,Label,Keys\na,Normal,5 5 22\nb,Anomaly,7\n",
        "Sequence\tLabel\n5 5 22\tnormal\n7\tabnormal\n"
      })
  void readsTablesOfLabels(String text, SparkSession spark) throws IOException {
    List<Row> rows = KeySequences.read(spark, file(text)).orderBy("place").collectAsList();
    assertThat(rows).extracting(r -> r.<String>getAs("keys")).containsExactly("5 5 22", "7");
    assertThat(rows).extracting(r -> r.<Boolean>getAs("anomalous")).containsExactly(false, true);
  }

  @Test
  void splitsInTheOrderOfTheFile(SparkSession spark) throws IOException {
    Dataset<Row> all = KeySequences.read(spark, file("1\n2\n\n3\n4\n5\n")).repartition(3);
    List<Dataset<Row>> sides = KeySequences.split(all, 0.4, functions.col("place"));
    assertThat(sides.get(0).select("keys").as(Encoders.STRING()).collectAsList())
        .containsExactlyInAnyOrder("1", "2");
    assertThat(sides.get(1).select("keys").as(Encoders.STRING()).collectAsList())
        .containsExactlyInAnyOrder("3", "4", "5");
    assertThatThrownBy(() -> KeySequences.split(all, 0.01, functions.col("place")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("leaves a side without any");
  }

  @Test
  void wrongFilesAreUserErrors(SparkSession spark) throws IOException {
    String empty = file("\n");
    assertThatThrownBy(() -> KeySequences.read(spark, empty))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no session in");
    for (String wrong : List.of("label,count\n0,1\n", "label,sequence\n", "a,b,c,d\n")) {
      String path = file(wrong);
      assertThatThrownBy(() -> KeySequences.read(spark, path)).isInstanceOf(UserException.class);
    }
    String cells = file("1 2,0\n3\n");
    assertThatThrownBy(() -> KeySequences.read(spark, cells).count())
        .satisfies(e -> assertThat(UserException.in(e)).hasMessageContaining("line 2 has 1 cells"));
    String label = file("a\tNormal\t1 2\nb\tgreen\t3\n");
    assertThatThrownBy(() -> KeySequences.read(spark, label).count())
        .satisfies(
            e ->
                assertThat(UserException.in(e))
                    .hasMessageContaining("bad label 'green' on line 2"));
  }
}
