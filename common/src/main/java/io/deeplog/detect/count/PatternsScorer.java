package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.count.CountVector;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * Known patterns of event counts (Lin et al., ICSE 2016): the score is the cosine distance of the
 * weighted logarithms of the counts to the nearest.
 *
 * @param patterns means of clusters
 * @param weights of the columns; null where all are 1
 */
@Pure
record PatternsScorer(List<Pattern> patterns, double[] weights) implements CountScorer {
  private static final long serialVersionUID = 1L;

  /**
   * The mean of a cluster's vectors of weighted ln(1 + count), sparse.
   *
   * @param columns ascending
   * @param values of the columns
   * @param sessions in the cluster
   */
  @Pure
  record Pattern(int[] columns, double[] values, long sessions) implements Serializable {
    private static final long serialVersionUID = 1L;

    static Pattern of(CountVector counts, double[] weights, long sessions) {
      double[] values = new double[counts.counts().length];
      for (int j = 0; j < values.length; j++) {
        values[j] = weight(weights, counts.indices()[j]) * Math.log1p(counts.counts()[j]);
      }
      return new Pattern(counts.indices(), values, sessions);
    }

    /** The mean of the cluster without one of its sessions. */
    Pattern without(Pattern session) {
      TreeMap<Integer, Double> rest = new TreeMap<>();
      for (int j = 0; j < columns.length; j++) {
        rest.put(columns[j], values[j] * sessions / (sessions - 1));
      }
      for (int j = 0; j < session.columns.length; j++) {
        rest.merge(session.columns[j], -session.values[j] / (sessions - 1), Double::sum);
      }
      // What is left of a template that only this session had is rounding.
      rest.values().removeIf(value -> value < 1e-9);
      return new Pattern(
          rest.keySet().stream().mapToInt(Integer::intValue).toArray(),
          rest.values().stream().mapToDouble(Double::doubleValue).toArray(),
          sessions - 1);
    }

    /** The mean of two clusters. */
    Pattern plus(Pattern other) {
      TreeMap<Integer, Double> sums = new TreeMap<>();
      long all = sessions + other.sessions;
      for (Pattern part : List.of(this, other)) {
        for (int j = 0; j < part.columns.length; j++) {
          sums.merge(part.columns[j], part.values[j] * ((double) part.sessions / all), Double::sum);
        }
      }
      return new Pattern(
          sums.keySet().stream().mapToInt(Integer::intValue).toArray(),
          sums.values().stream().mapToDouble(Double::doubleValue).toArray(),
          all);
    }

    /** 1 - cosine; 1 when one of them is empty, 0 when both are. */
    double distance(Pattern other) {
      double dot = 0;
      int at = 0;
      for (int j = 0; j < columns.length; j++) {
        while (at < other.columns.length && other.columns[at] < columns[j]) {
          at++;
        }
        if (at < other.columns.length && other.columns[at] == columns[j]) {
          dot += values[j] * other.values[at];
        }
      }
      double lengths = length() * other.length();
      if (lengths == 0) {
        return columns.length == other.columns.length ? 0 : 1;
      }
      // Rounded: equal vectors are not apart by the last digits of a square root.
      return Math.max(0, Math.rint((1 - dot / lengths) * 1e12) / 1e12);
    }

    private double length() {
      double sum = 0;
      for (double value : values) {
        sum += value * value;
      }
      return Math.sqrt(sum);
    }
  }

  private static double weight(double[] weights, int column) {
    return weights == null ? 1 : weights[column];
  }

  /**
   * What columns weigh: 1 + ln of the sessions over those that have the template, one session more
   * on either side. What is rare, or was never seen, tells more than what every session has; but
   * that which all have still counts, or its absence would not show.
   *
   * @param with sessions that have the template, by column
   */
  static double[] weights(long[] with, long sessions) {
    return Arrays.stream(with)
        .mapToDouble(n -> 1 + Math.log((sessions + 1.0) / (n + 1.0)))
        .toArray();
  }

