package io.deeplog.detect.value;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import io.deeplog.sequence.Sessions;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** The values of sessions' entries, in their order. */
final class ValueEntries {
  private static final double MICROS = 1e6;

  private ValueEntries() {}

  /** Columns of times in microseconds, template ids and parameters, in the order of the entries. */
  static Column[] columns(Dataset<Row> sessions) {
    ArrayType entries = (ArrayType) sessions.schema().apply(Sessions.ENTRIES).dataType();
    boolean params =
        List.of(((StructType) entries.elementType()).fieldNames()).contains(Sessions.PARAMS);
    return new Column[] {
      expr("transform(" + Sessions.ENTRIES + ", e -> unix_micros(e.ts))"),
      col(Sessions.ENTRIES + ".template_id"),
      params
          ? col(Sessions.ENTRIES + "." + Sessions.PARAMS)
          : expr("transform(" + Sessions.ENTRIES + ", e -> cast(array() as array<string>))")
    };
  }

  /** Takes an entry. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Takes an entry.
     *
     * @param time in microseconds, 0 without one
     */
    void entry(int position, String templateId, long time, ValueRow row);
  }

  /** Walks through a session. */
  static void walk(
      Seq<Long> times, Seq<String> templateIds, Seq<Seq<String>> params, Visitor visitor) {
    List<Long> timeList = JavaConverters.seqAsJavaList(times);
    List<String> ids = JavaConverters.seqAsJavaList(templateIds);
    List<Seq<String>> paramLists = JavaConverters.seqAsJavaList(params);
    Long previous = null;
    for (int i = 0; i < ids.size(); i++) {
      Long time = timeList.get(i);
      String id = ids.get(i);
      double gap = time == null || previous == null ? Double.NaN : (time - previous) / MICROS;
      previous = time == null ? previous : time;
      if (id == null) {
        continue;
      }
      visitor.entry(i, id, time == null ? 0 : time, new ValueRow(gap, texts(paramLists.get(i))));
    }
  }

  private static String[] texts(Seq<String> params) {
    return params == null
        ? new String[0]
        : JavaConverters.seqAsJavaList(params).toArray(new String[0]);
  }
}
