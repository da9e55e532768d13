package io.deeplog.detect.value;

import io.deeplog.Pure;
import io.deeplog.nn.LstmForward;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Learns the value model of one template from samples.
 *
 * <p>The earlier samples fit, the later ones validate: what the history predicts is used only where
 * it errs less on the later ones, and a parameter that leaves there what the earlier ones show as
 * normal is not compared with a fixed median, which it will not stay near.
 */
@Pure
final class ValueLearner {
  /** Fewer values show no interval at all. */
  static final int LEAST_ROWS = 4;

  /** Fewer values show no tail: the interval is Student's. */
  static final int LEAST_TAIL = 30;

  /** Fewer samples with a history train no predictor. */
  static final int LEAST_PREDICTED = 100;

  /** Share of the samples that fit; the rest validates. */
  private static final double FITTED = 0.7;

  /** Parts of the samples, of which all but the first one validate what those before say. */
  private static final int ROLLING = 5;

  /** A predictor must lessen the squared error to this share of that of a simpler one. */
  private static final double BETTER = 0.95;

  /** Surprise that one value in a hundred should exceed. */
  private static final double UNSTABLE_SURPRISE = Math.log(100);

  /** And the share of the validation that makes the median no expectation. */
  private static final double UNSTABLE = 0.05;

  /** Errors count for the choice of a predictor up to this size. */
  private static final double ERROR_CUT = 5;

  private final TemplateText text;
  private final int history;
  private final Trainer trainer;

  /** Trains a network; apart, so that this class needs no tensor library. */
  @FunctionalInterface
  interface Trainer {
    /**
     * Trains.
     *
     * @param steps [rows][history][inputs]
     * @param next [rows][columns], NaN where there is nothing to predict
     */
    Network train(float[][][] steps, float[][] next);
  }

  /** A trained network: to apply, and to store. */
  @Pure
  record Network(LstmForward forward, byte[] bytes) {}

  /**
   * What was learned.
   *
   * @param model of the template
   * @param network bytes, null when none is used
   * @param note what it falls back to and why; null for nothing
   */
  @Pure
  record Learned(ValueModel model, byte[] network, String note) {}

  /**
   * A learner.
   *
   * @param text of the template
   * @param history values looked back at
   * @param trainer null for no networks
   */
  ValueLearner(TemplateText text, int history, Trainer trainer) {
    this.text = text;
    this.history = history;
    this.trainer = trainer;
  }

  /** Learns; the order of the samples does not matter. */
  Learned learn(List<ValueSample> unsorted) {
    List<ValueSample> samples = new ArrayList<>(unsorted);
    samples.sort(
        Comparator.comparingLong(ValueSample::time)
            .thenComparingLong(ValueSample::tie)
            .thenComparing(s -> String.join("\n", s.row().params())));
    if (samples.size() < LEAST_ROWS) {
      return new Learned(
          new ValueModel(text, List.of(), history, null),
          null,
          "only " + samples.size() + " lines: values are not judged");
    }
    return judged(new ColumnReader(text).columns(samples), samples);
  }

