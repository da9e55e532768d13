package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.log.HeaderText;
import io.deeplog.log.LogFormat;
import io.deeplog.log.LogReader;
import io.deeplog.spark.OrderedCsv;
import io.deeplog.spark.Output;
import io.deeplog.template.Template;
import io.deeplog.template.Templates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.JavaConverters;

/**
 * Parsed logs as other tools have them: {@code <file>_structured.csv} and {@code
 * <file>_templates.csv} of logparser for every input file, and the table {@code log_value_vector}
 * of lines with the time since the line before and their parameters.
 */
public final class CompatibleTables {
  /** Directory of logparser's files. */
  public static final String LOGPARSER = "logparser";

  /** Table of value vectors. */
  public static final String VALUE_VECTORS = "log_value_vector";

  private static final long DAY_MICROS = 86_400_000_000L;

  private CompatibleTables() {}

  /** Writes all of them. */
  public static void write(
      Output output, LogReader.Input input, Dataset<Row> structured, List<Template> templates) {
    Map<String, LogFormat> formats = input.formatsByPath();
    Map<String, String> names = names(formats.keySet());
    Map<String, HeaderText> headers = new HashMap<>();
    Map<String, List<String>> columns = new LinkedHashMap<>();
    Map<String, List<String>> templateColumns = new LinkedHashMap<>();
    formats.forEach(
        (path, format) -> {
          HeaderText header = new HeaderText(format);
          headers.put(path, header);
          List<String> all = new ArrayList<>(List.of("LineId"));
          all.addAll(header.names());
          all.addAll(List.of("Content", "EventId", "EventTemplate", "ParameterList"));
          columns.put(names.get(path), all);
          templateColumns.put(names.get(path), List.of("EventId", "EventTemplate", "Occurrences"));
        });
    Dataset<Row> withTemplate =
        structured.join(
            functions.broadcast(
                Templates.toDataset(structured.sparkSession(), templates)
                    .select("template_id", "template")),
            new String[] {"template_id"},
            "left");
    Path directory = output.plain(LOGPARSER);
    Column file =
        udf(new Name(names), DataTypes.StringType).apply(col("source")).as(OrderedCsv.FILE);
    OrderedCsv.write(
        withTemplate.select(
            file,
            col("offset").as(OrderedCsv.ORDER),
            udf(new Line(headers), DataTypes.createArrayType(DataTypes.StringType))
                .apply(functions.struct(col("*")))
                .as(OrderedCsv.VALUES)),
        columns,
        true,
        directory,
        "_structured.csv");
    OrderedCsv.write(
        withTemplate
            .groupBy("source", "template_id", "template")
            .agg(count(lit(1)).as("lines"))
            .select(
                file,
                functions.struct(col("lines").multiply(-1), col("template")).as(OrderedCsv.ORDER),
                array(
                        coalesce(col("template_id"), lit("")),
                        coalesce(col("template"), lit("")),
                        col("lines").cast("string"))
                    .as(OrderedCsv.VALUES)),
        templateColumns,
        false,
        directory,
        "_templates.csv");
    output.table(VALUE_VECTORS, valueVectors(structured));
  }

  /**
   * Lines with their vectors: {@code ts, source, offset, log_message, log_key, value_vector}. The
   * vector is the seconds since the line before, in the order of time over all files, 0 for the
   * first and for lines without a time, and then the parameters.
   */
  static Dataset<Row> valueVectors(Dataset<Row> structured) {
    Column micros = expr("unix_micros(ts)");
    Dataset<Row> timed =
        structured
            .withColumn("micros", micros)
            .withColumn("day", floor(col("micros").divide(DAY_MICROS)));
    // Day by day, so that no task has to see all lines; days are few.
    Dataset<Row> before =
        timed
            .filter(col("day").isNotNull())
            .groupBy("day")
            .agg(max("micros").as("last"))
            .withColumn("day_before", lag("last", 1).over(Window.orderBy("day")))
            .select("day", "day_before");
    WindowSpec inOrder = Window.partitionBy("day").orderBy("ts", "source", "offset");
    Column previous = coalesce(lag("micros", 1).over(inOrder), col("day_before"));
    return timed
        .join(before, new String[] {"day"}, "left")
        .withColumn("gap", coalesce(col("micros").minus(previous).divide(1e6), lit(0.0)))
        .orderBy("ts", "source", "offset")
        .select(
            col("ts"),
            col("source"),
            col("offset"),
            col("content").as("log_message"),
            col("template_id").as("log_key"),
            concat(
                    array(col("gap").cast("string")),
                    coalesce(col("params"), expr("cast(array() as array<string>)")))
                .as("value_vector"));
  }

  /** The files' own names; their paths where two have the same, numbered if these are, too. */
  static Map<String, String> names(Collection<String> paths) {
    Map<String, Integer> counts = new HashMap<>();
    paths.forEach(path -> counts.merge(new Path(path).getName(), 1, Integer::sum));
    Map<String, String> names = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    for (String path : new TreeSet<>(paths)) {
      String own = new Path(path).getName();
      String name =
          counts.get(own) == 1
              ? own
              : new Path(path).toUri().getPath().substring(1).replace('/', '_');
      String distinct = name;
      for (int i = 2; !taken.add(distinct); i++) {
        distinct = name + "_" + i;
      }
      names.put(path, distinct);
    }
    return names;
  }

  private static final class Name implements UDF1<String, String> {
    private static final long serialVersionUID = 1L;
    private final HashMap<String, String> names;

    Name(Map<String, String> names) {
      this.names = new HashMap<>(names);
    }

    @Override
    public String call(String source) {
      return names.get(source);
    }
  }

  /** A line of logparser's structured file, without its number. */
  static final class Line implements UDF1<Row, String[]> {
    private static final long serialVersionUID = 1L;
    private final HashMap<String, HeaderText> headers;

    Line(Map<String, HeaderText> headers) {
      this.headers = new HashMap<>(headers);
    }

    @Override
    public String[] call(Row row) {
      return values(row, headers.get(row.<String>getAs("source"))).toArray(new String[0]);
    }

    /** A line that no template fits has an empty id and template. */
    static List<String> values(Row row, HeaderText header) {
      Map<String, String> columns = new HashMap<>();
      for (String name : List.of("level", "component", "host", "pid")) {
        columns.put(name, row.getAs(name));
      }
      scala.collection.Map<String, String> fields = row.getAs("fields");
      Instant ts = Times.instant(row.getAs("ts"));
      List<String> line =
          new ArrayList<>(
              header.values(
                  ts, columns, fields == null ? null : JavaConverters.mapAsJavaMap(fields)));
      line.add(row.getAs("content"));
      boolean fits = row.getAs("template_id") != null;
      line.add(fits ? row.getAs("template_id") : "");
      line.add(fits ? row.getAs("template") : "");
      line.add(pythonList(fits ? row.getList(row.fieldIndex("params")) : List.of()));
      return line;
    }
  }

  /** As Python writes a list of strings, which logparser's users read back. */
  static String pythonList(List<String> values) {
    StringBuilder list = new StringBuilder("[");
    for (String value : values) {
      list.append(list.length() > 1 ? ", " : "").append('\'');
      list.append(
          value
              .replace("\\", "\\\\")
              .replace("'", "\\'")
              .replace("\n", "\\n")
              .replace("\r", "\\r")
              .replace("\t", "\\t")
              // Python's compiler takes no such character in a source text.
              .replace("\0", "\\x00"));
      list.append('\'');
    }
    return list.append(']').toString();
  }
}
