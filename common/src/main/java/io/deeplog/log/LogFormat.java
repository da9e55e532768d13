package io.deeplog.log;

import io.deeplog.Pure;
import io.deeplog.log.FormatSpec.Join;
import io.deeplog.log.FormatSpec.Shape;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How the entries of a file are read: layouts of the header, or names of a JSON object or a table's
 * columns, and the pattern of the time.
 */
@Pure
public final class LogFormat implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Set<String> TIME_FIELDS =
      Set.of("date", "time", "month", "day", "year", "timestamp");

  private final String name;
  private final FormatSpec spec;
  private final List<Layout> layouts = new ArrayList<>();
  private final Timestamps timestamps;
  private final Continuation continuation;

  /** Columns of a table and their separator; null for other shapes. */
  private final List<String> columns;

  private final char separator;

  /** Null when the content has no format of its own. */
  private final LogFormat inner;

  /** Why a line is rejected. */
  public enum Reject {
    /** Nothing on the line. */
    EMPTY("empty line"),
    /** No layout of the format fits. */
    HEADER("header does not fit the format"),
    /** The header fits, its time is none. */
    TIMESTAMP("timestamp cannot be read"),
    /** Not a JSON object. */
    JSON("not a JSON object"),
    /** A JSON object without a message. */
    MESSAGE("no message in the JSON object"),
    /** A row with more or fewer fields than the table has columns, or an open quote. */
    ROW("row does not fit the columns"),
    /** More lines or characters than an entry may have. */
    CONTINUATION("continues an entry that is too long"),
    /** Longer than {@link LogReader#MAX_LINE_BYTES}. */
    LENGTH("line is too long");

    private final String text;

    Reject(String text) {
      this.text = text;
    }

    /** The reason as the rejects table tells it. */
    public String text() {
      return text;
    }
  }

  /**
   * A layout with its fields sorted by what they are for.
   *
   * @param sunk names of all fields as {@link FieldSink} takes them
   */
  private record Layout(HeaderLayout header, int content, int[] time, int[] others, String[] sunk)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    static Layout of(String text, List<String> timeFields, Map<String, List<String>> kinds) {
      HeaderLayout header = HeaderLayout.compile(text, kinds);
      List<Integer> time = new ArrayList<>();
      List<Integer> others = new ArrayList<>();
      int content = -1;
      for (int i = 0; i < header.names().size(); i++) {
        String field = header.names().get(i);
        if (field.equals(HeaderLayout.CONTENT)) {
          content = i;
        } else if (timeFields.isEmpty()
            ? TIME_FIELDS.contains(field.toLowerCase(Locale.ROOT))
            : timeFields.contains(field)) {
          time.add(i);
        } else {
          others.add(i);
        }
      }
      String[] sunk = header.names().stream().map(LogFormat::sunk).toArray(String[]::new);
      return new Layout(header, content, ints(time), ints(others), sunk);
    }

    private static int[] ints(List<Integer> list) {
      return list.stream().mapToInt(Integer::intValue).toArray();
    }
  }

  /** What a format needs beside its declaration. */
  record Settled(
      String name,
      String timestampPattern,
      Map<String, List<String>> kinds,
      Continuation continuation,
      List<String> columns,
      char separator,
      LogFormat inner) {}

  /** A format with all that was open settled. */
  LogFormat(FormatSpec spec, Settled settled) {
    this.spec = spec;
    this.name = settled.name;
    spec.layouts().forEach(text -> layouts.add(Layout.of(text, spec.time(), settled.kinds)));
    this.timestamps =
        settled.timestampPattern == null
            ? null
            : new Timestamps(settled.timestampPattern, spec.zone());
    this.continuation = settled.continuation;
    this.columns = settled.columns;
    this.separator = settled.separator;
    this.inner = settled.inner;
  }

  /** A preset's name, or the layout itself. */
  public String name() {
    return name;
  }

  /** The name, with that of the content's own format if it has one. */
  public String description() {
    return inner == null ? name : name + " of " + inner.name;
  }

  /** Tells formats apart that read the same line differently. */
  String key() {
    return name
        + " "
        + timestampPattern()
        + " "
        + columns
        + separator
        + (inner == null ? "" : " of " + inner.key());
  }

  /** The timestamp pattern, or null when the format has no time. */
  public String timestampPattern() {
    return timestamps == null ? null : timestamps.pattern();
  }

  /** Names of the header's fields in their order; of several layouts, those of the first. */
  public List<String> headerFields() {
    List<String> names = new ArrayList<>();
    for (Layout layout : layouts) {
      for (String field : layout.header.names()) {
        if (!names.contains(field) && !field.equals(HeaderLayout.CONTENT)) {
          names.add(field);
        }
      }
    }
    return names;
  }

  /** Of {@link #headerFields}, those that make up the time. */
  public List<String> timeFields() {
    List<String> names = new ArrayList<>();
    for (Layout layout : layouts) {
      for (int i : layout.time) {
        String field = layout.header.names().get(i);
        if (!names.contains(field)) {
          names.add(field);
        }
      }
    }
    return names;
  }

  FormatSpec spec() {
    return spec;
  }

  Join join() {
    return spec.join();
  }

  /** Whether the first line of a file names columns and is no entry. */
  boolean hasHeaderLine() {
    return columns != null;
  }

  /** Whether a quoted field is open after a line; false for formats without such. */
  boolean isOpen(boolean open, String line) {
    return spec.join() == Join.QUOTES && CsvLine.isOpen(open, line, separator);
  }

  /** Whether a line belongs to the entry before it; told by the line alone. */
  boolean continues(String line) {
    return switch (spec.join()) {
      case STACK_TRACE -> continuation.looksLike(line) && !fits(line);
      case ALL -> !fits(line);
      default -> false;
    };
  }

  private boolean fits(String line) {
    for (Layout layout : layouts) {
      int[] spans = layout.header.newSpans();
      if (layout.header.scan(line, spans)
          && (timestamps == null
              || layout.time.length == 0
              || timestamps.reads(timeText(layout, line, spans)))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a file's year must come from elsewhere. */
  boolean needsYear() {
    return timestamps == null ? inner != null && inner.needsYear() : !timestamps.hasYear();
  }

  /** Whether the format has a time. */
  boolean hasTimeFields() {
    return spec.roles() != null || layouts.stream().anyMatch(layout -> layout.time.length > 0);
  }

  /** Takes the fields of a line that fits. */
  interface FieldSink {
    /** Names of the fields that every format can have, whatever their case in the format. */
    List<String> COMMON = List.of("level", "component", "host", "pid");

    /**
     * A header field other than those of the time.
     *
     * @param name one of {@link #COMMON}, or as the format has it
     */
    void field(String name, String value);
  }

  /** A field's name as {@link FieldSink} takes it. */
  private static String sunk(String field) {
    for (String common : FieldSink.COMMON) {
      if (common.equalsIgnoreCase(field)) {
        return common;
      }
    }
    return field;
  }

  /** What a line is read into; reused from line to line. */
  static final class Entry {
    /** Null when the line fits. */
    Reject reject;

    /** Null when the format has no time. */
    Instant ts;

    String content;

    /** Whether the message goes on in the next line of its stream. */
    boolean partial;

    /** Tells streams of such messages apart. */
    String stream;
  }

  /**
   * Reads an entry.
   *
   * @param text a line, or all lines of an entry of several
   * @param rule the year of yearless times; null where the format has a year or no time
   * @param entry receives time, content or the reason of a reject
   * @param fields receives the other header fields; not called for rejects. Null when they are not
   *     wanted
   */
  void read(String text, Timestamps.YearRule rule, Entry entry, FieldSink fields) {
    readPart(text, rule, entry, fields);
    if (entry.reject == null && !entry.partial) {
      readInner(rule, entry, fields);
    }
  }

  /** {@link #read} without the content's own format. */
  void readPart(String text, Timestamps.YearRule rule, Entry entry, FieldSink fields) {
    entry.ts = null;
    entry.content = null;
    entry.partial = false;
    entry.stream = null;
    if (text.isBlank()) {
      entry.reject = Reject.EMPTY;
      return;
    }
    entry.reject = Reject.HEADER;
    if (spec.shape() == Shape.TEXT) {
      readLayouts(text, rule, entry, fields);
    } else {
      readValues(text, rule, entry, fields);
    }
  }

  /**
   * Reads the content's own format.
   *
   * @param entry with content and time, which are replaced by those within where there are any; a
   *     time from outside stays
   */
  void readInner(Timestamps.YearRule rule, Entry entry, FieldSink fields) {
    if (inner == null) {
      return;
    }
    Instant outer = entry.ts;
    String content = entry.content;
    boolean partial = entry.partial;
    String stream = entry.stream;
    inner.read(
        content,
        outer == null && rule != null ? rule : Timestamps.YearRule.anyYear(),
        entry,
        fields);
    if (entry.reject != null) {
      entry.reject = null;
      entry.content = content;
    }
    entry.ts = outer == null ? entry.ts : outer;
    entry.partial = partial;
    entry.stream = stream;
  }

  private void readLayouts(String line, Timestamps.YearRule rule, Entry entry, FieldSink fields) {
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
      entry.content = content(line, spans[2 * layout.content]);
      for (int i : layout.others) {
        if (spans[2 * i] >= 0 && (fields != null || spec.partial() != null)) {
          String value = line.substring(spans[2 * i], spans[2 * i + 1]);
          if (spec.partial() != null) {
            noteStream(entry, layout.header.names().get(i), value);
          }
          if (fields != null) {
            fields.field(layout.sunk[i], value);
          }
        }
      }
      return;
    }
  }

  /** The rest of a line; blanks at its end are none of it, but between the parts of a message. */
  private String content(String line, int start) {
    int end = line.length();
    while (spec.partial() == null && end > start && isBlank(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private void noteStream(Entry entry, String field, String value) {
    if (field.equals(spec.partial().stream())) {
      entry.stream = value;
    }
    if (field.equals(spec.partial().field())) {
      entry.partial = value.equals(spec.partial().value());
    }
  }

  private void readValues(String text, Timestamps.YearRule rule, Entry entry, FieldSink fields) {
    Map<String, String> values = values(text, entry);
    if (values == null) {
      return;
    }
    FieldRoles roles = spec.roles();
    String message = FieldRoles.find(roles.message(), values);
    if (message == null || !values.keySet().containsAll(spec.required())) {
      entry.reject = Reject.MESSAGE;
      return;
    }
    String time = FieldRoles.find(roles.time(), values);
    if (time != null && timestamps != null) {
      String told = values.get(time);
      if (!told.isEmpty()) {
        entry.ts = timestamps.parse(told, rule);
        if (entry.ts == null) {
          entry.reject = Reject.TIMESTAMP;
          return;
        }
      }
      values.remove(time);
    }
    entry.reject = null;
    entry.content = content(values.remove(message), entry);
    if (spec.partial() != null) {
      entry.stream = values.get(spec.partial().stream());
    }
    if (fields == null) {
      return;
    }
    roles
        .columns()
        .forEach(
            (column, names) -> {
              String found = FieldRoles.find(names, values);
              if (found != null && !values.get(found).isEmpty()) {
                fields.field(sunk(column), values.remove(found));
              }
            });
    values.forEach(
        (field, value) -> {
          if (!value.isEmpty()) {
            fields.field(sunk(field), value);
          }
        });
  }

  /** A message whose parts tell by a line break that they are the last, without it. */
  private String content(String message, Entry entry) {
    if (spec.partial() == null || spec.partial().field() != null) {
      return message;
    }
    if (!message.endsWith("\n")) {
      entry.partial = true;
      return message;
    }
    int end = message.length() - 1;
    return message.substring(0, end > 0 && message.charAt(end - 1) == '\r' ? end - 1 : end);
  }

  private Map<String, String> values(String text, Entry entry) {
    if (spec.shape() == Shape.JSON) {
      Map<String, String> values = new LinkedHashMap<>();
      entry.reject = JsonFields.read(text, values) ? null : Reject.JSON;
      return entry.reject == null ? values : null;
    }
    List<String> row = CsvLine.split(text, separator);
    if (row == null || row.size() != columns.size()) {
      entry.reject = Reject.ROW;
      return null;
    }
    Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < row.size(); i++) {
      values.put(columns.get(i), row.get(i));
    }
    return values;
  }

  /** The text of an entry's time, its fields joined by single blanks; null when it has none. */
  String timeText(String text) {
    if (spec.shape() != Shape.TEXT) {
      Map<String, String> values = values(text, new Entry());
      String time = values == null ? null : FieldRoles.find(spec.roles().time(), values);
      return time == null || values.get(time).isEmpty() ? null : values.get(time);
    }
    for (Layout layout : layouts) {
      int[] spans = layout.header.newSpans();
      if (layout.time.length > 0 && layout.header.scan(text, spans)) {
        return timeText(layout, text, spans);
      }
    }
    return null;
  }

  /** The texts of a line's time in all layouts that fit. */
  List<String> timeTexts(String text) {
    if (spec.shape() != Shape.TEXT) {
      String time = timeText(text);
      return time == null ? List.of() : List.of(time);
    }
    List<String> texts = new ArrayList<>();
    for (Layout layout : layouts) {
      int[] spans = layout.header.newSpans();
      if (layout.time.length > 0 && layout.header.scan(text, spans)) {
        texts.add(timeText(layout, text, spans));
      }
    }
    return texts;
  }

  private static String timeText(Layout layout, String line, int[] spans) {
    int[] fields = layout.time;
    if (isOneText(fields, line, spans)) {
      return line.substring(spans[2 * fields[0]], spans[2 * fields[fields.length - 1] + 1]);
    }
    StringBuilder text = new StringBuilder();
    for (int i : fields) {
      if (spans[2 * i] >= 0) {
        text.append(text.isEmpty() ? "" : " ").append(line, spans[2 * i], spans[2 * i + 1]);
      }
    }
    return text.toString();
  }

  /** Whether fields are all there, in their order, with nothing but a blank between them. */
  private static boolean isOneText(int[] fields, String line, int[] spans) {
    for (int i = 1; i < fields.length; i++) {
      int end = spans[2 * fields[i - 1] + 1];
      int start = spans[2 * fields[i]];
      if (end < 0 || start != end + 1 || line.charAt(end) != ' ') {
        return false;
      }
    }
    return true;
  }

  /** The first time of some lines of a file, without its year; null when none is read. */
  Timestamps.Yearless firstYearless(List<String> lines) {
    if (timestamps == null) {
      return null;
    }
    for (String line : lines) {
      for (String text : timeTexts(line)) {
        Timestamps.Yearless time = timestamps.yearless(text);
        if (time != null) {
          return time;
        }
      }
    }
    return null;
  }
}
