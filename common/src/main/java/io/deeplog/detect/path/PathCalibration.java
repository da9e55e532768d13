package io.deeplog.detect.path;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.detect.TailThreshold;
import io.deeplog.nn.AveragingTrainer;
import io.deeplog.nn.TrainingSettings;
import io.deeplog.sequence.Framing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Chooses the limits of a trained key network by normal sessions.
 *
 * @param sequences {@code sequence, keys, held_out, late, count}
 */
record PathCalibration(
    JavaSparkContext context, Dataset<Row> sequences, PathRows rows, TrainingSettings training) {
  /**
   * Held-out sessions of which none beyond a limit says that fewer than 3 % are (rule of three). A
   * tail extrapolated from so few is no better: it asked for a probability of 1e-8.
   */
  private static final long LEAST_TESTS = 100;

  private static final DataType KEYS = DataTypes.createArrayType(DataTypes.IntegerType, false);

  /**
   * What is asked for.
   *
   * @param falseAlarms share of normal sessions that may be flagged
   * @param topG g, where it is given; null where it is to be chosen
   * @param crossFit whether two more networks are trained, so that every session is held out once
   */
  record Wanted(PathRule rule, double falseAlarms, Integer topG, boolean crossFit) {}

  /** Limits, and what they were chosen by, in words. */
  record Chosen(PathLimits limits, String how) {}

  /**
   * Chooses the limits, where the rule has any that are not given, by sessions that were not
   * trained on. Where these are too few to count so small a share of false alarms, their limits
   * differ much from one part of a log and one network to the next: then they only put those of all
   * sessions to the test, if there are enough of them for that. Limits that they are not beyond
   * more often than chance allows for stand; others, of a network that knows what it was trained on
   * too well, are widened towards those of the held-out ones until they do.
   *
   * <p>With {@code crossFit} two more networks are trained, each on one half of the sessions, and
   * each judges the half that it did not see: every session is held out once.
   *
   * <p>No stricter than what all sessions ask for: those trained on look more normal than others
   * ever will. Where nearly all sessions repeat others, so will those to come, and what they will
   * score is known.
   *
   * @param enough whether there are held-out sessions
   * @param heldOut how they were chosen, in words
   * @param epochs of the network
   */
  Chosen choose(Wanted wanted, byte[] network, boolean enough, String heldOut, int epochs) {
    PathRule decision = wanted.rule;
    double share = wanted.falseAlarms;
    Integer fixedG = wanted.topG;
    int symbols = rows.framing().symbols();
    long once =
        sequences
            .groupBy("sequence")
            .agg(sum("count").as("count"))
            .filter(col("count").equalTo(1))
            .count();
    PathLimits.Sample every =
        new PathLimits.Sample(
            peaks(sequences, enough ? sequences.filter(not(col("held_out"))) : sequences, network),
            once,
            enough ? "sessions, held out or not" : "sessions, all of which were trained on");
    PathLimits limits = PathLimits.of(decision, every, share, fixedG, symbols);
    if (!enough || !decision.chooses(fixedG) || every.repeats(share)) {
      return new Chosen(limits, PathLimits.words(decision, limits, every, share, fixedG));
    }
    Map<PathLimits.Peak, Long> unseen = new HashMap<>();
    String who;
    if (wanted.crossFit) {
      for (Column judged : List.of(col("late"), not(col("late")))) {
        Dataset<Row> trained = sequences.filter(not(judged));
        Dataset<Row> others = sequences.filter(judged);
        byte[] half = trainedOn(trained, Math.max(1, epochs / 2));
        peaks(others, trained, half).forEach((peak, n) -> unseen.merge(peak, n, Long::sum));
      }
      who = "sessions, each judged by a network that was trained on the other half";
    } else {
      unseen.putAll(
          peaks(sequences.filter("held_out"), sequences.filter(not(col("held_out"))), network));
      who = "held-out sessions, " + heldOut;
    }
    // That few of them are like no other one says nothing here: they are a part only.
    PathLimits.Sample some = new PathLimits.Sample(unseen, Long.MAX_VALUE, who);
    PathLimits wider = limits.widest(PathLimits.of(decision, some, share, fixedG, symbols));
    if (!wanted.crossFit
        && some.sessions() >= LEAST_TESTS
        && TailThreshold.extrapolates(some.sessions(), share)) {
      PathLimits agreed =
          limits.widenedUntil(wider, tried -> some.agreesWith(decision, tried, share));
      if (agreed != null) {
        PathLimits.Sample tested =
            new PathLimits.Sample(
                every.peaks(),
                every.once(),
                agreed.equals(limits)
                    ? "sessions, which those held out do not contradict"
                    : "sessions, widened until those held out do not contradict");
        return new Chosen(agreed, PathLimits.words(decision, agreed, tested, share, fixedG));
      }
    }
    return new Chosen(wider, PathLimits.words(decision, wider, some, share, fixedG));
  }

  /** A network trained on some of the sequences for a number of epochs. */
  private byte[] trainedOn(Dataset<Row> trained, int epochs) {
    TrainingSettings settings =
        new TrainingSettings(
            epochs,
            epochs,
            training.batchSize(),
            training.replicas(),
            training.workers(),
            training.averagingFrequency(),
            training.seed());
    double[] loss = {epochs};
    return new AveragingTrainer(context, rows.lstm(), settings)
        .train(
            rows.ordered(trained, training.seed()), bytes -> loss[0]--, PathDetector.noCheckpoint())
        .network();
  }

  /**
   * The worst entries of sequences as sessions to come will be judged: keys that were not trained
   * on are unknown.
   */
  private Map<PathLimits.Peak, Long> peaks(
      Dataset<Row> judged, Dataset<Row> trainedOn, byte[] network) {
    boolean[] trained = new boolean[rows.framing().symbols()];
    trainedOn
        .select(explode(col("keys")).as("key"))
        .distinct()
        .collectAsList()
        .forEach(row -> trained[row.getInt(0)] = true);
    Broadcast<byte[]> broadcast = context.broadcast(network);
    Map<PathLimits.Peak, Long> peaks = new HashMap<>();
    EntryScorer.score(
            judged.withColumn("keys", udf(new Known(trained), KEYS).apply(col("keys"))),
            rows.lstm(),
            rows.framing(),
            broadcast)
        .filter(col("next").notEqual(Framing.UNKNOWN))
        .groupBy("sequence")
        .agg(max("rank").as("rank"), max("surprise").as("surprise"))
        .join(judged.groupBy("sequence").agg(sum("count").as("count")), "sequence")
        .select(
            col("rank"),
            udf((UDF1<Double, Double>) PathLimits.Peak::rounded, DataTypes.DoubleType)
                .apply(col("surprise"))
                .as("surprise"),
            col("count"))
        .groupBy("rank", "surprise")
        .agg(sum("count"))
        .collectAsList()
        .forEach(
            row -> peaks.put(new PathLimits.Peak(row.getInt(0), row.getDouble(1)), row.getLong(2)));
    broadcast.destroy();
    return peaks;
  }

  /** Keys that were not trained on become the unknown one. */
  private record Known(boolean[] trained) implements UDF1<Seq<Integer>, int[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public int[] call(Seq<Integer> keys) {
      return JavaConverters.seqAsJavaList(keys).stream()
          .mapToInt(key -> trained[key] ? key : Framing.UNKNOWN)
          .toArray();
    }
  }
}