  /** The columns with their errors, and the network where one helps. */
  private Learned judged(List<ValueColumn> columns, List<ValueSample> samples) {
    int n = samples.size();
    int fitted = (int) (n * FITTED);
    ValueModel plain = new ValueModel(text, columns, history, null);
    IdentityHashMap<ValueRow, double[]> scaled = new IdentityHashMap<>();
    double[][] now = new double[n][];
    double[][][] before = new double[n][][];
    int withHistory = 0;
    for (int i = 0; i < n; i++) {
      now[i] = scaled.computeIfAbsent(samples.get(i).row(), plain::scaled);
      List<ValueRow> past = samples.get(i).history();
      List<ValueRow> last = past.subList(Math.max(0, past.size() - history), past.size());
      before[i] = new double[last.size()][];
      for (int t = 0; t < last.size(); t++) {
        before[i][t] = scaled.computeIfAbsent(last.get(t), plain::scaled);
      }
      withHistory += last.isEmpty() ? 0 : 1;
    }
    boolean varies = columns.stream().anyMatch(ValueLearner::varies);
    boolean predicts = varies && withHistory >= LEAST_PREDICTED;
    Network network = null;
    if (predicts && trainer != null) {
      network = network(plain, columns, now, before, fitted);
    }
    float[][] predicted = new float[n][];
    if (network != null) {
      for (int i = 0; i < n; i++) {
        predicted[i] =
            before[i].length == 0 ? null : network.forward.apply(plain.inputs(before[i]));
      }
    }
    LevelLearner levels = new LevelLearner(samples, scaled, plain);
    List<ValueColumn> judged = new ArrayList<>();
    boolean used = false;
    for (int j = 0; j < columns.size(); j++) {
      ValueColumn column = columns.get(j);
      ValueColumn result = column;
      if (varies(column)) {
        double[] values = column(now, j, 0);
        result =
            values.length < LEAST_TAIL
                ? column.judged(
                    "only " + values.length + " values: Student's interval by median and MAD",
                    Sides.student(values),
                    0,
                    ValueColumn.Predictor.NONE,
                    null)
                : levels.learn(
                    errors(column, j, now, before, predicts, predicted, fitted),
                    Ranks.of(values),
                    j);
      }
      used |= result.predictor() == ValueColumn.Predictor.NETWORK;
      judged.add(result);
    }
    return new Learned(
        new ValueModel(text, judged, history, used ? network.forward : null),
        used ? network.bytes : null,
        note(n, varies && !predicts, withHistory));
  }

  /** What the whole template falls back to, and why; null for nothing. */
  private static String note(int rows, boolean alone, int withHistory) {
    if (rows < LEAST_TAIL) {
      return "only " + rows + " lines: robust intervals (median and MAD) and rare texts alone";
    }
    return alone
        ? "only " + withHistory + " lines have others before them: robust intervals alone"
        : null;
  }

  private static boolean varies(ValueColumn column) {
    return column.role() == ValueColumn.Role.NUMBER && column.note() == null;
  }

  private Network network(
      ValueModel model,
      List<ValueColumn> columns,
      double[][] now,
      double[][][] before,
      int fitted) {
    List<float[][]> steps = new ArrayList<>();
    List<float[]> next = new ArrayList<>();
    for (int i = 0; i < fitted; i++) {
      if (before[i].length > 0) {
        steps.add(model.inputs(before[i]));
        float[] target = new float[columns.size()];
        for (int j = 0; j < target.length; j++) {
          target[j] =
              varies(columns.get(j)) && !Double.isNaN(now[i][j])
                  ? (float) columns.get(j).cut(now[i][j])
                  : Float.NaN;
        }
        next.add(target);
      }
    }
    return steps.isEmpty()
        ? null
        : trainer.train(steps.toArray(new float[0][][]), next.toArray(new float[0][]));
  }

