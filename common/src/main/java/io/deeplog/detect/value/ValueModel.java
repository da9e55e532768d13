package io.deeplog.detect.value;

import io.deeplog.Pure;
import io.deeplog.nn.LstmForward;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * The values that are normal for one template.
 *
 * <p>A number is compared with the training median, with what its history predicts, and the mean of
 * its last values with the median: the first finds what is far out, the second what is wrong here
 * and now, the third what drifts. A text is judged by how rare it is. The surprise of an entry is
 * that of its most surprising test, less the logarithm of the number of tests.
 */
@Pure
final class ValueModel implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Errors count for the level up to this size: one outlier is no drift. */
  private static final double LEVEL_CUT = 3;

  /** Values that a level is taken from at least. */
  static final int LEAST_LEVEL = 4;

  private static final double SMOOTHING = 0.5;

  /** The interval shown as expected leaves out one value in a hundred. */
  private static final double SHOWN = Math.log(200);

  private final List<ValueColumn> columns;
  private final int history;
  private final LstmForward network;
  private final double penalty;

  /** Places of the categories of every column, as numbers between 0, the unknown, and 1. */
  private final List<HashMap<String, Double>> places = new ArrayList<>();

  /**
   * A model.
   *
   * @param columns the time gap, then the parameters
   * @param history values looked back at
   * @param network null where no column is predicted by one
   */
  ValueModel(List<ValueColumn> columns, int history, LstmForward network) {
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

  /** Judges an entry after its history, the oldest first. */
  Finding judge(List<ValueRow> past, ValueRow row) {
    List<ValueRow> last = past.subList(Math.max(0, past.size() - history), past.size());
    double[][] before = new double[last.size()][];
    for (int i = 0; i < before.length; i++) {
      before[i] = scaled(last.get(i));
    }
    double[] now = scaled(row);
    float[] predicted =
        network == null || before.length == 0 ? null : network.apply(inputs(before));
    Finding worst = Finding.NONE;
    for (int j = 0; j < columns.size(); j++) {
      ValueColumn column = columns.get(j);
      Finding found =
          switch (column.role()) {
            case IGNORED -> Finding.NONE;
            case CATEGORY -> text(column, text(row, j), 0);
            case NUMBER ->
                Double.isNaN(now[j])
                    ? noNumber(column, text(row, j), j)
                    : number(column, j, before, now[j], predicted);
          };
      if (found.surprise() - penalty > worst.surprise()) {
        worst = new Finding(found.surprise() - penalty, found.reason(), found.gaussian());
      }
    }
    return worst;
  }

  private static String text(ValueRow row, int column) {
    return column == 0 || column > row.params().length ? null : row.params()[column - 1];
  }

  private static Finding text(ValueColumn column, String text, double gaussian) {
    if (text == null) {
      return Finding.NONE;
    }
    double surprise = column.surprise(text);
    Long count = column.categories().get(text);
    String reason;
    if (count != null) {
      reason =
          String.format(
              "%s was '%s', which came %d times in %,d",
              column.name(), shown(text), count, column.rows());
    } else if (column.categories().size() == 1) {
      reason =
          String.format(
              "%s was '%s', and has always been '%s' in %,d lines",
              column.name(),
              shown(text),
              shown(column.categories().keySet().iterator().next()),
              column.rows());
    } else {
      reason =
          String.format(
              "%s was '%s', which is none of the %,d known",
              column.name(), shown(text), column.categories().size());
    }
    return new Finding(surprise, reason, gaussian);
  }

  private static String shown(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  private static Finding noNumber(ValueColumn column, String text, int j) {
    if (j == 0 || text == null) {
      return Finding.NONE;
    }
    // What was a number in every line is one by nature: like a text that never varied.
    return new Finding(
        2 * Math.log(column.rows() + 1.0),
        column.name() + " was '" + shown(text) + "', and has always been a number",
        0);
  }

  private static Finding number(
      ValueColumn column, int j, double[][] before, double now, float[] predicted) {
    Finding worst = Finding.NONE;
    if (column.value() != null) {
      worst = worse(worst, column, 0, now, column.value());
    }
    if (column.prediction() != null && before.length > 0) {
      double expected =
          column.predictor() == ValueColumn.Predictor.NETWORK
              ? predicted[j]
              : column.carry() * average(column, before, j);
      worst = worse(worst, column, expected, now, column.prediction());
    }
    if (column.level() != null) {
      double level = level(before, now, j);
      double surprise = Double.isNaN(level) ? 0 : column.level().surprise(level);
      if (surprise > worst.surprise()) {
        worst =
            new Finding(
                surprise,
                String.format(
                    "%s has been %s for some time, now %s, about %s is usual",
                    column.name(), level > 0 ? "high" : "low", show(column, now), show(column, 0)),
                column.level().gaussian(level));
      }
    }
    return worst;
  }

  private static Finding worse(
      Finding worst, ValueColumn column, double expected, double now, Sides errors) {
    double error = now - expected;
    double surprise = errors.surprise(error);
    if (surprise <= worst.surprise()) {
      return worst;
    }
    return new Finding(
        surprise,
        String.format(
            "%s was %s, expected %s to %s",
            column.name(),
            show(column, now),
            show(column, expected - errors.below().deviation(SHOWN)),
            show(column, expected + errors.above().deviation(SHOWN))),
        errors.gaussian(error));
  }

  private static String show(ValueColumn column, double scaled) {
    return column.kind().text(column.scaling().invert(scaled));
  }

  /** Scaled numbers and the places of categories, NaN for what is neither. */
  double[] scaled(ValueRow row) {
    double[] scaled = new double[columns.size()];
    for (int j = 0; j < scaled.length; j++) {
      scaled[j] = scaled(columns.get(j), row, j);
    }
    return scaled;
  }

  private double scaled(ValueColumn column, ValueRow row, int j) {
    if (column.role() == ValueColumn.Role.CATEGORY) {
      return places.get(j).getOrDefault(text(row, j), 0.0);
    }
    if (column.role() != ValueColumn.Role.NUMBER) {
      return Double.NaN;
    }
    double quantity = j == 0 ? row.gap() : column.quantity(text(row, j));
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

  /** Mean of the last scaled values times the root of their number; NaN for too few. */
  static double level(double[][] before, double now, int j) {
    double sum = cutLevel(now);
    int n = 1;
    for (double[] row : before) {
      if (!Double.isNaN(row[j])) {
        sum += cutLevel(row[j]);
        n++;
      }
    }
    return n < LEAST_LEVEL ? Double.NaN : sum / Math.sqrt(n);
  }

  private static double cutLevel(double scaled) {
    return Math.max(-LEVEL_CUT, Math.min(LEVEL_CUT, scaled));
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
