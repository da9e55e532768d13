package io.deeplog.log;

import io.deeplog.Pure;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The years of files whose times have none. */
@Pure
final class YearRules {
  /** {@code messages.3.gz}: the third oldest of messages. */
  private static final Pattern ROTATED =
      Pattern.compile("(.*?)(?:\\.(\\d{1,6}))?(\\.[A-Za-z]\\w+)?");

  private YearRules() {}

  /**
   * A file.
   *
   * @param first time of its first entry; null when it has none
   */
  record File(String path, Instant modified, Timestamps.Yearless first) {}

  /** No entry is younger than its file. */
  static Map<String, Timestamps.YearRule> byDate(List<File> files) {
    Map<String, Timestamps.YearRule> rules = new HashMap<>();
    files.forEach(f -> rules.put(f.path, Timestamps.YearRule.endingAt(f.modified)));
    return rules;
  }

  /**
   * Files start in a year; of rotated files (log.2, log.1, log) the oldest does, and where the next
   * starts earlier in the year than the one before, a New Year lies between.
   */
  static Map<String, Timestamps.YearRule> startingIn(int year, List<File> files) {
    Map<String, List<File>> families = new HashMap<>();
    for (File file : files) {
      families.computeIfAbsent(family(file.path), f -> new ArrayList<>()).add(file);
    }
    Map<String, Timestamps.YearRule> rules = new HashMap<>();
    for (List<File> family : families.values()) {
      family.sort(
          Comparator.comparingLong((File f) -> -rotation(f.path)).thenComparing(f -> f.path));
      List<File> reversed = new ArrayList<>(family);
      Collections.reverse(reversed);
      // Numbers that grow with time are no rotation: the order with fewer New Years is the one.
      chain(year, newYears(reversed) < newYears(family) ? reversed : family, rules);
    }
    return rules;
  }

  private static String family(String path) {
    Matcher matcher = ROTATED.matcher(path);
    return rotation(path) < 0 || !matcher.matches()
        ? path.replaceFirst("\\.(gz|bz2|zst)$", "")
        : matcher.group(1);
  }

  /** The number of a rotated file; -1 when it has none and is the newest. */
  private static long rotation(String path) {
    Matcher matcher = ROTATED.matcher(path);
    return matcher.matches() && matcher.group(2) != null ? Long.parseLong(matcher.group(2)) : -1;
  }

  private static int newYears(List<File> family) {
    return chain(2000, family, new HashMap<>()) - 2000;
  }

  private static int chain(
      int firstYear, List<File> family, Map<String, Timestamps.YearRule> rules) {
    int year = firstYear;
    Instant before = null;
    for (File file : family) {
      // Without a readable first time the year stands for all of the file: no line is before 1970.
      Instant anchor = file.first == null ? Instant.EPOCH : file.first.about(year);
      if (file.first != null) {
        if (before != null && anchor.isBefore(before.minus(1, ChronoUnit.DAYS))) {
          year++;
          anchor = file.first.about(year);
        }
        before = anchor;
      }
      rules.put(file.path, Timestamps.YearRule.startingAt(year, anchor));
    }
    return year;
  }
}
