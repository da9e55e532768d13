package io.deeplog.detect.value;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/**
 * Takes runs of entries by a hash of their place: the same ones whatever the partitioning, and
 * about as many entries of a template as asked for, so that a group fits into memory however large
 * the data.
 */
final class RunSampling implements FlatMapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private static final StructType VALUES =
      new StructType()
          .add("template_id", DataTypes.StringType)
          .add("time", DataTypes.LongType)
          .add("gap", DataTypes.DoubleType)
          .add("params", DataTypes.createArrayType(DataTypes.StringType));

  /** {@code series, tie, lead} (entries that only come before) and {@code rows}. */
  static final StructType SAMPLE =
      new StructType()
          .add("series", DataTypes.StringType)
          .add("tie", DataTypes.LongType)
          .add("lead", DataTypes.IntegerType)
          .add("rows", DataTypes.createArrayType(VALUES));

  /** Entries of a series in a row that are learned from together. */
  private static final int RUN = 64;

  /** Entries before them, of which only is known what comes after, at least. */
  static final int LEAD = 20;

  private final Broadcast<Map<String, String>> series;
  private final Broadcast<Map<String, Double>> shares;
  private final int lead;
  private final long seed;

  RunSampling(
      Broadcast<Map<String, String>> series,
      Broadcast<Map<String, Double>> shares,
      int lead,
      long seed) {
    this.series = series;
    this.shares = shares;
    this.lead = lead;
    this.seed = seed;
  }

  @Override
  public Iterator<Row> call(Row session) {
    Map<String, List<Row>> bySeries = new TreeMap<>();
    ValueEntries.walk(
        session.<Seq<Long>>getAs(1),
        session.<Seq<String>>getAs(2),
        session.<Seq<Seq<String>>>getAs(3),
        (position, id, time, row) ->
            bySeries
                .computeIfAbsent(series.value().getOrDefault(id, id), k -> new ArrayList<>())
                .add(RowFactory.create(id, time, row.gap(), row.params())));
    String name = session.isNullAt(0) ? "" : session.getString(0);
    List<Row> runs = new ArrayList<>();
    bySeries.forEach(
        (id, rows) -> {
          double share = shares.value().get(id);
          for (int from = 0; from < rows.size(); from += RUN) {
            long tie = mix(hash(seed, name + '\n' + id) + from);
            if ((tie >>> 11) * 0x1p-53 < share) {
              int first = Math.max(0, from - lead);
              runs.add(
                  RowFactory.create(
                      id,
                      tie,
                      from - first,
                      rows.subList(first, Math.min(rows.size(), from + RUN)).toArray(new Row[0])));
            }
          }
        });
    return runs.iterator();
  }

  private static long hash(long seed, String text) {
    long hash = mix(seed);
    for (int i = 0; i < text.length(); i++) {
      hash = mix(hash ^ text.charAt(i));
    }
    return hash;
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
