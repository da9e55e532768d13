package io.deeplog.count;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.Arrays;

/**
 * How often each template comes in a session, sparse.
 *
 * @param indices template indices less one, ascending
 * @param counts of the same length, above zero
 */
@Pure
public record CountVector(int[] indices, int[] counts) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Counts the known keys of a session; unknown ones (0) are left to the new-event detector. */
  public static CountVector of(int[] keys) {
    int[] sorted = keys.clone();
    Arrays.sort(sorted);
    int[] indices = new int[sorted.length];
    int[] counts = new int[sorted.length];
    int n = 0;
    for (int key : sorted) {
      if (key == 0) {
        continue;
      }
      if (n > 0 && indices[n - 1] == key - 1) {
        counts[n - 1]++;
      } else {
        indices[n] = key - 1;
        counts[n++] = 1;
      }
    }
    return new CountVector(Arrays.copyOf(indices, n), Arrays.copyOf(counts, n));
  }
}
