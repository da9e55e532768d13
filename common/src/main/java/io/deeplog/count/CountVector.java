package io.deeplog.count;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often each template comes in a session, sparse.
 *
 * @param indices columns: template indices less one, ascending
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

  /**
   * Counts template ids.
   *
   * @param counts of template ids; what exceeds an int is cut to its largest
   * @param oov whether templates outside the vocabulary are counted in one column after the known
   *     ones; otherwise they are left out
   */
  public static CountVector of(Map<String, Long> counts, Vocabulary vocabulary, boolean oov) {
    TreeMap<Integer, Long> columns = new TreeMap<>();
    counts.forEach(
        (id, count) -> {
          int index = vocabulary.index(id);
          if (count > 0 && (index > 0 || oov)) {
            columns.merge(index > 0 ? index - 1 : vocabulary.size(), count, Long::sum);
          }
        });
    return new CountVector(
        columns.keySet().stream().mapToInt(Integer::intValue).toArray(),
        columns.values().stream().mapToInt(n -> (int) Math.min(n, Integer.MAX_VALUE)).toArray());
  }

  /** The counts, dense. */
  public double[] dense(int columns) {
    double[] dense = new double[columns];
    for (int j = 0; j < indices.length; j++) {
      dense[indices[j]] = counts[j];
    }
    return dense;
  }
}
