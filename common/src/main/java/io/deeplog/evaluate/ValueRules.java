package io.deeplog.evaluate;

import io.deeplog.Pure;
import io.deeplog.template.Quantity;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The two rules that everybody has, to compare with: a number is abnormal when it is three standard
 * deviations from the training mean, or as far from the median in median absolute deviations.
 */
@Pure
public final class ValueRules implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Customary threshold of {@link #sigmas}. */
  public static final double SIGMA_THRESHOLD = 3;

  /** Customary threshold of {@link #deviations} (Iglewicz and Hoaglin, 1993). */
  public static final double MAD_THRESHOLD = 3.5;

  private static final double GAUSSIAN = 1.4826;

  /** Score of a number that differs where training numbers do not. */
  private static final double FAR = 1e6;

  private final Map<String, double[]> statistics = new HashMap<>();

  /**
   * Learns a number.
   *
   * @param template it belongs to
   * @param column 0 for the time gap, from 1 on the parameters
   * @param values of it in training, at least one
   */
  public void learn(String template, int column, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double mean = Arrays.stream(sorted).average().orElse(0);
    double variance = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).average().orElse(0);
    double median = sorted[sorted.length / 2];
    double[] off = Arrays.stream(sorted).map(v -> Math.abs(v - median)).sorted().toArray();
    statistics.put(
        key(template, column),
        new double[] {mean, Math.sqrt(variance), median, GAUSSIAN * off[off.length / 2]});
  }

  private static String key(String template, int column) {
    return column + " " + template;
  }

  /**
   * The numbers of an entry, the time gap first; NaN for what is no number; null for no parameters.
   */
  public static double[] numbers(double gap, List<String> params) {
    if (params == null) {
      return new double[] {gap};
    }
    double[] numbers = new double[params.size() + 1];
    numbers[0] = gap;
    for (int j = 0; j < params.size(); j++) {
      Quantity quantity = Quantity.of(params.get(j));
      numbers[j + 1] = quantity == null ? Double.NaN : quantity.value();
    }
    return numbers;
  }

  /** Standard deviations that the farthest number of an entry is off. */
  public double sigmas(String template, double[] numbers) {
    return farthest(template, numbers, 0);
  }

  /** Scaled median absolute deviations that the farthest number of an entry is off. */
  public double deviations(String template, double[] numbers) {
    return farthest(template, numbers, 2);
  }

  private double farthest(String template, double[] numbers, int centre) {
    double farthest = 0;
    for (int j = 0; j < numbers.length; j++) {
      double[] s = statistics.get(key(template, j));
      if (s != null && !Double.isNaN(numbers[j]) && numbers[j] != s[centre]) {
        double off = Math.abs(numbers[j] - s[centre]);
        farthest =
            Math.max(farthest, s[centre + 1] == 0 ? FAR : Math.min(FAR, off / s[centre + 1]));
      }
    }
    return farthest;
  }
}
