package io.deeplog.log;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The entries of one part of a file. An entry belongs to the part in which its first line starts;
 * its further lines may lie in later parts. Every line of the part comes out once: in an entry, or
 * as a reject.
 */
final class EntryReader implements Iterator<RawLine> {
  /** Key in {@link RawLine#getFields} of a line that is not UTF-8. */
  static final String ENCODING = "encoding";

  /** Key in {@link RawLine#getFields} of the number of lines of an entry of several. */
  static final String LINES = "physical_lines";

  /** Bounds of an entry: more lines are rejects, so that no file becomes one entry. */
  static final int MAX_LINES = 10_000;

  static final int MAX_CHARS = 1 << 20;

  /** Messages in parts are cut after so many characters. */
  static final int MAX_MESSAGE_CHARS = 1 << 24;

  /**
   * How a file is read; what is shipped to executors.
   *
   * @param years null where no year must be found
   * @param whole whether one task reads the file, of which the split does not tell the length
   */
  record Rule(LogFormat format, Timestamps.YearRule years, boolean whole) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * A line as it stands in the file.
   *
   * @param tooLong whether it was cut
   */
  record Line(long offset, String text, boolean latin1, boolean tooLong) {}

  /** What becomes of lines that belong to an entry before. */
  private enum Followers {
    /** The entry is that of another part of the file. */
    SKIP,
    /** There is no entry: they are rejects themselves. */
    ORPHANS,
    /** The entry is full. */
    OVERFLOW
  }

  private final String source;
  private final LogFormat format;
  private final Timestamps.YearRule years;
  private final long start;
  private final long end;
  private final boolean withFields;
  private final Iterator<Line> lines;

  private final Deque<RawLine> ready = new ArrayDeque<>();
  private final Deque<Line> again = new ArrayDeque<>();
  private final Map<String, Message> open = new LinkedHashMap<>();
  private final LogFormat.Entry entry = new LogFormat.Entry();
  private Followers followers;
  private int single;
  private boolean done;

  /** Whether the line that comes next was found to begin an entry. */
  private boolean begins;

