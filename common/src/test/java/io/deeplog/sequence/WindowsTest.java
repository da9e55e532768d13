package io.deeplog.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.GoldenWindows;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import io.deeplog.count.CountMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SparkTest
final class WindowsTest {
  private static final long SECOND = 1_000_000L;

  /** The rule as loglizer walks it: indices of the first entry in and the first one past. */
  private static List<int[]> walk(long[] times, long length, long step) {
    List<int[]> pairs = new ArrayList<>();
    int end = 0;
    while (end < times.length && times[end] < times[0] + length) {
      end++;
    }
    if (end == times.length) {
      return pairs;
    }
    pairs.add(new int[] {0, end});
    long startTime = times[0];
    long endTime = times[end - 1];
    int start = 0;
    while (end < times.length) {
      startTime += step;
      endTime += step;
      while (start < end && times[start] < startTime) {
        start++;
      }
      while (end < times.length && times[end] < endTime) {
        end++;
      }
      pairs.add(new int[] {start, end});
    }
    return pairs;
  }

  private static WindowPlan legacy(WindowRule rule, long[] times) {
    long firstEnd =
        LongStream.of(times).filter(t -> t < times[0] + rule.length() * SECOND).max().orElseThrow();
    return WindowPlan.legacy(rule, times[0], firstEnd, times[times.length - 1]);
  }

