package io.deeplog.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.ExitCode;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class OutputTest {
  @TempDir private Path parent;

  private String directory() {
    return parent.resolve("my out").toString();
  }

  private Output open(SparkSession spark, String date, TableFormat format, boolean overwrite) {
    return Output.open(spark, directory(), date, format, List.of("t"), overwrite);
  }

  private static Dataset<Row> rows(SparkSession spark, int n) {
    return spark.sql(
        "select id, timestamp_micros(id * 1000001) as ts, array('a\\nb', 'say \"x\", y') as list,"
            + " named_struct('k', id) as s, cast(null as string) as none, 'q\"uo,te\\\\' as text"
            + " from range("
            + n
            + ")");
  }

  private List<String> tree() throws IOException {
    if (!Files.exists(Path.of(directory()))) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(Path.of(directory()))) {
      return paths
          .filter(Files::isRegularFile)
          .map(p -> Path.of(directory()).relativize(p).toString())
          .filter(name -> !name.endsWith(".crc"))
          .sorted()
          .toList();
    }
  }

  @Test
  void anOutputIsNeitherAFileNorInAnInput(SparkSession spark) throws IOException {
    try (Output output = open(spark, "2020-01-01", TableFormat.PARQUET, false)) {
      Path parent = Path.of(directory()).getParent();
      output.requireOutside(List.of(parent.resolve("other").toString(), directory() + "2"));
      for (String input : List.of(directory(), parent.toString(), parent + "/")) {
        assertThatThrownBy(() -> output.requireOutside(List.of(input)))
            .isInstanceOf(UserException.class)
            .hasMessageContaining("is in the input");
      }
    }
    Files.writeString(Path.of(directory()), "a file");
    assertThatThrownBy(() -> open(spark, "2020-01-01", TableFormat.PARQUET, true))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("output is a file");
  }

  @Test
  void nothingShowsBeforeTheCommit(SparkSession spark) throws IOException {
    try (Output output = open(spark, "2020-01-01", TableFormat.PARQUET, false)) {
      assertThat(output.table("t", rows(spark, 3)).count()).isEqualTo(3);
      assertThat(output.work("w", rows(spark, 2)).count()).isEqualTo(2);
      output.file("summary.json", "{}\n");
      assertThat(tree()).isNotEmpty().allMatch(name -> name.startsWith(".staging-"));
      output.commit();
    }
    assertThat(tree()).contains("summary.json").noneMatch(name -> name.contains("staging"));
    assertThat(tree()).noneMatch(name -> name.startsWith("w/"));
    assertThat(Output.read(spark, directory(), "t", "2020-01-01").count()).isEqualTo(3);
    assertThat(Files.readString(Path.of(directory(), "summary.json"))).isEqualTo("{}\n");
  }

  @Test
  void aFailedRunLeavesNothing(SparkSession spark) throws IOException {
    assertThatThrownBy(
            () -> {
              try (Output output = open(spark, "2020-01-01", TableFormat.PARQUET, false)) {
                output.table("t", rows(spark, 3));
                output.file("summary.json", "{}");
                output.table("u", spark.sql("select cast(raise_error('boom') as string) as x"));
                output.commit();
              }
            })
        .hasStackTraceContaining("boom");
    assertThat(tree()).isEmpty();
  }

  private void publish(SparkSession spark, String date, int n, boolean overwrite) {
    try (Output output = open(spark, date, TableFormat.PARQUET, overwrite)) {
      output.table("t", rows(spark, n));
      output.commit();
    }
  }

  @Test
  void aDateIsReplacedOnlyWhenAsked(SparkSession spark) {
    publish(spark, "2020-01-01", 3, false);
    publish(spark, "2020-01-02", 4, false);
    assertThatThrownBy(() -> open(spark, "2020-01-02", TableFormat.PARQUET, false))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("output exists")
        .hasMessageContaining("--overwrite")
        .satisfies(e -> assertThat(((UserException) e).exitCode()).isEqualTo(ExitCode.USAGE));
    publish(spark, "2020-01-02", 5, true);
    assertThat(Output.read(spark, directory(), "t", "2020-01-01").count()).isEqualTo(3);
    assertThat(Output.read(spark, directory(), "t", "2020-01-02").count()).isEqualTo(5);
    assertThat(Output.newestDate(spark, directory(), "t")).isEqualTo("2020-01-02");
    assertThat(spark.read().parquet(directory() + "/t").filter("date = '2020-01-01'").count())
        .as("the directory is a partitioned table")
        .isEqualTo(3);
  }

  @Test
  void csvIsReadable(SparkSession spark) {
    try (Output output = open(spark, "2020-01-01", TableFormat.CSV, false)) {
      output.table("t", rows(spark, 2));
      output.commit();
    }
    List<Row> read =
        spark
            .read()
            .option("header", true)
            .option("escape", "\"")
            .csv(directory() + "/t/date=2020-01-01")
            .orderBy("id")
            .collectAsList();
    assertThat(read).hasSize(2);
    Row row = read.get(1);
    assertThat(row.<String>getAs("ts")).isEqualTo("1970-01-01T00:00:01.000001Z");
    assertThat(row.<String>getAs("list")).isEqualTo("[\"a\\nb\",\"say \\\"x\\\", y\"]");
    assertThat(row.<String>getAs("s")).isEqualTo("{\"k\":1}");
    assertThat(row.<String>getAs("none")).isNull();
    assertThat(row.<String>getAs("text")).isEqualTo("q\"uo,te\\");
    assertThatThrownBy(() -> Output.read(spark, directory(), "t", "2020-01-01"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no Parquet");
  }

  @Test
  void jsonIsReadable(SparkSession spark) {
    try (Output output = open(spark, "2020-01-01", TableFormat.JSON, false)) {
      output.table("t", rows(spark, 2));
      output.commit();
    }
    Dataset<Row> read = spark.read().json(directory() + "/t/date=2020-01-01").orderBy("id");
    assertThat(read.columns()).contains("none");
    Row row = read.collectAsList().get(1);
    assertThat(row.<String>getAs("ts")).isEqualTo("1970-01-01T00:00:01.000001Z");
    assertThat(row.getList(row.fieldIndex("list"))).isEqualTo(List.of("a\nb", "say \"x\", y"));
  }

  @Test
  void whatIsMissingIsAUserError(SparkSession spark) {
    assertThatThrownBy(() -> Output.read(spark, directory(), "t", "2020-01-01"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no table");
    assertThatThrownBy(() -> Output.newestDate(spark, directory(), "t"))
        .isInstanceOf(UserException.class);
    assertThatThrownBy(() -> TableFormat.of("xml"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("parquet, csv, json");
    assertThat(TableFormat.of("CSV")).isEqualTo(TableFormat.CSV);
  }
}
