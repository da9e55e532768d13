package io.deeplog.spark.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SparkTest
final class ParquetTableTest {
  @TempDir private Path place;

  /** Every type, nothing at every level, few and many distinct values, long ones. */
  private static Dataset<Row> rows(SparkSession spark) {
    String strings =
        "if(id % 5 = 0, null, if(id % 3 = 0, array(), array(concat('v', id), null, 'Größe')))";
    return spark
        .range(0, 20_000, 1, 1)
        .selectExpr(
            "id as offset",
            "concat('source ', id % 3) as source",
            "if(id % 7 = 0, null, timestamp_micros(id * 1000003 - 62135596800000000)) as ts",
            "if(id % 100 = 0, repeat(cast(id as string), 500), cast(id as string)) as content",
            "cast(null as string) as level",
            "if(id < 15000, null, concat('late ', id % 5)) as late",
            "if(id < 15000, concat('v', id % 50), concat('v', id)) as growing",
            strings + " as params",
            "if(id % 6 = 0, null, if(id % 4 = 0, array(), array(array(id), null, array(), array(1L,"
                + " null)))) as nested",
            "if(id % 3 = 0, null, if(id % 5 = 0, map(), map('a', cast(id as string), 'b', null)))"
                + " as fields",
            "if(id % 8 = 0, null, named_struct('id', id, 'names', "
                + strings
                + ", 'inner', if(id % 3 = 0, null, named_struct('x', id % 3)))) as evidence",
            "array(named_struct('key', 'k', 'share', id * 2)) as steps");
  }

