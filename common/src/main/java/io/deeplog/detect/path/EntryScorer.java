package io.deeplog.detect.path;

import io.deeplog.nn.KeyLstm;
import io.deeplog.sequence.Framing;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Scores the entries of sequences, whatever history the network reads. */
final class EntryScorer {
  /**
   * Partitions of what goes through the network; a fixed number, because the rows of a batch can
   * change the last bits of a float.
   */
  static final int PARTITIONS = 16;

  private EntryScorer() {}

  /** Columns of an entry, with those of how it was predicted. */
  static StructType predicted(StructType entry) {
    return entry
        .add("surprise", DataTypes.DoubleType)
        .add("rank", DataTypes.IntegerType)
        .add("symbols", DataTypes.createArrayType(DataTypes.IntegerType, false))
        .add("probabilities", DataTypes.createArrayType(DataTypes.DoubleType, false));
  }

  /**
   * Scores entries.
   *
   * @param sequences rows of a name, {@code sequence}, and its {@code keys}; of one name, one is
   *     taken
   * @return {@code sequence, position, history, next} with {@code surprise} (-ln of the probability
   *     of what came), {@code rank} (1 for the likeliest), and {@code symbols, probabilities} of
   *     what was expected
   */
  static Dataset<Row> score(
      Dataset<Row> sequences, KeyLstm lstm, Framing framing, Broadcast<byte[]> network) {
    Dataset<Row> distinct = sequences.dropDuplicates("sequence");
    return lstm.wholeSession()
        ? SessionStepScorer.score(distinct, framing, lstm, network)
        : WindowScorer.score(distinct, framing, lstm, network);
  }
}
