package io.deeplog.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class OrderedCsvTest {
  @Test
  void everyFileHasItsRowsInOrderAndIsWrittenOnce(SparkSession spark, @TempDir Path directory)
      throws IOException {
    OrderedCsv.write(
        spark
            .sql(
                "select if(id % 2 = 0, 'even', 'odd') as file, -id as order,"
                    + " array(string(id), if(id = 3, 'a,\"b\"\\nc', 'x')) as row_values"
                    + " from range(6)")
            .repartition(3),
        Map.of(
            "even", List.of("N", "id", "text"),
            "odd", List.of("N", "id", "text"),
            "none", List.of("N", "id", "text")),
        true,
        new org.apache.hadoop.fs.Path(directory.toUri()),
        ".csv");
    assertThat(Files.readString(directory.resolve("even.csv")))
        .isEqualTo("N,id,text\n1,4,x\n2,2,x\n3,0,x\n");
    assertThat(Files.readString(directory.resolve("odd.csv")))
        .isEqualTo("N,id,text\n1,5,x\n2,3,\"a,\"\"b\"\"\nc\"\n3,1,x\n");
    assertThat(Files.readString(directory.resolve("none.csv"))).isEqualTo("N,id,text\n");
    try (var files = Files.list(directory)) {
      assertThat(files.filter(file -> !file.toString().endsWith(".crc"))).hasSize(3);
    }
  }
}
