package io.deeplog.jobs.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GenerateTestDataTest {
  private static Map<String, byte[]> files;

  @BeforeAll
  static void generate() throws IOException {
    files = GeneratedFiles.testData(1);
  }

  @Test
  void sameSeedGivesSameBytesAndAnotherSeedOthers() throws IOException {
    assertThat(GeneratedFiles.testData(1)).containsExactlyEntriesOf(files);
    Map<String, byte[]> others = GeneratedFiles.testData(2);
    assertThat(others).containsOnlyKeys(files.keySet());
    others.forEach((path, bytes) -> assertThat(bytes).as(path).isNotEqualTo(files.get(path)));
  }

  @Test
  void committedFilesAreThoseOfSeedOne() throws IOException {
    Path folder = Path.of("../test-data");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      byte[] committed = Files.readAllBytes(folder.resolve(file.getKey()));
      assertThat(committed).as(file.getKey()).isEqualTo(file.getValue());
    }
  }

  @Test
  void filesStaySmall() {
    assertThat(files.values()).allMatch(bytes -> bytes.length < 900_000);
    assertThat(files.values().stream().mapToInt(bytes -> bytes.length).sum()).isLessThan(2_990_000);
  }

  @ParameterizedTest
  @EnumSource
  void everySessionHasOneLabel(Service service) {
    List<String> labelled =
        table(service, "labels.csv", "session,label,kind").stream().map(row -> row[0]).toList();
    Set<String> logged = new HashSet<>();
    for (String line : log(service, "test.log")) {
      logged.addAll(GeneratedFiles.sessions(service, line));
    }
    assertThat(labelled).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(logged);
    assertThat(labelled).hasSizeBetween(245, 260);
    Set<String> trained = new HashSet<>();
    for (String line : log(service, "train.log")) {
      trained.addAll(GeneratedFiles.sessions(service, line));
    }
    assertThat(trained).hasSizeBetween(395, 405);
  }

  @ParameterizedTest
  @EnumSource
  void everyKindHasSixSessionsAndAFifthIsAbnormal(Service service) {
    List<String[]> rows = table(service, "labels.csv", "session,label,kind");
    assertThat(rows)
        .allMatch(row -> row[1].equals(row[2].isEmpty() ? "Normal" : "Anomaly"))
        .filteredOn(row -> row[1].equals("Anomaly"))
        .hasSizeBetween(45, 55);
    Map<String, Long> counts =
        rows.stream()
            .filter(row -> !row[2].isEmpty())
            .collect(Collectors.groupingBy(row -> row[2], Collectors.counting()));
    List<AnomalyKind> kinds = SessionSource.of(service, Population.small()).kinds();
    assertThat(counts).containsOnlyKeys(kinds.stream().map(AnomalyKind::id).toList());
    assertThat(counts.values()).allMatch(count -> count >= 6);
  }

  @ParameterizedTest
  @EnumSource
  void abnormalLinesAreThoseOfAbnormalSessionsOrOfNone(Service service) {
    Map<String, String> kinds =
        table(service, "labels.csv", "session,label,kind").stream()
            .collect(Collectors.toMap(row -> row[0], row -> row[2]));
    Set<String> seen = new HashSet<>();
    List<String> log = log(service, "test.log");
    for (String[] row : table(service, "line_labels.csv", "line,label,kind")) {
      assertThat(row[1]).isEqualTo("Anomaly");
      String line = log.get(Integer.parseInt(row[0]) - 1);
      List<String> sessions = GeneratedFiles.sessions(service, line);
      assertThat(sessions).as(line).allMatch(session -> kinds.get(session).equals(row[2]));
      assertThat(sessions.isEmpty()).as(line).isEqualTo(line.contains(" kernel: "));
      seen.addAll(sessions);
    }
    kinds.forEach(
        (session, kind) ->
            assertThat(seen.contains(session))
                .as(session)
                .isEqualTo(!kind.isEmpty() && !kind.equals(AnomalyKind.CUT_SHORT.id())));
  }

  @ParameterizedTest
  @EnumSource
  void headersHaveTheLayoutAndLinesAreInOrderOfTime(Service service) {
    for (String name : List.of("train.log", "test.log")) {
      String last = "";
      for (String line : log(service, name)) {
        if (line.isEmpty() || line.startsWith("===")) {
          assertThat(service + name).isEqualTo("SYSLOGtest.log");
          continue;
        }
        var matcher = GeneratedFiles.header(service).matcher(line.stripTrailing());
        assertThat(matcher.find()).as(line).isTrue();
        // December of one year comes before January of the next.
        String time = matcher.group(1).replace("Dec", "0").replace("Jan", "1");
        assertThat(time).as(line).isGreaterThanOrEqualTo(last);
        last = time;
      }
    }
  }

  @Test
  void hostLogRunsAcrossNewYear() {
    for (String name : List.of("train.log", "test.log")) {
      List<String> days =
          log(Service.SYSLOG, name).stream()
              .filter(line -> line.matches("(Dec|Jan) .*\\s*"))
              .map(line -> line.substring(0, 6))
              .distinct()
              .toList();
      assertThat(days).startsWith("Dec 30", "Dec 31", "Jan  1", "Jan  2");
    }
  }

  @Test
  void awkwardLinesAreWhereTheDescriptionSays() {
    List<String> log = log(Service.SYSLOG, "test.log");
    assertThat(numbers(log, line -> line.isEmpty())).containsExactly(120, 500);
    assertThat(numbers(log, line -> line.startsWith("==="))).containsExactly(301);
    assertThat(numbers(log, line -> line.endsWith("\r"))).containsExactly(40, 41, 42, 350);
    List<Integer> invalid = numbers(log, line -> !isUtf8(line));
    assertThat(invalid).containsExactly(INVALID_UTF8_LINE);
    assertThat(log).filteredOn(line -> line.contains("<script>alert(1)</script>")).hasSize(1);
    files.forEach(
        (path, bytes) -> {
          if (!path.equals("syslog/test.log")) {
            assertThat(bytes).as(path).doesNotContain('\r');
            assertThat(GeneratedFiles.lines(bytes)).as(path).doesNotContain("");
          }
        });
  }

  /** As in test-data/README.md. */
  private static final int INVALID_UTF8_LINE = 84;

  @Test
  void someLinesNameTwoBlocksAndSomeIdsAreNegative() {
    for (String name : List.of("train.log", "test.log")) {
      List<String> log = log(Service.BLOCK, name);
      assertThat(log).anyMatch(line -> GeneratedFiles.sessions(Service.BLOCK, line).size() == 2);
      assertThat(log).anyMatch(line -> line.contains("blk_-"));
    }
  }

  private static boolean isUtf8(String latin1) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)));
      return true;
    } catch (CharacterCodingException notUtf8) {
      return false;
    }
  }

  private static List<Integer> numbers(List<String> log, Predicate<String> filter) {
    return IntStream.rangeClosed(1, log.size())
        .filter(number -> filter.test(log.get(number - 1)))
        .boxed()
        .toList();
  }

  private static List<String> log(Service service, String name) {
    return GeneratedFiles.lines(files.get(service.id() + "/" + name));
  }

  private static List<String[]> table(Service service, String name, String header) {
    List<String> lines = log(service, name);
    assertThat(lines.get(0)).isEqualTo(header);
    List<String[]> rows = lines.stream().skip(1).map(line -> line.split(",", -1)).toList();
    assertThat(rows).allMatch(row -> row.length == 3);
    return rows;
  }
}
