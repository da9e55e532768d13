package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.UserException;
import io.deeplog.log.Timestamps.YearRule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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
        "yyyy-MM-dd HH:mm:ss|2024-02-29 23:59:59|2024-02-29T23:59:59Z",
        "MMM d, yyyy @ HH:mm:ss.SSS|Jul 9, 2019 @ 12:00:00.250|2019-07-09T12:00:00.250Z",
        "MMM d, yyyy @ HH:mm:ss.SSS|July 9, 2019 @ 12:00:00.250|2019-07-09T12:00:00.250Z",
        "MM/dd/yyyy hh:mm:ss a|12/31/2019 12:05:06 am|2019-12-31T00:05:06Z",
        "yyyy-DDD HH:mm:ss|2020-060 01:02:03|2020-02-29T01:02:03Z",
        "iso|2019-07-09T12:00:00+0530|2019-07-09T06:30:00Z",
        "iso|2019-07-09 12:00|2019-07-09T12:00:00Z",
        "iso|2019-07-09 12:00:00.1 UTC|2019-07-09T12:00:00.1Z",
        "epoch|1577934245|2020-01-02T03:04:05Z",
        "epoch|1577934245.5|2020-01-02T03:04:05.5Z",
        "epoch|1577934245250|2020-01-02T03:04:05.250Z",
        "epoch|1577934245250001|2020-01-02T03:04:05.250001Z"
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
        "yyyy-MM-dd HH:mm:ss|2015-10-18 18:01:47,978",
        "yyyy-MM-dd HH:mm:ss|2023-02-31 10:00:00",
        "yyyy-MM-dd HH:mm:ss|2023-02-29 10:00:00",
        "yyyy-MM-dd HH:mm:ss|2023-02-28 24:00:00",
        "yyyy-DDD HH:mm:ss|2023-366 01:02:03",
        "EEE MMM d HH:mm:ss yyyy|Mon Dec 4 04:47:44 2005",
        "iso|2023-02-31T10:00:00Z",
        "iso|2023-02-21",
        "epoch|12345",
        "epoch|1577934245x"
      })
  void otherTextIsNoTime(String pattern, String text) {
    Timestamps timestamps = new Timestamps(pattern);
    assertThat(timestamps.parse(text, null)).isNull();
    assertThat(timestamps.parse(text, null)).as("again").isNull();
  }

  @Property(seed = "3")
  void agreesWithJavasStrictFormatter(
      @ForAll @IntRange(min = 1990, max = 2060) int year,
      @ForAll @IntRange(max = 13) int month,
      @ForAll @IntRange(max = 32) int day,
      @ForAll @IntRange(max = 25) int hour,
      @ForAll @IntRange(max = 60) int minute,
      @ForAll @IntRange(max = 999) int milli) {
    Map<String, String> texts =
        Map.of(
            "uuuu-MM-dd HH:mm:ss,SSS",
            String.format("%d-%02d-%02d %02d:%02d:07,%03d", year, month, day, hour, minute, milli),
            "uuMMdd HHmmss",
            String.format("%02d%02d%02d %02d%02d07", year % 100, month, day, hour, minute),
            "dd/MMM/uuuu:HH:mm:ss Z",
            String.format("%02d/%s/%d:%02d:%02d:07 -0730", day, "Feb", year, hour, minute));
    texts.forEach(
        (pattern, text) -> {
          Instant expected = null;
          try {
            TemporalAccessor parsed =
                DateTimeFormatter.ofPattern(pattern, Locale.US)
                    .withResolverStyle(ResolverStyle.STRICT)
                    .parse(text);
            ZoneOffset offset = parsed.query(TemporalQueries.offset());
            expected =
                LocalDateTime.from(parsed).toInstant(offset == null ? ZoneOffset.UTC : offset);
          } catch (DateTimeException e) {
            // No such time.
          }
          assertThat(new Timestamps(pattern).parse(text, null)).as(text).isEqualTo(expected);
        });
  }

  @Test
  void rotatedFilesGoOnWhereTheOlderEnds() {
    List<YearRules.File> files = new ArrayList<>();
    String[][] firsts = {
      {"/l/app.log", "Jan 20 00:00:00"},
      {"/l/app.log.1", "Jan 3 00:00:00"},
      {"/l/app.log.2.gz", "Dec 20 00:00:00"},
      {"/l/app.log.10", "Jun 1 00:00:00"},
      {"/l/other", "Jan 1 00:00:00"}
    };
    for (String[] first : firsts) {
      files.add(
          new YearRules.File(first[0], Instant.EPOCH, new Timestamps(SYSLOG).yearless(first[1])));
    }
    Map<String, YearRule> rules = YearRules.startingIn(2004, files);
    assertThat(syslog("Jun 1 00:00:00", rules.get("/l/app.log.10")))
        .isEqualTo("2004-06-01T00:00:00Z");
    assertThat(syslog("Jan 2 00:00:00", rules.get("/l/app.log.2.gz")))
        .isEqualTo("2005-01-02T00:00:00Z");
    assertThat(syslog("Jan 3 00:00:00", rules.get("/l/app.log.1")))
        .isEqualTo("2005-01-03T00:00:00Z");
    assertThat(syslog("Jan 20 00:00:00", rules.get("/l/app.log")))
        .isEqualTo("2005-01-20T00:00:00Z");
    assertThat(syslog("Jan 2 00:00:00", rules.get("/l/other"))).isEqualTo("2004-01-02T00:00:00Z");
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
            syslog(
                "Feb 29 12:00:00",
                YearRule.startingAt(2024, Instant.parse("2024-02-01T00:00:00Z"))))
        .isEqualTo("2024-02-29T12:00:00Z");
    assertThat(
            syslog(
                "Feb 29 12:00:00",
                YearRule.startingAt(2023, Instant.parse("2023-12-01T00:00:00Z"))))
        .isEqualTo("2024-02-29T12:00:00Z");
    assertThat(syslog("Feb 29 12:00:00", YearRule.endingAt(Instant.parse("2025-01-05T00:00:00Z"))))
        .isEqualTo("2024-02-29T12:00:00Z");
    assertThat(
            syslog(
                "Feb 29 12:00:00",
                YearRule.startingAt(2023, Instant.parse("2023-02-01T00:00:00Z"))))
        .as("no such day, and the next is a year off")
        .isNull();
    assertThat(syslog("Feb 29 12:00:00", YearRule.endingAt(Instant.parse("2027-01-05T00:00:00Z"))))
        .as("a file that was copied later")
        .isEqualTo("2024-02-29T12:00:00Z");
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