  private static ValueColumn errors(
      ValueColumn column,
      int j,
      double[][] now,
      double[][][] before,
      boolean predicts,
      float[][] predicted,
      int fitted) {
    int n = now.length;
    double carry = predicts ? carry(column, j, now, before, fitted) : 0;
    double[] squares = new double[3];
    List<Double> networked = new ArrayList<>();
    for (int i = fitted; i < n; i++) {
      double value = now[i][j];
      if (!Double.isNaN(value) && before[i].length > 0) {
        double networkError = predicted[i] == null ? value : value - predicted[i][j];
        networked.add(networkError);
        squares[0] += square(value);
        squares[1] += square(value - carry * ValueModel.average(column, before[i], j));
        squares[2] += square(networkError);
      }
    }
    ValueColumn.Predictor predictor = ValueColumn.Predictor.NONE;
    Sides prediction = null;
    if (carry > 0 && squares[1] < BETTER * squares[0]) {
      predictor = ValueColumn.Predictor.CARRY;
      prediction =
          sides(
              column,
              held(
                  n,
                  from -> {
                    double weight = carry(column, j, now, before, from);
                    return i ->
                        before[i].length == 0
                            ? Double.NaN
                            : now[i][j] - weight * ValueModel.average(column, before[i], j);
                  }));
    }
    double best = prediction == null ? squares[0] : squares[1];
    if (predicts && networked.size() >= LEAST_TAIL && squares[2] < BETTER * best) {
      predictor = ValueColumn.Predictor.NETWORK;
      prediction = sides(column, array(networked));
    }
    boolean stays = stays(column, j, now, fitted);
    if (!stays && predictor == ValueColumn.Predictor.NONE && networked.size() >= LEAST_TAIL) {
      // What moves has nothing but the values before to be compared with, for better or worse.
      carry = 1;
      predictor = ValueColumn.Predictor.CARRY;
      prediction =
          sides(
              column,
              held(
                  n,
                  from ->
                      i ->
                          before[i].length == 0
                              ? Double.NaN
                              : now[i][j] - ValueModel.average(column, before[i], j)));
    }
    return column.judged(
        stays ? null : "does not stay near its median, which is not judged",
        stays
            ? sides(
                column,
                held(
                    n,
                    from -> {
                      double[] earlier = column(Arrays.copyOf(now, from), j, 0);
                      Arrays.sort(earlier);
                      double median = earlier.length == 0 ? 0 : Scaling.quantile(earlier, 0.5);
                      return i -> now[i][j] - median;
                    }))
            : null,
        carry,
        predictor,
        prediction);
  }

  /**
   * Errors of values that the expectation was not learned from: it is learned anew from the samples
   * before each part of them but the first (rolling-origin evaluation; Tashman, 2000).
   *
   * @param learn from the samples before a number, to an error of a later one, NaN for none
   */
  private static double[] held(int n, IntFunction<IntToDoubleFunction> learn) {
    DoubleStream.Builder errors = DoubleStream.builder();
    for (int part = 1; part < ROLLING; part++) {
      int from = (int) ((long) part * n / ROLLING);
      int to = (int) ((part + 1L) * n / ROLLING);
      IntToDoubleFunction error = learn.apply(from);
      for (int i = from; i < to; i++) {
        errors.add(error.applyAsDouble(i));
      }
    }
    return errors.build().filter(e -> !Double.isNaN(e)).toArray();
  }

  private static Sides sides(ValueColumn column, double[] errors) {
    return Sides.of(errors, column.scaling().log());
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double square(double error) {
    double cut = Math.min(ERROR_CUT, Math.abs(error));
    return cut * cut;
  }

  private static double[] column(double[][] now, int j, int from) {
    return Arrays.stream(now, from, now.length)
        .mapToDouble(row -> row[j])
        .filter(v -> !Double.isNaN(v))
        .toArray();
  }

  /** Least squares weight of the history's average, 0 to 1. */
  private static double carry(
      ValueColumn column, int j, double[][] now, double[][][] before, int fitted) {
    double products = 0;
    double squares = 0;
    for (int i = 0; i < fitted; i++) {
      if (!Double.isNaN(now[i][j]) && before[i].length > 0) {
        double average = ValueModel.average(column, before[i], j);
        products += average * column.cut(now[i][j]);
        squares += average * average;
      }
    }
    return squares == 0 ? 0 : Math.max(0, Math.min(1, products / squares));
  }

  /** Whether later values stay in the tails of the earlier ones. */
  private static boolean stays(ValueColumn column, int j, double[][] now, int fitted) {
    double[] early = column(Arrays.copyOf(now, fitted), j, 0);
    double[] late = column(now, j, fitted);
    if (early.length < LEAST_ROWS || late.length == 0) {
      return true;
    }
    Sides sides = sides(column, early);
    long out = Arrays.stream(late).filter(v -> sides.surprise(v) > UNSTABLE_SURPRISE).count();
    return out < Math.max(3, UNSTABLE * late.length);
  }
}
