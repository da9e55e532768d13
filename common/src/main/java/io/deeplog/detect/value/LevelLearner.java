package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Learns what is normal for a number over more than one value: how long its deviations stay on one
 * side ({@link Drift}), and how long it stays the same ({@link Repeats}).
 */
@Pure
final class LevelLearner {
  /** Deviations count up to this size. */
  private static final double CUT = 5;

  /** Blocks, in time, that a parameter's level is followed through, and lines of one at least. */
  private static final int[] BLOCKS = {4, 20};

  private static final int LEAST_BLOCK = 20;

  /** Spread of the level over time, in deviations of the parameter, from which it wanders. */
  private static final double WANDERS = 0.15;

  /** Neighbours resemble each other: the mean of a block spreads so many times more than theirs. */
  private static final double RESEMBLING = 4;

  /**
   * Correlation with the value before from which a level is one of its own, such as a session's.
   */
  private static final double OWN_LEVEL = 0.85;

  private final List<ValueSample> samples;
  private final IdentityHashMap<ValueRow, double[]> scaled;
  private final ValueModel plain;

  /**
   * A learner from samples.
   *
   * @param scaled numbers of their rows, filled up as they are needed
   * @param plain the model that scales them
   */
  LevelLearner(
      List<ValueSample> samples, IdentityHashMap<ValueRow, double[]> scaled, ValueModel plain) {
    this.samples = samples;
    this.scaled = scaled;
    this.plain = plain;
  }

  /**
   * The column with sums of deviations on one side of the median, unless there is too little before
   * the samples to see any, or the level moves in training already; and with lengths of repetition.
   */
  ValueColumn learn(ValueColumn column, Ranks ranks, int j) {
    double[] above = new double[samples.size()];
    double[] below = new double[samples.size()];
    double[] values = new double[samples.size()];
    int[] lengths = new int[samples.size()];
    int[] lengthsBefore = new int[samples.size()];
    List<double[]> pairs = new ArrayList<>();
    int n = 0;
    for (ValueSample sample : samples) {
      double value = scaled.get(sample.row())[j];
      if (Double.isNaN(value)) {
        continue;
      }
      Drift drift = new Drift();
      Repeats repeats = new Repeats();
      double last = Double.NaN;
      for (ValueRow row : sample.history()) {
        double before = scaled.computeIfAbsent(row, plain::scaled)[j];
        if (!Double.isNaN(before)) {
          last = ranks.score(before);
          drift.next(last);
          repeats.next(before);
        }
      }
      values[n] = ranks.score(value);
      drift.next(values[n]);
      above[n] = drift.above();
      below[n++] = drift.below();
      if (!Double.isNaN(last)) {
        lengthsBefore[pairs.size()] = repeats.length();
        repeats.next(value);
        lengths[pairs.size()] = repeats.length();
        pairs.add(new double[] {last, values[n - 1]});
      }
    }
    boolean enough = n >= ValueLearner.LEAST_PREDICTED && !pairs.isEmpty();
    Sides sums =
        !enough || correlation(pairs) > OWN_LEVEL || wanders(Arrays.copyOf(values, n))
            ? null
            : Drift.sums(Arrays.copyOf(above, n), Arrays.copyOf(below, n));
    // A gap that stays the same is that of a timer.
    Tail repetition =
        enough && !column.name().equals(ValueColumn.GAP)
            ? Repeats.tail(
                Arrays.copyOf(lengths, pairs.size()), Arrays.copyOf(lengthsBefore, pairs.size()))
            : null;
    return column.withLevel(ranks, sums, repetition);
  }

  /** Correlation of two columns; 0 where one does not vary. */
  private static double correlation(List<double[]> pairs) {
    double[] first = Scaling.moments(pairs.stream().mapToDouble(p -> cut(p[0])).toArray());
    double[] second = Scaling.moments(pairs.stream().mapToDouble(p -> cut(p[1])).toArray());
    double products = 0;
    for (double[] pair : pairs) {
      products += (cut(pair[0]) - first[0]) * (cut(pair[1]) - second[0]);
    }
    double spread = first[1] * second[1] * pairs.size();
    return spread > 0 ? products / spread : 0;
  }

  private static double cut(double scaled) {
    return Math.max(-CUT, Math.min(CUT, scaled));
  }

  /**
   * Whether the mean of values moves in time, slowly or faster, by more than chance and by much.
   */
  private static boolean wanders(double[] values) {
    double[] cut = Arrays.stream(values).map(LevelLearner::cut).toArray();
    double variance = Math.pow(Scaling.moments(cut)[1], 2);
    for (int blocks : BLOCKS) {
      if (cut.length < blocks * LEAST_BLOCK) {
        continue;
      }
      double[] means = new double[blocks];
      for (int b = 0; b < blocks; b++) {
        int from = b * cut.length / blocks;
        means[b] = Scaling.moments(Arrays.copyOfRange(cut, from, (b + 1) * cut.length / blocks))[0];
      }
      double chance = RESEMBLING * variance * blocks / cut.length;
      if (Math.pow(Scaling.moments(means)[1], 2) - chance > WANDERS * WANDERS * variance) {
        return true;
      }
    }
    return false;
  }
}
