package io.deeplog.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.ExitCode;
import io.deeplog.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SessionKeyTest {
  @ParameterizedTest
  @CsvSource({"30s,30", "10m,600", "10 min,600", "1h,3600", "1D,86400", "' 2h ',7200"})
  void readsWindows(String text, long seconds) {
    assertThat(SessionKey.byWindow(text, List.of()).window()).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "10", "s", "0s", "-1h", "1.5h", "1w", "1h 30m", "99999999999999999999s",
        "999999999999999999d"
      })
  void otherWindowsAreUserErrors(String text) {
    assertThatThrownBy(() -> SessionKey.byWindow(text, List.of()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("bad session window '" + text + "'")
        .satisfies(e -> assertThat(((UserException) e).exitCode()).isEqualTo(ExitCode.USAGE));
  }

  @Test
  void badPatternsAreUserErrors() {
    assertThat(SessionKey.byPattern("blk_-?\\d+").pattern().pattern()).isEqualTo("blk_-?\\d+");
    assertThatThrownBy(() -> SessionKey.byPattern("blk_("))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("bad session pattern 'blk_('");
  }

  @Test
  void tellsWhatItIs() {
    assertThat(SessionKey.byPattern("a+")).hasToString("pattern a+");
    assertThat(SessionKey.byFields(List.of("host", "pid"))).hasToString("fields host, pid");
    assertThat(SessionKey.byWindow("1h", List.of())).hasToString("windows of 3600 s");
    assertThat(SessionKey.byWindow("1h", List.of("host")))
        .hasToString("fields host and windows of 3600 s");
  }
}
