package io.deeplog.count;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.UserException;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.OrderedCsv;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** The event counts of sessions or windows as one CSV file, for tools outside Spark. */
public final class CountMatrix {
  /** A table of more columns is of no use to what reads CSV. */
  private static final int MOST_COLUMNS = 10_000;

  private static final List<String> SPAN = List.of("start", "end");

  private CountMatrix() {}

  /**
   * Writes a row for each session or window, windows in the order of time, sessions in that of
   * their names: {@code session}, a window's {@code start} and {@code end}, and a column for each
   * template, named by its id, in the order of the ids.
   *
   * @param rows of {@link Sessions#collect}, or of {@code Windows.counts}
   * @param templates ids of the columns; other templates are not counted
   * @param file name of the file in the directory, without .csv
   * @throws UserException when there are too many columns for a table
   */
  public static void write(
      Dataset<Row> rows, Collection<String> templates, Path directory, String file) {
    Vocabulary vocabulary = new Vocabulary(templates);
    if (vocabulary.size() > MOST_COLUMNS) {
      throw UserException.input(
          vocabulary.size()
              + " templates make too wide a table, of more than "
              + MOST_COLUMNS
              + " columns (mask what varies in them, or leave out the count matrix)");
    }
    boolean windows = Arrays.asList(rows.columns()).containsAll(SPAN);
    List<String> header = new ArrayList<>(List.of(Sessions.SESSION));
    List<Column> names = new ArrayList<>(List.of(col(Sessions.SESSION)));
    if (windows) {
      header.addAll(SPAN);
      SPAN.forEach(end -> names.add(date_format(col(end), "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'")));
    }
    header.addAll(vocabulary.ids());
    OrderedCsv.write(
        rows.select(
            lit(file).as(OrderedCsv.FILE),
            col(windows ? SPAN.get(0) : Sessions.SESSION).as(OrderedCsv.ORDER),
            concat(
                    array(names.toArray(new Column[0])),
                    udf(
                            new Texts(vocabulary.size()),
                            DataTypes.createArrayType(DataTypes.StringType))
                        .apply(CountVectors.column(rows, vocabulary, false)))
                .as(OrderedCsv.VALUES)),
        Map.of(file, header),
        false,
        directory,
        ".csv");
  }

  private static final class Texts implements UDF1<Row, String[]> {
    private static final long serialVersionUID = 1L;
    private final int columns;

    Texts(int columns) {
      this.columns = columns;
    }

    @Override
    public String[] call(Row value) {
      CountVector counts = CountVectors.of(value);
      String[] texts = new String[columns];
      Arrays.fill(texts, "0");
      for (int j = 0; j < counts.indices().length; j++) {
        texts[counts.indices()[j]] = Integer.toString(counts.counts()[j]);
      }
      return texts;
    }
  }
}
