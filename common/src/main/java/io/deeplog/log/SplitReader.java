package io.deeplog.log;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/** Reads the entries of one input split; what is shipped to executors. */
final class SplitReader
    implements Function2<InputSplit, Iterator<Tuple2<LongWritable, Text>>, Iterator<InternalRow>> {
  private static final long serialVersionUID = 1L;

  private final Map<String, EntryReader.Rule> rules;
  private final boolean contentOnly;
  private final LongAccumulator rejects;

  /**
   * A reader of files by the rules of their paths.
   *
   * @param contentOnly whether rows are of {@link EntryRows#CONTENT_SCHEMA}, without rejects, or of
   *     {@link EntryRows#SCHEMA}
   * @param rejects counts the rejects; may be null
   */
  SplitReader(Map<String, EntryReader.Rule> rules, boolean contentOnly, LongAccumulator rejects) {
    this.rules = rules;
    this.contentOnly = contentOnly;
    this.rejects = rejects;
  }

  @Override
  public Iterator<InternalRow> call(InputSplit split, Iterator<Tuple2<LongWritable, Text>> lines) {
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
    EntryReader entries =
        new EntryReader(source, rule, part.getStart(), end(part, rule), !contentOnly, decoded);
    return new Rows(entries);
  }

  /** The offset from which on lines belong to a later split. */
  static long end(FileSplit part, EntryReader.Rule rule) {
    return rule.whole() ? Long.MAX_VALUE : part.getStart() + part.getLength();
  }

  private final class Rows implements Iterator<InternalRow> {
    private final EntryReader entries;
    private final EntryRows rows = new EntryRows();
    private InternalRow next;

    Rows(EntryReader entries) {
      this.entries = entries;
    }

    @Override
    public boolean hasNext() {
      while (next == null && entries.hasNext()) {
        RawLine line = entries.next();
        boolean rejected = line.getReason() != null;
        if (rejected && rejects != null) {
          rejects.add(1L);
        }
        if (!contentOnly) {
          next = rows.row(line);
        } else if (!rejected) {
          next = rows.content(line);
        }
      }
      return next != null;
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      InternalRow row = next;
      next = null;
      return row;
    }
  }
}
