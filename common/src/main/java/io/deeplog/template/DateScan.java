package io.deeplog.template;

import static io.deeplog.template.Characters.isBoundary;
import static io.deeplog.template.Characters.isDigit;
import static io.deeplog.template.Characters.isWordPart;

import io.deeplog.Pure;
import java.util.Set;

/** Finds dates, with the times behind them, in one line after another. */
@Pure
final class DateScan {
  private static final Set<String> MONTHS =
      Set.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
  private static final Set<String> LONG_MONTHS =
      Set.of(
          "January",
          "February",
          "March",
          "April",
          "June",
          "July",
          "August",
          "September",
          "October",
          "November",
          "December");
  private static final Set<String> DAYS = Set.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

  private String line;

  /** Takes a line. */
  void on(String newLine) {
    line = newLine;
  }

  /** y-m-d, d/m/y, d.m.y or d-Mon-y, with a time behind a blank, T or colon. */
  int numericDate(int start, int stop) {
    int position = start;
    for (int part = 0; part < 3; part++) {
      int digits = position;
      while (digits < stop && isDigit(line.charAt(digits))) {
        digits++;
      }
      int length = digits - position;
      if (part == 1 && length == 0 && position + 3 < stop) {
        if (!MONTHS.contains(line.substring(position, position + 3))) {
          return -1;
        }
        digits = position + 3;
      } else if (length == 0 || length > 4 || length == 3) {
        return part == 1 && length == 0 ? -1 : namedDayFirst(start, stop);
      }
      position = digits;
      if (part < 2) {
        if (position >= stop || "-/.".indexOf(line.charAt(position)) < 0) {
          return part == 0 ? namedDayFirst(start, stop) : -1;
        }
        position++;
      }
    }
    int end = withTime(position, stop);
    if (end == position && !isBoundary(line, position)) {
      return -1;
    }
    // Parts of an address or a host's name look like a date but go on.
    boolean more =
        end + 1 < stop && "-/.".indexOf(line.charAt(end)) >= 0 && isWordPart(line.charAt(end + 1));
    return more && end == position ? -1 : end;
  }

  /** {@code Sun Jul 17 09:21:12 2005}, {@code Jul 17 09:21:12}, {@code Jul 17, 2005}. */
  int namedDate(int start, int stop) {
    int position = start;
    char c = line.charAt(start);
    if (position + 3 > stop || c < 'A' || c > 'W') {
      return start;
    }
    String name = line.substring(position, position + 3);
    if (DAYS.contains(name)) {
      position += 3;
      if (position < stop && line.charAt(position) == ',') {
        position++;
      }
      if (position + 5 >= stop || line.charAt(position) != ' ') {
        return start;
      }
      position++;
      if (isDigit(line.charAt(position))) {
        int end = namedDayFirst(position, stop);
        return end < 0 ? start : end;
      }
      name = line.substring(position, position + 3);
    }
    if (!MONTHS.contains(name)) {
      return start;
    }
    position = monthEnd(position, stop);
    int blanks = position;
    while (position < stop && position < blanks + 2 && line.charAt(position) == ' ') {
      position++;
    }
    int day = position;
    while (position < stop && position < day + 2 && isDigit(line.charAt(position))) {
      position++;
    }
    if (position == day || day == blanks || (position < stop && !isBoundary(line, position))) {
      return start;
    }
    int end = position;
    int clock = position + 1;
    if (clock < stop && line.charAt(position) == ' ' && time(clock, stop)) {
      end = clockEnd(clock, stop);
      int zone = end + 1;
      while (zone < stop && zone < end + 5 && Character.isUpperCase(line.charAt(zone))) {
        zone++;
      }
      if (zone - end > 3 && zone < stop && line.charAt(end) == ' ' && year(zone, stop) > 0) {
        end = zone;
      }
    } else if (position < stop && line.charAt(position) == ',') {
      if (year(position + 1, stop) > 0) {
        end = position + 1;
      } else if (time(position + 2, stop) && line.charAt(position + 1) == ' ') {
        return clockEnd(position + 2, stop);
      }
    }
    int year = year(end, stop);
    if (year > 0) {
      return end <= position + 1 ? withTime(year, stop) : year;
    }
    return end == position ? start : end;
  }

