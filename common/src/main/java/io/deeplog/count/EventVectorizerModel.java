package io.deeplog.count;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.UserException;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Files;
import io.deeplog.spark.MlPersistence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Appends the vector of a session's, or window's, event counts. */
public final class EventVectorizerModel extends Model<EventVectorizerModel> implements MLWritable {
  private static final long serialVersionUID = 1L;

  private static final String FILE = "columns.json";

  /** A table of more columns is of no use to what reads CSV. */
  private static final int MOST_COLUMNS = 10_000;

  private final String uid;
  private final Vocabulary vocabulary;
  private final double[] idf;
  private final double[] mean;
  private final Param<String> weighting;
  private final BooleanParam zeroMean;
  private final BooleanParam oov;
  private final Param<String> outputCol;

  EventVectorizerModel(String uid, Vocabulary vocabulary, double[] idf, double[] mean) {
    this.uid = uid;
    this.vocabulary = vocabulary;
    this.idf = idf.clone();
    this.mean = mean.clone();
    weighting = new Param<>(this, "weighting", "weighting: none, log, tf-idf or sigmoid");
    zeroMean = new BooleanParam(this, "zeroMean", "whether training's means are subtracted");
    oov = new BooleanParam(this, "oov", "whether templates that training lacks are a last column");
    outputCol = new Param<>(this, "outputCol", "column of the vector");
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Weighting of the counts. */
  public Param<String> weighting() {
    return weighting;
  }

  /** Whether training's means are subtracted. */
  public BooleanParam zeroMean() {
    return zeroMean;
  }

  /** Whether templates that training lacks are a last column. */
  public BooleanParam oov() {
    return oov;
  }

  /** Column of the vector. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** The templates, by column; with {@link #oov()} there is one column more. */
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  /** ln(rows / (rows with the template + 1e-8)), by column. */
  public double[] idf() {
    return idf.clone();
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return EventVectorizer.appended(schema, getOrDefault(outputCol));
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    Dataset<Row> rows = dataset.toDF();
    UDF1<Row, Vector> weigh =
        new Weigh(
            Weighting.of(getOrDefault(weighting)),
            idf,
            (boolean) getOrDefault(zeroMean) ? mean : null);
    return rows.withColumn(
        getOrDefault(outputCol),
        udf(weigh, SQLDataTypes.VectorType())
            .apply(CountVectors.column(rows, vocabulary, (boolean) getOrDefault(oov))));
  }

  /**
   * The matrix as a table, for a CSV file: {@code session} and a column for every template, named
   * by its id, then {@code others}; the counts as they are.
   *
   * @throws UserException when there are too many columns for a table
   */
  public Dataset<Row> matrix(Dataset<Row> rows) {
    if (vocabulary.size() > MOST_COLUMNS) {
      throw UserException.usage(
          vocabulary.size()
              + " templates make too wide a table (raise minCount to have at most "
              + MOST_COLUMNS
              + ")");
    }
    int columns = vocabulary.size() + 1;
    Column dense =
        udf(
                (UDF1<Row, int[]>)
                    value ->
                        Arrays.stream(CountVectors.of(value).dense(columns))
                            .mapToInt(count -> (int) count)
                            .toArray(),
                DataTypes.createArrayType(DataTypes.IntegerType, false))
            .apply(CountVectors.column(rows, vocabulary, true));
    List<Column> table = new ArrayList<>(List.of(col(Sessions.SESSION)));
    for (int i = 0; i < columns; i++) {
      String name = i < vocabulary.size() ? vocabulary.id(i + 1) : "others";
      table.add(col("counts_of").getItem(i).as(name));
    }
    return rows.select(col(Sessions.SESSION), dense.as("counts_of"))
        .select(table.toArray(new Column[0]));
  }

  private static final class Weigh implements UDF1<Row, Vector> {
    private static final long serialVersionUID = 1L;
    private final Weighting weighting;
    private final double[] idf;
    private final double[] mean;

    Weigh(Weighting weighting, double[] idf, double[] mean) {
      this.weighting = weighting;
      this.idf = idf;
      this.mean = mean;
    }

    @Override
    public Vector call(Row value) {
      CountVector counts = CountVectors.of(value);
      double[] weighted = new double[counts.indices().length];
      for (int j = 0; j < weighted.length; j++) {
        weighted[j] = weighting.weigh(counts.counts()[j], idf[counts.indices()[j]]);
      }
      if (mean == null) {
        return Vectors.sparse(idf.length, counts.indices(), weighted);
      }
      double[] centred = new double[idf.length];
      for (int i = 0; i < centred.length; i++) {
        centred[i] = -mean[i];
      }
      for (int j = 0; j < weighted.length; j++) {
        centred[counts.indices()[j]] += weighted[j];
      }
      return Vectors.dense(centred);
    }
  }

  @Override
  public EventVectorizerModel copy(ParamMap extra) {
    return copyValues(new EventVectorizerModel(uid, vocabulary, idf, mean), extra)
        .setParent(parent());
  }

  private record Stored(double[] idf, double[] mean) {}

  @Override
  public MLWriter write() {
    return MlPersistence.writer(
        this,
        (directory, spark) -> {
          Files files = Files.of(spark);
          VocabularyFile.write(files, new Path(directory), vocabulary, null);
          files.writeJson(new Path(directory, FILE), new Stored(idf, mean));
        });
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<EventVectorizerModel> read() {
    return MlPersistence.reader(
        EventVectorizerModel.class,
        (String uid, String directory, SparkSession spark) -> {
          Files files = Files.of(spark);
          Stored stored = files.readJson(new Path(directory, FILE), Stored.class);
          return new EventVectorizerModel(
              uid, VocabularyFile.read(files, new Path(directory), null), stored.idf, stored.mean);
        });
  }

  /** Loads a saved model. */
  public static EventVectorizerModel load(String path) {
    return read().load(path);
  }
}
