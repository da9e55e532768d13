package io.deeplog.template;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.split;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Templates as tables. */
public final class Templates {
  private static final StructType SCHEMA =
      new StructType()
          .add("position", DataTypes.IntegerType)
          .add("template_id", DataTypes.StringType)
          .add("template", DataTypes.StringType);

  private static final StructType SUPERSEDES =
      new StructType()
          .add("template_id", DataTypes.StringType)
          .add("supersedes", DataTypes.createArrayType(DataTypes.StringType));

  private Templates() {}

  /** Templates with their order: {@code position, template_id, template}; one partition. */
  public static Dataset<Row> toDataset(SparkSession spark, List<Template> templates) {
    List<Row> rows = new ArrayList<>();
    for (Template template : templates) {
      rows.add(RowFactory.create(rows.size(), template.id(), template.text()));
    }
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  /** The templates of {@link #toDataset}, in their order. */
  public static List<Template> fromDataset(Dataset<Row> rows) {
    return rows.orderBy("position").collectAsList().stream()
        .map(row -> new Template(row.getAs("template_id"), row.getAs("template")))
        .toList();
  }

  /**
   * The templates table: {@code template_id, template, tokens, count, first_seen, last_seen,
   * example, parameters, is_new, supersedes}, a row for every template, with a count of 0 for those
   * without a line here.
   *
   * <p>{@code parameters} has, for every wildcard, {@code type} (a {@link ParamType}), the {@code
   * share} of the values that have it, the number of {@code distinct} values, whether that is
   * {@code exact} or an estimate within some 3 %, and three {@code examples}.
   *
   * @param entries with {@code source, offset, ts, template_id, params}
   * @param templates those known before, then the new ones
   * @param known how many of them were known before
   * @param superseded ids of known templates by the id of a new one that generalises them
   */
  public static Dataset<Row> table(
      Dataset<Row> entries,
      List<Template> templates,
      int known,
      Map<String, List<String>> superseded) {
    List<Row> pairs = new ArrayList<>();
    superseded.forEach(
        (id, older) -> pairs.add(RowFactory.create(id, older.toArray(new String[0]))));
    Dataset<Row> supersedes = entries.sparkSession().createDataFrame(pairs, SUPERSEDES);
    return toDataset(entries.sparkSession(), templates)
        .join(broadcast(supersedes), new String[] {"template_id"}, "left")
        .join(TemplateProfiles.of(entries, templates), new String[] {"template_id"}, "left")
        .select(
            col("template_id"),
            col("template"),
            split(col("template"), " ").as("tokens"),
            coalesce(col("count"), lit(0L)).as("count"),
            expr("timestamp_micros(first_micros)").as("first_seen"),
            expr("timestamp_micros(last_micros)").as("last_seen"),
            col("example"),
            col("parameters"),
            col("position").geq(known).as("is_new"),
            col("supersedes"));
  }
}
