package io.deeplog.detect.path;

import io.deeplog.nn.KeyLstm;
import io.deeplog.sequence.Framing;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Scores the entries of sequences, whatever history the network reads. */
final class EntryScorer {
  private EntryScorer() {}

  /**
   * Scores entries.
   *
   * @param sequences rows of a name, {@code sequence}, and its {@code keys}; names are distinct
   * @return {@code sequence, position, history, next} with {@code surprise} (-ln of the probability
   *     of what came), {@code rank} (1 for the likeliest), and {@code symbols, probabilities} of
   *     what was expected
   */
  static Dataset<Row> score(
      Dataset<Row> sequences, KeyLstm lstm, Framing framing, Broadcast<byte[]> network) {
    return lstm.wholeSession()
        ? SessionStepScorer.score(sequences, framing, lstm, network)
        : WindowScorer.score(sequences, framing, lstm, network);
  }
}
