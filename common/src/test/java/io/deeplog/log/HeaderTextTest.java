package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HeaderTextTest {
  private static final Set<String> COLUMNS = Set.of("level", "component", "host", "pid");

  /** The header of a line as texts, from what reading it gives. */
  private static List<String> header(String formatName, String time, String line) {
    LogFormat format = LogFormats.load().resolve(formatName, time, List.of(line));
    LogFormat.Entry entry = new LogFormat.Entry();
    Map<String, String> columns = new HashMap<>();
    Map<String, String> fields = new HashMap<>();
    format.read(
        line,
        Timestamps.YearRule.anyYear(),
        entry,
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (COLUMNS.contains(lower)) {
            columns.put(lower, value);
          } else {
            fields.put(name, value);
          }
        });
    assertThat(entry.reject).as(line).isNull();
    HeaderText header = new HeaderText(format);
    List<String> values = header.values(entry.ts, columns, fields);
    assertThat(values).hasSameSizeAs(header.names());
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hdfs | 081109 203615 148 INFO dfs.DataNode: Closing | 081109/203615/148/INFO/dfs.DataNode",
        "zookeeper | 2015-07-29 17:41:44,747 - INFO  [QuorumPeer:FastLeaderElection@774] - Up"
            + " | 2015-07-29/17:41:44,747/INFO/QuorumPeer/FastLeaderElection/774",
        "spark | 17/06/09 20:10:40 INFO executor.Executor: Up"
            + " | 17/06/09/20:10:40/INFO/executor.Executor",
      })
  void theHeaderComesBackAsItWas(String format, String line, String expected) {
    assertThat(String.join("/", header(format, null, line))).isEqualTo(expected);
  }

  @Test
  void whatAnEntryLacksIsEmpty() {
    LogFormat format =
        LogFormats.load()
            .resolve("hdfs", null, List.of("081109 203615 148 INFO dfs.DataNode: Closing"));
    assertThat(new HeaderText(format).values(null, Map.of(), null)).containsOnly("");
    assertThat(new HeaderText(format).values(Instant.EPOCH, Map.of("pid", "7"), null))
        .containsExactly("700101", "000000", "7", "", "");
  }

  @ParameterizedTest
  @CsvSource({
    "iso,2024-03-01T10:00:00.25+00:00,2024-03-01 10:00:00.250000",
    "epoch,1709287200,1709287200",
    "epoch,1709287200250,1709287200.250000"
  })
  void noDecimalOfATimeIsLost(String pattern, String time, String expected) {
    assertThat(header("<Timestamp> <Level>: <Content>", pattern, time + " INFO: up"))
        .containsExactly(expected, "INFO");
  }
}
