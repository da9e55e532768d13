package io.deeplog.log;

import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/** Parses the lines of one input split; what is shipped to executors. */
final class LineParser
    implements Function2<InputSplit, Iterator<Tuple2<LongWritable, Text>>, Iterator<RawLine>> {
  private static final long serialVersionUID = 1L;

  /** Key in {@link RawLine#getFields} of a line that is not UTF-8. */
  static final String ENCODING = "encoding";

  private final LogFormat format;
  private final Map<String, Timestamps.YearRule> years;

  LineParser(LogFormat format, Map<String, Timestamps.YearRule> years) {
    this.format = format;
    this.years = years;
  }

  @Override
  public Iterator<RawLine> call(InputSplit split, Iterator<Tuple2<LongWritable, Text>> lines) {
    String source = ((FileSplit) split).getPath().toString();
    Timestamps.YearRule rule = years.get(source);
    LineDecoder decoder = new LineDecoder();
    LogFormat.Entry entry = new LogFormat.Entry();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return lines.hasNext();
      }

      @Override
      public RawLine next() {
        Tuple2<LongWritable, Text> line = lines.next();
        String text = decoder.decode(line._2.getBytes(), line._2.getLength());
        RawLine raw = new RawLine();
        raw.setSource(source);
        raw.setOffset(line._1.get());
        Columns columns = new Columns(raw);
        format.read(text, rule, entry, columns);
        if (decoder.wasLatin1()) {
          columns.put(ENCODING, "ISO-8859-1");
        }
        if (entry.reject == null) {
          raw.setMicros(entry.ts == null ? null : micros(entry.ts));
          raw.setContent(entry.content);
        } else {
          raw.setLine(text);
          raw.setReason(entry.reject.text());
        }
        return raw;
      }
    };
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  /** Puts header fields where they belong. */
  private record Columns(RawLine raw) implements LogFormat.FieldSink, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public void field(String name, String value) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "level" -> raw.setLevel(value);
        case "component" -> raw.setComponent(value);
        case "host" -> raw.setHost(value);
        case "pid" -> raw.setPid(value);
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
