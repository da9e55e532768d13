package io.deeplog.log;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.Locale;

/**
 * Reads the times of one pattern as UTC instants. Not for use by several threads: consecutive lines
 * mostly share their second, so the last text is remembered.
 */
@Pure
final class Timestamps implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String pattern;
  private final boolean hasYear;
  private transient DateTimeFormatter formatter;
  private transient String lastText;
  private transient Instant lastInstant;
  private transient YearRule lastRule;

  /**
   * Times of a pattern.
   *
   * @throws UserException when the pattern is none
   */
  Timestamps(String pattern) {
    this.pattern = pattern;
    String unquoted = pattern.replaceAll("'[^']*'", "");
    this.hasYear = unquoted.indexOf('y') >= 0 || unquoted.indexOf('u') >= 0;
    try {
      formatter();
    } catch (IllegalArgumentException e) {
      throw UserException.usage("bad timestamp pattern '" + pattern + "': " + e.getMessage());
    }
  }

  /** The pattern. */
  String pattern() {
    return pattern;
  }

  /** Whether the pattern tells the year; without it {@link #parse} needs a rule. */
  boolean hasYear() {
    return hasYear;
  }

  private DateTimeFormatter formatter() {
    if (formatter == null) {
      formatter =
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(pattern)
              .toFormatter(Locale.US);
    }
    return formatter;
  }

  /**
   * Reads a time.
   *
   * @param rule tells the year where the pattern has none; may be null where it has
   * @return null when the text is no such time
   */
  Instant parse(String text, YearRule rule) {
    if (text.equals(lastText) && (hasYear || rule.equals(lastRule))) {
      return lastInstant;
    }
    Instant instant;
    try {
      instant = hasYear ? withYear(formatter().parse(text)) : rule.resolve(yearless(text));
    } catch (DateTimeException e) {
      return null;
    }
    lastText = text;
    lastInstant = instant;
    lastRule = rule;
    return instant;
  }

  private static Instant withYear(TemporalAccessor parsed) {
    ZoneOffset offset = parsed.query(TemporalQueries.offset());
    return LocalDate.from(parsed)
        .atTime(LocalTime.from(parsed))
        .toInstant(offset == null ? ZoneOffset.UTC : offset);
  }

  /**
   * Reads a time without a year.
   *
   * @throws DateTimeException when the text is no such time
   */
  Yearless yearless(String text) {
    TemporalAccessor parsed = formatter().parse(text);
    int month = parsed.get(ChronoField.MONTH_OF_YEAR);
    return new Yearless(
        MonthDay.of(month, parsed.get(ChronoField.DAY_OF_MONTH)), LocalTime.from(parsed));
  }

  /** A time of a year that is not told. */
  record Yearless(MonthDay day, LocalTime time) {
    /** The instant in a year; 29 February becomes 1 March where there is none. */
    Instant in(int year) {
      LocalDate date =
          day.isValidYear(year) ? day.atYear(year) : day.atYear(year).plus(1, ChronoUnit.DAYS);
      return date.atTime(time).toInstant(ZoneOffset.UTC);
    }
  }

  /**
   * Gives yearless times of one file their year, line by line and without looking at other lines,
   * so that any split of a file can be read alone.
   *
   * @param year the year of the file's first entry, or of its last
   * @param anchor an entry of that year: the file's first, or the time the file was last written
   * @param anchorIsFirst which of the two
   */
  record YearRule(int year, Instant anchor, boolean anchorIsFirst) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** From {@code --year}: a file starts in that year; half a year back is the next year. */
    static YearRule startingAt(int year, Instant first) {
      return new YearRule(year, first, true);
    }

    /** From the file's date: no entry is more than a day younger than its file. */
    static YearRule endingAt(Instant modified) {
      return new YearRule(modified.atZone(ZoneOffset.UTC).getYear(), modified, false);
    }

    Instant resolve(Yearless time) {
      Instant instant = time.in(year);
      if (anchorIsFirst) {
        return instant.isBefore(anchor.minus(183, ChronoUnit.DAYS)) ? time.in(year + 1) : instant;
      }
      return instant.isAfter(anchor.plus(1, ChronoUnit.DAYS)) ? time.in(year - 1) : instant;
    }
  }
}
