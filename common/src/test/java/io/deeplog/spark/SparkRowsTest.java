package io.deeplog.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.SparkTest;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class SparkRowsTest {
  @TempDir private Path place;

  /** Several batches of columns, with and without dictionaries, and with nulls. */
  private Dataset<Row> table(SparkSession spark) {
    String path = place.resolve("table").toString();
    spark
        .range(0, 10_000, 1, 2)
        .selectExpr(
            "concat('source ', id % 3) as source",
            "id as offset",
            "if(id % 7 = 0, null, timestamp_micros(id)) as ts",
            "if(id % 11 = 0, null, concat('t', id % 5)) as template_id",
            "if(id % 4 = 0, array(), array(concat('value ', id), null)) as params",
            "'unread' as content")
        .write()
        .parquet(path);
    return spark.read().parquet(path);
  }

  private static JavaRDD<String> texts(JavaRDD<InternalRow> rows) {
    return rows.map(
        row -> {
          ArrayData params = row.getArray(4);
          Object[] values = new Object[params.numElements()];
          for (int i = 0; i < values.length; i++) {
            values[i] = params.isNullAt(i) ? null : params.getUTF8String(i).toString();
          }
          return row.getUTF8String(0)
              + "|"
              + row.getLong(1)
              + "|"
              + (row.isNullAt(2) ? null : row.getLong(2))
              + "|"
              + (row.isNullAt(3) ? null : row.getUTF8String(3))
              + Arrays.toString(values);
        });
  }

  @Test
  void aTableThatIsOnlyReadIsNotCopied(SparkSession spark) {
    Dataset<Row> read = table(spark).select("source", "offset", "ts", "template_id", "params");
    JavaRDD<InternalRow> rows = Spark.rows(read);
    assertThat(rows.map(row -> row.getClass().getSimpleName()).distinct().collect())
        .containsExactly("ColumnarBatchRow");
    assertThat(texts(rows).collect())
        .hasSize(10_000)
        .isEqualTo(texts(read.queryExecution().toRdd().toJavaRDD()).collect())
        .contains("source 0|0|null|null[]", "source 1|1|1|t1[value 1, null]");
  }

  @Test
  void whatIsComputedIsTheSame(SparkSession spark) {
    Dataset<Row> table = table(spark);
    Dataset<Row> computed =
        table
            .filter("offset % 2 = 1")
            .selectExpr("upper(source)", "offset", "ts", "template_id", "params");
    assertThat(texts(Spark.rows(computed)).collect())
        .hasSize(5_000)
        .contains("SOURCE 1|1|1|t1[value 1, null]");
  }
}
