package io.deeplog.detect.path;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;

import io.deeplog.nn.KeyLstm;
import io.deeplog.sequence.Framing;
import io.deeplog.sequence.SessionSteps;
import io.deeplog.spark.Columns;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Scores the entries of sequences by a network that reads sessions from their begin: every sequence
 * goes through it once, in batches of like length that are the same whatever the partitioning of
 * the input, so that scores repeat to the bit.
 */
final class SessionStepScorer {
  private static final int BATCH = 256;

  /** Symbols before an entry that are kept as its history. */
  private static final int EXPLAINED = 10;

  private static final StructType ENTRY = EntryScorer.predicted(WindowScorer.WINDOW);

  private SessionStepScorer() {}

  /** Scores the entries of sequences, as {@link WindowScorer#score}. */
  static Dataset<Row> score(
      Dataset<Row> sequences, Framing framing, KeyLstm lstm, Broadcast<byte[]> network) {
    return sequences
        .select("sequence", "keys")
        .repartition(EntryScorer.PARTITIONS, col("sequence"))
        .sortWithinPartitions(size(col("keys")), col("sequence"))
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                rows ->
                    rows.hasNext()
                        ? new Entries(
                            rows, framing, lstm, KeyLstm.fromBytes(network.value(), false))
                        : Collections.emptyIterator(),
            Encoders.row(ENTRY));
  }

  /** A stretch of a sequence. */
  private record Stretch(String sequence, int[] keys, SessionSteps steps) {}

  /** Runs the network over the sequences of a partition. */
  private static final class Entries implements Iterator<Row> {
    private final Iterator<Row> sequences;
    private final Framing framing;
    private final KeyLstm lstm;
    private final MultiLayerNetwork network;
    private final List<Stretch> waiting = new ArrayList<>();
    private Iterator<Row> batch = Collections.emptyIterator();

    Entries(Iterator<Row> sequences, Framing framing, KeyLstm lstm, MultiLayerNetwork network) {
      this.sequences = sequences;
      this.framing = framing;
      this.lstm = lstm;
      this.network = network;
    }

    @Override
    public boolean hasNext() {
      return batch.hasNext() || !waiting.isEmpty() || sequences.hasNext();
    }

    @Override
    public Row next() {
      // Every stretch holds an entry that it judges.
      if (!batch.hasNext()) {
        batch = predict(take()).iterator();
      }
      return batch.next();
    }

    /** The next stretches, as many as go through the network at once. */
    private List<Stretch> take() {
      int most = BATCH;
      while (waiting.size() < most && sequences.hasNext()) {
        Row row = sequences.next();
        int[] keys = Columns.ints(row, 1);
        for (SessionSteps steps : SessionSteps.of(framing, keys)) {
          waiting.add(new Stretch(row.getString(0), keys, steps));
        }
        // Sequences come by length.
        most = lstm.batchSize(Math.min(keys.length + 1, SessionSteps.LONGEST), BATCH);
      }
      List<Stretch> head = waiting.subList(0, Math.min(most, waiting.size()));
      List<Stretch> taken = List.copyOf(head);
      head.clear();
      return taken;
    }

    private List<Row> predict(List<Stretch> stretches) {
      float[][][] probabilities =
          lstm.stepProbabilities(
              network, stretches.stream().map(s -> s.steps.history()).toArray(int[][]::new));
      List<Row> result = new ArrayList<>();
      for (int i = 0; i < probabilities.length; i++) {
        Stretch stretch = stretches.get(i);
        SessionSteps steps = stretch.steps;
        for (int step = steps.first(); step < steps.next().length; step++) {
          Prediction prediction = new Prediction(probabilities[i][step]);
          for (int position = steps.after(step); position <= steps.positions()[step]; position++) {
            int next = framing.next(stretch.keys, position);
            result.add(
                RowFactory.create(
                    stretch.sequence,
                    position,
                    steps.before(step, EXPLAINED),
                    next,
                    prediction.surprise(next),
                    prediction.rank(next),
                    prediction.expected(),
                    prediction.probabilities()));
          }
        }
      }
      return result;
    }
  }
}
