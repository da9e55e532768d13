package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.util.List;

/**
 * How many times in a row a number has been the same: one that varies, and then stays for longer
 * than training shows, comes from what got stuck, though the value itself may be the most usual of
 * all.
 *
 * <p>Beyond a length that enough runs of the training went past, the length of a run is geometric:
 * the chance of its end is that of the training's runs of that length. Runs that go on where a
 * sample ends count for what they are known to have lasted (the maximum-likelihood estimate of
 * censored lifetimes).
 */
@Pure
final class Repeats {
  /** Shorter runs are none, however much a number varies. */
  private static final int LEAST = 8;

  /** Runs of the training that must have ended for the chance of an end to be known. */
  private static final int LEAST_ENDED = 10;

  private double last = Double.NaN;
  private int length;

  /** Takes the next value; NaN is none, and ends no run. */
  void next(double value) {
    if (!Double.isNaN(value)) {
      length = value == last ? length + 1 : 1;
      last = value;
    }
  }

  /** Values in a row that are the same, the last one included. */
  int length() {
    return length;
  }

  /** The length where it is worth telling, whenever it has doubled; 0 else. */
  int told() {
    return length >= LEAST && Integer.bitCount(length) == 1 ? length : 0;
  }

  /**
   * The tail of lengths: of a line, how many values in a row were the same when it came.
   *
   * @param lengths at every line that has another one before it
   * @param before the lengths at the lines before these
   * @return null where too few runs ended, or none went on
   */
  static Tail tail(int[] lengths, int[] before) {
    int longest = 0;
    for (int length : before) {
      longest = Math.max(longest, length);
    }
    int[] atRisk = new int[longest + 1];
    int[] ended = new int[longest + 1];
    for (int i = 0; i < lengths.length; i++) {
      atRisk[before[i]]++;
      ended[before[i]] += lengths[i] == 1 ? 1 : 0;
    }
    int lines = 0;
    int ends = 0;
    int start = longest;
    while (start > 0) {
      lines += atRisk[start];
      ends += ended[start];
      if (ends >= LEAST_ENDED) {
        break;
      }
      start--;
    }
    if (start == 0) {
      return null;
    }
    // Half a run more that goes on is believed in, so that a number that never repeated may.
    double goesOn = (lines - ends + 0.5) / (lines + 1.0);
    int asLong = 0;
    for (int length : lengths) {
      asLong += length >= start ? 1 : 0;
    }
    return new Tail(
        start,
        Math.min(1, (asLong + 1.0) / (lengths.length + 2.0)),
        0,
        -1 / Math.log(goesOn),
        lengths.length,
        List.of());
  }
}
