package io.deeplog.template;

import io.deeplog.spark.Columns;
import io.deeplog.spark.MlPersistence;
import io.deeplog.spark.Output;
import io.deeplog.spark.Spark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Templates, matched against lines: appends the id of a line's template and the line's parameters;
 * both are null for a line that no template fits. Templates that were known before go first.
 */
public final class TemplateParserModel extends Model<TemplateParserModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final TemplateParserParams columns;
  private final transient Generations generations;
  private final transient List<Template> templates;

  /** A model of some templates of one run. */
  public TemplateParserModel(String uid, List<Template> templates) {
    this(uid, Generations.of(templates));
  }

  /** A model of templates of several runs. */
  public TemplateParserModel(String uid, Generations generations) {
    this.uid = uid;
    this.generations = generations;
    this.templates = generations.templates();
    this.columns = new TemplateParserParams(this);
    setDefault(inputCol(), "content");
    setDefault(templateCol(), "template_id");
    setDefault(paramsCol(), "params");
    setDefault(miner(), Miner.AUTO.key());
    setDefault(masks(), Miner.AUTO.masks().text());
  }

  @Override
  public String uid() {
    return uid;
  }

  /** The templates: those known before, then the new ones in the order of their text. */
  public List<Template> templates() {
    return templates;
  }

  /** The templates by the run that learned them; one generation where none were known before. */
  public Generations generations() {
    return generations;
  }

  /**
   * The templates that those of a later run generalise: every line of theirs would fit the later
   * one too, were they not more specific.
   *
   * @return ids of earlier templates by the id of the later template
   */
  public Map<String, List<String>> superseded() {
    Miner by = Miner.of(getOrDefault(miner()));
    Masks masked = Masks.ofText(getOrDefault(masks()));
    Map<String, List<String>> result = new HashMap<>();
    List<Template> earlier = new ArrayList<>();
    for (List<Template> part : generations.parts()) {
      if (!earlier.isEmpty()) {
        TemplateMatcher later = by.matcher(part, masked);
        for (Template template : earlier) {
          Template wider = later.templateOf(template.text());
          if (wider != null) {
            result.computeIfAbsent(wider.id(), id -> new ArrayList<>()).add(template.id());
          }
        }
      }
      earlier.addAll(part);
    }
    return result;
  }

  /** Column of the lines' content. */
  public Param<String> inputCol() {
    return columns.inputCol;
  }

  /** Output column of the template's id. */
  public Param<String> templateCol() {
    return columns.templateCol;
  }

  /** Output column of the parameters by position. */
  public Param<String> paramsCol() {
    return columns.paramsCol;
  }

  /** The {@link Miner} by name, default {@code auto}. */
  public Param<String> miner() {
    return columns.miner;
  }

  /** The {@link Masks} as text, default all built-in ones. */
  public Param<String> masks() {
    return columns.masks;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Broadcast<Generations> broadcast = Spark.broadcast(dataset.sparkSession(), generations);
    String template = getOrDefault(templateCol());
    String params = getOrDefault(paramsCol());
    LineMatch match =
        new LineMatch(
            broadcast, Miner.of(getOrDefault(miner())), Masks.ofText(getOrDefault(masks())));
    Column matched =
        Columns.invoked(
            match,
            LineMatch.METHOD,
            new StructType(outputs(template, params)),
            functions.col(getOrDefault(inputCol())));
    String temporary = uid + "_match";
    return dataset
        .withColumn(temporary, matched)
        .withColumn(template, functions.col(temporary + "." + template))
        .withColumn(params, functions.col(temporary + "." + params))
        .drop(temporary);
  }

  static StructField[] outputs(String template, String params) {
    return new StructField[] {
      DataTypes.createStructField(template, DataTypes.StringType, true),
      DataTypes.createStructField(params, DataTypes.createArrayType(DataTypes.StringType), true)
    };
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Columns.append(
        schema,
        getOrDefault(inputCol()),
        outputs(getOrDefault(templateCol()), getOrDefault(paramsCol())));
  }

  @Override
  public TemplateParserModel copy(ParamMap extra) {
    TemplateParserModel copy = new TemplateParserModel(uid, generations);
    return copyValues(copy, extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return MlPersistence.writer(
        this,
        (directory, spark) ->
            Output.writeParquet(Templates.toDataset(spark, generations), directory));
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<TemplateParserModel> read() {
    return MlPersistence.reader(
        TemplateParserModel.class,
        (String uid, String directory, SparkSession spark) ->
            new TemplateParserModel(uid, Templates.generations(spark.read().parquet(directory))));
  }

  /** Loads a saved model. */
  public static TemplateParserModel load(String path) {
    return read().load(path);
  }
}
