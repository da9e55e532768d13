package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import io.deeplog.UserException;
import io.deeplog.evaluate.KeySequences;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.SequenceOptions;
import io.deeplog.sequence.Sessions;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What detectors learn from and what they judge, of files of key sequences.
 *
 * @param train sessions, anomalous ones too where the file has labels
 * @param test sessions with their labels
 * @param split how they were told apart, in words
 */
public record SequenceData(Dataset<Row> train, Dataset<Row> test, String split) {
  private static final Logger LOG = LoggerFactory.getLogger(SequenceData.class);

  private static final double HALF = 0.5;

  /**
   * Reads and splits.
   *
   * @param seed of a random split
   * @throws UserException when a file has no session, or a side would have none
   */
  public static SequenceData read(SparkSession spark, SequenceOptions options, long seed) {
    Dataset<Row> all = KeySequences.read(spark, options.train);
    Dataset<Row> test = options.test == null ? null : test(spark, options);
    if (options.trainShare == null) {
      return new SequenceData(all, test, "two files");
    }
    String split = "the first " + options.trainShare + " of " + options.train + ", in file order";
    Column order = col(KeySequences.PLACE);
    if (options.randomSplit) {
      split = options.trainShare + " of " + options.train + " at random";
      LOG.warn(
          "split at random: sessions of one time are on both sides, which leaks; leave out {}",
          Flags.RANDOM_SPLIT);
      order = xxhash64(order, lit(seed));
    }
    List<Dataset<Row>> sides = KeySequences.split(all, options.trainShare, order);
    Dataset<Row> rest = sides.get(1);
    if (all.filter(col(KeySequences.ANOMALOUS).isNotNull()).isEmpty()) {
      // What may be learned from without labels is normal.
      rest = rest.withColumn(KeySequences.ANOMALOUS, lit(false));
    }
    if (test != null) {
      rest = named("rest ", rest).unionByName(named("test ", test));
    }
    return new SequenceData(sides.get(0), rest, split);
  }

  private static Dataset<Row> named(String prefix, Dataset<Row> sessions) {
    return sessions.withColumn(Sessions.SESSION, concat(lit(prefix), col(Sessions.SESSION)));
  }

  private static Dataset<Row> test(SparkSession spark, SequenceOptions options) {
    Dataset<Row> test = KeySequences.read(spark, options.test);
    return options.testLabel == null
        ? test
        : test.withColumn(
            KeySequences.ANOMALOUS,
            coalesce(col(KeySequences.ANOMALOUS), lit(options.testLabel.equals("anomaly"))));
  }

  /** Whether there are anomalies to learn from apart from those that are judged. */
  private boolean labelledTraining() {
    return !train.filter(col(KeySequences.ANOMALOUS)).isEmpty();
  }

  /**
   * What detectors that learn from labels may see and judge: the training file where it has
   * anomalies; otherwise, beside it, the first half of each label's test sessions in file order,
   * and the second halves to judge.
   */
  SequenceData supervised() {
    if (labelledTraining()) {
      return new SequenceData(train, test, "the labels of the training sessions");
    }
    Column place =
        row_number()
            .over(
                Window.partitionBy(KeySequences.ANOMALOUS)
                    .orderBy(KeySequences.PLACE, Sessions.SESSION));
    Column size = count(lit(1)).over(Window.partitionBy(KeySequences.ANOMALOUS));
    Dataset<Row> halves = test.withColumn("_first", place.leq(size.multiply(HALF)));
    Dataset<Row> normal = KeySequences.normal(train).withColumn(KeySequences.ANOMALOUS, lit(false));
    return new SequenceData(
        normal.unionByName(halves.filter(col("_first")).select(columns(normal))),
        halves.filter(not(col("_first"))).drop("_first"),
        "labels of the first half of the test sessions of each label, in file order; only the"
            + " second halves are judged");
  }

  private static Column[] columns(Dataset<Row> rows) {
    return Arrays.stream(rows.columns()).map(functions::col).toArray(Column[]::new);
  }
}
