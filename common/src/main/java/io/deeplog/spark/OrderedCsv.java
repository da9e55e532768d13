package io.deeplog.spark;

import static org.apache.spark.sql.functions.col;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * CSV files of one file per group of rows, in order, as tools outside Spark want them. Each file is
 * written by one task, row by row; files without rows are written too, with their header.
 */
public final class OrderedCsv {
  /** Column of the group's name, the file's. */
  public static final String FILE = "file";

  /** Column of the rows' order in their file. */
  public static final String ORDER = "order";

  /** Column of the row's texts. */
  public static final String VALUES = "row_values";

  private OrderedCsv() {}

  /**
   * Writes files.
   *
   * @param rows of {@link #FILE}, {@link #ORDER} and {@link #VALUES} (array of strings)
   * @param headers names of the columns by the file
   * @param numbered whether each row begins with its number in the file, from 1
   * @param suffix added to the files' names
   */
  public static void write(
      Dataset<Row> rows,
      Map<String, List<String>> headers,
      boolean numbered,
      Path directory,
      String suffix) {
    Files files = Files.of(rows.sparkSession());
    headers.forEach(
        (file, header) -> files.writeText(new Path(directory, file + suffix), line(header) + "\n"));
    rows.repartition(col(FILE))
        .sortWithinPartitions(FILE, ORDER)
        .foreachPartition(
            new Write(
                headers,
                numbered,
                directory.toString(),
                suffix,
                new SerializableConfiguration(files.configuration())));
  }

  private static final class Write implements ForeachPartitionFunction<Row>, Serializable {
    private static final long serialVersionUID = 1L;
    private final Map<String, List<String>> headers;
    private final boolean numbered;
    private final String directory;
    private final String suffix;
    private final SerializableConfiguration configuration;

    Write(
        Map<String, List<String>> headers,
        boolean numbered,
        String directory,
        String suffix,
        SerializableConfiguration configuration) {
      this.headers = headers;
      this.numbered = numbered;
      this.directory = directory;
      this.suffix = suffix;
      this.configuration = configuration;
    }

    @Override
    public void call(Iterator<Row> rows) {
      Files files = Files.of(configuration.value());
      String name = null;
      Writer out = null;
      long number = 0;
      try {
        while (rows.hasNext()) {
          Row row = rows.next();
          String file = row.getAs(FILE);
          if (!file.equals(name)) {
            finish(files, name, out);
            name = file;
            number = 0;
            out =
                new BufferedWriter(
                    new OutputStreamWriter(files.create(attempt(file)), StandardCharsets.UTF_8));
            out.write(line(headers.get(file)) + "\n");
          }
          List<String> values = new ArrayList<>();
          if (numbered) {
            values.add(Long.toString(++number));
          }
          values.addAll(row.getList(row.fieldIndex(VALUES)));
          out.write(line(values));
          out.write('\n');
        }
        finish(files, name, out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** A task that is tried again, or twice at a time, must not write into the other's file. */
    private Path attempt(String file) {
      return new Path(directory, "." + file + suffix + "." + TaskContext.get().taskAttemptId());
    }

    private void finish(Files files, String name, Writer out) throws IOException {
      if (name != null) {
        out.close();
        files.replace(attempt(name), new Path(directory, name + suffix));
      }
    }
  }

  private static String line(List<String> values) {
    return values.stream().map(OrderedCsv::quoted).collect(Collectors.joining(","));
  }

  private static String quoted(String value) {
    boolean plain = value.indexOf(',') < 0 && value.indexOf('"') < 0;
    plain = plain && value.indexOf('\n') < 0 && value.indexOf('\r') < 0;
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