  /**
   * Entries of a part.
   *
   * @param start offset of the part's begin
   * @param end offset after its end
   * @param withFields whether header fields are wanted; without them only source, offset, time and
   *     content are given
   * @param lines from the start of the part, or before, to the end of the file
   */
  EntryReader(
      String source, Rule rule, long start, long end, boolean withFields, Iterator<Line> lines) {
    this.withFields = withFields;
    this.source = source;
    this.format = rule.format;
    this.years = rule.years;
    this.start = start;
    this.end = end;
    this.lines = lines;
    this.followers = start == 0 ? Followers.ORPHANS : Followers.SKIP;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !done) {
      switch (format.join()) {
        case NONE -> readLine();
        case STACK_TRACE, ALL -> readWithFollowers();
        case QUOTES -> readRow();
        case PARTIAL -> readPart();
      }
    }
    return !ready.isEmpty();
  }

  @Override
  public RawLine next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.poll();
  }

  private Line peek() {
    if (again.isEmpty()) {
      if (!lines.hasNext()) {
        return null;
      }
      again.add(lines.next());
    }
    return again.peek();
  }

  /** The next line, null at the end of the file. */
  private Line take() {
    Line line = peek();
    again.poll();
    return line;
  }

  private void readLine() {
    Line line = take();
    if (line == null || line.offset >= end) {
      done = true;
    } else if (line.offset >= start && !(line.offset == 0 && format.hasHeaderLine())) {
      ready.add(read(line));
    }
  }

  private void readWithFollowers() {
    Line line = take();
    if (line == null) {
      done = true;
      return;
    }
    if (line.offset < start) {
      return;
    }
    boolean known = begins;
    begins = false;
    if (!known && !line.tooLong && format.continues(line.text)) {
      switch (followers) {
        case SKIP -> done = line.offset >= end;
        case ORPHANS -> ready.add(read(line));
        case OVERFLOW -> ready.add(reject(line, LogFormat.Reject.CONTINUATION));
      }
      return;
    }
    if (line.offset >= end) {
      done = true;
      return;
    }
    RawLine raw = read(line);
    ready.add(raw);
    followers = Followers.ORPHANS;
    if (raw.getReason() == null) {
      collect(raw, line.latin1);
      followers = Followers.OVERFLOW;
    }
  }

  private void collect(RawLine raw, boolean isLatin1) {
    StringBuilder content = null;
    boolean latin1 = isLatin1;
    int count = 1;
    int blanks = 0;
    int length = raw.getContent().length();
    for (Line next = peek(); next != null && !next.tooLong; next = peek()) {
      if (!format.continues(next.text)) {
        begins = true;
        break;
      }
      if (count >= MAX_LINES || length + next.text.length() > MAX_CHARS) {
        break;
      }
      count++;
      latin1 |= next.latin1;
      blanks++;
      if (!next.text.isBlank()) {
        // Blank lines within belong to the text; those after it are none of it.
        content = content == null ? new StringBuilder(raw.getContent()) : content;
        content.append("\n".repeat(blanks)).append(next.text);
        length = content.length();
        blanks = 0;
      }
      again.poll();
    }
    if (content != null) {
      raw.setContent(content.toString());
    }
    if (count > 1) {
      note(raw, count, latin1);
    }
  }

  private static void note(RawLine raw, int count, boolean latin1) {
    Columns columns = new Columns(raw);
    if (count > 1) {
      columns.put(LINES, Integer.toString(count));
    }
    if (latin1) {
      columns.put(ENCODING, "ISO-8859-1");
    }
  }

  private void readRow() {
    Line first = take();
    if (first == null || first.offset >= end) {
      done = true;
      return;
    }
    if (first.offset == 0 && format.hasHeaderLine()) {
      return;
    }
    if (single > 0) {
      single--;
      ready.add(read(first));
      return;
    }
    boolean isOpen = !first.tooLong && format.isOpen(false, first.text);
    if (!isOpen) {
      ready.add(read(first));
      return;
    }
    StringBuilder record = new StringBuilder(first.text);
    List<Line> taken = new ArrayList<>();
    boolean latin1 = first.latin1;
    while (isOpen) {
      Line next = peek();
      if (next == null
          || next.tooLong
          || taken.size() >= MAX_LINES
          || record.length() + next.text.length() > MAX_CHARS) {
        // A stray quote: each line then stands for itself.
        for (int i = taken.size() - 1; i >= 0; i--) {
          again.addFirst(taken.get(i));
        }
        single = taken.size();
        ready.add(read(first));
        return;
      }
      taken.add(take());
      record.append('\n').append(next.text);
      latin1 |= next.latin1;
      isOpen = format.isOpen(true, next.text);
    }
    RawLine raw = read(new Line(first.offset, record.toString(), latin1, false));
    note(raw, taken.size() + 1, false);
    ready.add(raw);
  }

  /** A message of which more parts may come. */
  private static final class Message {
    final RawLine raw;
    final StringBuilder content;
    final boolean latin1;
    int count = 1;

    Message(RawLine raw, boolean latin1) {
      this.raw = raw;
      this.content = new StringBuilder(raw.getContent());
      this.latin1 = latin1;
    }
  }

  private void readPart() {
    Line line = take();
    if (line == null || (line.offset >= end && !anyOpenOfOurs())) {
      open.values().forEach(this::complete);
      open.clear();
      done = true;
      return;
    }
    RawLine raw = new RawLine();
    raw.setSource(source);
    raw.setOffset(line.offset);
    if (line.tooLong) {
      entry.reject = LogFormat.Reject.LENGTH;
    } else {
      format.readPart(line.text, years, entry, columns(raw));
    }
    if (entry.reject != null) {
      if (isOurs(line.offset)) {
        ready.add(reject(line, entry.reject));
      }
      return;
    }
    String stream = String.valueOf(entry.stream);
    Message message = open.get(stream);
    if (message == null) {
      raw.setMicros(entry.ts == null ? null : micros(entry.ts));
      raw.setContent(entry.content);
      message = new Message(raw, line.latin1);
      open.put(stream, message);
    } else {
      message.count++;
      int room = MAX_MESSAGE_CHARS - message.content.length();
      message.content.append(entry.content, 0, Math.min(room, entry.content.length()));
    }
    if (!entry.partial) {
      open.remove(stream);
      complete(message);
    }
  }

  private boolean isOurs(long offset) {
    return offset >= start && offset < end;
  }

  private boolean anyOpenOfOurs() {
    for (Message message : open.values()) {
      if (isOurs(message.raw.getOffset())) {
        return true;
      }
    }
    return false;
  }

  private void complete(Message message) {
    if (!isOurs(message.raw.getOffset())) {
      return;
    }
    RawLine raw = message.raw;
    String content = message.content.toString();
    if (content.isBlank()) {
      raw.setContent(content);
    } else {
      entry.content = content;
      entry.ts =
          raw.getMicros() == null ? null : Instant.EPOCH.plus(raw.getMicros(), ChronoUnit.MICROS);
      format.readInner(years, entry, columns(raw));
      raw.setContent(entry.content);
      raw.setMicros(entry.ts == null ? null : micros(entry.ts));
    }
    note(raw, message.count, message.latin1);
    ready.add(raw);
  }

  private RawLine read(Line line) {
    if (line.tooLong) {
      return reject(line, LogFormat.Reject.LENGTH);
    }
    RawLine raw = new RawLine();
    raw.setSource(source);
    raw.setOffset(line.offset);
    format.read(line.text, years, entry, columns(raw));
    if (line.latin1) {
      note(raw, 1, true);
    }
    if (entry.reject == null) {
      raw.setMicros(entry.ts == null ? null : micros(entry.ts));
      raw.setContent(entry.content);
    } else {
      raw.setLine(line.text);
      raw.setReason(entry.reject.text());
    }
    return raw;
  }

  private Columns columns(RawLine raw) {
    return withFields ? new Columns(raw) : null;
  }

  private RawLine reject(Line line, LogFormat.Reject reason) {
    RawLine raw = new RawLine();
    raw.setSource(source);
    raw.setOffset(line.offset);
    raw.setLine(line.text);
    raw.setReason(reason.text());
    return raw;
  }

  private static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
  }

  /** Puts header fields where they belong. */
  private record Columns(RawLine raw) implements LogFormat.FieldSink {
    @Override
    public void field(String name, String value) {
      switch (name) {
        case "pid" -> raw.setPid(value);
        case "host" -> raw.setHost(value);
        case "level" -> raw.setLevel(value);
        case "component" -> raw.setComponent(value);
        // The log's own field of a name that is ours.
        case LINES, ENCODING -> put(name + "_", value);
        default -> put(name, value);
      }
    }

    void put(String name, String value) {
      if (raw.getFields() == null) {
        raw.setFields(new HashMap<>());
      }
      raw.getFields().put(name, value);
    }
  }
}
