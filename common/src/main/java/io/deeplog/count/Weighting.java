package io.deeplog.count;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How a count is weighted before PCA. */
@Pure
public enum Weighting {
  /** The count itself. */
  NONE,
  /**
   * ln(1 + count): evens the variance of counts, so that templates that come hundreds of times in
   * some sessions do not hide a missing one.
   */
  LOG,
  /**
   * Count times ln(sessions / sessions with the template), as in loglizer. A template that every
   * session holds weighs nothing: its absence is not seen.
   */
  TF_IDF,
  /** 1 / (1 + e^-count) for counts above zero, as in loglizer: whether it came, above all. */
  SIGMOID;

  /**
   * The weighting of a name.
   *
   * @throws UserException when there is none
   */
  public static Weighting of(String name) {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "unknown weighting '"
              + name
              + "' (give one of "
              + Arrays.stream(values()).map(Weighting::id).collect(Collectors.joining(", "))
              + ")");
    }
  }

  /** The name in settings and files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Inverse document frequency: ln(rows / (rows with the template + 1e-8)).
   *
   * @param with rows with the template
   */
  public static double idf(long rows, double with) {
    return Math.log(rows / (with + 1e-8));
  }

  /**
   * The weighted value.
   *
   * @param idf inverse document frequency of the template; only {@link #TF_IDF} uses it
   */
  public double weigh(double count, double idf) {
    return switch (this) {
      case NONE -> count;
      case LOG -> Math.log1p(count);
      case TF_IDF -> count * idf;
      case SIGMOID -> count == 0 ? 0 : 1 / (1 + Math.exp(-count));
    };
  }

  /** The count of a weighted value; NaN where the weight is zero. */
  public double count(double weighted, double idf) {
    return switch (this) {
      case NONE -> weighted;
      case LOG -> Math.expm1(weighted);
      case TF_IDF -> idf == 0 ? Double.NaN : weighted / idf;
      // Below a half lies no count but zero; at one, any large one.
      case SIGMOID ->
          weighted <= 0.5 ? 0 : weighted >= 1 ? Double.NaN : Math.log(weighted / (1 - weighted));
    };
  }
}
