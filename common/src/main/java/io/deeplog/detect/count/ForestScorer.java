package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.count.CountVector;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Trees over event counts.
 *
 * <p>An isolation forest (Liu et al., ICDM 2008) scores 2^(-mean depth / c), c the mean depth of an
 * unsuccessful search among as many rows as a tree has; others score the logistic function of the
 * weighted sum of their leaves, or the sum itself.
 *
 * @param trees of the forest
 * @param weights of the trees
 * @param link what the sum is put through
 * @param depth c, for isolation
 * @param usual counts by column, for the evidence
 * @param reason the sentence of the evidence
 * @param directions that isolation trees split along; null where trees split counts
 */
@Pure
record ForestScorer(
    List<Tree> trees,
    double[] weights,
    Link link,
    double depth,
    double[] usual,
    String reason,
    Directions directions)
    implements CountScorer {
  private static final long serialVersionUID = 1L;

  /** What the weighted sum of the trees' leaves is put through. */
  enum Link {
    ISOLATION,
    LOGISTIC,
    NONE
  }

  /**
   * A binary tree, node 0 the root.
   *
   * @param column of the split; -1 in a leaf
   * @param limit rows of at most this go left
   * @param left node; right node likewise
   * @param value of a leaf
   */
  @Pure
  record Tree(int[] column, double[] limit, int[] left, int[] right, double[] value)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    double leaf(double[] x) {
      int node = 0;
      while (column[node] >= 0) {
        node = x[column[node]] <= limit[node] ? left[node] : right[node];
      }
      return value[node];
    }
  }

  /** Grows a {@link Tree} node by node. */
  @Pure
  static final class Builder {
    private final List<double[]> nodes = new ArrayList<>();

    /** Adds a node, to be filled. */
    int add() {
      nodes.add(new double[] {-1, 0, 0, 0, 0});
      return nodes.size() - 1;
    }

    void leaf(int node, double value) {
      nodes.get(node)[4] = value;
    }

    void split(int node, int column, double limit, int left, int right) {
      double[] values = nodes.get(node);
      values[0] = column;
      values[1] = limit;
      values[2] = left;
      values[3] = right;
    }

    Tree build() {
      return new Tree(
          nodes.stream().mapToInt(v -> (int) v[0]).toArray(),
          nodes.stream().mapToDouble(v -> v[1]).toArray(),
          nodes.stream().mapToInt(v -> (int) v[2]).toArray(),
          nodes.stream().mapToInt(v -> (int) v[3]).toArray(),
          nodes.stream().mapToDouble(v -> v[4]).toArray());
    }
  }

  /**
   * A tree that isolates rows by random splits.
   *
   * <p>Unlike the original's, it splits up to a standard deviation beyond the rows, a single one
   * too: the rows are all normal, and what lies outside of them is told only by splits there.
   *
   * @param rows the sample, [rows][directions]
   * @param most depth
   */
  static Tree isolate(double[][] rows, int most, SplittableRandom random) {
    double[] margins = new double[rows[0].length];
    for (int along = 0; along < margins.length; along++) {
      double mean = 0;
      for (double[] row : rows) {
        mean += row[along] / rows.length;
      }
      double variance = 0;
      for (double[] row : rows) {
        variance += (row[along] - mean) * (row[along] - mean) / rows.length;
      }
      margins[along] = Math.sqrt(variance);
    }
    Builder builder = new Builder();
    isolate(builder, List.of(rows), margins, 0, most, random);
    return builder.build();
  }

  private static int isolate(
      Builder builder,
      List<double[]> rows,
      double[] margins,
      int depth,
      int most,
      SplittableRandom random) {
    int node = builder.add();
    if (rows.isEmpty() || depth >= most) {
      builder.leaf(node, depth + meanDepth(rows.size()));
      return node;
    }
    int along = random.nextInt(margins.length);
    double low = rows.stream().mapToDouble(x -> x[along]).min().orElseThrow() - margins[along];
    double high = rows.stream().mapToDouble(x -> x[along]).max().orElseThrow() + margins[along];
    double limit = low + (high - low) * random.nextDouble();
    List<double[]> below = new ArrayList<>();
    List<double[]> above = new ArrayList<>();
    rows.forEach(x -> (x[along] <= limit ? below : above).add(x));
    int left = isolate(builder, below, margins, depth + 1, most, random);
    int right = isolate(builder, above, margins, depth + 1, most, random);
    builder.split(node, along, limit, left, right);
    return node;
  }

  /** Mean depth of an unsuccessful search in a binary tree of n rows. */
  static double meanDepth(int n) {
    if (n <= 1) {
      return 0;
    }
    double harmonic = n == 2 ? 1 : Math.log(n - 1) + 0.5772156649015329;
    return 2 * harmonic - 2.0 * (n - 1) / n;
  }

  /** Whether it is an isolation forest. */
  boolean isolation() {
    return link == Link.ISOLATION;
  }

  @Override
  public double score(CountVector counts) {
    double[] x = directions == null ? counts.dense(usual.length) : directions.project(counts);
    if (isolation() && directions == null) {
      // A model of before directions: its trees split the logarithms of single counts.
      x = Arrays.stream(x).map(Math::log1p).toArray();
    }
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += weights[i] * trees.get(i).leaf(x);
    }
    return switch (link) {
      case ISOLATION -> Math.pow(2, -sum / depth);
      case LOGISTIC -> 1 / (1 + Math.exp(-sum));
      case NONE -> sum;
    };
  }

  @Override
  public Explanation explain(CountVector counts) {
    return CountScorer.byOcclusion(this, counts, usual, reason);
  }
}
