package io.deeplog.count;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.map_values;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.sequence.Sessions;
import io.deeplog.sequence.Windows;
import io.deeplog.spark.Columns;
import io.deeplog.spark.Spark;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
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

  private static boolean hasCounts(StructType schema) {
    return Arrays.asList(schema.fieldNames()).contains(Windows.COUNTS);
  }

  /**
   * The templates that come often enough, all rows together; one action.
   *
   * @param minCount least number of entries of a template
   */
  public static Vocabulary vocabulary(Dataset<Row> rows, long minCount) {
    Dataset<Row> counted =
        hasCounts(rows.schema())
            ? rows.select(explode(col(Windows.COUNTS)).as(new String[] {"id", "n"}))
                .groupBy("id")
                .agg(sum("n").as("n"))
            : rows.select(explode(col(Sessions.ENTRIES)).as("entry"))
                .groupBy(col("entry.template_id").as("id"))
                .agg(functions.count(functions.lit(1)).as("n"));
    List<String> ids =
        counted.filter(col("n").geq(minCount)).select("id").as(Encoders.STRING()).collectAsList();
    return new Vocabulary(ids);
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
    return udf(new OfIds(broadcast, oov), TYPE)
        .apply(transform(col(Sessions.ENTRIES), entry -> entry.getField("template_id")));
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
