package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.detect.count.CountStatistics.Counted;
import io.deeplog.detect.count.InvariantsScorer.Invariant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Finds invariants: sets of columns whose counts are linearly dependent with small whole
 * coefficients. The direction comes from the Gramian of the set (its least eigenvector); whether it
 * holds is counted on the rows. A set that holds another invariant's columns is not looked at
 * (apriori), so that what is found is not a sum of smaller ones.
 */
@Pure
final class InvariantMiner {
  private static final int MOST_COEFFICIENT = 20;

  /** Sets of one size that are tried at most. */
  private static final long MOST_SETS = 2_000_000;

  private final double[] products;
  private final List<Counted> rows;
  private final long violations;
  private final int[] scales;
  private final IntFunction<String> names;
  private final List<Invariant> found = new ArrayList<>();

  /**
   * A miner.
   *
   * @param products Gramian of the counts, packed as {@link CountStatistics#products()}
   * @param rows the most frequent first: what does not hold fails early
   * @param support share of the rows' sessions in which an invariant holds
   * @param scales that the least coefficient may have
   * @param names of columns
   */
  InvariantMiner(
      double[] products,
      List<Counted> rows,
      double support,
      int[] scales,
      IntFunction<String> names) {
    this.products = products;
    this.rows = rows;
    this.scales = scales.clone();
    this.names = names;
    long sessions = rows.stream().mapToLong(Counted::sessions).sum();
    this.violations = (long) Math.floor((1 - support) * sessions + 1e-9);
  }

  /**
   * The invariants.
   *
   * @param columns number of columns
   * @param longest most columns of one
   * @param enough number at which longer ones are not looked for
   */
  List<Invariant> mine(int columns, int longest, int enough) {
    List<Integer> active = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      if (!tryAdd(new int[] {i}, new int[] {1})) {
        active.add(i);
      }
    }
    int[] candidates = active.stream().mapToInt(Integer::intValue).toArray();
    for (int size = 2; size <= longest && found.size() < enough; size++) {
      if (sets(candidates.length, size) > MOST_SETS) {
        break;
      }
      List<Invariant> smaller = List.copyOf(found);
      search(candidates, new int[size], 0, 0, smaller);
    }
    return found;
  }

  private static double sets(int n, int size) {
    double sets = 1;
    for (int i = 0; i < size; i++) {
      sets = sets * (n - i) / (i + 1);
    }
    return sets;
  }

  private void search(int[] active, int[] set, int depth, int from, List<Invariant> smaller) {
    if (depth == set.length) {
      trySet(set.clone());
      return;
    }
    for (int i = from; i < active.length; i++) {
      set[depth] = active[i];
      if (smaller.stream().noneMatch(known -> covers(known, set, depth + 1))) {
        search(active, set, depth + 1, i + 1, smaller);
      }
    }
  }

  private static boolean covers(Invariant known, int[] set, int length) {
    for (int column : known.columns()) {
      boolean there = false;
      for (int j = 0; j < length && !there; j++) {
        there = set[j] == column;
      }
      if (!there) {
        return false;
      }
    }
    return true;
  }

  private void trySet(int[] set) {
    double[] direction = least(set);
    double smallest = Arrays.stream(direction).map(Math::abs).min().orElse(0);
    if (smallest < 1e-3) {
      return;
    }
    for (int scale : scales) {
      int[] coefficients = new int[set.length];
      boolean small = true;
      for (int j = 0; j < set.length; j++) {
        double exact = direction[j] / smallest * scale;
        coefficients[j] = (int) Math.rint(exact);
        small &= coefficients[j] != 0 && Math.abs(coefficients[j]) <= MOST_COEFFICIENT;
      }
      if (small && tryAdd(set, coefficients)) {
        return;
      }
    }
  }

  private boolean tryAdd(int[] set, int[] coefficients) {
    if (coefficients[0] < 0) {
      for (int j = 0; j < coefficients.length; j++) {
        coefficients[j] = -coefficients[j];
      }
    }
    Invariant invariant = new Invariant(set, coefficients, text(set, coefficients));
    long against = 0;
    for (Counted row : rows) {
      if (invariant.error(row.vector()) != 0) {
        against += row.sessions();
        if (against > violations) {
          return false;
        }
      }
    }
    found.add(invariant);
    return true;
  }

  private String text(int[] set, int[] coefficients) {
    List<String> left = new ArrayList<>();
    List<String> right = new ArrayList<>();
    for (int j = 0; j < set.length; j++) {
      int times = Math.abs(coefficients[j]);
      String term = (times == 1 ? "" : times + " x ") + names.apply(set[j]);
      (coefficients[j] > 0 ? left : right).add(term);
    }
    return String.join(" + ", left) + " = " + (right.isEmpty() ? "0" : String.join(" + ", right));
  }

  /** The eigenvector of the least eigenvalue of a set's Gramian, by Jacobi rotations. */
  private double[] least(int[] set) {
    int n = set.length;
    double[][] a = new double[n][n];
    double[][] v = new double[n][n];
    for (int i = 0; i < n; i++) {
      v[i][i] = 1;
      for (int j = 0; j < n; j++) {
        a[i][j] = products[CountStatistics.packed(set[i], set[j])];
      }
    }
    for (int sweep = 0; sweep < 30; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          if (a[p][q] != 0) {
            rotate(a, v, p, q);
          }
        }
      }
    }
    int least = 0;
    for (int i = 1; i < n; i++) {
      least = a[i][i] < a[least][least] ? i : least;
    }
    double[] result = new double[n];
    for (int i = 0; i < n; i++) {
      result[i] = v[i][least];
    }
    return result;
  }

  private static void rotate(double[][] a, double[][] v, int p, int q) {
    double angle = Math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2;
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    for (int k = 0; k < a.length; k++) {
      double x = a[k][p];
      double y = a[k][q];
      a[k][p] = c * x - s * y;
      a[k][q] = s * x + c * y;
    }
    for (int k = 0; k < a.length; k++) {
      double x = a[p][k];
      double y = a[q][k];
      a[p][k] = c * x - s * y;
      a[q][k] = s * x + c * y;
      double vx = v[k][p];
      double vy = v[k][q];
      v[k][p] = c * vx - s * vy;
      v[k][q] = s * vx + c * vy;
    }
    a[p][q] = 0;
    a[q][p] = 0;
  }
}
