package io.deeplog.evaluate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.deeplog.UserException;
import io.deeplog.spark.Files;
import io.deeplog.template.TemplateParser;
import io.deeplog.template.TemplateParserModel;
import io.deeplog.template.Templates;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Parses lines whose true templates are known, and scores the result. */
public final class ParsingEvaluation {
  private static final String LINE_ID = "LineId";
  private static final String CONTENT = "Content";
  private static final String TEMPLATE = "EventTemplate";
  private static final String CORRUPT = "_corrupt_record";
  private static final int SHOWN = 120;

  private ParsingEvaluation() {}

  /**
   * Reads a file of true templates, as the Loghub benchmark has them: CSV with a header and the
   * columns {@code EventTemplate}, {@code LineId} (1 for the first line of the log) and {@code
   * Content}.
   *
   * @return {@code LineId, Content, EventTemplate}; a column that the file lacks is null
   * @throws UserException when the file or its templates are missing, or a row is broken, which is
   *     looked for at once
   */
  public static Dataset<Row> truth(SparkSession spark, String file) {
    Files.of(spark).inputs(file);
    DataFrameReader reader =
        spark.read().option("header", true).option("escape", "\"").option("multiLine", true);
    StructType schema = reader.csv(file).schema();
    List<String> columns = Arrays.asList(schema.fieldNames());
    if (!columns.contains(TEMPLATE)) {
      throw UserException.input(
          "no column "
              + TEMPLATE
              + " in "
              + file
              + ", which has "
              + String.join(", ", columns)
              + " (give a CSV file with a header, such as X_structured.csv of Loghub)");
    }
    Dataset<Row> raw =
        reader
            .option("columnNameOfCorruptRecord", CORRUPT)
            .schema(schema.add(CORRUPT, DataTypes.StringType))
            .csv(file);
    refuseCorrupt(raw, file);
    return raw.select(
        (columns.contains(LINE_ID) ? col(LINE_ID) : lit(null)).cast("long").as(LINE_ID),
        columns.contains(CONTENT)
            ? coalesce(col(CONTENT), lit("")).as(CONTENT)
            : lit(null).cast("string").as(CONTENT),
        col(TEMPLATE));
  }

  private static void refuseCorrupt(Dataset<Row> raw, String file) {
    List<Row> corrupt =
        raw.filter(col(CORRUPT).isNotNull().or(col(TEMPLATE).isNull())).limit(1).collectAsList();
    if (!corrupt.isEmpty()) {
      // An open quote takes all that follows.
      String row = UserException.shown(corrupt.get(0).mkString(","), SHOWN);
      throw UserException.input(
          "a row of "
              + file
              + " has not the columns of its header, or no "
              + TEMPLATE
              + ": "
              + row
              + " (mend its quotes and commas)");
    }
  }

  /**
   * Puts the content of a log beside its truth, by the number of the line.
   *
   * @param lines every line of one log: {@code source, offset, content}, null where it is rejected
   * @param truth of {@link #truth}
   * @throws UserException when the log has not as many lines as the truth
   */
  public static Dataset<Row> join(Dataset<Row> lines, Dataset<Row> truth) {
    JavaRDD<Row> numbered =
        lines
            .select("content", "source", "offset")
            .orderBy("source", "offset")
            .toJavaRDD()
            .zipWithIndex()
            .map(line -> RowFactory.create(line._2 + 1, line._1.getString(0)));
    StructType schema =
        new StructType().add(LINE_ID, DataTypes.LongType).add("content", DataTypes.StringType);
    Dataset<Row> contents = lines.sparkSession().createDataFrame(numbered, schema);
    Dataset<Row> joined =
        truth.select(LINE_ID, TEMPLATE).join(contents, new String[] {LINE_ID}, "outer");
    Row apart = joined.agg(count(col(TEMPLATE)), count(lit(1)), count(col(LINE_ID))).first();
    long rows = apart.getLong(0);
    long lineCount = numbered.count();
    if (rows != lineCount || apart.getLong(1) != rows || apart.getLong(2) != rows) {
      throw UserException.input(
          "the log has "
              + lineCount
              + " entries and the truth "
              + rows
              + " rows, or their LineId are not 1 to "
              + lineCount
              + " (give the log of this truth, or no --input to parse the Content of the truth)");
    }
    return joined.select(
        lit("").as("source"), col(LINE_ID).as("offset"), col("content"), col(TEMPLATE));
  }

  /** The contents that a truth brings itself, beside it. */
  public static Dataset<Row> ownContent(Dataset<Row> truth, String file) {
    Dataset<Row> own =
        truth.select(
            lit("").as("source"),
            col(LINE_ID).as("offset"),
            col(CONTENT).as("content"),
            col(TEMPLATE));
    if (own.filter(col("content").isNotNull()).isEmpty()) {
      throw UserException.input(
          "no column "
              + CONTENT
              + " in "
              + file
              + ", or no row (give the log itself with --input)");
    }
    return own;
  }

  /**
   * Learns templates from some contents, matches them, and scores.
   *
   * @param contents with {@code source, offset, content} (null is a line without template) and
   *     {@code EventTemplate}
   */
  public static ParsingScore score(Dataset<Row> contents, TemplateParser parser) {
    Dataset<Row> cached = contents.cache();
    try {
      TemplateParserModel model = parser.fit(cached);
      Dataset<Row> texts =
          Templates.toDataset(cached.sparkSession(), model.templates())
              .select("template_id", "template");
      // As many rows as there are pairs of a true and a parsed template.
      List<ParsingScore.Pair> pairs =
          model
              .transform(cached)
              .groupBy(TEMPLATE, "template_id")
              .agg(count(lit(1)).as("lines"))
              .join(texts, new String[] {"template_id"}, "left")
              .collectAsList()
              .stream()
              .map(
                  row ->
                      new ParsingScore.Pair(
                          row.getAs(TEMPLATE), row.getAs("template"), row.<Long>getAs("lines")))
              .toList();
      return ParsingScore.of(pairs);
    } finally {
      cached.unpersist();
    }
  }
}
