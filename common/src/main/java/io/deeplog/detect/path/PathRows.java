package io.deeplog.detect.path;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.xxhash64;

import io.deeplog.nn.KeyLstm;
import io.deeplog.nn.WeightedHistory;
import io.deeplog.sequence.Framing;
import io.deeplog.sequence.SessionSteps;
import io.deeplog.spark.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * What a key network is trained on and validated by: distinct sessions, or distinct windows of
 * them, weighted by how often each came.
 */
record PathRows(KeyLstm lstm, Framing framing) {
  private static final int LOSS_BATCH = 1024;

  /**
   * In an order that is the same in every run.
   *
   * @param sequences {@code sequence, keys, count}
   */
  JavaRDD<WeightedHistory> ordered(Dataset<Row> sequences, long seed) {
    return rows(distinctRows(sequences).orderBy(xxhash64(lit(seed), col("keys")), col("keys")));
  }

  /**
   * By length within so many partitions: what goes through a network together takes as long as the
   * longest.
   */
  JavaRDD<WeightedHistory> byLength(Dataset<Row> sequences, int partitions) {
    return rows(
        distinctRows(sequences)
            .repartition(partitions, col("keys"))
            .sortWithinPartitions(size(col("keys")), col("keys")));
  }

  /**
   * What is trained on, each once: distinct sessions, {@code keys, count}; or distinct windows and
   * how often each symbol came next, {@code keys, nexts}.
   */
  private Dataset<Row> distinctRows(Dataset<Row> sequences) {
    if (lstm.wholeSession()) {
      return sequences.groupBy("keys").agg(sum("count").as("count"));
    }
    return WindowScorer.windows(sequences, framing)
        .join(sequences.groupBy("sequence").agg(sum("count").as("count")), "sequence")
        .groupBy("history", "next")
        .agg(sum("count").as("count"))
        .groupBy(col("history").as("keys"))
        .agg(sort_array(collect_list(struct(col("next"), col("count")))).as("nexts"));
  }

  private JavaRDD<WeightedHistory> rows(Dataset<Row> distinct) {
    Framing of = framing;
    return lstm.wholeSession()
        ? distinct.javaRDD().flatMap(row -> stretches(row, of))
        : distinct.javaRDD().map(PathRows::weightedHistory);
  }

  private static Iterator<WeightedHistory> stretches(Row row, Framing framing) {
    float count = row.getLong(1);
    List<WeightedHistory> result = new ArrayList<>();
    for (SessionSteps steps : SessionSteps.of(framing, Columns.ints(row, 0))) {
      float[] weights = new float[steps.next().length];
      Arrays.fill(weights, steps.first(), weights.length, count);
      result.add(new WeightedHistory(steps.history(), steps.next(), weights));
    }
    return result.iterator();
  }

  private static WeightedHistory weightedHistory(Row row) {
    List<Row> nexts = row.getList(1);
    int[] symbols = new int[nexts.size()];
    float[] weights = new float[nexts.size()];
    for (int i = 0; i < symbols.length; i++) {
      symbols[i] = nexts.get(i).getInt(0);
      weights[i] = nexts.get(i).getLong(1);
    }
    return new WeightedHistory(Columns.ints(row, 0), symbols, weights);
  }

  /**
   * Mean negative log likelihood of a symbol, in nats.
   *
   * @param rows of {@link #byLength}
   */
  double loss(JavaSparkContext context, JavaRDD<WeightedHistory> rows, byte[] network) {
    Broadcast<byte[]> broadcast = context.broadcast(network);
    double loss = 0;
    double weight = 0;
    // Collected in the order of the partitions, so that the sum repeats.
    for (double[] part : rows.mapPartitions(new Loss(lstm, broadcast)).collect()) {
      loss += part[0];
      weight += part[1];
    }
    broadcast.destroy();
    return loss / weight;
  }

  private record Loss(KeyLstm lstm, Broadcast<byte[]> network)
      implements FlatMapFunction<Iterator<WeightedHistory>, double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<double[]> call(Iterator<WeightedHistory> rows) {
      double[] sums = new double[2];
      MultiLayerNetwork decoded = rows.hasNext() ? KeyLstm.fromBytes(network.value(), false) : null;
      while (rows.hasNext()) {
        List<WeightedHistory> batch = new ArrayList<>();
        int most = LOSS_BATCH;
        while (rows.hasNext() && batch.size() < most) {
          WeightedHistory row = rows.next();
          batch.add(row);
          sums[1] += row.weight();
          // Rows come by length.
          most = lstm.batchSize(row.history().length, LOSS_BATCH);
        }
        sums[0] += lstm.loss(decoded, batch.toArray(new WeightedHistory[0]));
      }
      return List.of(sums).iterator();
    }
  }
}
