package io.deeplog.jobs.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsByLogTest {
  private static SettingsByLog conf(String name) throws IOException {
    return SettingsByLog.parse(Files.readString(Path.of("../conf").resolve(name)), name);
  }

  @Test
  void theBenchmarksSettingsAreRead() throws IOException {
    TemplateOptions linux = conf("benchmark-drain.yaml").of("linux_2k.log");
    assertThat(linux.miner).isEqualTo("drain");
    assertThat(linux.depth).isEqualTo(6);
    assertThat(linux.similarity).isEqualTo(0.39);
    assertThat(linux.splitWords).isZero();
    assertThat(linux.maskEntries())
        .containsExactly("ip: (\\d+\\.){3}\\d+", "time: \\d{2}:\\d{2}:\\d{2}");
    TemplateOptions apache = conf("benchmark-spell.yaml").of("Apache_2k.log");
    assertThat(apache.miner).isEqualTo("spell");
    assertThat(apache.tau).isEqualTo(0.6);
  }

  @Test
  void theLongestNameWins() {
    SettingsByLog settings =
        SettingsByLog.parse("logs: {app: {depth: 5}, app_b: {depth: 6}}", "x.yaml");
    assertThat(settings.of("app_a.log").depth).isEqualTo(5);
    assertThat(settings.of("APP_B.log").depth).isEqualTo(6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "logs: {b: {depth: 5}}|no settings for the log 'a.log' in x.yaml",
        "logs: {a: {dept: 5}}|no setting 'dept' in x.yaml",
        "logs: {a: {depth: five}}|setting 'depth' in x.yaml is no number: five",
        "logs: {a: {depth: 2}}|--depth",
        "logs: {a: {masks: ip}}|no list 'masks' in x.yaml",
        "all: {depth: 5}|no 'logs' in x.yaml",
        "logs: {|no YAML in x.yaml"
      })
  void wrongSettingsAreToldAbout(String text, String message) {
    assertThatThrownBy(() -> SettingsByLog.parse(text, "x.yaml").of("a.log"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }
}
