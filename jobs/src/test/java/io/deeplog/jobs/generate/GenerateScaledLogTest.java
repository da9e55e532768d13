package io.deeplog.jobs.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GenerateScaledLogTest {
  @ParameterizedTest
  @EnumSource
  void writesTheNumberOfLinesAskedForInOrderOfTime(Service service) throws IOException {
    for (int lines : new int[] {0, 1, 2, 17, 20_000}) {
      List<String> log = GeneratedFiles.lines(bytes(new ScaledLog(service, 4), lines));
      assertThat(log).hasSize(lines);
      String last = "";
      for (String line : log) {
        var matcher = GeneratedFiles.header(service).matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        String time = matcher.group(1).replace("Dec", "0").replace("Jan", "1");
        assertThat(time).as(line).isGreaterThanOrEqualTo(last);
        last = time;
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void sameSeedGivesSameBytes(Service service) throws IOException {
    ScaledLog log = new ScaledLog(service, 11).withAnomalyRate(0.1);
    byte[] bytes = bytes(log, 5_000);
    assertThat(bytes(log, 5_000)).isEqualTo(bytes);
    assertThat(bytes(new ScaledLog(service, 12).withAnomalyRate(0.1), 5_000)).isNotEqualTo(bytes);
    assertThat(bytes(new ScaledLog(service, 11), 5_000)).isNotEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void holdsABoundedNumberOfSessions(Service service) throws IOException {
    List<Long> progress = new ArrayList<>();
    int peak =
        new ScaledLog(service, 1).run(OutputStream.nullOutputStream(), 300_000, progress::add);
    assertThat(peak).isLessThanOrEqualTo(ScaledLog.maxLive(service));
    assertThat(progress).isEmpty();
  }

  @Test
  void reportsEveryMillionLines() throws IOException {
    List<Long> progress = new ArrayList<>();
    new ScaledLog(Service.SYSLOG, 1)
        .write(OutputStream.nullOutputStream(), 2_000_001, progress::add);
    assertThat(progress).containsExactly(1_000_000L, 2_000_000L);
  }

  @ParameterizedTest
  @EnumSource
  void uniqueLinesDifferEvenWithNumbersMasked(Service service) throws IOException {
    ScaledLog log = new ScaledLog(service, 1).withUniqueLines(true);
    Set<String> contents = new HashSet<>();
    for (String line : GeneratedFiles.lines(bytes(log, 50_000))) {
      String masked = line.replaceAll("\\b(?:0x)?[0-9a-f]+\\b", "*").replaceAll("\\d+", "*");
      contents.add(masked.substring(masked.indexOf(": ")));
    }
    assertThat(contents).hasSize(50_000);
  }

  @Test
  void normalSessionsAreCompleteButForOne() throws IOException {
    Map<String, Integer> lines = new HashMap<>();
    for (String line : GeneratedFiles.lines(bytes(new ScaledLog(Service.BLOCK, 9), 40_000))) {
      for (String session : GeneratedFiles.sessions(Service.BLOCK, line)) {
        lines.merge(session, 1, Integer::sum);
      }
    }
    // A normal block has at least an allocation and four lines for each replica; the last script
    // may be a pair's.
    assertThat(lines.values().stream().filter(count -> count < 13).count()).isLessThanOrEqualTo(2);
    assertThat(lines).hasSizeGreaterThan(1_500);
  }

  @Test
  void wrongArgumentsAreRefused() {
    ScaledLog log = new ScaledLog(Service.VM, 1);
    for (double rate : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> log.withAnomalyRate(rate))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> bytes(log, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  private static byte[] bytes(ScaledLog log, long lines) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    log.write(out, lines, written -> {});
    return out.toByteArray();
  }
}
