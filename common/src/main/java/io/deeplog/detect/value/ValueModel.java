package io.deeplog.detect.value;

import io.deeplog.Pure;
import io.deeplog.nn.LstmForward;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * The values that are normal for one template.
 *
 * <p>A number is compared with the training median, and with what its history predicts; and its
 * deviations are summed up as long as they stay on one side of the median ({@link Drift}): the
 * first finds what is far out, the second what is wrong here and now, the third what drifts, though
 * no value of it is far out. And it is counted how long it stays the same ({@link Repeats}). A text
 * is judged by how rare it is. The surprise of an entry is that of its most surprising test, less
 * the logarithm of the number of tests, and no more than what the session itself leaves of it
 * ({@link Habituation}).
 */
@Pure
final class ValueModel implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Surprises, and deviations, up to which an entry is as usual, and nothing is put into words. */
  private static final double TOLD = 2;

  private static final double TOLD_DEVIATIONS = 2;

  /** Texts count as at most so many standard deviations: smaller chances are not representable. */
  private static final double LEAST_CHANCE = 1e-15;

  private static final double SMOOTHING = 0.5;

  /** The interval shown as expected leaves out one value in a hundred. */
  private static final double SHOWN = Math.log(200);

  private static final NormalDistribution GAUSSIAN = new NormalDistribution(null, 0, 1);

  private final TemplateText text;
  private final List<ValueColumn> columns;
  private final int history;
  private final LstmForward network;
  private final double penalty;

  /** Places of the categories of every column, as numbers between 0, the unknown, and 1. */
  private final List<HashMap<String, Double>> places = new ArrayList<>();

  /**
   * A model.
   *
   * @param text of the template
   * @param columns the time gap, then the parameters
   * @param history values looked back at
   * @param network null where no column is predicted by one
   */
  ValueModel(TemplateText text, List<ValueColumn> columns, int history, LstmForward network) {
    this.text = text;
    this.columns = List.copyOf(columns);
    this.history = history;
    this.network = network;
    this.penalty = Math.log(Math.max(1, columns.stream().mapToInt(ValueColumn::tests).sum()));
    for (ValueColumn column : columns) {
      HashMap<String, Double> place = new HashMap<>();
      for (String category : column.categories().keySet()) {
        place.put(category, (place.size() + 1.0) / column.categories().size());
      }
      places.add(place);
    }
  }

  List<ValueColumn> columns() {
    return columns;
  }

  /** Whether anything is judged. */
  boolean judges() {
    return columns.stream().anyMatch(column -> column.tests() > 0);
  }

  boolean hasNetwork() {
    return network != null;
  }

  /** Entries of the template, and of its series, in one session or stream, in their order. */
  final class Run {
    private final Deque<double[]> past = new ArrayDeque<>();
    private final Drift[] drifts = new Drift[columns.size()];
    private final Repeats[] repeats = new Repeats[columns.size()];
    private final Habituation[] habits = new Habituation[columns.size()];

    /** Judges the next entry. */
    Finding next(ValueRow row) {
      return next(row.gap(), values(row));
    }

    /**
     * Judges the next entry.
     *
     * @param texts parameters with their units
     */
    Finding next(double gap, String[] texts) {
      double[] now = scaled(gap, texts);
      double[] sums = drifts(now);
      double[][] before = past.toArray(new double[0][]);
      float[] predicted =
          network == null || before.length == 0 ? null : network.apply(inputs(before));
      List<Outcome> outcomes = new ArrayList<>();
      double surprise = 0;
      double gaussian = 0;
      for (int j = 0; j < now.length; j++) {
        ValueColumn column = columns.get(j);
        if (column.tests() == 0) {
          continue;
        }
        Outcome found =
            switch (column.role()) {
              case IGNORED -> Outcome.NONE;
              case CATEGORY -> category(column, text(texts, j));
              case NUMBER ->
                  Double.isNaN(now[j])
                      ? noNumber(column, text(texts, j), j)
                      : number(column, j, before, now[j], predicted, sums[j], repeats[j]);
            };
        habits[j] = habits[j] == null ? new Habituation() : habits[j];
        double left = habits[j].next(found.surprise() - penalty);
        gaussian = Math.max(gaussian, found.gaussian());
        surprise = Math.max(surprise, left);
        if (left > TOLD || found.gaussian() > TOLD_DEVIATIONS) {
          outcomes.add(found.withSurprise(Math.max(0, left)));
        }
      }
      remember(now);
      // Sentences take longer than what they tell of: an entry that is as usual has none.
      return surprise > TOLD || gaussian > TOLD_DEVIATIONS
          ? finding(surprise, gaussian, outcomes)
          : new Finding(surprise, gaussian, List.of());
    }

    /** Takes an entry of a template of the same series, which is not judged here. */
    void observe(double gap, String[] texts) {
      double[] now = scaled(gap, texts);
      drifts(now);
      remember(now);
    }

    private void remember(double[] now) {
      past.addLast(now);
      if (past.size() > history) {
        past.removeFirst();
      }
    }

    private double[] drifts(double[] now) {
      double[] sums = new double[now.length];
      for (int j = 0; j < now.length; j++) {
        sums[j] = Double.NaN;
        if (columns.get(j).repeats() != null) {
          repeats[j] = repeats[j] == null ? new Repeats() : repeats[j];
          repeats[j].next(now[j]);
        }
        if (columns.get(j).level() != null && !Double.isNaN(now[j])) {
          Sides level = columns.get(j).level();
          drifts[j] =
              drifts[j] == null
                  ? new Drift(
                      level.above().deviation(Habituation.MOST),
                      level.below().deviation(Habituation.MOST))
                  : drifts[j];
          drifts[j].next(columns.get(j).ranks().score(now[j]));
          sums[j] = drifts[j].told();
        }
      }
      return sums;
    }
  }

  /** Begins with a session. */
  Run start() {
    return new Run();
  }

  private static String text(String[] texts, int column) {
    return column == 0 || column > texts.length ? null : texts[column - 1];
  }

  /** What one value has to say; put into words when it is worth it. */
  private record Outcome(double surprise, double gaussian, Supplier<Finding.Part> words) {
    static final Outcome NONE = new Outcome(0, 0, null);

    Outcome withSurprise(double left) {
      return new Outcome(left, gaussian, words);
    }

    Finding.Part part() {
      Finding.Part part = words.get();
      return new Finding.Part(
          part.parameter(), part.value(), part.expected(), surprise, gaussian, part.reason());
    }
  }

  private static Finding finding(double surprise, double gaussian, List<Outcome> outcomes) {
    List<Finding.Part> parts = new ArrayList<>();
    outcomes.stream()
        .filter(outcome -> outcome.words() != null)
        .sorted(Comparator.comparingDouble((Outcome outcome) -> -outcome.surprise()))
        .forEach(outcome -> parts.add(outcome.part()));
    return new Finding(surprise, gaussian, parts);
  }

  /** Judges a text by itself. */
  static Finding text(ValueColumn column, String text) {
    Outcome outcome = category(column, text);
    return outcome.surprise() > 0 ? Finding.of(outcome.part()) : Finding.NONE;
  }

  private static Outcome category(ValueColumn column, String text) {
    if (text == null) {
      return Outcome.NONE;
    }
    double surprise = column.surprise(text);
    return new Outcome(surprise, deviations(surprise), () -> categoryInWords(column, text));
  }

  private static Finding.Part categoryInWords(ValueColumn column, String text) {
    Long count = column.categories().get(text);
    String reason;
    String expected = "one of " + column.categories().size();
    if (count != null) {
      reason =
          String.format(
              "%s was '%s', which came %d times in %,d",
              column.name(), shown(text), count, column.rows());
    } else if (column.categories().size() == 1) {
      expected = shown(column.categories().keySet().iterator().next());
      reason =
          String.format(
              "%s was '%s', and has always been '%s' in %,d lines",
              column.name(), shown(text), expected, column.rows());
    } else {
      reason =
          String.format(
              "%s was '%s', which is none of the %,d known",
              column.name(), shown(text), column.categories().size());
    }
    return new Finding.Part(column.name(), shown(text), expected, 0, 0, reason);
  }

  static String shown(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  /** Standard deviations that a Gaussian value as unlikely is off. */
  private static double deviations(double surprise) {
    if (surprise <= 0) {
      return 0;
    }
    double chance = Math.max(LEAST_CHANCE, Math.exp(-surprise));
    return -GAUSSIAN.inverseCumulativeProbability(chance / 2);
  }

  private static Outcome noNumber(ValueColumn column, String text, int j) {
    if (j == 0 || text == null) {
      return Outcome.NONE;
    }
    // What was a number in every line is one by nature: like a text that never varied.
    double surprise = ValueColumn.changed(column.rows());
    return new Outcome(
        surprise,
        deviations(surprise),
        () ->
            new Finding.Part(
                column.name(),
                shown(text),
                "a number",
                0,
                0,
                column.name() + " was '" + shown(text) + "', and has always been a number"));
  }

  private static Outcome number(
      ValueColumn column,
      int j,
      double[][] before,
      double now,
      float[] predicted,
      double drift,
      Repeats repeats) {
    Outcome worst = Outcome.NONE;
    double gaussian = 0;
    if (column.value() != null) {
      worst = error(column, 0, now, column.value());
      gaussian = worst.gaussian();
    }
    if (column.prediction() != null && before.length > 0) {
      double expected =
          column.predictor() == ValueColumn.Predictor.NETWORK
              ? predicted[j]
              : column.carry() * average(column, before, j);
      Outcome next = error(column, expected, now, column.prediction());
      // The paper's interval is that of what predicts best.
      gaussian = next.gaussian();
      worst = next.surprise() > worst.surprise() ? next : worst;
    }
    if (!Double.isNaN(drift)) {
      double surprise = column.level().surprise(drift);
      if (surprise > worst.surprise()) {
        worst = new Outcome(surprise, 0, () -> driftInWords(column, now, drift > 0));
      }
    }
    if (repeats != null && repeats.told() > 0) {
      int times = repeats.told();
      double surprise = column.repeats().surprise(times);
      if (surprise > worst.surprise()) {
        worst = new Outcome(surprise, 0, () -> repeatsInWords(column, now, times));
      }
    }
    return new Outcome(worst.surprise(), gaussian, worst.words());
  }

  private static Finding.Part repeatsInWords(ValueColumn column, double now, int times) {
    String value = show(column, now);
    String expected =
        String.format(
            Locale.ROOT, "another one within %.0f lines", column.repeats().deviation(SHOWN));
    return new Finding.Part(
        column.name(),
        value,
        expected,
        0,
        0,
        String.format(
            "%s %s %,d times in a row, expected %s", column.was(), value, times, expected));
  }

  private static Finding.Part driftInWords(ValueColumn column, double now, boolean high) {
    String value = show(column, now);
    String usual = "about " + show(column, 0);
    return new Finding.Part(
        column.name(),
        value,
        usual,
        0,
        0,
        String.format(
            "%s has been %s for some time, now %s, %s is usual",
            column.name(), high ? "high" : "low", value, usual));
  }

  private static Outcome error(ValueColumn column, double expected, double now, Sides errors) {
    double error = now - expected;
    double surprise = errors.surprise(error);
    // Of a few rows the tail is Student's, of one side.
    double gaussian =
        column.rows() < ValueLearner.LEAST_TAIL
            ? deviations(surprise - Math.log(2))
            : errors.gaussian(error);
    return new Outcome(surprise, gaussian, () -> errorInWords(column, expected, now, errors));
  }

  private static Finding.Part errorInWords(
      ValueColumn column, double expected, double now, Sides errors) {
    String value = show(column, now);
    String range =
        range(
            show(column, expected - errors.below().deviation(SHOWN)),
            show(column, expected + errors.above().deviation(SHOWN)));
    return new Finding.Part(
        column.name(),
        value,
        range,
        0,
        0,
        String.format("%s %s, expected %s", column.was(), value, range));
  }

  private static String show(ValueColumn column, double scaled) {
    return column.kind().text(column.scaling().invert(scaled));
  }

  /** Two values with one unit, if it is one. */
  private static String range(String low, String high) {
    int unit = low.indexOf(' ');
    boolean same = unit > 0 && high.endsWith(low.substring(unit));
    return (same ? low.substring(0, unit) : low) + " to " + high;
  }

  /** Parameters with their units. */
  String[] values(ValueRow row) {
    return text.values(row.params());
  }

  /** Scaled numbers and the places of categories, NaN for what is neither. */
  double[] scaled(ValueRow row) {
    return scaled(row.gap(), text.values(row.params()));
  }

  private double[] scaled(double gap, String[] texts) {
    double[] scaled = new double[columns.size()];
    for (int j = 0; j < scaled.length; j++) {
      scaled[j] = scaled(columns.get(j), gap, text(texts, j), j);
    }
    return scaled;
  }

  private double scaled(ValueColumn column, double gap, String text, int j) {
    if (column.role() == ValueColumn.Role.CATEGORY) {
      return text == null ? 0.0 : places.get(j).getOrDefault(text, 0.0);
    }
    if (column.role() != ValueColumn.Role.NUMBER) {
      return Double.NaN;
    }
    double quantity = j == 0 ? gap : column.quantity(text);
    return Double.isNaN(quantity) ? Double.NaN : column.scaling().apply(quantity);
  }

  /** Exponentially weighted mean of a column's history; 0, the median, without any. */
  static double average(ValueColumn column, double[][] before, int j) {
    double sum = 0;
    double weights = 0;
    double weight = 1;
    for (int i = before.length - 1; i >= 0; i--) {
      if (!Double.isNaN(before[i][j])) {
        sum += weight * column.cut(before[i][j]);
        weights += weight;
      }
      weight *= SMOOTHING;
    }
    return weights == 0 ? 0 : sum / weights;
  }

  /** Inputs of the network: the history, filled up in front; the last input tells what is there. */
  float[][] inputs(double[][] before) {
    int width = columns.size();
    List<float[]> steps = new ArrayList<>();
    for (int i = 0; i < history; i++) {
      float[] step = new float[width + 1];
      int from = i - (history - before.length);
      if (from >= 0) {
        for (int j = 0; j < width; j++) {
          double value = before[from][j];
          step[j] = Double.isNaN(value) ? 0f : (float) columns.get(j).cut(value);
        }
        step[width] = 1f;
      }
      steps.add(step);
    }
    return steps.toArray(new float[0][]);
  }
}
