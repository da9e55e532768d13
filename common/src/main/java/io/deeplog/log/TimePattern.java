package io.deeplog.log;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * Takes a text apart by a pattern of date and time. The letters that logs use are read by a scan of
 * one pass, without exceptions; a pattern with others goes to {@link DateTimeFormatter}. Both are
 * strict: 31 February, 24:00 or a Monday that was none are no times.
 *
 * <p>Beside the letters of {@code java.time.format} there are {@code l}, milliseconds as a number
 * of one to three digits, and two patterns by name: {@value #ISO}, a date and time of ISO 8601 with
 * any number of decimals, with or without an offset, and {@value #EPOCH}, the time since 1970 in
 * seconds, milli-, micro- or nanoseconds, told apart by their number of digits.
 */
@Pure
final class TimePattern implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Name of the pattern of ISO 8601. */
  static final String ISO = "iso";

  /** Name of the pattern of times since 1970. */
  static final String EPOCH = "epoch";

  private static final String LETTERS = "yuMdHhmsSlaEXxZ";
  private static final String[] MONTHS = {
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december"
  };
  private static final String[] DAYS = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
  };

  private final String pattern;

  /** Null for patterns by name and for those that are left to Java's formatter. */
  private final Piece[] pieces;

  private transient DateTimeFormatter formatter;

  /** A run of one letter, or a literal when the letter is 0. */
  private record Piece(char letter, int count, char literal) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** What a text told; -1 is what it did not. */
  static final class Parts {
    int year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
    int nano;

    /** Seconds east of UTC, {@link Integer#MIN_VALUE} when there is none. */
    int offset;

    /** Seconds since 1970 where {@link #year} is {@link #IS_EPOCH}. */
    long epochSecond;

    private int weekday;
    private int half;

    /** In place of a year: the time is {@link #epochSecond} and {@link #nano}. */
    static final int IS_EPOCH = -2;

    private void clear() {
      year = -1;
      month = -1;
      day = -1;
      hour = -1;
      minute = 0;
      second = 0;
      nano = 0;
      offset = Integer.MIN_VALUE;
      epochSecond = 0;
      weekday = -1;
      half = -1;
    }
  }

  /**
   * Compiles a pattern.
   *
   * @throws UserException when it is none
   */
  TimePattern(String pattern) {
    this.pattern = pattern;
    this.pieces = isNamed() ? null : compile(pattern);
    if (pieces == null && !isNamed()) {
      try {
        formatter();
      } catch (IllegalArgumentException e) {
        throw UserException.usage("bad timestamp pattern '" + pattern + "': " + e.getMessage());
      }
    }
  }

  private boolean isNamed() {
    return pattern.equals(ISO) || pattern.equals(EPOCH);
  }

  /** As it was given. */
  String text() {
    return pattern;
  }

  /** Whether it tells the year. */
  boolean hasYear() {
    if (isNamed()) {
      return true;
    }
    String unquoted = pattern.replaceAll("'[^']*'", "");
    return unquoted.indexOf('y') >= 0 || unquoted.indexOf('u') >= 0;
  }

  private static Piece[] compile(String pattern) {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < pattern.length(); ) {
      char c = pattern.charAt(i);
      if (c == '\'') {
        int close = pattern.indexOf('\'', i + 1);
        if (close < 0) {
          return null;
        }
        String quoted = close == i + 1 ? "'" : pattern.substring(i + 1, close);
        quoted.chars().forEach(q -> pieces.add(new Piece((char) 0, 0, (char) q)));
        i = close + 1;
      } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
        int end = i;
        while (end < pattern.length() && pattern.charAt(end) == c) {
          end++;
        }
        if (!known(c, end - i)) {
          return null;
        }
        pieces.add(new Piece(c, end - i, (char) 0));
        i = end;
      } else if ("[]{}#".indexOf(c) >= 0) {
        return null;
      } else {
        pieces.add(new Piece((char) 0, 0, c));
        i++;
      }
    }
    return pieces.toArray(new Piece[0]);
  }

  private static boolean known(char letter, int count) {
    if (LETTERS.indexOf(letter) < 0) {
      return false;
    }
    return switch (letter) {
      case 'y', 'u' -> count == 4 || count == 2;
      case 'M', 'E' -> count <= 4;
      case 'S' -> count <= 9;
      case 'X', 'x', 'Z' -> count <= 3;
      case 'l', 'a' -> count == 1;
      default -> count <= 2;
    };
  }

  /** Reads a text; false when it is no such time. */
  boolean parse(String text, Parts parts) {
    parts.clear();
    if (pattern.equals(EPOCH)) {
      return epoch(text, parts);
    }
    if (pattern.equals(ISO)) {
      return iso(text, parts) && valid(parts);
    }
    if (pieces == null) {
      return byFormatter(text, parts) && valid(parts);
    }
    return scan(text, parts) && valid(parts);
  }

  private boolean scan(String text, Parts parts) {
    int at = 0;
    for (Piece piece : pieces) {
      at = piece.letter == 0 ? literal(text, at, piece.literal) : field(text, at, piece, parts);
      if (at < 0) {
        return false;
      }
    }
    if (parts.half >= 0) {
      if (parts.hour < 1 || parts.hour > 12) {
        return false;
      }
      parts.hour = parts.hour % 12 + 12 * parts.half;
    }
    return at == text.length();
  }

  /** A blank stands for a run of them, as days are padded. */
  private static int literal(String text, int from, char literal) {
    if (from >= text.length() || text.charAt(from) != literal) {
      return -1;
    }
    int at = from + 1;
    while (literal == ' ' && at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static int field(String text, int from, Piece piece, Parts parts) {
    int count = piece.count;
    int most = count == 1 ? 2 : count;
    return switch (piece.letter) {
      case 'y', 'u' ->
          take(
              text,
              from,
              digits(text, from, count, count),
              value -> parts.year = value + (count == 2 ? 2000 : 0));
      case 'M' ->
          count > 2
              ? name(text, from, MONTHS, found -> parts.month = found + 1)
              : take(text, from, digits(text, from, count, most), value -> parts.month = value);
      case 'd' -> take(text, from, digits(text, from, count, most), value -> parts.day = value);
      case 'H', 'h' ->
          take(text, from, digits(text, from, count, most), value -> parts.hour = value);
      case 'm' -> take(text, from, digits(text, from, count, most), value -> parts.minute = value);
      case 's' -> take(text, from, digits(text, from, count, most), value -> parts.second = value);
      case 'S' -> {
        int end = digits(text, from, count, count);
        parts.nano = end < 0 ? -1 : fraction(text, from, end);
        yield end;
      }
      case 'l' ->
          take(text, from, digits(text, from, 1, 3), value -> parts.nano = value * 1_000_000);
      case 'E' -> name(text, from, DAYS, found -> parts.weekday = found + 1);
      case 'a' -> {
        boolean am = text.regionMatches(true, from, "AM", 0, 2);
        boolean pm = text.regionMatches(true, from, "PM", 0, 2);
        parts.half = pm ? 1 : 0;
        yield am || pm ? from + 2 : -1;
      }
      default -> offset(text, from, parts, piece.letter == 'X');
    };
  }

  /** Gives the number between two places to a part; end is -1 when there is none. */
  private static int take(String text, int from, int end, IntConsumer part) {
    if (end >= 0) {
      part.accept(number(text, from, end));
    }
    return end;
  }

  /** The short or the full name, whatever the case. */
  private static int name(String text, int from, String[] names, IntConsumer found) {
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      if (isShort(text, from, name)) {
        found.accept(i);
        return text.regionMatches(true, from, name, 0, name.length())
            ? from + name.length()
            : from + 3;
      }
    }
    return -1;
  }

  /** Whether the first three letters of a name are at a place. */
  private static boolean isShort(String text, int from, String name) {
    if (from + 3 > text.length()) {
      return false;
    }
    for (int i = 0; i < 3; i++) {
      // Of all characters only the letter itself, small or capital, becomes the small letter.
      if ((text.charAt(from + i) | 0x20) != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** End of a number of digits at a place, -1 when there are fewer than the least. */
  private static int digits(String text, int from, int least, int most) {
    int end = from;
    while (end < text.length() && end - from < most && isDigit(text.charAt(end))) {
      end++;
    }
    return end - from < least ? -1 : end;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int number(String text, int from, int end) {
    int value = 0;
    for (int i = from; i < end; i++) {
      value = value * 10 + text.charAt(i) - '0';
    }
    return value;
  }

  /** Nanoseconds of decimals; those beyond the ninth are dropped. */
  private static int fraction(String text, int from, int end) {
    int nano = 0;
    for (int i = 0; i < 9; i++) {
      nano = nano * 10 + (from + i < end ? text.charAt(from + i) - '0' : 0);
    }
    return nano;
  }

  /** An offset: Z where it may be, or a sign, hours, and minutes with or without a colon. */
  private static int offset(String text, int from, Parts parts, boolean zulu) {
    if (from >= text.length()) {
      return -1;
    }
    char sign = text.charAt(from);
    if (zulu && (sign == 'Z' || sign == 'z')) {
      parts.offset = 0;
      return from + 1;
    }
    if (sign != '+' && sign != '-') {
      return -1;
    }
    int at = digits(text, from + 1, 2, 2);
    if (at < 0) {
      return -1;
    }
    int hours = number(text, from + 1, at);
    int minutes = 0;
    int start = at < text.length() && text.charAt(at) == ':' ? at + 1 : at;
    int end = digits(text, start, 2, 2);
    if (end >= 0) {
      minutes = number(text, start, end);
      at = end;
    }
    if (hours > 18 || minutes > 59) {
      return -1;
    }
    parts.offset = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return at;
  }

  private static boolean epoch(String text, Parts parts) {
    int end = digits(text, 0, 1, 20);
    if (end < 9) {
      return false;
    }
    long unit = end <= 11 ? 1 : end <= 14 ? 1_000 : end <= 17 ? 1_000_000 : 1_000_000_000;
    long value;
    try {
      value = Long.parseLong(text, 0, end, 10);
    } catch (NumberFormatException e) {
      return false;
    }
    parts.year = Parts.IS_EPOCH;
    parts.epochSecond = value / unit;
    parts.nano = (int) (value % unit * (1_000_000_000 / unit));
    if (end < text.length() && text.charAt(end) == '.') {
      int decimals = digits(text, end + 1, 1, text.length());
      if (decimals != text.length()) {
        return false;
      }
      parts.nano += (int) (fraction(text, end + 1, decimals) / unit);
      return true;
    }
    return end == text.length();
  }

  private static boolean iso(String text, Parts parts) {
    int at = digits(text, 0, 4, 4);
    if (at < 0) {
      return false;
    }
    parts.year = number(text, 0, 4);
    if (!two(text, 4, '-', value -> parts.month = value)
        || !two(text, 7, '-', value -> parts.day = value)
        || text.length() < 16
        || "Tt ".indexOf(text.charAt(10)) < 0
        || !two(text, 10, text.charAt(10), value -> parts.hour = value)
        || !two(text, 13, ':', value -> parts.minute = value)) {
      return false;
    }
    at = 16;
    if (two(text, at, ':', value -> parts.second = value)) {
      at += 3;
      if (at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ',')) {
        int end = digits(text, at + 1, 1, text.length());
        if (end < 0) {
          return false;
        }
        parts.nano = fraction(text, at + 1, end);
        at = end;
      }
    }
    if (at == text.length()) {
      return true;
    }
    if (text.charAt(at) == ' ') {
      at++;
    }
    String zone = text.substring(at);
    if (zone.equals("UTC") || zone.equals("GMT")) {
      parts.offset = 0;
      return true;
    }
    return offset(text, at, parts, true) == text.length();
  }

  /** A separator and two digits. */
  private static boolean two(String text, int at, char separator, IntConsumer value) {
    if (at >= text.length() || text.charAt(at) != separator || digits(text, at + 1, 2, 2) < 0) {
      return false;
    }
    value.accept(number(text, at + 1, at + 3));
    return true;
  }

  private boolean byFormatter(String text, Parts parts) {
    TemporalAccessor parsed;
    try {
      parsed = formatter().parse(text);
    } catch (DateTimeException e) {
      return false;
    }
    LocalDate date = parsed.query(TemporalQueries.localDate());
    if (date != null) {
      parts.year = date.getYear();
      parts.month = date.getMonthValue();
      parts.day = date.getDayOfMonth();
    } else if (parsed.isSupported(ChronoField.MONTH_OF_YEAR)
        && parsed.isSupported(ChronoField.DAY_OF_MONTH)) {
      parts.month = parsed.get(ChronoField.MONTH_OF_YEAR);
      parts.day = parsed.get(ChronoField.DAY_OF_MONTH);
    } else {
      return false;
    }
    if (!parsed.isSupported(ChronoField.NANO_OF_DAY)) {
      return false;
    }
    long nanos = parsed.getLong(ChronoField.NANO_OF_DAY);
    parts.nano = (int) (nanos % 1_000_000_000L);
    int second = (int) (nanos / 1_000_000_000L);
    parts.hour = second / 3600;
    parts.minute = second / 60 % 60;
    parts.second = second % 60;
    if (parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
      parts.offset = parsed.get(ChronoField.OFFSET_SECONDS);
    }
    return true;
  }

  private DateTimeFormatter formatter() {
    if (formatter == null) {
      // Strict resolving needs an era beside a year of the era.
      StringBuilder strict = new StringBuilder();
      boolean quoted = false;
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        quoted ^= c == '\'';
        strict.append(c == 'y' && !quoted ? 'u' : c);
      }
      formatter =
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(strict.toString())
              .toFormatter(Locale.US)
              .withResolverStyle(ResolverStyle.STRICT);
    }
    return formatter;
  }

  private static boolean valid(Parts parts) {
    if (parts.month < 1
        || parts.month > 12
        || parts.day < 1
        || parts.hour < 0
        || parts.hour > 23
        || parts.minute < 0
        || parts.minute > 59
        || parts.second < 0
        || parts.second > 59) {
      return false;
    }
    // Without a year, 29 February may be.
    LocalDate first = LocalDate.of(parts.year < 0 ? 2000 : parts.year, parts.month, 1);
    return parts.day <= first.lengthOfMonth()
        && (parts.weekday < 0
            || parts.year < 0
            || first.withDayOfMonth(parts.day).getDayOfWeek().getValue() == parts.weekday);
  }
}
