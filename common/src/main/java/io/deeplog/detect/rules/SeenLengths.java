package io.deeplog.detect.rules;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The lengths of training sessions.
 *
 * @param lengths ascending
 * @param single whether one session only had that length
 */
@Pure
public record SeenLengths(int[] lengths, boolean[] single) implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * The length nearest to another, the shorter of two; -1 when there is none.
   *
   * @param leaveOneOut as if one session of exactly that length had not been in the training
   */
  public int nearest(int length, boolean leaveOneOut) {
    int at = Arrays.binarySearch(lengths, length);
    if (at >= 0 && !(leaveOneOut && single[at])) {
      return length;
    }
    int below = at >= 0 ? at - 1 : -at - 2;
    int above = at >= 0 ? at + 1 : -at - 1;
    if (below < 0 && above >= lengths.length) {
      return -1;
    }
    if (below < 0) {
      return lengths[above];
    }
    return above >= lengths.length || length - lengths[below] <= lengths[above] - length
        ? lengths[below]
        : lengths[above];
  }

  /** Distance of two lengths as a share of the longer; 1 when there is no nearest length. */
  public static double distance(int length, int nearest) {
    return nearest < 0
        ? 1
        : (double) Math.abs(length - nearest) / Math.max(1, Math.max(length, nearest));
  }
}
