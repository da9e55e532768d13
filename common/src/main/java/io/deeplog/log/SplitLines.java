package io.deeplog.log;

import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.spark.api.java.function.Function2;
import scala.Tuple2;

/** Reads the lines that start in one input split, as they are, with their offsets. */
final class SplitLines
    implements Function2<
        InputSplit, Iterator<Tuple2<LongWritable, Text>>, Iterator<Tuple2<Long, String>>> {
  private static final long serialVersionUID = 1L;

  private final Map<String, EntryReader.Rule> rules;

  /** A reader of files by the rules of their paths. */
  SplitLines(Map<String, EntryReader.Rule> rules) {
    this.rules = rules;
  }

  @Override
  public Iterator<Tuple2<Long, String>> call(
      InputSplit split, Iterator<Tuple2<LongWritable, Text>> lines) {
    FileSplit part = (FileSplit) split;
    long start = part.getStart();
    long end = SplitReader.end(part, rules.get(part.getPath().toString()));
    return new Iterator<>() {
      private Tuple2<Long, String> next = read();

      /** The next line of the split, null after the last. */
      private Tuple2<Long, String> read() {
        while (lines.hasNext()) {
          Tuple2<LongWritable, Text> line = lines.next();
          long offset = line._1.get();
          if (offset >= end) {
            return null;
          }
          if (offset >= start) {
            return new Tuple2<>(offset, line._2.toString());
          }
        }
        return null;
      }

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public Tuple2<Long, String> next() {
        if (next == null) {
          throw new NoSuchElementException();
        }
        Tuple2<Long, String> line = next;
        next = read();
        return line;
      }
    };
  }
}
