package io.deeplog.log;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/**
 * Reads the times of one pattern as UTC instants. Not for use by several threads: consecutive lines
 * mostly share their second, so the last text is remembered.
 */
@Pure
final class Timestamps implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TimePattern pattern;
  private final boolean hasYear;

  /** Of times without an offset of their own. */
  private final ZoneId zone;

  private transient TimePattern.Parts parts;
  private transient String lastText;
  private transient Instant lastInstant;
  private transient YearRule lastRule;

  /**
   * Times of a pattern, of UTC.
   *
   * @throws UserException when the pattern is none
   */
  Timestamps(String pattern) {
    this(pattern, ZoneOffset.UTC);
  }

  /**
   * Times of a pattern in a time zone.
   *
   * @throws UserException when the pattern is none
   */
  Timestamps(String pattern, ZoneId zone) {
    this.pattern = new TimePattern(pattern);
    this.hasYear = this.pattern.hasYear();
    this.zone = zone;
  }

  /** The pattern. */
  String pattern() {
    return pattern.text();
  }

  /** Whether the pattern tells the year; without it {@link #parse} needs a rule. */
  boolean hasYear() {
    return hasYear;
  }

  private TimePattern.Parts parts() {
    if (parts == null) {
      parts = new TimePattern.Parts();
    }
    return parts;
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
    TimePattern.Parts read = parts();
    if (!pattern.parse(text, read)) {
      return null;
    }
    Instant instant;
    if (read.year == TimePattern.Parts.IS_EPOCH) {
      instant = Instant.ofEpochSecond(read.epochSecond, read.nano);
    } else if (hasYear) {
      instant = withYear(read);
    } else {
      instant = rule.resolve(yearless(read));
      if (instant == null) {
        return null;
      }
    }
    lastText = text;
    lastInstant = instant;
    lastRule = rule;
    return instant;
  }

  /** Whether a text is such a time, of whichever year. */
  boolean reads(String text) {
    return text.equals(lastText) || pattern.parse(text, parts());
  }

  private static LocalTime time(TimePattern.Parts read) {
    return LocalTime.of(read.hour, read.minute, read.second, read.nano);
  }

  private Instant withYear(TimePattern.Parts read) {
    LocalDateTime time =
        LocalDate.of(read.year, read.month, read.day)
            .atTime(read.hour, read.minute, read.second, read.nano);
    if (read.offset != Integer.MIN_VALUE) {
      return time.toInstant(ZoneOffset.ofTotalSeconds(read.offset));
    }
    return zone.equals(ZoneOffset.UTC)
        ? time.toInstant(ZoneOffset.UTC)
        : time.atZone(zone).toInstant();
  }

  private static Yearless yearless(TimePattern.Parts read) {
    return new Yearless(MonthDay.of(read.month, read.day), time(read));
  }

  /** Reads a time without a year; null when the text is no such time. */
  Yearless yearless(String text) {
    TimePattern.Parts read = parts();
    return pattern.parse(text, read) ? yearless(read) : null;
  }

  /** A time of a year that is not told. */
  record Yearless(MonthDay day, LocalTime time) {
    /** Where the time is in a year, to count from: 29 February is 1 March where there is none. */
    Instant about(int year) {
      Instant instant = in(year);
      return instant != null ? instant : new Yearless(MonthDay.of(3, 1), time).in(year);
    }

    /** The instant in a year; null for 29 February where there is none. */
    Instant in(int year) {
      return day.isValidYear(year) ? day.atYear(year).atTime(time).toInstant(ZoneOffset.UTC) : null;
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

    /** Years from one 29 February to the next, at most. */
    private static final int LEAP_YEARS_APART = 8;

    private static final int HALF_A_YEAR = 183;

    /** For times whose year does not matter. */
    static YearRule anyYear() {
      return startingAt(2000, Instant.EPOCH);
    }

    /** From {@code --year}: a file starts in that year; half a year back is the next year. */
    static YearRule startingAt(int year, Instant first) {
      return new YearRule(year, first, true);
    }

    /** From the file's date: no entry is more than a day younger than its file. */
    static YearRule endingAt(Instant modified) {
      return new YearRule(modified.atZone(ZoneOffset.UTC).getYear(), modified, false);
    }

    /** The instant; null for 29 February where the years that may be meant have none. */
    Instant resolve(Yearless time) {
      if (anchorIsFirst) {
        Instant earliest = anchor.minus(HALF_A_YEAR, ChronoUnit.DAYS);
        Instant instant = time.in(year);
        if (instant != null && !instant.isBefore(earliest)) {
          return instant;
        }
        Instant later = time.in(year + 1);
        // A leap day of the year after that is too far off is none of this file.
        return later == null || later.isAfter(anchor.plus(HALF_A_YEAR, ChronoUnit.DAYS))
            ? null
            : later;
      }
      for (int before = 0; before <= LEAP_YEARS_APART; before++) {
        Instant instant = time.in(year - before);
        if (instant != null && !instant.isAfter(anchor.plus(1, ChronoUnit.DAYS))) {
          return instant;
        }
      }
      return null;
    }
  }
}
