package io.deeplog.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.LocalSpark;
import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SparkTest
final class HeldOutTest {
  private final List<Row> rows = new ArrayList<>();

  private void add(String session, Integer second, String source, long offset) {
    Instant time = second == null ? null : Instant.ofEpochSecond(second);
    Row first = RowFactory.create(time, source, offset, "t");
    rows.add(RowFactory.create(session, new Row[] {first, first}));
  }

  private Dataset<Row> sessions(SparkSession spark) {
    return spark.createDataFrame(rows, Sequences.SCHEMA);
  }

  private static List<String> chosen(Dataset<Row> sessions, HeldOut heldOut) {
    return sessions.filter(heldOut.column()).select("session").collectAsList().stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private static HeldOut last(Dataset<Row> sessions, double share) {
    return HeldOut.of(sessions, share, HeldOut.Order.LAST, 1);
  }

  @Test
  void theLastToStartAreHeldOutWhateverThePartitioning(SparkSession spark) {
    for (int i = 0; i < 17; i++) {
      add("s" + (char) ('a' + i), i * 7 % 17, "f", i);
    }
    add("no time", null, "f", 99);
    add("same time, another file", 16, "g", 0);
    add("same time, further on", 16, "f", 99);
    for (int partitions : new int[] {1, 3, 8}) {
      Dataset<Row> sessions = sessions(spark).repartition(partitions);
      HeldOut held = LocalSpark.withShufflePartitions(spark, partitions, () -> last(sessions, 0.2));
      assertThat(held.how()).isEqualTo("the last ones");
      // i * 7 mod 17 is 16 for i = 12 and 15 for i = 7.
      assertThat(chosen(sessions, held))
          .containsExactly("same time, another file", "same time, further on", "sh", "sm");
    }
    assertThat(chosen(sessions(spark), last(sessions(spark), 0))).isEmpty();
    assertThat(chosen(sessions(spark), last(sessions(spark), 0.01))).isEmpty();
    assertThat(chosen(sessions(spark), last(sessions(spark), 0.9))).hasSize(18);
  }

  @Test
  void withoutTimesTheFilesOrderIs(SparkSession spark) {
    for (int i = 0; i < 10; i++) {
      add("s" + i, null, "f", 100 - i);
    }
    assertThat(chosen(sessions(spark), last(sessions(spark), 0.2))).containsExactly("s0", "s1");
  }

  @Test
  void withoutAnyOrderAHashChoosesAndIsTold(SparkSession spark) {
    for (int i = 0; i < 200; i++) {
      add("s" + i, null, "", 0);
    }
    HeldOut held = last(sessions(spark), 0.25);
    assertThat(held.how()).contains("no time");
    List<String> chosen = chosen(sessions(spark), held);
    assertThat(chosen).hasSizeBetween(30, 70);
    assertThat(chosen(sessions(spark).repartition(5), held)).isEqualTo(chosen);
    HeldOut random = HeldOut.of(sessions(spark), 0.25, HeldOut.Order.of("random"), 1);
    assertThat(chosen(sessions(spark), random)).isEqualTo(chosen);
    assertThat(random.how()).isEqualTo("at random");
    assertThatThrownBy(() -> HeldOut.Order.of("first"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("last, random");
  }

  @Test
  void emptySessionsComeFirst(SparkSession spark) {
    rows.add(RowFactory.create("empty", new Row[0]));
    add("a", 1, "f", 0);
    add("b", 2, "f", 1);
    assertThat(chosen(sessions(spark), last(sessions(spark), 0.67))).containsExactly("a", "b");
    assertThat(chosen(sessions(spark), last(sessions(spark), 0.9)))
        .containsExactly("a", "b", "empty");
  }
}
