package io.deeplog.count;

import static org.apache.spark.sql.functions.arrays_zip;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import io.deeplog.UserException;
import io.deeplog.spark.Columns;
import io.deeplog.spark.MlPersistence;
import java.util.TreeMap;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Learns the columns of the event-count matrix of sessions or windows, and how counts are weighted:
 * its model appends a vector, sparse unless it is centred. For Spark ML's own estimators; the
 * detectors of event counts make their vectors themselves.
 */
public final class EventVectorizer extends Estimator<EventVectorizerModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Param<String> weighting;
  private final BooleanParam zeroMean;
  private final BooleanParam oov;
  private final LongParam minCount;
  private final Param<String> outputCol;
  private final VocabularyParam vocabulary;

  /** A vectorizer with the default settings. */
  public EventVectorizer() {
    this(Identifiable$.MODULE$.randomUID("eventVectorizer"));
  }

  /** A vectorizer of a uid, as Spark ML makes it when loading. */
  public EventVectorizer(String uid) {
    this.uid = uid;
    weighting = new Param<>(this, "weighting", "weighting: none, log, tf-idf or sigmoid");
    zeroMean = new BooleanParam(this, "zeroMean", "whether training's means are subtracted");
    oov = new BooleanParam(this, "oov", "whether templates that training lacks are a last column");
    minCount =
        new LongParam(
            this,
            "minCount",
            "least entries of a template; rarer ones are unknown ones",
            ParamValidators.gtEq(1));
    outputCol = new Param<>(this, "outputCol", "column of the vector");
    vocabulary = new VocabularyParam(this);
    setDefault(weighting, Weighting.NONE.id());
    setDefault(zeroMean, false);
    setDefault(oov, true);
    setDefault(minCount, 1L);
    setDefault(outputCol, "features");
  }

  @Override
  public String uid() {
    return uid;
  }

  /** Weighting of the counts, default none. */
  public Param<String> weighting() {
    return weighting;
  }

  /** Whether training's means are subtracted, default false. */
  public BooleanParam zeroMean() {
    return zeroMean;
  }

  /** Whether templates that training lacks are a last column, default true. */
  public BooleanParam oov() {
    return oov;
  }

  /** Least number of entries of a template, default 1. */
  public LongParam minCount() {
    return minCount;
  }

  /** Column of the vector, default features. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** The columns, default unset: the templates of the rows it learns from. */
  public VocabularyParam vocabulary() {
    return vocabulary;
  }

  /** Sets {@link #vocabulary()}. */
  public EventVectorizer setVocabulary(Vocabulary value) {
    set(vocabulary, value);
    return this;
  }

  /** Sets {@link #weighting()}. */
  public EventVectorizer setWeighting(String value) {
    set(weighting, Weighting.of(value).id());
    return this;
  }

  /** Sets {@link #zeroMean()}. */
  public EventVectorizer setZeroMean(boolean value) {
    set(zeroMean, value);
    return this;
  }

  /** Sets {@link #oov()}. */
  public EventVectorizer setOov(boolean value) {
    set(oov, value);
    return this;
  }

  /** Sets {@link #minCount()}. */
  public EventVectorizer setMinCount(long value) {
    set(minCount, value);
    return this;
  }

  /** Sets {@link #outputCol()}. */
  public EventVectorizer setOutputCol(String value) {
    set(outputCol, value);
    return this;
  }

  static StructType appended(StructType schema, String output) {
    return Columns.append(
        schema,
        CountVectors.input(schema),
        DataTypes.createStructField(output, SQLDataTypes.VectorType(), true));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return appended(schema, getOrDefault(outputCol));
  }

  @Override
  public EventVectorizerModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> rows = dataset.toDF();
    long n = rows.count();
    if (n == 0) {
      throw UserException.input("no session to learn counts from (check --session)");
    }
    boolean others = (boolean) getOrDefault(oov);
    Vocabulary known = vocabulary.orOf(this, rows).atLeast((long) getOrDefault(minCount));
    int columns = known.size() + (others ? 1 : 0);
    // How many rows have a template how often: whole numbers, weighted in one order afterwards.
    TreeMap<Long, Long> histogram = new TreeMap<>();
    rows.select(CountVectors.column(rows, known, others).as("v"))
        .select(explode(arrays_zip(col("v.indices"), col("v.counts"))).as("cell"))
        .groupBy("cell.indices", "cell.counts")
        .count()
        .collectAsList()
        .forEach(
            row -> histogram.put(((long) row.getInt(0) << 32) | row.getInt(1), row.getLong(2)));
    double[] idf = new double[columns];
    histogram.forEach((cell, times) -> idf[(int) (cell >> 32)] += times);
    for (int i = 0; i < columns; i++) {
      idf[i] = Weighting.idf(n, idf[i]);
    }
    Weighting kind = Weighting.of(getOrDefault(weighting));
    double[] mean = new double[columns];
    if ((boolean) getOrDefault(zeroMean)) {
      histogram.forEach(
          (cell, times) -> {
            int column = (int) (cell >> 32);
            mean[column] += kind.weigh((int) (long) cell, idf[column]) * times / n;
          });
    }
    return copyValues(new EventVectorizerModel(uid, known, idf, mean), extractParamMap())
        .setParent(this);
  }

  @Override
  public EventVectorizer copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  @Override
  public MLWriter write() {
    return MlPersistence.writer(this, null);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<EventVectorizer> read() {
    return MlPersistence.reader(
        EventVectorizer.class, (uid, directory, spark) -> new EventVectorizer(uid));
  }

  /** Loads a saved vectorizer. */
  public static EventVectorizer load(String path) {
    return read().load(path);
  }
}
