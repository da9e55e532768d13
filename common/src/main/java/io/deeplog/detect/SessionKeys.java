package io.deeplog.detect;

import io.deeplog.count.Vocabulary;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Spark;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Iterator;
import scala.collection.Seq;

/** From sessions of template ids to sequences of key indices. */
public final class SessionKeys {
  private SessionKeys() {}

  /**
   * Distinct sequences of key indices and how many sessions have each: {@code keys, count}.
   *
   * @param sessions of {@link Sessions#collect}
   */
  public static Dataset<Row> distinct(Dataset<Row> sessions, Vocabulary vocabulary) {
    return sessions
        .select(column(sessions, vocabulary).as("keys"))
        .groupBy("keys")
        .agg(functions.count(functions.lit(1)).as("count"));
  }

  /** Column of a session's key indices, 0 for templates outside the vocabulary. */
  public static Column column(Dataset<Row> sessions, Vocabulary vocabulary) {
    Broadcast<Vocabulary> broadcast = Spark.broadcast(sessions.sparkSession(), vocabulary);
    return functions
        .udf(new Indices(broadcast), DataTypes.createArrayType(DataTypes.IntegerType, false))
        .apply(Sessions.templateIds());
  }

  private static final class Indices implements UDF1<Seq<String>, int[]> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Vocabulary> vocabulary;

    Indices(Broadcast<Vocabulary> vocabulary) {
      this.vocabulary = vocabulary;
    }

    @Override
    public int[] call(Seq<String> templateIds) {
      int[] keys = new int[templateIds.size()];
      Iterator<String> ids = templateIds.iterator();
      for (int i = 0; i < keys.length; i++) {
        keys[i] = vocabulary.value().index(ids.next());
      }
      return keys;
    }
  }
}
