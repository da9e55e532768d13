package io.deeplog.detect.value;

import io.deeplog.Pure;

/**
 * The most surprising value of an entry.
 *
 * @param surprise minus the logarithm of its chance, corrected for the number of values tried
 * @param reason in words, such as "value 2 was 48.1 s, expected 1.9 to 3.2 s"; null when the
 *     surprise is 0
 * @param gaussian standard deviations of the validation errors that it is off; 0 for categories
 */
@Pure
public record Finding(double surprise, String reason, double gaussian) {
  /** Nothing to say. */
  public static final Finding NONE = new Finding(0, null, 0);
}
