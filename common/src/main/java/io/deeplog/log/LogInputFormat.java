package io.deeplog.log;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.util.StringUtils;

/**
 * Lines with the byte offset of their start. The lines of a split begin with the first that starts
 * in it and go on to the end of the file: an entry of several lines may end in a later split, and
 * who reads decides where to stop. Some bytes before the split may be asked for besides.
 *
 * <p>A compressed file is read by one task: Hadoop counts the offsets of a split bzip2 file from
 * the compressed start of each split, so that two lines could get the same one, and source and
 * offset are an entry's identity.
 */
public final class LogInputFormat extends FileInputFormat<LongWritable, Text> {
  private static final String PREFIX = "io.deeplog.log.";
  private static final String UNSPLIT = PREFIX + "unsplit";
  private static final String LOOK_BACK = PREFIX + "look-back";
  private static final String LONGEST = PREFIX + "longest-line";

  /**
   * Sets what to read, and how, in a configuration.
   *
   * @param unsplit those of the files that are to be read by one task each
   * @param lookBack bytes before a split whose lines are given too
   * @param longestLine bytes after which a line is cut; a cut line is given one byte longer
   */
  static void configure(
      Configuration configuration,
      Collection<Path> files,
      Collection<Path> unsplit,
      int lookBack,
      int longestLine) {
    configuration.set(INPUT_DIR, joined(files));
    configuration.set(UNSPLIT, joined(unsplit));
    configuration.setInt(LOOK_BACK, lookBack);
    configuration.setInt(LONGEST, longestLine);
  }

  private static String joined(Collection<Path> files) {
    return files.stream()
        .map(file -> StringUtils.escapeString(file.toString()))
        .collect(Collectors.joining(","));
  }

  /** The files as they were found: Hadoop would take names such as {@code app[1].log} for globs. */
  @Override
  protected List<FileStatus> listStatus(JobContext job) throws IOException {
    List<FileStatus> files = new ArrayList<>();
    for (Path path : getInputPaths(job)) {
      files.add(path.getFileSystem(job.getConfiguration()).getFileStatus(path));
    }
    return files;
  }

  private Set<Path> unsplit;
  private Compression compression;

  @Override
  protected boolean isSplitable(JobContext context, Path file) {
    if (unsplit == null) {
      unsplit = new HashSet<>();
      String paths = context.getConfiguration().get(UNSPLIT, "");
      if (!paths.isEmpty()) {
        Arrays.stream(StringUtils.split(paths))
            .map(path -> new Path(StringUtils.unEscapeString(path)))
            .forEach(unsplit::add);
      }
      compression = new Compression(context.getConfiguration());
    }
    return !unsplit.contains(file) && !compression.isCompressed(file);
  }

  @Override
  public RecordReader<LongWritable, Text> createRecordReader(
      InputSplit split, TaskAttemptContext context) {
    return new LineReader();
  }

  private static final class LineReader extends RecordReader<LongWritable, Text> {
    private final LongWritable key = new LongWritable();
    private final Text value = new Text();
    private LineSource lines;
    private InputStream in;
    private long start;
    private long end;

    @Override
    public void initialize(InputSplit split, TaskAttemptContext context) throws IOException {
      FileSplit part = (FileSplit) split;
      Configuration configuration = context.getConfiguration();
      Path file = part.getPath();
      start = part.getStart();
      end = start + part.getLength();
      int longest = configuration.getInt(LONGEST, LogReader.MAX_LINE_BYTES) + 1;
      FSDataInputStream raw = file.getFileSystem(configuration).open(file);
      in = raw;
      Compression compression = new Compression(configuration);
      if (compression.isCompressed(file)) {
        in = compression.decompress(file, raw);
        lines = new LineSource(in, 0, longest);
        return;
      }
      long from = Math.max(0, start - configuration.getInt(LOOK_BACK, 0));
      if (from == 0) {
        lines = new LineSource(in, 0, longest);
        return;
      }
      // The line that the byte before belongs to starts earlier; with a line feed there, none does.
      raw.seek(from - 1);
      lines = new LineSource(in, from - 1, longest);
      lines.next();
    }

    @Override
    public boolean nextKeyValue() throws IOException {
      if (!lines.next()) {
        return false;
      }
      key.set(lines.offset());
      value.set(lines.bytes(), 0, lines.length());
      return true;
    }

    @Override
    public LongWritable getCurrentKey() {
      return key;
    }

    @Override
    public Text getCurrentValue() {
      return value;
    }

    @Override
    public float getProgress() {
      return end == start
          ? 1
          : Math.min(1, Math.max(0, (float) (key.get() - start) / (end - start)));
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
