package io.deeplog.log;

import io.deeplog.spark.Files;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.spark.sql.SparkSession;

/** Reads single lines again by their source and offset, to show them as they were. */
public final class RawLines {
  /** A longer line is cut here: it is read to be shown. */
  private static final int MAX_BYTES = 1 << 16;

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
    if (new CompressionCodecFactory(files.configuration()).getCodec(path) != null) {
      return lines;
    }
    LineDecoder decoder = new LineDecoder();
    try (InputStream opened = files.open(path)) {
      FSDataInputStream file = (FSDataInputStream) opened;
      for (long offset : new TreeSet<>(offsets)) {
        file.seek(offset);
        byte[] bytes = line(new BufferedInputStream(file));
        lines.put(offset, decoder.decode(bytes, bytes.length));
      }
    } catch (IOException e) {
      lines.clear();
    }
    return lines;
  }

  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b;
    while (line.size() < MAX_BYTES && (b = in.read()) >= 0 && b != '\n') {
      line.write(b);
    }
    return line.toByteArray();
  }
}