  private static ParquetMetadata footer(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      Path file =
          files.filter(path -> path.toString().endsWith(".parquet")).findFirst().orElseThrow();
      try (ParquetFileReader reader =
          ParquetFileReader.open(
              HadoopInputFile.fromPath(
                  new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
        return reader.getFooter();
      }
    }
  }

  private static Set<Encoding> encodings(Path table, String column) throws IOException {
    return footer(table).getBlocks().get(0).getColumns().stream()
        .filter(chunk -> chunk.getPath().toDotString().equals(column))
        .findFirst()
        .orElseThrow()
        .getEncodings();
  }

  private Path written(Dataset<Row> rows, String format, Map<String, String> options) {
    Path table = place.resolve(format + options.hashCode());
    rows.write().format(format).options(options).save(table.toString());
    return table;
  }

  private Path written(Dataset<Row> rows, Map<String, String> options) {
    return written(rows, ParquetTable.class.getName(), options);
  }

  private static List<String> texts(Dataset<Row> rows) {
    return rows.orderBy("offset").toJSON().collectAsList();
  }

  @Test
  void rowsOfAllTypesComeBack(SparkSession spark) throws IOException {
    Dataset<Row> rows = rows(spark);
    Path own = written(rows, Map.of());
    Path ofSpark = written(rows, "parquet", Map.of());

    assertThat(encodings(own, "source")).contains(Encoding.RLE_DICTIONARY);
    assertThat(encodings(ofSpark, "source")).doesNotContain(Encoding.RLE_DICTIONARY);
    assertThat(texts(spark.read().parquet(own.toString())))
        .hasSize(20_000)
        .isEqualTo(texts(spark.read().parquet(ofSpark.toString())))
        .isEqualTo(texts(rows));
    assertThat(spark.read().parquet(own.toString()).schema())
        .isEqualTo(spark.read().parquet(ofSpark.toString()).schema());
    assertThat(footer(own).getFileMetaData().getKeyValueMetaData())
        .isEqualTo(footer(ofSpark).getFileMetaData().getKeyValueMetaData());
    assertThat(footer(own).getFileMetaData().getSchema())
        .isEqualTo(footer(ofSpark).getFileMetaData().getSchema());
  }

  @Test
  void largeTablesHaveSeveralGroupsOfRows(SparkSession spark) throws IOException {
    Map<String, String> small =
        Map.of("parquet.block.size", "200000", "parquet.dictionary.page.size", "10000");
    Path table = written(rows(spark), small);

    List<BlockMetaData> groups = footer(table).getBlocks();
    assertThat(groups).hasSizeGreaterThan(3);
    assertThat(groups.stream().mapToLong(BlockMetaData::getRowCount).sum()).isEqualTo(20_000);
    assertThat(texts(spark.read().parquet(table.toString()))).isEqualTo(texts(rows(spark)));
  }

  /** Bounds of pages and groups must not hide a value. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "content = '17001'",
        "content < '1000'",
        "late = 'late 3'",
        "late is null and offset > 14990",
        "growing = 'v49'",
        "growing = 'v19999'",
        "growing > 'v9'",
        "source <> 'source 1'",
        "offset between 9990 and 10010",
        "ts < timestamp'0001-01-01 02:00:00'",
        "ts > timestamp'0001-01-01 05:00:00'",
        "evidence.id = 12345",
        "level is null",
        "level = 'x'"
      })
  void filtersFindWhatIsThere(String filter, SparkSession spark) {
    Path table =
        written(
            rows(spark),
            Map.of(
                "parquet.block.size", "1000000",
                "parquet.page.size", "4096",
                "parquet.dictionary.page.size", "10000"));

    assertThat(texts(spark.read().parquet(table.toString()).filter(filter)))
        .isEqualTo(texts(rows(spark).filter(filter)));
  }

  /** Parquet's own reader, by rows and not by columns. */
  @Test
  void otherReadersReadThem(SparkSession spark) {
    Path table = written(rows(spark), Map.of("parquet.dictionary.page.size", "10000"));
    spark.conf().set("spark.sql.parquet.enableVectorizedReader", "false");
    try {
      assertThat(texts(spark.read().parquet(table.toString()))).isEqualTo(texts(rows(spark)));
    } finally {
      spark.conf().unset("spark.sql.parquet.enableVectorizedReader");
    }
  }

  @Test
  void columnsHaveTheEncodingsThatAreAskedFor(SparkSession spark) throws IOException {
    Dataset<Row> rows = rows(spark).select("offset", "source", "growing");
    Path table =
        written(rows, Map.of("parquet.enable.dictionary#source", "false", "compression", "gzip"));

    assertThat(footer(table).getBlocks().get(0).getColumns())
        .allSatisfy(column -> assertThat(column.getCodec().name()).isEqualTo("GZIP"));
    assertThat(encodings(table, "source")).doesNotContain(Encoding.RLE_DICTIONARY);
    assertThat(encodings(table, "growing")).contains(Encoding.RLE_DICTIONARY);
    assertThat(texts(spark.read().parquet(table.toString()))).isEqualTo(texts(rows));
  }

  @Test
  void aDictionaryHoldsWhatItsPagesNeed(SparkSession spark) throws IOException {
    Dataset<Row> rows =
        spark
            .range(0, 30_000, 1, 1)
            .selectExpr(
                "id as offset",
                "if(id = 25000, repeat('long', 1000000), concat('g', id % 50)) as text");
    Path table = written(rows, Map.of("compression", "none"));

    assertThat(encodings(table, "text")).contains(Encoding.RLE_DICTIONARY, Encoding.PLAIN);
    assertThat(footer(table).getBlocks().get(0).getColumns().get(1).getTotalSize())
        .isBetween(4_000_000L, 5_000_000L);
    assertThat(texts(spark.read().parquet(table.toString()))).isEqualTo(texts(rows));
  }

  @Test
  void emptyTablesHaveASchema(SparkSession spark) {
    Path table = written(rows(spark).filter("offset < 0"), Map.of());

    assertThat(spark.read().parquet(table.toString()).count()).isZero();
    assertThat(spark.read().parquet(table.toString()).columns()).contains("evidence", "steps");
  }

  @Test
  void otherTypesAreLeftToSpark(SparkSession spark) {
    Dataset<Row> rows =
        spark.range(100).selectExpr("id as offset", "cast(id / 3 as decimal(20, 5)) as share");
    Path table = written(rows, Map.of());

    assertThat(texts(spark.read().parquet(table.toString()))).isEqualTo(texts(rows));
  }

  @Test
  void settingsThatAreNotKnownAreLeftToSpark(SparkSession spark) throws IOException {
    Path table = written(rows(spark), Map.of("parquet.writer.version", "v2"));

    assertThat(encodings(table, "offset")).contains(Encoding.DELTA_BINARY_PACKED);
  }

  @Test
  void settingsOfOtherFormsAreLeftToSpark(SparkSession spark) throws IOException {
    spark.conf().set("spark.sql.parquet.writeLegacyFormat", "true");
    try {
      Path table = written(rows(spark).select("offset", "params"), Map.of());

      assertThat(footer(table).getFileMetaData().getSchema().toString()).contains("bag");
    } finally {
      spark.conf().unset("spark.sql.parquet.writeLegacyFormat");
    }
  }
}
