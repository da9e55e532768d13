package io.deeplog.detect.value;

import io.deeplog.Pure;
import io.deeplog.template.Quantity;
import java.io.Serializable;
import java.util.Map;

/**
 * What is normal for one parameter of a template, or for the time gap before it.
 *
 * @param name in words, such as "took", "value 2" or "the time gap"
 * @param role how it is judged
 * @param note why it is ignored, or what is not judged of it; null for nothing
 * @param rows it was learned from
 * @param kind of a number
 * @param scaling of a number
 * @param low scaled value that history is cut off at, so that one outlier does not spoil what is
 *     expected of the next value
 * @param high as low
 * @param value errors of the median as expectation; null where the series does not stay near it
 * @param carry weight of the history's moving average as expectation of the next scaled value
 * @param predictor what else the value is compared with
 * @param prediction errors of the predictor; null without one
 * @param ranks of the scaled values, which tell a drift; null where none is judged
 * @param level sums of deviations ({@link Drift}); null as ranks
 * @param repeats how many times in a row it is the same ({@link Repeats}); null where not judged
 * @param categories of a text, with how often they came
 * @param once categories that came once only
 * @param least count of the rarest category
 */
@Pure
record ValueColumn(
    String name,
    Role role,
    String note,
    long rows,
    Quantity.Kind kind,
    Scaling scaling,
    double low,
    double high,
    Sides value,
    double carry,
    Predictor predictor,
    Sides prediction,
    Ranks ranks,
    Sides level,
    Tail repeats,
    Map<String, Long> categories,
    long once,
    long least)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Name of the time since the entry before. */
  static final String GAP = "the time gap";

  /** How a column is judged. */
  @Pure
  enum Role {
    NUMBER,
    CATEGORY,
    IGNORED
  }

  /** What predicts a column from its history. */
  @Pure
  enum Predictor {
    NONE,
    CARRY,
    NETWORK
  }

  /** The note of a parameter that has one value. */
  static final String CONSTANT = "never varied";

  /** Lines that a parameter must have had one value in for any other to be an anomaly. */
  private static final int CONSTANT_ROWS = 20;

  /**
   * Surprise of another value where it never varied: above the bounds of any usual rate. Of the
   * parameters of Loghub's logs that have one value in 20 lines of a template, six in 38 vary in
   * the next 20, once in 115 lines; of those with one in 40 lines none of 27 does in 859. That is
   * more often than other surprises of this size come, but what a constant does after it has
   * changed is no news for long ({@link Habituation}).
   */
  private static final double CHANGED = 15;

  static ValueColumn ignored(String name, String why, long rows) {
    return new ValueColumn(name, Role.IGNORED, why, rows, null, null, 0, 0, Map.of(), 0, 0);
  }

  /** A text of a parameter. */
  static ValueColumn category(String name, Map<String, Long> categories, long rows) {
    return category(name, categories.size() == 1 ? CONSTANT : null, categories, rows);
  }

  /** A word of a template. */
  static ValueColumn word(String name, Map<String, Long> words, long rows) {
    return category(name, null, words, rows);
  }

  private static ValueColumn category(
      String name, String note, Map<String, Long> categories, long rows) {
    long once = categories.values().stream().filter(count -> count == 1).count();
    long least = categories.values().stream().mapToLong(Long::longValue).min().orElse(rows);
    return new ValueColumn(
        name, Role.CATEGORY, note, rows, null, null, 0, 1, categories, once, least);
  }

  /** A number; its errors are not known yet. */
  static ValueColumn number(
      String name, Quantity.Kind kind, Scaling scaling, double low, double high, long rows) {
    return new ValueColumn(name, Role.NUMBER, null, rows, kind, scaling, low, high, Map.of(), 0, 0);
  }

  /** A column of which nothing is judged that needs more than one value. */
  private ValueColumn(
      String name,
      Role role,
      String note,
      long rows,
      Quantity.Kind kind,
      Scaling scaling,
      double low,
      double high,
      Map<String, Long> categories,
      long once,
      long least) {
    this(
        name,
        role,
        note,
        rows,
        kind,
        scaling,
        low,
        high,
        null,
        0,
        Predictor.NONE,
        null,
        null,
        null,
        null,
        categories,
        once,
        least);
  }

  /** A number that never varied. */
  static ValueColumn constant(String name, Quantity.Kind kind, double value, long rows) {
    // Any deviation is as surprising as an unseen text where one text has always come.
    double share = Math.exp(-changed(rows));
    Tail tail = new Tail(1e-3, share, 1, 0, (int) rows, java.util.List.of());
    return number(
            name,
            kind,
            new Scaling(false, 0, value, Math.max(1e-9, Math.abs(value) * 1e-3)),
            0,
            0,
            rows)
        .judged(CONSTANT, new Sides(tail, tail, 0, 1e-6), 0, Predictor.NONE, null);
  }

  /** Surprise of another value than the one that came in so many lines. */
  static double changed(long rows) {
    double seen = 2 * Math.log(rows + 1.0);
    return rows >= CONSTANT_ROWS ? Math.max(CHANGED, seen) : seen;
  }

  /** The same column, a number, with its errors. */
  ValueColumn judged(
      String why, Sides median, double weight, Predictor predictedBy, Sides predicted) {
    return with(why, median, weight, predictedBy, predicted, ranks, level, repeats);
  }

  /**
   * The same column with a level, unless it does not stay near its median, and with lengths of
   * repetition.
   */
  ValueColumn withLevel(Ranks scores, Sides sums, Tail lengths) {
    boolean judged = value != null && sums != null;
    return with(
        value != null && sums == null && note == null ? "drifts are not judged" : note,
        value,
        carry,
        predictor,
        prediction,
        judged ? scores : null,
        judged ? sums : null,
        lengths);
  }

  private ValueColumn with(
      String why,
      Sides median,
      double weight,
      Predictor predictedBy,
      Sides predicted,
      Ranks scores,
      Sides sums,
      Tail lengths) {
    return new ValueColumn(
        name,
        role,
        why,
        rows,
        kind,
        scaling,
        low,
        high,
        median,
        weight,
        predictedBy,
        predicted,
        scores,
        sums,
        lengths,
        categories,
        once,
        least);
  }

  /**
   * Minus the logarithm of the chance of a category as rare as this one. The mass of those never
   * seen is that of Good and Turing, once / rows; where none came once only, the set looks closed,
   * and the more so the more often the rarest came.
   */
  double surprise(String category) {
    Long count = categories.get(category);
    if (count == null && CONSTANT.equals(note)) {
      return changed(rows);
    }
    if (count == null) {
      double unseen = Math.max((double) once, 1.0 / Math.max(1, least));
      return Math.log((rows + 1.0) / Math.min((double) rows, unseen));
    }
    long asRare = 0;
    for (long other : categories.values()) {
      if (other <= count) {
        asRare += other;
      }
    }
    return Math.log((rows + 1.0) / (asRare + 1.0));
  }

  /** The beginning of a sentence on a number. */
  String was() {
    return name.startsWith("value ") || name.equals(GAP) ? name + " was" : name;
  }

  /** Tests of this column. */
  int tests() {
    return switch (role) {
      case IGNORED -> 0;
      case CATEGORY -> 1;
      case NUMBER ->
          (value == null ? 0 : 1)
              + (prediction == null ? 0 : 1)
              + (level == null ? 0 : 1)
              + (repeats == null ? 0 : 1);
    };
  }

  /** A quantity of this column's kind; NaN for none. */
  double quantity(String text) {
    Quantity quantity = Quantity.of(text);
    if (quantity == null) {
      return Double.NaN;
    }
    // A bare zero fits any unit.
    return quantity.kind() == kind || quantity.value() == 0 ? quantity.value() : Double.NaN;
  }

  double cut(double scaled) {
    return Math.max(low, Math.min(high, scaled));
  }
}
