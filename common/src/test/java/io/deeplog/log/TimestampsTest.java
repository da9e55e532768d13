package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.UserException;
import io.deeplog.log.Timestamps.YearRule;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TimestampsTest {
  private static final String SYSLOG = "MMM d HH:mm:ss";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "yyMMdd HHmmss|081109 203615|2008-11-09T20:36:15Z",
        "yyMMdd HHmmss|000229 000000|2000-02-29T00:00:00Z",
        "yyyy-MM-dd HH:mm:ss,SSS|2015-10-18 18:01:47,978|2015-10-18T18:01:47.978Z",
        "yyyy-MM-dd HH:mm:ss.SSSSSS|2015-10-18 18:01:47.000001|2015-10-18T18:01:47.000001Z",
        "yyyy-MM-dd'T'HH:mm:ssXXX|2015-10-18T00:30:00+05:30|2015-10-17T19:00:00Z",
        "yyyy-MM-dd'T'HH:mm:ssXXX|2015-10-18T00:30:00Z|2015-10-18T00:30:00Z",
        "dd/MMM/yyyy:HH:mm:ss Z|10/Oct/2000:13:55:36 -0700|2000-10-10T20:55:36Z",
        "EEE MMM d HH:mm:ss yyyy|Sun Dec 4 04:47:44 2005|2005-12-04T04:47:44Z",
        "yyyy-MM-dd HH:mm:ss|2024-02-29 23:59:59|2024-02-29T23:59:59Z"
      })
  void readsTimesWithAYear(String pattern, String text, Instant expected) {
    Timestamps timestamps = new Timestamps(pattern);
    assertThat(timestamps.hasYear()).isTrue();
    assertThat(timestamps.parse(text, null)).isEqualTo(expected);
    assertThat(timestamps.parse(text, null)).as("remembered").isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yyMMdd HHmmss|081309 203615",
        "yyMMdd HHmmss|081109 253615",
        "yyMMdd HHmmss|08110 203615",
        "yyMMdd HHmmss|kernel panic",
        "yyyy-MM-dd HH:mm:ss|2015-10-18 18:01:47,978"
      })
  void otherTextIsNoTime(String pattern, String text) {
    Timestamps timestamps = new Timestamps(pattern);
    assertThat(timestamps.parse(text, null)).isNull();
    assertThat(timestamps.parse(text, null)).as("again").isNull();
  }

  @Test
  void badPatternsAreUserErrors() {
    assertThatThrownBy(() -> new Timestamps("yyyy-bb"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("bad timestamp pattern 'yyyy-bb'");
  }

  @Test
  void aQuotedLetterIsNoYear() {
    assertThat(new Timestamps("'day' d MMM HH:mm:ss").hasYear()).isFalse();
  }

  private static Instant syslog(String text, YearRule rule) {
    return new Timestamps(SYSLOG).parse(text, rule);
  }

  @Test
  void daysHaveOneOrTwoDigits() {
    YearRule rule = YearRule.startingAt(2005, Instant.parse("2005-06-01T00:00:00Z"));
    assertThat(syslog("Jun 9 06:06:20", rule)).isEqualTo("2005-06-09T06:06:20Z");
    assertThat(syslog("Jun 14 06:06:20", rule)).isEqualTo("2005-06-14T06:06:20Z");
    assertThat(syslog("jun 14 06:06:20", rule)).isEqualTo("2005-06-14T06:06:20Z");
    assertThat(syslog("Jun 31 06:06:20", rule)).isNull();
  }

  @Test
  void aFileThatStartsInAYearRollsOverAtNewYear() {
    YearRule rule = YearRule.startingAt(2005, Instant.parse("2005-12-30T00:00:00Z"));
    assertThat(syslog("Dec 31 23:59:59", rule)).isEqualTo("2005-12-31T23:59:59Z");
    assertThat(syslog("Jan 1 00:00:00", rule)).isEqualTo("2006-01-01T00:00:00Z");
    assertThat(syslog("Dec 29 23:00:00", rule)).as("a late line").isEqualTo("2005-12-29T23:00:00Z");
    assertThat(syslog("May 30 00:00:00", rule)).isEqualTo("2006-05-30T00:00:00Z");
  }

  @Test
  void aFileThatEndsAtADateRollsBackAtNewYear() {
    YearRule rule = YearRule.endingAt(Instant.parse("2006-01-02T08:00:00Z"));
    assertThat(syslog("Jan 2 07:59:59", rule)).isEqualTo("2006-01-02T07:59:59Z");
    assertThat(syslog("Jan 1 00:00:00", rule)).isEqualTo("2006-01-01T00:00:00Z");
    assertThat(syslog("Dec 31 23:59:59", rule)).isEqualTo("2005-12-31T23:59:59Z");
    assertThat(syslog("Jan 3 07:00:00", rule))
        .as("a clock within a day of the file's")
        .isEqualTo("2006-01-03T07:00:00Z");
    assertThat(syslog("Jan 4 00:00:00", rule)).isEqualTo("2005-01-04T00:00:00Z");
  }

  @Test
  void theLeapDayIsKept() {
    assertThat(
            syslog("Feb 29 12:00:00", YearRule.startingAt(2024, Instant.parse("2024-02-01T00:00:00Z"))))
        .isEqualTo("2024-02-29T12:00:00Z");
    assertThat(
            syslog("Feb 29 12:00:00", YearRule.startingAt(2023, Instant.parse("2023-12-01T00:00:00Z"))))
        .isEqualTo("2024-02-29T12:00:00Z");
    assertThat(syslog("Feb 29 12:00:00", YearRule.endingAt(Instant.parse("2025-01-05T00:00:00Z"))))
        .isEqualTo("2024-02-29T12:00:00Z");
    assertThat(
            syslog("Feb 29 12:00:00", YearRule.startingAt(2023, Instant.parse("2023-02-01T00:00:00Z"))))
        .as("no such day: the next")
        .isEqualTo("2023-03-01T12:00:00Z");
    assertThat(syslog("Feb 30 12:00:00", YearRule.endingAt(Instant.parse("2025-01-05T00:00:00Z"))))
        .isNull();
  }

  @Test
  void theRememberedTimeBelongsToItsRule() {
    Timestamps timestamps = new Timestamps(SYSLOG);
    YearRule first = YearRule.startingAt(2005, Instant.parse("2005-01-01T00:00:00Z"));
    YearRule second = YearRule.startingAt(2011, Instant.parse("2011-01-01T00:00:00Z"));
    assertThat(timestamps.parse("Jun 9 06:06:20", first)).isEqualTo("2005-06-09T06:06:20Z");
    assertThat(timestamps.parse("Jun 9 06:06:20", second)).isEqualTo("2011-06-09T06:06:20Z");
  }
}
