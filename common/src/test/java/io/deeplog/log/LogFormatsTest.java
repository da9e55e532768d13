package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.ExitCode;
import io.deeplog.UserException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LogFormatsTest {
  private static final String HDFS_LINE =
      "081109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 terminating";
  private static final String SYSLOG_LINE = "Jun 14 15:16:01 combo sshd[19939]: check pass";
  private static final String LOG4J_LINE =
      "2015-10-18 18:01:47,978 INFO [main] org.apache.Foo: Created MRAppMaster";

  private final LogFormats formats = LogFormats.load();

  private static Map<String, String> read(LogFormat format, String line) {
    LogFormat.Entry entry = new LogFormat.Entry();
    Map<String, String> fields = new LinkedHashMap<>();
    format.read(
        line, Timestamps.YearRule.startingAt(2005, java.time.Instant.EPOCH), entry, fields::put);
    if (entry.reject != null) {
      return Map.of("reject", entry.reject.text());
    }
    fields.put("ts", String.valueOf(entry.ts));
    fields.put("content", entry.content);
    return fields;
  }

  @Test
  void theNearestPresetIsTheOneThatReadsMost() {
    assertThat(formats.names()).contains("hdfs", "syslog", "log4j");
    assertThat(formats.nearest(List.of(HDFS_LINE))).isEqualTo("hdfs");
    assertThat(formats.nearest(List.of(SYSLOG_LINE))).isEqualTo("syslog");
    assertThat(formats.nearest(List.of(LOG4J_LINE))).isEqualTo("hadoop");
    assertThat(formats.nearest(List.of(SYSLOG_LINE, HDFS_LINE, "", HDFS_LINE))).isEqualTo("hdfs");
    assertThat(formats.nearest(List.of("what is this", ""))).isNull();
    assertThat(formats.nearest(List.of())).isNull();
  }

  @Test
  void presetsReadTheirLines() {
    assertThat(read(formats.resolve("HDFS", null, List.of()), HDFS_LINE))
        .containsEntry("ts", "2008-11-09T20:36:15Z")
        .containsEntry("pid", "148")
        .containsEntry("content", "PacketResponder 1 terminating");
    LogFormat syslog = formats.resolve("syslog", null, List.of());
    assertThat(syslog.needsYear()).isTrue();
    assertThat(read(syslog, SYSLOG_LINE)).containsEntry("ts", "2005-06-14T15:16:01Z");
    assertThat(read(syslog, "Jun 14 15:16:01 combo last message repeated 2 times"))
        .as("the second layout")
        .containsEntry("host", "combo")
        .doesNotContainKey("component")
        .containsEntry("content", "last message repeated 2 times");
    assertThat(read(formats.resolve("log4j", null, List.of(LOG4J_LINE)), LOG4J_LINE))
        .containsEntry("Thread", "main")
        .containsEntry("ts", "2015-10-18T18:01:47.978Z");
  }

  @Test
  void rejectsTellWhy() {
    LogFormat hdfs = formats.resolve("hdfs", null, List.of());
    assertThat(read(hdfs, "")).containsEntry("reject", "empty line");
    assertThat(read(hdfs, " \t ")).containsEntry("reject", "empty line");
    assertThat(read(hdfs, "at x.y.Z(Z.java:1)"))
        .containsEntry("reject", "header does not fit the format");
    assertThat(read(hdfs, "089909 203615 148 INFO dfs.DataNode: x"))
        .containsEntry("reject", "timestamp cannot be read");
  }

  @Test
  void aPresetsTimestampIsChosenByTheSample() {
    assertThat(formats.resolve("log4j", null, List.of()).timestampPattern()).isEqualTo("iso");
    String spark = "17/06/09 20:10:40 INFO executor.Executor: Running task";
    LogFormat format = formats.resolve("log4j", null, List.of("garbage", spark));
    assertThat(format.timestampPattern()).isEqualTo("yy/MM/dd HH:mm:ss");
    assertThat(read(format, spark)).containsEntry("ts", "2017-06-09T20:10:40Z");
  }

  @Test
  void layoutsOfTheUserFindTheirTimestamps() {
    String layout = "<Timestamp> <Level> <Content>";
    LogFormat format =
        formats.resolve(layout, null, List.of("2020-01-02T03:04:05+01:00 INFO started"));
    assertThat(format.name()).isEqualTo(layout);
    assertThat(read(format, "2020-01-02T03:04:05+01:00 INFO started"))
        .containsEntry("ts", "2020-01-02T02:04:05Z")
        .containsEntry("level", "INFO");
    LogFormat given =
        formats.resolve(
            "<Date>T<Time> <Content>", "dd.MM.yyyy HH:mm", List.of("31.12.2020T10:00 x"));
    assertThat(read(given, "31.12.2020T10:00 x")).containsEntry("ts", "2020-12-31T10:00:00Z");
  }

  @Test
  void layoutsWithoutTimeHaveNone() {
    LogFormat format = formats.resolve("<Level>: <Content>", null, List.of("INFO: x"));
    assertThat(format.timestampPattern()).isNull();
    assertThat(read(format, "INFO: x")).containsEntry("ts", "null").containsEntry("content", "x");
  }

  @Test
  void errorsTellWhatToDo() {
    assertThatThrownBy(() -> formats.resolve("hfds", null, List.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("unknown format 'hfds'")
        .hasMessageContaining("hdfs, hadoop, spark")
        .satisfies(e -> assertThat(((UserException) e).exitCode()).isEqualTo(ExitCode.USAGE));
    assertThatThrownBy(() -> formats.resolve("<Date> <Time>", null, List.of()))
        .hasMessageContaining("<Content>");
    assertThatThrownBy(
            () -> formats.resolve("<Time>;<Content>", null, List.of("quarter past nine;x")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("'quarter past nine'")
        .hasMessageContaining("--timestamp");
    assertThatThrownBy(() -> formats.resolve("hdfs", "yyyy-bb", List.of()))
        .isInstanceOf(UserException.class);
  }
}