  /** The place of the nearest pattern; the first of equals. */
  static int nearest(List<Pattern> patterns, Pattern vector) {
    int nearest = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < patterns.size(); i++) {
      double distance = patterns.get(i).distance(vector);
      if (distance < least) {
        least = distance;
        nearest = i;
      }
    }
    return nearest;
  }

  @Override
  public double score(CountVector counts) {
    Pattern vector = Pattern.of(counts, weights, 1);
    return patterns.get(nearest(patterns, vector)).distance(vector);
  }

  @Override
  public CountScorer leavingOut() {
    return new LeavingOut(this);
  }

  /** The patterns without the session judged: its own is nearest to what is left of that. */
  @Pure
  private record LeavingOut(PatternsScorer all) implements CountScorer {
    private static final long serialVersionUID = 1L;

    @Override
    public double score(CountVector counts) {
      Pattern vector = Pattern.of(counts, all.weights, 1);
      int own = nearest(all.patterns, vector);
      double least = 1;
      for (int i = 0; i < all.patterns.size(); i++) {
        Pattern pattern = all.patterns.get(i);
        if (i != own) {
          least = Math.min(least, pattern.distance(vector));
        } else if (pattern.sessions > 1) {
          least = Math.min(least, pattern.without(vector).distance(vector));
        }
      }
      return least;
    }

    @Override
    public Explanation explain(CountVector counts) {
      return all.explain(counts);
    }
  }

  @Override
  public Explanation explain(CountVector counts) {
    Pattern vector = Pattern.of(counts, weights, 1);
    Pattern nearest = patterns.get(nearest(patterns, vector));
    TreeMap<Integer, double[]> both = new TreeMap<>();
    for (int j = 0; j < nearest.columns.length; j++) {
      both.computeIfAbsent(nearest.columns[j], i -> new double[2])[1] = nearest.values[j];
    }
    for (int j = 0; j < vector.columns.length; j++) {
      both.computeIfAbsent(vector.columns[j], i -> new double[2])[0] = vector.values[j];
    }
    double total = both.values().stream().mapToDouble(v -> (v[0] - v[1]) * (v[0] - v[1])).sum();
    List<Part> parts = new ArrayList<>();
    both.forEach(
        (column, v) ->
            parts.add(
                new Part(
                    column,
                    Math.rint(Math.expm1(v[0] / weight(weights, column))),
                    Math.expm1(v[1] / weight(weights, column)),
                    total == 0 ? 0 : (v[0] - v[1]) * (v[0] - v[1]) / total)));
    parts.sort(Comparator.comparingDouble((Part p) -> -p.share()));
    List<Part> largest = parts.stream().filter(p -> p.share() > 0).limit(MOST).toList();
    String reason =
        largest.isEmpty()
            ? "event counts unlike any known pattern"
            : String.format(
                Locale.ROOT,
                "unlike any known pattern of event counts; in the nearest (%d sessions) one template"
                    + " comes %.1f times, here %d times",
                nearest.sessions,
                largest.get(0).expected(),
                (long) largest.get(0).count());
    return new Explanation(reason, largest);
  }

  /** The median distance of vectors to the nearest other; 0 when there is none. */
  static double medianNearest(List<Pattern> vectors) {
    double[] nearest = new double[vectors.size()];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    for (int i = 0; i < nearest.length; i++) {
      for (int j = 0; j < i; j++) {
        double distance = vectors.get(i).distance(vectors.get(j));
        nearest[i] = Math.min(nearest[i], distance);
        nearest[j] = Math.min(nearest[j], distance);
      }
    }
    Arrays.sort(nearest);
    return nearest.length < 2 ? 0 : nearest[nearest.length / 2];
  }

  /**
   * Clusters vectors by complete linkage: the two clusters whose farthest members are nearest join,
   * until the farthest are more than a distance apart. Takes time as the cube of their number.
   */
  static List<Pattern> cluster(List<Pattern> vectors, double most) {
    int n = vectors.size();
    double[][] far = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        far[i][j] = vectors.get(i).distance(vectors.get(j));
        far[j][i] = far[i][j];
      }
    }
    List<Pattern> clusters = new ArrayList<>(vectors);
    boolean[] gone = new boolean[n];
    while (true) {
      int left = -1;
      int right = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        for (int j = i + 1; !gone[i] && j < n; j++) {
          if (!gone[j] && far[i][j] < least) {
            least = far[i][j];
            left = i;
            right = j;
          }
        }
      }
      if (left < 0 || least > most) {
        break;
      }
      clusters.set(left, clusters.get(left).plus(clusters.get(right)));
      gone[right] = true;
      for (int j = 0; j < n; j++) {
        far[left][j] = Math.max(far[left][j], far[right][j]);
        far[j][left] = far[left][j];
      }
    }
    List<Pattern> result = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (!gone[i]) {
        result.add(clusters.get(i));
      }
    }
    return result;
  }
}
