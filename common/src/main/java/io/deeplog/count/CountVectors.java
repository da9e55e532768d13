package io.deeplog.count;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.map_values;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.sequence.Sessions;
import io.deeplog.sequence.Windows;
import io.deeplog.spark.Columns;
import io.deeplog.spark.Spark;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Event counts of a dataset's rows, which are sessions ({@value Sessions#ENTRIES}) or windows
 * ({@value Windows#COUNTS}, which is taken where both are there).
 */
public final class CountVectors {
  /** Type of {@link #column}: columns of the count matrix and their counts. */
  public static final StructType TYPE =
      new StructType()
          .add("indices", DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add("counts", DataTypes.createArrayType(DataTypes.IntegerType, false));

  private CountVectors() {}

  /** The column that counts are taken from. */
  public static String input(StructType schema) {
    return hasCounts(schema) ? Windows.COUNTS : Sessions.ENTRIES;
  }

  /** Whether rows have counts alone, without their entries. */
  public static boolean hasCounts(StructType schema) {
    return Arrays.asList(schema.fieldNames()).contains(Windows.COUNTS);
  }

  /** The templates of some rows, and how many entries each has; one action. */
  public static Vocabulary vocabulary(Dataset<Row> rows) {
    return vocabulary(rows, lit(true));
  }

  /**
   * The templates of some rows and how many entries each has in some of them; one action.
   *
   * @param counted whether a row's entries count: a template of the others only counts 0
   */
  public static Vocabulary vocabulary(Dataset<Row> rows, Column counted) {
    Column counts = counted.cast("long").as("counted");
    Dataset<Row> entries =
        hasCounts(rows.schema())
            ? rows.select(counts, explode(col(Windows.COUNTS)).as(new String[] {"id", "n"}))
            : rows.select(counts, explode(col(Sessions.ENTRIES)).as("entry"))
                .select(col("counted"), col("entry.template_id").as("id"), lit(1L).as("n"));
    Map<String, Long> byId = new HashMap<>();
    entries
        .filter(isTemplate(col("id")))
        .groupBy("id")
        .agg(sum(col("counted").multiply(col("n"))))
        .collectAsList()
        .forEach(row -> byId.put(row.getString(0), row.getLong(1)));
    return new Vocabulary(byId);
  }

  /** A line that fits no template has none; counts, whose keys cannot be null, say so by "". */
  private static Column isTemplate(Column id) {
    return id.isNotNull().and(id.notEqual(Windows.NO_TEMPLATE));
  }

  /** The distinct template ids of a row, of lines that have one. */
  public static Column ids(Dataset<Row> rows) {
    Column ids =
        hasCounts(rows.schema())
            ? map_keys(col(Windows.COUNTS))
            : array_distinct(Sessions.templateIds());
    return filter(ids, CountVectors::isTemplate);
  }

  /** A row's number of entries, an int. */
  public static Column length(Dataset<Row> rows) {
    return hasCounts(rows.schema())
        ? aggregate(map_values(col(Windows.COUNTS)), lit(0L), Column::plus).cast("int")
        : size(col(Sessions.ENTRIES));
  }

  /**
   * A row's counts, of type {@link #TYPE}.
   *
   * @param oov whether templates outside the vocabulary are counted, in the column of number {@code
   *     vocabulary.size()}
   */
  public static Column column(Dataset<Row> rows, Vocabulary vocabulary, boolean oov) {
    Broadcast<Vocabulary> broadcast = Spark.broadcast(rows.sparkSession(), vocabulary);
    if (hasCounts(rows.schema())) {
      return udf(new OfCounts(broadcast, oov), TYPE)
          .apply(map_keys(col(Windows.COUNTS)), map_values(col(Windows.COUNTS)));
    }
    return udf(new OfIds(broadcast, oov), TYPE).apply(Sessions.templateIds());
  }

  /** The vector of a value of {@link #TYPE}. */
  public static CountVector of(Row value) {
    return new CountVector(Columns.ints(value, 0), Columns.ints(value, 1));
  }

  private static Row row(Map<String, Long> counts, Vocabulary vocabulary, boolean oov) {
    CountVector vector = CountVector.of(counts, vocabulary, oov);
    return RowFactory.create(vector.indices(), vector.counts());
  }

  private static final class OfIds implements UDF1<Seq<String>, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Vocabulary> vocabulary;
    private final boolean oov;

    OfIds(Broadcast<Vocabulary> vocabulary, boolean oov) {
      this.vocabulary = vocabulary;
      this.oov = oov;
    }

    @Override
    public Row call(Seq<String> ids) {
      Map<String, Long> counts = new HashMap<>();
      JavaConverters.seqAsJavaList(ids).forEach(id -> counts.merge(id, 1L, Long::sum));
      return row(counts, vocabulary.value(), oov);
    }
  }

  private static final class OfCounts implements UDF2<Seq<String>, Seq<Long>, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Vocabulary> vocabulary;
    private final boolean oov;

    OfCounts(Broadcast<Vocabulary> vocabulary, boolean oov) {
      this.vocabulary = vocabulary;
      this.oov = oov;
    }

    @Override
    public Row call(Seq<String> ids, Seq<Long> counts) {
      Map<String, Long> map = new HashMap<>();
      for (int i = 0; i < ids.size(); i++) {
        map.put(ids.apply(i), counts.apply(i));
      }
      return row(map, vocabulary.value(), oov);
    }
  }
}
