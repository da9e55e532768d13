package io.deeplog.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.LocalSpark;
import io.deeplog.SparkTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

@SparkTest
final class SessionsTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("source", DataTypes.StringType)
          .add("offset", DataTypes.LongType)
          .add("ts", DataTypes.TimestampType)
          .add("level", DataTypes.StringType)
          .add("component", DataTypes.StringType)
          .add("host", DataTypes.StringType)
          .add("pid", DataTypes.StringType)
          .add("fields", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
          .add("content", DataTypes.StringType)
          .add("template_id", DataTypes.StringType);

  private final List<Row> rows = new ArrayList<>();

  private void entry(String source, long offset, String ts, String pid, String content) {
    rows.add(
        RowFactory.create(
            source,
            offset,
            ts == null ? null : Instant.parse(ts),
            "INFO",
            "sshd",
            "h1",
            pid,
            pid == null ? null : Map.of("Thread", "t" + pid),
            content,
            "T-" + content));
  }

  private Dataset<Row> entries(SparkSession spark) {
    return spark.createDataFrame(rows, SCHEMA);
  }

  private static List<List<String>> sessions(Dataset<Row> assigned) {
    return assigned.orderBy("offset").select("session").collectAsList().stream()
        .map(row -> row.<String>getList(0))
        .map(List::copyOf)
        .toList();
  }

  @Test
  void aLineBelongsToEveryDistinctIdInIt(SparkSession spark) {
    entry("a", 0, null, null, "delete blk_2 blk_-1 blk_2");
    entry("a", 1, null, null, "no block");
    entry("a", 2, null, null, "blk_2");
    Dataset<Row> assigned = Sessions.assign(entries(spark), SessionKey.byPattern("blk_-?\\d+"));
    assertThat(sessions(assigned))
        .containsExactly(List.of("blk_2", "blk_-1"), List.of(), List.of("blk_2"));
  }

  @Test
  void anEmptyMatchIsNoSession(SparkSession spark) {
    entry("a", 0, null, null, "x 12 y");
    assertThat(sessions(Sessions.assign(entries(spark), SessionKey.byPattern("\\d*"))))
        .containsExactly(List.of("12"));
  }

  @Test
  void fieldsMakeASessionWhenAllAreThere(SparkSession spark) {
    entry("a", 0, null, "7", "x");
    entry("a", 1, null, null, "y");
    assertThat(
            sessions(
                Sessions.assign(
                    entries(spark), SessionKey.byFields(List.of("host", "component", "pid")))))
        .containsExactly(List.of("h1/sshd/7"), List.of());
    assertThat(sessions(Sessions.assign(entries(spark), SessionKey.byFields(List.of("Thread")))))
        .containsExactly(List.of("t7"), List.of());
    assertThat(sessions(Sessions.assign(entries(spark), SessionKey.byFields(List.of("source")))))
        .containsExactly(List.of("a"), List.of("a"));
  }

  @Test
  void windowsAreAlignedToUtc(SparkSession spark) {
    entry("a", 0, "2008-11-09T20:39:59.999999Z", "1", "x");
    entry("a", 1, "2008-11-09T20:40:00Z", "1", "x");
    entry("a", 2, "1969-12-31T23:59:59.5Z", "1", "x");
    entry("a", 3, null, "1", "x");
    assertThat(sessions(Sessions.assign(entries(spark), SessionKey.byWindow("10m", List.of()))))
        .containsExactly(
            List.of("2008-11-09T20:30:00Z"),
            List.of("2008-11-09T20:40:00Z"),
            List.of("1969-12-31T23:50:00Z"),
            List.of());
    assertThat(
            sessions(Sessions.assign(entries(spark), SessionKey.byWindow("1d", List.of("host")))))
        .first()
        .isEqualTo(List.of("h1/2008-11-09T00:00:00Z"));
  }

  @Test
  void someSessionsOnlyAreGatheredAsAllAre(SparkSession spark) {
    for (int i = 0; i < 60; i++) {
      entry("a", i, String.format("2020-01-01T00:%02d:00Z", i), "1", "x" + i);
    }
    entry("a", 99, null, "1", "without a time");
    Dataset<Row> assigned =
        Sessions.assign(entries(spark).repartition(3), SessionKey.byWindow("20m", "5m", List.of()));
    List<String> names =
        List.of("2020-01-01T00:00:00Z", "2020-01-01T00:15:00Z", "2030-01-01T00:00:00Z");
    List<String> wanted =
        Sessions.collectOnly(
                assigned, spark.createDataset(names, Encoders.STRING()).toDF(Sessions.SESSION))
            .orderBy(Sessions.SESSION)
            .toJSON()
            .collectAsList();
    assertThat(wanted.subList(0, 2))
        .isEqualTo(
            Sessions.collect(assigned)
                .filter(functions.col(Sessions.SESSION).isin(names.toArray()))
                .orderBy(Sessions.SESSION)
                .toJSON()
                .collectAsList());
    assertThat(wanted)
        .hasSize(3)
        .last()
        .isEqualTo("{\"session\":\"2030-01-01T00:00:00Z\",\"entries\":[]}");
  }

  @Test
  void entriesAreOrderedByTimeSourceAndOffset(SparkSession spark) {
    entry("b", 5, "2020-01-01T00:00:00Z", null, "s 4");
    entry("a", 10, "2020-01-01T00:00:00Z", null, "s 3");
    entry("a", 9, "2020-01-01T00:00:00Z", null, "s 2");
    entry("z", 0, "2019-12-31T23:59:59.999999Z", null, "s 1");
    entry("z", 100, "2020-01-01T00:00:00.000001Z", null, "s 5 q");
    entry("a", 1, "2020-01-01T00:00:00Z", null, "none");
    Map<String, List<String>> expected =
        Map.of(
            "s", List.of("T-s 1", "T-s 2", "T-s 3", "T-s 4", "T-s 5 q"), "q", List.of("T-s 5 q"));
    Random random = new Random(3);
    for (int partitions : new int[] {1, 3, 7}) {
      Collections.shuffle(rows, random);
      Dataset<Row> assigned =
          Sessions.assign(
              entries(spark).repartition(partitions), SessionKey.byPattern("\\b[sq]\\b"));
      Map<String, List<String>> found = new HashMap<>();
      List<Row> table =
          LocalSpark.withShufflePartitions(
              spark, partitions, () -> Sessions.table(Sessions.collect(assigned)).collectAsList());
      for (Row row : table) {
        found.put(row.getAs("session"), List.copyOf(row.getList(row.fieldIndex("template_ids"))));
        assertThat(row.<Integer>getAs("length"))
            .isEqualTo(expected.get(row.<String>getAs("session")).size());
      }
      assertThat(found).isEqualTo(expected);
      Row s =
          table.stream().filter(row -> row.getAs("session").equals("s")).findFirst().orElseThrow();
      assertThat(s.<Object>getAs("first_ts"))
          .isEqualTo(Instant.parse("2019-12-31T23:59:59.999999Z"));
      assertThat(s.<Object>getAs("last_ts"))
          .isEqualTo(Instant.parse("2020-01-01T00:00:00.000001Z"));
    }
  }
}
