package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.util.Comparator;
import java.util.List;

/**
 * How surprising the values of an entry are.
 *
 * @param surprise of the most surprising value: minus the logarithm of its chance, corrected for
 *     the number of values tried
 * @param gaussian standard deviations of the validation errors (errors of expectations learned from
 *     earlier lines only) that the value farthest off is off; of a text, and where there are too
 *     few lines for such errors, those of as unlikely a Gaussian value
 * @param parts what single values have to say, the most surprising first; none for an entry that is
 *     as usual
 */
@Pure
public record Finding(double surprise, double gaussian, List<Part> parts) {
  /** Nothing to say. */
  public static final Finding NONE = new Finding(0, 0, List.of());

  /**
   * A value of the entry.
   *
   * @param parameter its name
   * @param value in words
   * @param expected in words, such as "1.9 to 3.2 s"
   * @param surprise of it
   * @param gaussian as that of the entry
   * @param reason a sentence, such as "took 48.1 s, expected 1.9 to 3.2 s"
   */
  @Pure
  public record Part(
      String parameter,
      String value,
      String expected,
      double surprise,
      double gaussian,
      String reason) {}

  /** Of one part. */
  static Finding of(Part part) {
    return new Finding(part.surprise(), part.gaussian(), List.of(part));
  }

  /** Why it is surprising, by the most surprising value; null for an entry that is as usual. */
  public String reason() {
    return parts.isEmpty() ? null : parts.get(0).reason();
  }

  /** Why it is unlikely, by the value that is off most standard deviations; null as reason. */
  public String gaussianReason() {
    return parts.stream()
        .max(Comparator.comparingDouble(Part::gaussian))
        .map(Part::reason)
        .orElse(null);
  }

  /** A part's share of the surprises of all, 0 to 1. */
  public double share(Part part) {
    double sum = 0;
    for (Part p : parts) {
      sum += p.surprise();
    }
    return sum == 0 ? 0 : part.surprise() / sum;
  }
}
