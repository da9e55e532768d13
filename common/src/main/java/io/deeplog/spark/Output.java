package io.deeplog.spark;

import static java.util.stream.Collectors.toMap;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_json;

import io.deeplog.UserException;
import io.deeplog.spark.parquet.ParquetTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The output directory of one run of one date: {@code <table>/date=<date>/}, and files.
 *
 * <p>All is written to a hidden directory first, as Parquet, where later stages read it; {@link
 * #commit} moves what is to be published into place by renaming. A run that fails leaves nothing,
 * and another date's tables are never touched.
 */
public final class Output implements AutoCloseable {
  /**
   * Columns whose values hardly repeat: Parquet need not try a dictionary of them, which took a
   * fifth of the time of writing lines and made them no smaller.
   */
  private static final Map<String, String> WITHOUT_DICTIONARY =
      Stream.of("offset", "content", "params.list.element")
          .collect(toMap(column -> "parquet.enable.dictionary#" + column, column -> "false"));

  private final SparkSession spark;
  private final Files files;
  private final Path directory;
  private final Path staging;
  private final String date;
  private final TableFormat format;
  private final Map<String, Path> staged = new LinkedHashMap<>();
  private final List<String> published = new ArrayList<>();
  private final Set<String> plain = new HashSet<>();
  private final Map<String, String> texts = new LinkedHashMap<>();

  private Output(SparkSession spark, String directory, String date, TableFormat format) {
    this.spark = spark;
    this.files = Files.of(spark);
    this.directory = files.qualified(directory);
    this.staging = new Path(this.directory, ".staging-" + UUID.randomUUID());
    this.date = date;
    this.format = format;
  }

  /**
   * Opens an output; nothing is written yet.
   *
   * @param tables that the run publishes
   * @param overwrite whether tables of this date may be replaced
   * @throws UserException when one is there and may not
   */
  public static Output open(
      SparkSession spark,
      String directory,
      String date,
      TableFormat format,
      List<String> tables,
      boolean overwrite) {
    Output output = new Output(spark, directory, date, format);
    if (output.files.isFile(output.directory)) {
      throw UserException.usage("output is a file: " + directory + " (give a directory)");
    }
    for (String table : tables) {
      Path place = output.place(table);
      if (!overwrite && output.files.exists(place)) {
        throw UserException.usage(
            "output exists: "
                + place
                + " (give --overwrite to replace this date, or another --output)");
      }
    }
    return output;
  }

  /**
   * Makes sure that the output is in none of the inputs, whose next run would read it.
   *
   * @throws UserException when it is
   */
  public void requireOutside(Iterable<String> inputs) {
    for (String input : inputs) {
      String place = files.qualified(input) + "/";
      if ((directory + "/").startsWith(place)) {
        throw UserException.usage(
            "the output "
                + directory
                + " is in the input "
                + input
                + ", where the next run would read it (give another --output)");
      }
    }
  }

  private Path place(String table) {
    return new Path(directory, table + "/date=" + date);
  }

  /** The date of the run. */
  public String date() {
    return date;
  }

  /** The output directory. */
  public Path directory() {
    return directory;
  }

  /** Writes a table that only this run reads, and gives it back as read. */
  public Dataset<Row> work(String table, Dataset<Row> rows) {
    Path path = new Path(staging, table);
    rows.write()
        .format(ParquetTable.class.getName())
        .options(WITHOUT_DICTIONARY)
        .save(path.toString());
    staged.put(table, path);
    return spark.read().schema(rows.schema()).parquet(path.toString());
  }

  /** Writes a table that is to be published, and gives it back as read. */
  public Dataset<Row> table(String table, Dataset<Row> rows) {
    Dataset<Row> written = work(table, rows);
    published.add(table);
    return written;
  }

  /**
   * A directory that is to be published like a table, for files that are written otherwise.
   *
   * @return where to write them
   */
  public Path plain(String table) {
    Path path = new Path(staging, table);
    staged.put(table, path);
    published.add(table);
    plain.add(table);
    return path;
  }

  /** The format that tables are published in. */
  public TableFormat format() {
    return format;
  }

  /** Writes rows as Parquet to a place of their own, such as a model's data. */
  public static void writeParquet(Dataset<Row> rows, String path) {
    rows.write().parquet(path);
  }

  /** Computes all of the rows and keeps none: for measuring. */
  public static void compute(Dataset<Row> rows) {
    rows.write().format("noop").mode(SaveMode.Overwrite).save();
  }

  /** Keeps a text to be published as a file of the output directory. */
  public void file(String name, String text) {
    texts.put(name, text);
  }

  /** Publishes the tables and files, and removes the rest. */
  public void commit() {
    Map<String, Path> ready = new LinkedHashMap<>();
    for (String table : published) {
      boolean asIs = format == TableFormat.PARQUET || plain.contains(table);
      ready.put(table, asIs ? staged.get(table) : converted(table));
    }
    ready.forEach((table, path) -> files.replace(path, place(table)));
    texts.forEach((name, text) -> files.writeText(new Path(directory, name), text));
    close();
  }

  private Path converted(String table) {
    Path path = new Path(staging, table + "." + format.id());
    Dataset<Row> rows = spark.read().parquet(staged.get(table).toString());
    if (format == TableFormat.CSV) {
      flat(rows)
          .write()
          .option("header", true)
          .option("escape", "\"")
          .option("timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX")
          .csv(path.toString());
    } else {
      rows.write()
          .option("ignoreNullFields", false)
          .option("timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX")
          .json(path.toString());
    }
    return path;
  }

  private static Dataset<Row> flat(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      boolean nested =
          field.dataType() instanceof ArrayType
              || field.dataType() instanceof StructType
              || field.dataType() instanceof MapType;
      columns.add(nested ? to_json(col(field.name())).as(field.name()) : col(field.name()));
    }
    return rows.select(columns.toArray(new Column[0]));
  }

  /** Removes what was not published. */
  @Override
  public void close() {
    files.delete(staging);
  }

  /**
   * Reads a published Parquet table of one date.
   *
   * @throws UserException when there is none
   */
  public static Dataset<Row> read(SparkSession spark, String directory, String table, String date) {
    Files files = Files.of(spark);
    Path place = new Path(files.qualified(directory), table + "/date=" + date);
    if (!files.exists(place)) {
      throw UserException.input(
          "no table " + place + " (run parse, detect or run first, or give --date)");
    }
    if (files.list(place).stream().noneMatch(name -> name.endsWith(".parquet"))) {
      throw UserException.input(
          "no Parquet in " + place + " (only tables of --table-format parquet can be read again)");
    }
    return spark.read().parquet(place.toString());
  }

  /**
   * The newest date of a table, in the order of the dates.
   *
   * @throws UserException when the table has none
   */
  public static String newestDate(SparkSession spark, String directory, String table) {
    Files files = Files.of(spark);
    Path place = new Path(files.qualified(directory), table);
    return files.list(place).stream()
        .filter(name -> name.startsWith("date="))
        .map(name -> name.substring("date=".length()))
        .reduce((a, b) -> b)
        .orElseThrow(
            () -> UserException.input("no table " + place + " (run parse, detect or run first)"));
  }
}
