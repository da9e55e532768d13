package io.deeplog.log;

import io.deeplog.Pure;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The header of an entry as texts again, in the order of its format's fields. */
@Pure
public final class HeaderText implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final List<String> OF_VALUES =
      List.of("Timestamp", "Level", "Component", "Host", "Pid");

  private final List<String> names;
  private final List<String> timeFields;
  private final String pattern;
  private final ZoneId zone;
  private transient DateTimeFormatter formatter;

  /** Of the entries of a format. */
  public HeaderText(LogFormat format) {
    boolean isText = format.spec().shape() == FormatSpec.Shape.TEXT;
    this.names = isText ? List.copyOf(format.headerFields()) : OF_VALUES;
    this.timeFields = isText ? List.copyOf(format.timeFields()) : List.of("Timestamp");
    this.pattern = javaPattern(format.timestampPattern());
    this.zone = format.spec().zone();
  }

  private static String javaPattern(String pattern) {
    if (pattern == null || pattern.equals(TimePattern.EPOCH)) {
      return pattern;
    }
    // Milliseconds as a number are written as decimals, which read back the same.
    return pattern.equals(TimePattern.ISO)
        ? "uuuu-MM-dd HH:mm:ss.SSSSSS"
        : pattern.replace('l', 'S').replaceAll("(?<!S)S(?!S)", "SSS").replace("y", "u");
  }

  /** Names of the fields. */
  public List<String> names() {
    return names;
  }

  /**
   * The texts of the fields, empty where an entry has none.
   *
   * @param ts time, or null
   * @param columns level, component, host and pid by these names
   * @param fields the other fields, or null
   */
  public List<String> values(Instant ts, Map<String, String> columns, Map<String, String> fields) {
    List<String> times = times(ts);
    List<String> values = new ArrayList<>();
    for (String name : names) {
      int time = timeFields.indexOf(name);
      String value =
          time >= 0
              ? times.get(time)
              : columns.getOrDefault(
                  name.toLowerCase(Locale.ROOT), fields == null ? null : fields.get(name));
      values.add(value == null ? "" : value);
    }
    return values;
  }

  /** The time's text, a part for every field: the pattern has a blank between two of them. */
  private List<String> times(Instant ts) {
    List<String> parts = new ArrayList<>();
    String text = ts == null || pattern == null ? "" : text(ts);
    int start = 0;
    for (int i = 0; i < timeFields.size(); i++) {
      int blank = i == timeFields.size() - 1 ? -1 : text.indexOf(' ', start);
      parts.add(text.substring(start, blank < 0 ? text.length() : blank));
      start = blank < 0 ? text.length() : blank + 1;
    }
    return parts;
  }

  private String text(Instant ts) {
    if (pattern.equals(TimePattern.EPOCH)) {
      long micros = ts.get(ChronoField.MICRO_OF_SECOND);
      // In one unit, whichever the log has: logparser's users read a column of them as numbers.
      return ts.getEpochSecond() + (micros == 0 ? "" : String.format(Locale.ROOT, ".%06d", micros));
    }
    if (formatter == null) {
      formatter = DateTimeFormatter.ofPattern(pattern, Locale.US).withZone(zone);
    }
    try {
      return formatter.format(ts);
    } catch (DateTimeException e) {
      return ts.toString();
    }
  }
}
