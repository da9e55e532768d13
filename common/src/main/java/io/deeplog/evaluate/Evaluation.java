package io.deeplog.evaluate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Detectors against labels, by session.
 *
 * @param detectors confusion by detector, in the order given
 * @param kinds how many sessions of each kind of anomaly the last detector found
 * @param unlabelled sessions without a label; they count nowhere
 */
public record Evaluation(
    Map<String, Confusion> detectors, Map<String, Found> kinds, long unlabelled) {
  /** Sessions of a kind of anomaly that were flagged, of all. */
  public record Found(long found, long total) {
    /** Found, as a share. */
    public double recall() {
      return total == 0 ? 0 : (double) found / total;
    }
  }

  /**
   * Evaluates.
   *
   * @param sessions with {@code session}
   * @param anomalies with {@code detector} and {@code session}
   * @param labels of {@link Labels#read}
   * @param detectors names; kinds are counted for the last
   */
  public static Evaluation of(
      Dataset<Row> sessions, Dataset<Row> anomalies, Dataset<Row> labels, List<String> detectors) {
    Dataset<Row> flags =
        anomalies
            .filter(col("session").isNotNull())
            .groupBy("session")
            .agg(collect_set("detector").as("flags"));
    Dataset<Row> all =
        sessions
            .select("session")
            .join(labels, new String[] {"session"}, "left")
            .join(flags, new String[] {"session"}, "left")
            .withColumn("flags", coalesce(col("flags"), expr("cast(array() as array<string>)")));
    String verdict = detectors.get(detectors.size() - 1);
    // One small row for every combination of label, kind and flags.
    List<Row> groups =
        all.groupBy("anomalous", "kind", "flags").agg(count(lit(1)).as("n")).collectAsList();
    Map<String, long[]> cells = new HashMap<>();
    Map<String, long[]> kinds = new TreeMap<>();
    long unlabelled = 0;
    for (Row group : groups) {
      long n = group.getAs("n");
      if (group.isNullAt(0)) {
        unlabelled += n;
        continue;
      }
      boolean anomalous = group.getBoolean(0);
      List<String> flagged = group.getList(2);
      for (String detector : detectors) {
        long[] c = cells.computeIfAbsent(detector, d -> new long[4]);
        c[(flagged.contains(detector) ? 0 : 2) + (anomalous ? 0 : 1)] += n;
      }
      if (anomalous && !group.isNullAt(1) && !group.getString(1).isEmpty()) {
        long[] k = kinds.computeIfAbsent(group.getString(1), name -> new long[2]);
        k[0] += flagged.contains(verdict) ? n : 0;
        k[1] += n;
      }
    }
    Map<String, Confusion> confusions = new LinkedHashMap<>();
    for (String detector : detectors) {
      long[] c = cells.getOrDefault(detector, new long[4]);
      confusions.put(detector, new Confusion(c[0], c[1], c[2], c[3]));
    }
    Map<String, Found> found = new LinkedHashMap<>();
    kinds.forEach((kind, k) -> found.put(kind, new Found(k[0], k[1])));
    return new Evaluation(confusions, found, unlabelled);
  }
}
