package io.deeplog.template;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.split;
import static scala.collection.JavaConverters.seqAsJavaList;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/** Templates as tables. */
public final class Templates {
  private static final StructType SCHEMA =
      new StructType()
          .add("position", DataTypes.IntegerType)
          .add("template_id", DataTypes.StringType)
          .add("template", DataTypes.StringType)
          .add(
              "variants",
              DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.StringType)));

  private static final StructType BY_GENERATION = SCHEMA.add("generation", DataTypes.IntegerType);

  private static final StructType SUPERSEDES =
      new StructType()
          .add("template_id", DataTypes.StringType)
          .add("supersedes", DataTypes.createArrayType(DataTypes.StringType));

  private Templates() {}

  /**
   * Templates with their order: {@code position, template_id, template, variants}; one partition.
   */
  public static Dataset<Row> toDataset(SparkSession spark, List<Template> templates) {
    List<Row> rows = new ArrayList<>();
    for (Template template : templates) {
      rows.add(RowFactory.create(rows.size(), template.id(), template.text(), variants(template)));
    }
    return spark.createDataFrame(rows, SCHEMA).coalesce(1);
  }

  /**
   * Templates with their order and run: {@code position, template_id, template, variants,
   * generation}.
   */
  public static Dataset<Row> toDataset(SparkSession spark, Generations generations) {
    List<Row> rows = new ArrayList<>();
    int generation = 0;
    for (List<Template> part : generations.parts()) {
      for (Template template : part) {
        rows.add(
            RowFactory.create(
                rows.size(), template.id(), template.text(), variants(template), generation));
      }
      generation++;
    }
    return spark.createDataFrame(rows, BY_GENERATION).coalesce(1);
  }

  private static String[][] variants(Template template) {
    return template.variants().stream()
        .map(variant -> variant.toArray(new String[0]))
        .toArray(String[][]::new);
  }

  private static Template template(Row row) {
    List<Seq<String>> variants = row.isNullAt(4) ? List.of() : row.getList(4);
    return new Template(
        row.getString(2),
        row.getString(3),
        variants.stream().map(variant -> List.copyOf(seqAsJavaList(variant))).toList());
  }

  /**
   * The templates of a table, generation by generation, each in the order of {@code position} or,
   * where there is no such column, of the text; all of one generation in a table that tells none.
   */
  public static Generations generations(Dataset<Row> rows) {
    List<String> columns = List.of(rows.columns());
    Column generation = columns.contains("generation") ? col("generation") : lit(0);
    Map<Integer, List<Template>> parts = new TreeMap<>();
    rows
        .select(
            generation,
            columns.contains("position") ? col("position") : lit(0),
            col("template_id"),
            col("template"),
            columns.contains("variants") ? col("variants") : lit(null).cast("array<array<string>>"))
        .collectAsList()
        .stream()
        .sorted(
            Comparator.comparingInt((Row row) -> row.getInt(1))
                .thenComparing(row -> row.getString(3)))
        .forEach(
            row -> parts.computeIfAbsent(row.getInt(0), g -> new ArrayList<>()).add(template(row)));
    return new Generations(List.copyOf(parts.values()));
  }

  /**
   * The templates table: {@code template_id, template, tokens, count, first_seen, last_seen,
   * example, parameters, is_new, supersedes, generation, variants, miner, masks}, a row for every
   * template, with a count of 0 for those without a line here.
   *
   * <p>{@code parameters} has, for every wildcard, {@code type} (a {@link ParamType}), the {@code
   * share} of the values that have it, the number of {@code distinct} values, whether that is
   * {@code exact} or an estimate within some 3 %, and three {@code examples}.
   *
   * <p>{@code supersedes} has the ids of templates of earlier runs that one generalises; {@code
   * generation} counts the runs that learned templates, from 0; {@code variants} are the forms of
   * {@link Template#variants}; {@code miner} and {@code masks} (an entry each) are what a later run
   * must have too that goes on with these templates.
   *
   * @param entries with {@code source, offset, ts, template_id, params}
   * @param model with the templates known before, then the new ones
   * @param known how many of them were known before
   */
  public static Dataset<Row> table(Dataset<Row> entries, TemplateParserModel model, int known) {
    List<Row> pairs = new ArrayList<>();
    model
        .superseded()
        .forEach((id, older) -> pairs.add(RowFactory.create(id, older.toArray(new String[0]))));
    Dataset<Row> supersedes = entries.sparkSession().createDataFrame(pairs, SUPERSEDES);
    Column[] masks =
        Masks.ofText(model.getOrDefault(model.masks())).entries().stream()
            .map(functions::lit)
            .toArray(Column[]::new);
    return toDataset(entries.sparkSession(), model.generations())
        .join(broadcast(supersedes), new String[] {"template_id"}, "left")
        .join(TemplateProfiles.of(entries, model.templates()), new String[] {"template_id"}, "left")
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
            col("supersedes"),
            col("generation"),
            col("variants"),
            lit(model.getOrDefault(model.miner())).as("miner"),
            array(masks).cast("array<string>").as("masks"));
  }
}
