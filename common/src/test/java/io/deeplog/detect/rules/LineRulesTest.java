package io.deeplog.detect.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deeplog.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LineRulesTest {
  private static final LineRules RULES = LineRules.load();

  private static String rule(String text, boolean isBytes) {
    LineRules.Hit hit = RULES.check(text, "app", isBytes, true);
    return hit == null ? "" : hit.name();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "name \\F7\\FF\\BF^Z%8x~escaped-binary",
        "name \\377\\277\\220~escaped-binary",
        "name \\xF7\\xff\\xBF~escaped-binary",
        "name %8x%8x%8x%8x~format-string",
        "name %62716x%hn~format-string",
        "name %12$n~format-string",
        "name %n%n%n%n~format-string",
        "name %p.%p.%p.%p~format-string"
      })
  void attacksAreFound(String text, String rule) {
    assertThat(rule(text, false)).isEqualTo(rule);
  }

  @Test
  void sledsAndBinaryDataAreFound() {
    assertThat(rule("x" + "\\220".repeat(16), false)).isEqualTo("no-operation-sled");
    assertThat(rule("x" + "\\x90".repeat(16), false)).isEqualTo("no-operation-sled");
    assertThat(rule("x" + "%90".repeat(16), false)).isEqualTo("no-operation-sled");
    assertThat(rule("x" + "\u0090".repeat(16), true)).isEqualTo("no-operation-sled");
    assertThat(rule("x" + "\\220".repeat(2), false)).isEmpty();
    assertThat(rule("a\u0000b", false)).isEqualTo("control-characters");
    assertThat(rule("a\u001b]0;title\u0007", false)).isEqualTo("control-characters");
    assertThat(rule("a\u00f7\u00ff\u00bf", true)).isEqualTo("raw-binary");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "session opened for user root by (uid=0)",
        "C:\\Windows\\System32\\10\\20\\30",
        "C:\\logs\\2020\\08\\12\\AB\\CD.txt",
        "layout %d{ISO8601} [%t] %-5p %c - %m%n",
        "100%normal, 50% x",
        "GET /%E4%BD%A0%E5%A5%BD/%20x HTTP/1.1",
        "expected %s %s %s %s",
        "\u001b[31mERROR\u001b[0m red",
        "Zürich – 東京 😀",
        "a\tb\n\tat c",
        "dns \\032\\065bc",
        "%x, %d and %x"
      })
  void ordinaryLinesAreNot(String text) {
    assertThat(rule(text, false)).isEmpty();
  }

  @Test
  void lettersOfAnotherEncodingAreNotBinary() {
    assertThat(rule("Z\u00fcrich, Stra\u00dfe", true)).isEmpty();
  }

  @Test
  void linesWithoutAFormatAreForReview() {
    LineRules.Hit hit = RULES.check("what is this", null, false, false);
    assertThat(hit.name()).isEqualTo("no-format");
    assertThat(hit.anomaly()).isFalse();
    assertThat(RULES.check("%8x%8x%8x%8x", null, false, false).anomaly()).isTrue();
  }

  @Test
  void usersAddTheirOwn() {
    LineRules own =
        RULES.withOwn(
            """
            rules:
              - {name: root, reason: root came, contains: [User ROOT, uid=0], ignore-case: true, component: [sshd]}
              - {name: long, longer-than: 20, verdict: review}
              - {name: format-string, off: true}
              - {name: escaped-binary, escaped-bytes: 100}
            """,
            "own.yaml");
    assertThat(own.check("opened for user root", "sshd", false, true))
        .isEqualTo(new LineRules.Hit("root", "root came", true));
    assertThat(own.check("opened for user root", "su", false, true)).isNull();
    assertThat(own.check("x".repeat(21), "su", false, true))
        .isEqualTo(new LineRules.Hit("long", "long", false));
    assertThat(own.check("%8x%8x%8x%8x", "su", false, true)).isNull();
    assertThat(own.check("\\377\\277\\220", "su", false, true)).isNull();
    assertThat(own.reasons().keySet()).startsWith("root", "long").doesNotContain("format-string");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "x: 1~no rules",
        "rules: [{reason: x}]~no name",
        "rules: [{name: a}]~needs one of",
        "rules: [{name: a, contains: [x], longer-than: 3}]~needs one of",
        "rules: [{name: a, contain: [x]}]~unknown key 'contain'",
        "rules: [{name: a, longer-than: many}]~not a number",
        "rules: [{name: a, contains: ['']}]~no text",
        "rules: [{name: a, longer-than: 3, verdict: bad}]~not anomaly or review",
        "rules: [{name: a, contains: [x, null]}]~no text",
        "rules: [{name: a, contains: [x], ignore-case: yess}]~not true or false",
        "rules: [{name: no-format, no-format: false}]~off: true",
        "rules: [{name: a, longer-than: 3}, {name: a, longer-than: 4}]~two of this name",
        "rules: [{name: no-fromat, off: true}]~none of this name",
        "'rules: ['~not YAML"
      })
  void wrongRulesTellWhy(String yaml, String message) {
    assertThatThrownBy(() -> RULES.withOwn(yaml, "own.yaml"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("own.yaml")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%1", "\\", "\\2", "\u001b[", "%8x", "\u0090", "\\x", "%.", "9"})
  void longLinesCostLittle(String piece) {
    String line = piece.repeat((1 << 20) / piece.length());
    Assertions.assertTimeout(Duration.ofSeconds(1), () -> RULES.check(line, null, true, true));
  }

  @Test
  void everyExploitLineOfARealHostIsFoundAndNoOther() throws IOException {
    Path data = Path.of(System.getProperty("deeplog.data", "../../shared/data"));
    assumeTrue(Files.isDirectory(data), "no real logs at " + data + " (-Ddeeplog.data=DIR)");
    Map<String, Integer> exploits = new TreeMap<>();
    List<String> wrong = new ArrayList<>();
    try (Stream<Path> files = Files.list(data.resolve("seed/messages"))) {
      for (Path file : files.sorted().toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String line : text.split("\r?\n", -1)) {
          boolean isExploit = line.contains("rpc.statd") && line.contains("gethostbyname error");
          boolean isBytes = line.chars().anyMatch(c -> c > 0x7f);
          if (isExploit) {
            exploits.merge(file.getFileName().toString(), 1, Integer::sum);
          }
          if ((RULES.check(line, null, isBytes, true) != null) != isExploit) {
            wrong.add(file.getFileName() + ": " + line);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(exploits).containsEntry("messages.9", 3).containsEntry("messages.23", 10);
  }
}