  private static List<Integer> members(WindowPlan plan, long[] times, long window) {
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      if (plan.windows(plan.pane(times[i])).anyMatch(w -> w == window)) {
        members.add(i);
      }
    }
    return members;
  }

  @Property(seed = "1", tries = 500)
  void theLegacyRuleIsThatOfTheWalk(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(max = 60) Integer> seconds,
      @ForAll @IntRange(min = 1, max = 12) int length,
      @ForAll @IntRange(min = 1, max = 12) int step) {
    WindowRule rule =
        new WindowRule(Math.max(length, step), Math.min(length, step), WindowRule.Kind.LEGACY);
    long[] times = seconds.stream().mapToLong(s -> (1000 + s) * SECOND).sorted().toArray();
    WindowPlan plan = legacy(rule, times);
    List<int[]> walked = walk(times, rule.length() * SECOND, rule.step() * SECOND);
    assertThat(plan.lastWindow() + 1).isEqualTo(walked.size());
    for (int k = 0; k < walked.size(); k++) {
      List<Integer> expected = new ArrayList<>();
      for (int i = walked.get(k)[0]; i < walked.get(k)[1]; i++) {
        expected.add(i);
      }
      assertThat(members(plan, times, k)).as("window " + k).isEqualTo(expected);
    }
  }

  @Property(seed = "1", tries = 500)
  void alignedWindowsHoldTheirSpan(
      @ForAll @IntRange(min = -500, max = 500) int second,
      @ForAll @IntRange(min = 1, max = 40) int length,
      @ForAll @IntRange(min = 1, max = 40) int step) {
    WindowRule rule =
        new WindowRule(Math.max(length, step), Math.min(length, step), WindowRule.Kind.ALIGNED);
    WindowPlan plan = WindowPlan.aligned(rule);
    long time = second * SECOND + 7;
    List<Long> held = plan.windows(plan.pane(time)).boxed().toList();
    assertThat(held).isNotEmpty();
    for (long k = held.get(0) - 2; k <= held.get(held.size() - 1) + 2; k++) {
      boolean inside = plan.start(k) <= time && time < plan.end(k);
      assertThat(held.contains(k)).isEqualTo(inside);
      assertThat(Math.floorMod(plan.start(k), rule.step() * SECOND)).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"Malicious,594,475", "Clear,106,26"})
  void theLegacyRuleGivesTheGoldenWindows(
      String set, int windows, int empty, @TempDir Path directory, SparkSession spark)
      throws IOException {
    GoldenWindows golden = GoldenWindows.of(set);
    WindowRule rule = WindowRule.legacy("24h", "3h");
    Dataset<Row> counted = Windows.counts(golden.entries(spark).repartition(3), rule, true).cache();
    List<Row> rows = counted.orderBy(Sessions.SESSION).collectAsList();
    List<int[]> expected = golden.windows();
    assertThat(rows).hasSize(windows);
    assertThat(expected).hasSize(windows);
    assertThat(rows.stream().filter(row -> row.<Long>getAs("length") == 0)).hasSize(empty);
    List<String> ids = golden.templateIds();
    CountMatrix.write(counted, ids, new org.apache.hadoop.fs.Path(directory.toUri()), "counts");
    List<String> csv = Files.readAllLines(directory.resolve("counts.csv"));
    assertThat(csv).hasSize(1 + windows);
    List<String> columns = List.of(csv.get(0).split(",", -1));
    List<String> distinct = ids.stream().distinct().sorted().toList();
    assertThat(columns.subList(0, 3)).containsExactly("session", "start", "end");
    assertThat(columns.subList(3, columns.size())).isEqualTo(distinct);
    for (int k = 0; k < windows; k++) {
      Map<String, Long> counts = new HashMap<>();
      ids.subList(expected.get(k)[0], expected.get(k)[1])
          .forEach(id -> counts.merge(id, 1L, Long::sum));
      assertThat(rows.get(k).<String, Long>getJavaMap(4)).as("window " + k).isEqualTo(counts);
      List<String> cells = List.of(csv.get(k + 1).split(",", -1));
      assertThat(cells.get(0)).isEqualTo(rows.get(k).getString(0));
      assertThat(cells.subList(3, cells.size()))
          .as("line of window " + k)
          .isEqualTo(
              distinct.stream().map(id -> Long.toString(counts.getOrDefault(id, 0L))).toList());
    }
    counted.unpersist();
    assertThat(Windows.counts(golden.entries(spark), rule, false).count())
        .isEqualTo(windows - empty);
  }

  private static Dataset<Row> entries(SparkSession spark, String... timesAndIds) {
    List<String> rows = new ArrayList<>(List.of(timesAndIds));
    rows.sort(Comparator.comparingInt(r -> new Random(r.hashCode()).nextInt()));
    return spark
        .createDataset(rows, org.apache.spark.sql.Encoders.STRING())
        .selectExpr(
            "cast(nullif(split(value, ' ')[0], '-') as timestamp) as ts",
            "split(value, ' ')[1] as template_id");
  }

  private static List<String> text(Dataset<Row> windows) {
    return windows
        .orderBy(Sessions.SESSION)
        .selectExpr("concat(session, ' ', length, ' ', to_json(counts))")
        .as(org.apache.spark.sql.Encoders.STRING())
        .collectAsList();
  }

  @Test
  void fixedWindowsKeepOrDropTheEmptyOnes(SparkSession spark) {
    Dataset<Row> entries =
        entries(
            spark,
            "2020-01-01T00:29:00Z a",
            "2020-01-01T00:09:59.999999Z a",
            "2020-01-01T00:00:00Z b",
            "- a",
            "2020-01-01T00:05:00Z a");
    assertThat(text(Windows.counts(entries, WindowRule.fixed("10m"), false)))
        .containsExactly(
            "2020-01-01T00:00:00Z 3 {\"a\":2,\"b\":1}", "2020-01-01T00:20:00Z 1 {\"a\":1}");
    assertThat(text(Windows.counts(entries, WindowRule.fixed("10m"), true)))
        .containsExactly(
            "2020-01-01T00:00:00Z 3 {\"a\":2,\"b\":1}",
            "2020-01-01T00:10:00Z 0 {}",
            "2020-01-01T00:20:00Z 1 {\"a\":1}");
  }

  @Test
  void linesWithoutATemplateAreCountedByNoId(SparkSession spark) {
    Dataset<Row> entries =
        entries(spark, "2020-01-01T00:01:00Z a", "2020-01-01T00:02:00Z -")
            .selectExpr("ts", "nullif(template_id, '-') as template_id");
    assertThat(text(Windows.counts(entries, WindowRule.fixed("10m"), false)))
        .containsExactly("2020-01-01T00:00:00Z 2 {\"\":1,\"a\":1}");
  }

  @Test
  void theTableOfWindowsHasNoTemplates(SparkSession spark) {
    Dataset<Row> entries =
        entries(
            spark, "2020-01-01T00:29:00Z a", "2020-01-01T00:05:00Z a", "2020-01-01T00:01:00Z b");
    assertThat(
            Windows.table(Windows.counts(entries, WindowRule.fixed("10m"), true))
                .orderBy(Sessions.SESSION)
                .selectExpr(
                    "concat_ws(' ', session, date_format(first_ts, 'mm'),"
                        + " date_format(last_ts, 'mm'), length, typeof(length),"
                        + " template_ids is null)")
                .as(org.apache.spark.sql.Encoders.STRING())
                .collectAsList())
        .containsExactly(
            "2020-01-01T00:00:00Z 01 05 2 int true",
            "2020-01-01T00:10:00Z 0 int true",
            "2020-01-01T00:20:00Z 29 29 1 int true");
  }

  @Test
  void logsShorterThanAWindowAreInEveryWindowThatCoversThem(SparkSession spark) {
    Dataset<Row> entries = entries(spark, "2020-01-01T12:10:00Z a", "2020-01-01T12:20:00Z b");
    assertThat(text(Windows.counts(entries, WindowRule.fixed("1d"), true)))
        .containsExactly("2020-01-01T00:00:00Z 2 {\"a\":1,\"b\":1}");
    assertThat(text(Windows.counts(entries, WindowRule.sliding("2h", "1h"), true)))
        .containsExactly(
            "2020-01-01T11:00:00Z 2 {\"a\":1,\"b\":1}", "2020-01-01T12:00:00Z 2 {\"a\":1,\"b\":1}");
    assertThat(text(Windows.counts(entries, WindowRule.legacy("24h", "3h"), true))).isEmpty();
  }

  @Test
  void noEntriesGiveNoWindows(SparkSession spark) {
    Dataset<Row> none = entries(spark, "- a");
    for (boolean keepEmpty : new boolean[] {true, false}) {
      for (WindowRule rule : List.of(WindowRule.fixed("1h"), WindowRule.legacy("2h", "1h"))) {
        assertThat(Windows.counts(none, rule, keepEmpty).count()).isZero();
      }
    }
  }

  @Test
  void slidingWindowsAreTheSessionsOfTheSameKey(SparkSession spark) {
    Dataset<Row> entries =
        entries(
            spark,
            "2020-01-01T00:29:00Z a",
            "2020-01-01T00:09:59.999999Z a",
            "2020-01-01T00:00:00Z b",
            "1969-12-31T23:51:00Z a");
    Map<String, Integer> sessions = new HashMap<>();
    Sessions.assign(entries, SessionKey.byWindow("10m", "4m", List.of()))
        .select(Sessions.SESSION)
        .collectAsList()
        .forEach(row -> row.<String>getList(0).forEach(s -> sessions.merge(s, 1, Integer::sum)));
    Map<String, Integer> windows = new HashMap<>();
    Windows.counts(entries, WindowRule.sliding("10m", "4m"), false)
        .collectAsList()
        .forEach(row -> windows.put(row.getString(0), (int) row.getLong(3)));
    assertThat(windows).isEqualTo(sessions).hasSizeGreaterThan(7);
  }

  @Test
  void sessionsAreTheWindowsOfEveryRule(SparkSession spark) {
    Dataset<Row> entries =
        entries(
                spark,
                "2020-01-01T00:29:00Z a",
                "2020-01-01T00:09:59.999999Z a",
                "2020-01-01T00:00:07Z b",
                "- c",
                "2020-01-01T00:51:00Z a")
            .selectExpr("ts", "template_id", "'f' as source", "1L as offset");
    for (WindowRule.Kind kind : WindowRule.Kind.values()) {
      for (boolean keep : new boolean[] {true, false}) {
        SessionKey key = SessionKey.byWindow("10m", "5m", List.of()).windows(kind, keep);
        List<String> sessions =
            Sessions.collect(Sessions.assign(entries, key), key)
                .selectExpr("concat(session, ' ', size(entries))")
                .as(org.apache.spark.sql.Encoders.STRING())
                .collectAsList();
        assertThat(sessions)
            .as(key.toString())
            .containsExactlyInAnyOrderElementsOf(
                Windows.counts(entries, key.windowRule(), keep)
                    .selectExpr("concat(session, ' ', length)")
                    .as(org.apache.spark.sql.Encoders.STRING())
                    .collectAsList());
        assertThat(sessions.stream().anyMatch(s -> s.endsWith(" 0"))).isEqualTo(keep);
      }
    }
    assertThatThrownBy(
            () ->
                SessionKey.byWindow("10m", List.of("host")).windows(WindowRule.Kind.ALIGNED, true))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("every value of host");
  }

  @Test
  void badRulesAreUserErrors() {
    for (Runnable bad :
        List.<Runnable>of(
            () -> WindowRule.sliding("1h", "2h"),
            () -> WindowRule.fixed("0s"),
            () -> SessionKey.byWindow("1h", "2h", List.of()),
            () -> SessionKey.byWindow("1d", "1s", List.of()).gathered())) {
      assertThatThrownBy(bad::run).isInstanceOf(UserException.class).hasMessageContaining("give");
    }
    assertThat(SessionKey.byWindow("100m", "1m", List.of()).gathered().countsOnly()).isFalse();
    assertThat(SessionKey.byWindow("101m", "1m", List.of()).countsOnly()).isTrue();
    assertThat(SessionKey.byWindow("1h", "10m", List.of()))
        .hasToString("windows of 3600 s every 600 s");
  }
}
