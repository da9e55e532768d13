package io.deeplog.log;

import io.deeplog.Pure;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How the lines of a log are read: layouts of the header and the pattern of its time. */
@Pure
public final class LogFormat implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Set<String> TIME_FIELDS =
      Set.of("date", "time", "month", "day", "year", "timestamp");

  private final String name;
  private final List<Layout> layouts = new ArrayList<>();
  private final Timestamps timestamps;

  /** Why a line is rejected. */
  public enum Reject {
    /** Nothing on the line. */
    EMPTY("empty line"),
    /** No layout of the format fits. */
    HEADER("header does not fit the format"),
    /** The header fits, its time is none. */
    TIMESTAMP("timestamp cannot be read");

    private final String text;

    Reject(String text) {
      this.text = text;
    }

    /** The reason as the rejects table tells it. */
    public String text() {
      return text;
    }
  }

  /** A layout with its fields sorted by what they are for. */
  private record Layout(HeaderLayout header, int content, int[] time, int[] others)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    static Layout of(String text) {
      HeaderLayout header = HeaderLayout.compile(text);
      List<Integer> time = new ArrayList<>();
      List<Integer> others = new ArrayList<>();
      int content = -1;
      for (int i = 0; i < header.names().size(); i++) {
        String field = header.names().get(i);
        if (field.equals(HeaderLayout.CONTENT)) {
          content = i;
        } else if (TIME_FIELDS.contains(field.toLowerCase(Locale.ROOT))) {
          time.add(i);
        } else {
          others.add(i);
        }
      }
      return new Layout(header, content, ints(time), ints(others));
    }

    private static int[] ints(List<Integer> list) {
      return list.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /**
   * A format.
   *
   * @param name a preset's name, or the layout itself
   * @param layouts tried in order
   * @param timestampPattern null when the time is not to be read
   */
  LogFormat(String name, List<String> layouts, String timestampPattern) {
    this.name = name;
    layouts.forEach(text -> this.layouts.add(Layout.of(text)));
    this.timestamps = timestampPattern == null ? null : new Timestamps(timestampPattern);
  }

  /** A preset's name, or the layout itself. */
  public String name() {
    return name;
  }

  /** The timestamp pattern, or null when the format has no time. */
  public String timestampPattern() {
    return timestamps == null ? null : timestamps.pattern();
  }

  /** Whether a file's year must come from elsewhere. */
  boolean needsYear() {
    return timestamps != null && !timestamps.hasYear();
  }

  /** Whether any layout has fields of a time. */
  boolean hasTimeFields() {
    return layouts.stream().anyMatch(layout -> layout.time.length > 0);
  }

  /** Takes the fields of a line that fits. */
  interface FieldSink {
    /** A header field other than those of the time. */
    void field(String name, String value);
  }

  /** What a line is read into; reused from line to line. */
  static final class Entry {
    /** Null when the line fits. */
    Reject reject;

    /** Null when the format has no time. */
    Instant ts;

    String content;
  }

  /**
   * Reads a line.
   *
   * @param rule the year of yearless times; null where the format has a year or no time
   * @param entry receives time, content or the reason of a reject
   * @param fields receives the other header fields; not called for rejects
   */
  void read(String line, Timestamps.YearRule rule, Entry entry, FieldSink fields) {
    entry.ts = null;
    entry.content = null;
    entry.reject = line.isBlank() ? Reject.EMPTY : Reject.HEADER;
    if (entry.reject == Reject.EMPTY) {
      return;
    }
    for (Layout layout : layouts) {
      int[] spans = layout.header.newSpans();
      if (!layout.header.scan(line, spans)) {
        continue;
      }
      if (timestamps != null && layout.time.length > 0) {
        entry.ts = timestamps.parse(timeText(layout, line, spans), rule);
        if (entry.ts == null) {
          entry.reject = Reject.TIMESTAMP;
          continue;
        }
      }
      entry.reject = null;
      entry.content = line.substring(spans[2 * layout.content], spans[2 * layout.content + 1]);
      for (int i : layout.others) {
        if (spans[2 * i] >= 0) {
          fields.field(
              layout.header.names().get(i), line.substring(spans[2 * i], spans[2 * i + 1]));
        }
      }
      return;
    }
  }

  /** The text of a line's time, its fields joined by single blanks; null when no layout fits. */
  String timeText(String line) {
    for (Layout layout : layouts) {
      int[] spans = layout.header.newSpans();
      if (layout.time.length > 0 && layout.header.scan(line, spans)) {
        return timeText(layout, line, spans);
      }
    }
    return null;
  }

  private static String timeText(Layout layout, String line, int[] spans) {
    int first = layout.time[0];
    if (layout.time.length == 1) {
      return line.substring(spans[2 * first], spans[2 * first + 1]);
    }
    StringBuilder text = new StringBuilder();
    for (int i : layout.time) {
      if (spans[2 * i] >= 0) {
        text.append(text.isEmpty() ? "" : " ").append(line, spans[2 * i], spans[2 * i + 1]);
      }
    }
    return text.toString();
  }

  /** The year rule of a file that starts in a year, told by its first readable line. */
  Timestamps.YearRule yearRule(int year, String firstLine) {
    String text = firstLine == null ? null : timeText(firstLine);
    Timestamps.Yearless first = null;
    try {
      first = text == null ? null : timestamps.yearless(text);
    } catch (DateTimeException e) {
      // The file has no readable first time: the year then stands for all of it.
    }
    Instant anchor =
        first == null ? Instant.ofEpochSecond(0) : first.in(year); // epoch: no line is before it
    return Timestamps.YearRule.startingAt(year, anchor);
  }
}
