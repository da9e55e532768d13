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
 * @param level deviations summed up on one side, which show a drift; null where that is not judged
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
    Sides level,
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

  static ValueColumn ignored(String name, String why, long rows) {
    return new ValueColumn(
        name,
        Role.IGNORED,
        why,
        rows,
        null,
        null,
        0,
        0,
        null,
        0,
        Predictor.NONE,
        null,
        null,
        Map.of(),
        0,
        0);
  }

  static ValueColumn category(String name, Map<String, Long> categories, long rows) {
    long once = categories.values().stream().filter(count -> count == 1).count();
    long least = categories.values().stream().mapToLong(Long::longValue).min().orElse(rows);
    return new ValueColumn(
        name,
        Role.CATEGORY,
        categories.size() == 1 ? "never varied" : null,
        rows,
        null,
        null,
        0,
        1,
        null,
        0,
        Predictor.NONE,
        null,
        null,
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

  /** The same column with a level, unless it does not stay near its median. */
  ValueColumn withLevel(Sides drift) {
    return new ValueColumn(
        name,
        role,
        value != null && drift == null && note == null ? "drifts are not judged" : note,
        rows,
        kind,
        scaling,
        low,
        high,
        value,
        carry,
        predictor,
        prediction,
        value == null ? null : drift,
        categories,
        once,
        least);
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
          (value == null ? 0 : 1) + (prediction == null ? 0 : 1) + (level == null ? 0 : 1);
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