  /** The end of a month's name, short or long. */
  private int monthEnd(int start, int stop) {
    int end = start + 3;
    while (end < stop && Character.isLetter(line.charAt(end))) {
      end++;
    }
    return LONG_MONTHS.contains(line.substring(start, end)) ? end : start + 3;
  }

  /** A time with a half of the day behind it, "8:50 AM"; -1 for others, which are numbers. */
  int halfDayTime(int start, int stop) {
    int end = clockEnd(start, stop);
    return end > start && line.charAt(end - 1) == 'M' ? end : -1;
  }

  /** {@code 17 Jul 2005 09:21:12}. */
  private int namedDayFirst(int start, int stop) {
    int digits = start;
    while (digits < stop && isDigit(line.charAt(digits))) {
      digits++;
    }
    if (digits - start > 2
        || digits + 8 >= stop
        || line.charAt(digits) != ' '
        || !MONTHS.contains(line.substring(digits + 1, digits + 4))
        || line.charAt(digits + 4) != ' ') {
      return -1;
    }
    int year = digits + 5;
    for (int i = 0; i < 4; i++) {
      if (year + i >= stop || !isDigit(line.charAt(year + i))) {
        return -1;
      }
    }
    return isBoundary(line, year + 4) ? withTime(year + 4, stop) : -1;
  }

  private int withTime(int position, int stop) {
    if (position + 1 < stop && " T:-,".indexOf(line.charAt(position)) >= 0) {
      int clock = line.startsWith(", ", position) ? position + 2 : position + 1;
      if (time(clock, stop)) {
        return clockEnd(clock, stop);
      }
    }
    return position;
  }

  private boolean time(int position, int stop) {
    return position + 4 < stop
        && isDigit(line.charAt(position))
        && clockEnd(position, stop) > position;
  }

  /** The end of hh:mm, hh:mm:ss, with a fraction, a zone and a half of the day. */
  private int clockEnd(int start, int stop) {
    int end = start;
    while (end < stop && end < start + 2 && isDigit(line.charAt(end))) {
      end++;
    }
    int pairs = 0;
    while (pairs < 2
        && end + 2 < stop
        && line.charAt(end) == (pairs == 1 && line.charAt(start + 2) == '.' ? '.' : ':')
        && isDigit(line.charAt(end + 1))
        && isDigit(line.charAt(end + 2))) {
      end += 3;
      pairs++;
    }
    if (pairs == 0) {
      return start;
    }
    if (end + 1 < stop && ".,".indexOf(line.charAt(end)) >= 0 && isDigit(line.charAt(end + 1))) {
      end++;
      while (end < stop && isDigit(line.charAt(end))) {
        end++;
      }
    }
    if (end < stop && line.charAt(end) == 'Z') {
      end++;
    } else {
      int zone = end < stop && isBlank(line.charAt(end)) ? end + 1 : end;
      if (zone + 4 < stop
          && "+-".indexOf(line.charAt(zone)) >= 0
          && isDigit(line.charAt(zone + 1))
          && isDigit(line.charAt(zone + 2))) {
        int rest = line.charAt(zone + 3) == ':' ? zone + 4 : zone + 3;
        if (rest + 1 < stop && isDigit(line.charAt(rest)) && isDigit(line.charAt(rest + 1))) {
          end = rest + 2;
        }
      } else if (zone + 1 < stop
          && "AP".indexOf(line.charAt(zone)) >= 0
          && line.charAt(zone + 1) == 'M'
          && isBoundary(line, zone + 2)) {
        end = zone + 2;
      }
    }
    return isBoundary(line, end) ? end : start;
  }

  /** A blank, or the narrow one that newer locale data has before a half of the day. */
  private static boolean isBlank(char c) {
    return c == ' ' || c == '\u202f';
  }

  /** The end of a blank and a year of four digits, or 0. */
  private int year(int blank, int stop) {
    if (blank + 5 > stop || line.charAt(blank) != ' ') {
      return 0;
    }
    for (int i = 1; i < 5; i++) {
      if (!isDigit(line.charAt(blank + i))) {
        return 0;
      }
    }
    return isBoundary(line, blank + 5) ? blank + 5 : 0;
  }
}
