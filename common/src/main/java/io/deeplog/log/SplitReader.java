package io.deeplog.log;

import java.util.Iterator;
import java.util.Map;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/** Reads the entries of one input split; what is shipped to executors. */
final class SplitReader
    implements Function2<InputSplit, Iterator<Tuple2<LongWritable, Text>>, Iterator<RawLine>> {
  private static final long serialVersionUID = 1L;

  private final Map<String, EntryReader.Rule> rules;
  private final LongAccumulator rejects;

  /**
   * A reader of files by the rules of their paths.
   *
   * @param rejects counts the rejects; may be null
   */
  SplitReader(Map<String, EntryReader.Rule> rules, LongAccumulator rejects) {
    this.rules = rules;
    this.rejects = rejects;
  }

  @Override
  public Iterator<RawLine> call(InputSplit split, Iterator<Tuple2<LongWritable, Text>> lines) {
    FileSplit part = (FileSplit) split;
    String source = part.getPath().toString();
    EntryReader.Rule rule = rules.get(source);
    LineDecoder decoder = new LineDecoder();
    Iterator<EntryReader.Line> decoded =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return lines.hasNext();
          }

          @Override
          public EntryReader.Line next() {
            Tuple2<LongWritable, Text> line = lines.next();
            boolean tooLong = line._2.getLength() > LogReader.MAX_LINE_BYTES;
            // Of a line that is too long enough is kept to know it by.
            int length = tooLong ? LogReader.KEPT_OF_LONG_LINES : line._2.getLength();
            String text = decoder.decode(line._2.getBytes(), length);
            return new EntryReader.Line(line._1.get(), text, decoder.wasLatin1(), tooLong);
          }
        };
    Iterator<RawLine> entries =
        new EntryReader(source, rule, part.getStart(), end(part, rule), decoded);
    return rejects == null ? entries : new Counting(entries, rejects);
  }

  /** The offset from which on lines belong to a later split. */
  static long end(FileSplit part, EntryReader.Rule rule) {
    return rule.whole() ? Long.MAX_VALUE : part.getStart() + part.getLength();
  }

  private record Counting(Iterator<RawLine> entries, LongAccumulator rejects)
      implements Iterator<RawLine> {
    @Override
    public boolean hasNext() {
      return entries.hasNext();
    }

    @Override
    public RawLine next() {
      RawLine line = entries.next();
      if (line.getReason() != null) {
        rejects.add(1L);
      }
      return line;
    }
  }
}
