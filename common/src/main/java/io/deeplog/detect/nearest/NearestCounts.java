package io.deeplog.detect.nearest;

import io.deeplog.Pure;
import io.deeplog.count.CountVector;
import java.io.Serializable;
import java.util.Arrays;

/**
 * Distinct count vectors of training sessions, to find the nearest one.
 *
 * <p>The distance of two vectors is the sum of the differences of their counts over the larger of
 * their totals: 0 for equal counts, at most 2, when they have no template in common.
 */
@Pure
public final class NearestCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final CountVector[] vectors;
  private final boolean[] single;
  private final int[] totals;

  /** A vector found, and how far it is. */
  public record Found(CountVector vector, double distance) {}

  /**
   * Vectors to search.
   *
   * @param vectors by ascending total
   * @param single whether one session only has that vector
   */
  public NearestCounts(CountVector[] vectors, boolean[] single) {
    this.vectors = vectors.clone();
    this.single = single.clone();
    this.totals = Arrays.stream(vectors).mapToInt(NearestCounts::total).toArray();
  }

  /** The vectors, by ascending total. */
  public CountVector[] vectors() {
    return vectors.clone();
  }

  /** Whether one session only has a vector. */
  public boolean[] single() {
    return single.clone();
  }

  /** Number of entries that a vector counts. */
  public static int total(CountVector vector) {
    return Arrays.stream(vector.counts()).sum();
  }

  /** Distance of two vectors, 0 to 2. */
  public static double distance(CountVector a, CountVector b) {
    long difference = 0;
    int i = 0;
    int j = 0;
    while (i < a.indices().length || j < b.indices().length) {
      int x = i < a.indices().length ? a.indices()[i] : Integer.MAX_VALUE;
      int y = j < b.indices().length ? b.indices()[j] : Integer.MAX_VALUE;
      if (x == y) {
        difference += Math.abs(a.counts()[i++] - b.counts()[j++]);
      } else if (x < y) {
        difference += a.counts()[i++];
      } else {
        difference += b.counts()[j++];
      }
    }
    return (double) difference / Math.max(1, Math.max(total(a), total(b)));
  }

  /**
   * The nearest vector, the one of the smaller total of two as near; null when there is none.
   *
   * @param leaveOneOut as if one session of exactly that vector had not been in the training
   */
  public Found nearest(CountVector vector, boolean leaveOneOut) {
    int total = total(vector);
    int above = Arrays.binarySearch(totals, total);
    above = above < 0 ? -above - 1 : above;
    while (above > 0 && totals[above - 1] == total) {
      above--;
    }
    int below = above - 1;
    int best = -1;
    double least = Double.POSITIVE_INFINITY;
    // Outwards from equal totals: the difference of two totals bounds the distance from below.
    while (below >= 0 || above < totals.length) {
      double down = below < 0 ? Double.POSITIVE_INFINITY : bound(total, totals[below]);
      double up = above >= totals.length ? Double.POSITIVE_INFINITY : bound(total, totals[above]);
      if (Math.min(down, up) > least) {
        break;
      }
      int at = up < down ? above++ : below--;
      if (leaveOneOut && single[at] && same(vectors[at], vector)) {
        continue;
      }
      double distance = distance(vectors[at], vector);
      if (distance < least || (distance == least && at < best)) {
        least = distance;
        best = at;
      }
    }
    return best < 0 ? null : new Found(vectors[best], least);
  }

  private static boolean same(CountVector a, CountVector b) {
    return Arrays.equals(a.indices(), b.indices()) && Arrays.equals(a.counts(), b.counts());
  }

  private static double bound(int a, int b) {
    return (double) Math.abs(a - b) / Math.max(1, Math.max(a, b));
  }
}
