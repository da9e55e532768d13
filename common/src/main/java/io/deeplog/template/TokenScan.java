package io.deeplog.template;

import static io.deeplog.template.Characters.LETTER;
import static io.deeplog.template.Characters.is;
import static io.deeplog.template.Characters.isAlnum;
import static io.deeplog.template.Characters.isBoundary;
import static io.deeplog.template.Characters.isDelimiter;
import static io.deeplog.template.Characters.isDigit;
import static io.deeplog.template.Characters.isWordPart;

import io.deeplog.Pure;
import java.util.Locale;
import java.util.Set;

/**
 * Finds values that more than letters and digits make: lists of hosts, random text, quoted values
 * of keys, bounds; and what looks like a value but is a name. What is found is told by its end; -1
 * where there is none.
 */
@Pure
final class TokenScan {
  /** Fewer characters may be a name. */
  private static final int RANDOM_LENGTH = 12;

  /** Changes between capitals, other letters and digits of random text. */
  private static final int RANDOM_CHANGES = 5;

  private static final int MAX_QUOTED = 256;

  private static final Set<String> TIME_UNITS =
      Set.of("s", "sec", "secs", "second", "seconds", "ms", "us", "min", "minute", "minutes");

  /** Keys whose text tells what happened: that is no value. */
  private static final Set<String> MESSAGE_KEYS =
      Set.of(
          "msg",
          "message",
          "event",
          "error",
          "err",
          "exception",
          "reason",
          "cause",
          "text",
          "description",
          "desc",
          "title",
          "detail",
          "details",
          "action",
          "status",
          "result",
          "warning",
          "info",
          "note",
          "summary");

  private String line;

  /** Takes a line. */
  void on(String newLine) {
    line = newLine;
  }

  /** Names by ranges of their numbers: {@code node[001-004,7]}, {@code gpu-[1,5]}. */
  int hostList(int start, int stop) {
    int bracket = start;
    while (bracket < stop && (isWordPart(line.charAt(bracket)) || line.charAt(bracket) == '-')) {
      bracket++;
    }
    if (bracket + 4 >= stop || line.charAt(bracket) != '[' || !isDigit(line.charAt(bracket + 1))) {
      return -1;
    }
    int end = bracket + 1;
    boolean list = false;
    while (end < stop && line.charAt(end) != ']') {
      char c = line.charAt(end);
      boolean between = c == '-' || c == ',';
      if (between ? !isDigit(line.charAt(end - 1)) : !isDigit(c)) {
        return -1;
      }
      list |= between;
      end++;
    }
    return end < stop && list && isDigit(line.charAt(end - 1)) && isBoundary(line, end + 1)
        ? end + 1
        : -1;
  }

  /** Long text of letters and digits, maybe with the signs of Base64, in no order. */
  int random(int start, int core) {
    if (core - start < RANDOM_LENGTH) {
      return -1;
    }
    int end = start;
    int changes = 0;
    int digits = 0;
    int previous = -1;
    while (end < core) {
      char c = line.charAt(end);
      if (c >= 128 || !(isAlnum(c) || c == '+' || c == '/')) {
        break;
      }
      if (isAlnum(c)) {
        digits += isDigit(c) ? 1 : 0;
        int type = isDigit(c) ? 0 : Characters.isUpper(c) ? 1 : 2;
        changes += previous >= 0 && type != previous ? 1 : 0;
        previous = type;
      }
      end++;
    }
    return end == core && digits > 0 && changes >= RANDOM_CHANGES ? end : -1;
  }

  /**
   * The closing quote of what stands between typographic quotes, by its opening one; an apostrophe
   * within a word is none.
   */
  int typeset(int open, int stop) {
    if (open > 0 && line.charAt(open - 1) == '=') {
      return -1;
    }
    char close = (char) (line.charAt(open) + 1);
    int most = Math.min(stop, open + MAX_QUOTED);
    for (int i = open + 1; i < most; i++) {
      if (line.charAt(i) == close && isBoundary(line, i + 1)) {
        return i == open + 1 ? -1 : i;
      }
    }
    return -1;
  }

  /**
   * The closing quote of the value of a key, {@code title="Daily report"}, by its opening quote.
   */
  int quoted(int open, int stop) {
    if (open < 2 || line.charAt(open - 1) != '=') {
      return -1;
    }
    char quote = line.charAt(open);
    int close = line.indexOf(quote, open + 1);
    if (close <= open + 1 || close >= stop || close - open > MAX_QUOTED) {
      return -1;
    }
    if (close + 1 < line.length() && !ends(line.charAt(close + 1))) {
      return -1;
    }
    int key = open - 1;
    while (key > 0 && isWordPart(line.charAt(key - 1))) {
      key--;
    }
    boolean message = MESSAGE_KEYS.contains(line.substring(key, open - 1).toLowerCase(Locale.ROOT));
    return message || line.startsWith(Masker.WILDCARD, open + 1) ? -1 : close;
  }

  private static boolean ends(char c) {
    return c == '.' || (isDelimiter(c) && c != '"' && c != '\'' && c != '=');
  }

  /** A time below a bound: {@code <1 sec}. */
  int bound(int start, int stop) {
    int end = start + 1;
    while (end < stop && isDigit(line.charAt(end))) {
      end++;
    }
    if (end == start + 1) {
      return -1;
    }
    int unit = end < stop && line.charAt(end) == ' ' ? end + 1 : end;
    int after = unit;
    while (after < stop && is(line.charAt(after), LETTER)) {
      after++;
    }
    return TIME_UNITS.contains(line.substring(unit, after))
            && isBoundary(line, after)
            && (after >= line.length() || line.charAt(after) != '>')
        ? after
        : -1;
  }

  /** The name of a message of network devices: {@code %LINK-3-UPDOWN}. */
  int mnemonic(int start, int core) {
    if (line.charAt(start) != '%') {
      return -1;
    }
    int end = start + 1;
    int dashes = 0;
    while (end < core) {
      char c = line.charAt(end);
      if (c == '-') {
        dashes++;
      } else if (!isDigit(c) && c != '_' && !(c >= 'A' && c <= 'Z')) {
        break;
      }
      end++;
    }
    return dashes >= 2 && end == core ? end : -1;
  }

  /** A protocol with its version: {@code HTTP/1.1}. */
  int protocol(int start, int end, int core) {
    if (end - start < 3 || end + 4 > core || line.charAt(end) != '/') {
      return -1;
    }
    for (int i = start; i < end; i++) {
      if (line.charAt(i) < 'A' || line.charAt(i) > 'Z') {
        return -1;
      }
    }
    return isDigit(line.charAt(end + 1))
            && line.charAt(end + 2) == '.'
            && isDigit(line.charAt(end + 3))
            && isBoundary(line, end + 4)
        ? end + 4
        : -1;
  }
}
