package io.deeplog.detect.path;

import static org.apache.spark.sql.functions.col;

import io.deeplog.nn.KeyLstm;
import io.deeplog.sequence.Framing;
import io.deeplog.spark.Columns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Scores the windows of sequences: every distinct history goes through the network once, in batches
 * that are the same whatever the partitioning of the input, so that scores repeat to the bit.
 */
final class WindowScorer {
  private static final int BATCH = 1024;

  static final StructType WINDOW =
      new StructType()
          .add("sequence", DataTypes.StringType)
          .add("position", DataTypes.IntegerType)
          .add("history", DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add("next", DataTypes.IntegerType);

  private static final StructType PREDICTION =
      EntryScorer.predicted(
          new StructType()
              .add("history", DataTypes.createArrayType(DataTypes.IntegerType, false))
              .add("next", DataTypes.IntegerType));

  private WindowScorer() {}

  /**
   * The windows of sequences that a model can judge: without unknown keys in their history.
   *
   * @param sequences rows of a name and its {@code keys}
   * @return the columns {@code sequence, position, history, next}
   */
  static Dataset<Row> windows(Dataset<Row> sequences, Framing framing) {
    return sequences
        .select("sequence", "keys")
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>) rows -> new WindowIterator(rows, framing),
            Encoders.row(WINDOW));
  }

  private static final class WindowIterator implements Iterator<Row> {
    private final Iterator<Row> sequences;
    private final Framing framing;
    private String sequence;
    private int[] keys = new int[0];
    private int position = 1;
    private Row ahead;

    WindowIterator(Iterator<Row> sequences, Framing framing) {
      this.sequences = sequences;
      this.framing = framing;
      advance();
    }

    private void advance() {
      ahead = null;
      while (ahead == null) {
        if (position >= Framing.windows(keys)) {
          if (!sequences.hasNext()) {
            return;
          }
          Row row = sequences.next();
          sequence = row.getString(0);
          keys = Columns.ints(row, 1);
          position = 0;
        }
        int next = framing.next(keys, position);
        int[] history = framing.history(keys, position);
        if (!Framing.holdsUnknown(history)) {
          ahead = RowFactory.create(sequence, position, history, next);
        }
        position++;
      }
    }

    @Override
    public boolean hasNext() {
      return ahead != null;
    }

    @Override
    public Row next() {
      if (ahead == null) {
        throw new java.util.NoSuchElementException();
      }
      Row row = ahead;
      advance();
      return row;
    }
  }

  /**
   * Scores the windows of sequences.
   *
   * @param sequences rows of a name and its {@code keys}
   * @return the windows with {@code surprise} (-ln of the probability of what came), {@code rank}
   *     (1 for the likeliest), and {@code symbols, probabilities} of what was expected
   */
  static Dataset<Row> score(
      Dataset<Row> sequences, Framing framing, KeyLstm lstm, Broadcast<byte[]> network) {
    Dataset<Row> windows = windows(sequences, framing);
    Dataset<Row> predictions =
        windows
            .groupBy("history")
            .agg(functions.sort_array(functions.collect_set("next")).as("nexts"))
            .repartition(EntryScorer.PARTITIONS, col("history"))
            .sortWithinPartitions("history")
            .mapPartitions(
                (MapPartitionsFunction<Row, Row>) rows -> new Predict(lstm, network).call(rows),
                Encoders.row(PREDICTION));
    return windows.join(predictions, new String[] {"history", "next"});
  }

  /** Runs the network over the histories of a partition. */
  private record Predict(KeyLstm lstm, Broadcast<byte[]> network)
      implements FlatMapFunction<Iterator<Row>, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(Iterator<Row> histories) {
      if (!histories.hasNext()) {
        return Collections.emptyIterator();
      }
      MultiLayerNetwork decoded = KeyLstm.fromBytes(network.value(), false);
      return new Iterator<>() {
        private Iterator<Row> batch = Collections.emptyIterator();

        @Override
        public boolean hasNext() {
          return batch.hasNext() || histories.hasNext();
        }

        @Override
        public Row next() {
          if (!batch.hasNext()) {
            batch = predict(decoded, histories).iterator();
          }
          return batch.next();
        }
      };
    }

    private List<Row> predict(MultiLayerNetwork decoded, Iterator<Row> rows) {
      List<int[]> histories = new ArrayList<>();
      List<int[]> nexts = new ArrayList<>();
      int most = lstm.batchSize(lstm.history(), BATCH);
      while (rows.hasNext() && histories.size() < most) {
        Row row = rows.next();
        histories.add(Columns.ints(row, 0));
        nexts.add(Columns.ints(row, 1));
      }
      float[][] probabilities = lstm.probabilities(decoded, histories.toArray(new int[0][]));
      List<Row> result = new ArrayList<>();
      for (int i = 0; i < probabilities.length; i++) {
        Prediction prediction = new Prediction(probabilities[i]);
        for (int next : nexts.get(i)) {
          result.add(
              RowFactory.create(
                  histories.get(i),
                  next,
                  prediction.surprise(next),
                  prediction.rank(next),
                  prediction.expected(),
                  prediction.probabilities()));
        }
      }
      return result;
    }
  }
}
