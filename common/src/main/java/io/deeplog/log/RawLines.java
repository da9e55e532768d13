package io.deeplog.log;

import io.deeplog.spark.Files;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Reads single lines again by their source and offset, to show them as they were. */
public final class RawLines {
  /** A longer line is cut here: it is read to be shown. */
  private static final int MAX_BYTES = 1 << 20;

  private final Files files;

  /** Lines of files as a session sees them. */
  public RawLines(SparkSession spark) {
    this.files = Files.of(spark);
  }

  /**
   * Lines of a file by their offsets. A compressed file cannot be entered in its middle, and one
   * may be gone by now: their lines are left out.
   */
  public Map<Long, String> read(String source, Collection<Long> offsets) {
    Map<Long, String> lines = new HashMap<>();
    Path path = new Path(source);
    if (new Compression(files.configuration()).isCompressed(path)) {
      return lines;
    }
    LineDecoder decoder = new LineDecoder();
    try (InputStream opened = files.open(path)) {
      FSDataInputStream file = (FSDataInputStream) opened;
      for (long offset : new TreeSet<>(offsets)) {
        file.seek(offset);
        LineSource line = new LineSource(file, offset, MAX_BYTES);
        if (line.next()) {
          lines.put(offset, decoder.decode(line.bytes(), line.length()));
        }
      }
    } catch (IOException e) {
      lines.clear();
    }
    return lines;
  }

  /**
   * The first lines of a file, compressed or not.
   *
   * @param most lines at the most
   * @param bytes at the most, of all of them
   * @throws IOException when the file cannot be read
   */
  static List<String> head(Files files, Path path, int most, int bytes) throws IOException {
    List<String> head = new ArrayList<>();
    LineDecoder decoder = new LineDecoder();
    try (InputStream raw = files.open(path);
        InputStream in = new Compression(files.configuration()).decompress(path, raw)) {
      LineSource lines = new LineSource(in, 0, bytes);
      long room = bytes;
      while (head.size() < most && room > 0 && lines.next()) {
        room -= lines.length();
        if (!lines.isCut()) {
          head.add(decoder.decode(lines.bytes(), lines.length()));
        }
      }
    }
    return head;
  }
}
