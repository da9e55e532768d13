package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.UserException;
import io.deeplog.count.CountVector;
import io.deeplog.count.Vocabulary;
import io.deeplog.count.Weighting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What PCA needs of the sessions it learns from, so small that yesterday's and today's are added
 * without reading a log again. Columns are the templates in the vocabulary's order and, last, all
 * others.
 *
 * @param weighting of the counts; for tf-idf the counts themselves are added up, as its weights are
 *     known at the end only
 * @param templates ids of the vocabulary
 * @param sessions number of sessions
 * @param with sessions that have the template, by column
 * @param sums of the weighted counts, by column
 * @param products sums of the products of two columns' weighted counts: the Gramian's upper
 *     triangle, by columns
 * @param sample the distinct count vectors whose hashes are the least, for a threshold by what
 *     sessions score; all of them where they are at most {@link #SAMPLE}
 */
@Pure
public record CountStatistics(
    Weighting weighting,
    List<String> templates,
    long sessions,
    long[] with,
    double[] sums,
    double[] products,
    List<Counted> sample) {
  /** Most vectors of a sample. */
  static final int SAMPLE = 5_000;

  /** A count vector and how many sessions have it. */
  public record Counted(CountVector vector, long sessions) implements java.io.Serializable {
    private static final long serialVersionUID = 1L;

    /** By hash, then by content. */
    static final Comparator<Counted> BY_HASH =
        Comparator.comparingInt((Counted c) -> c.hash()).thenComparing(Counted::compareContent);

    /** The most frequent first, then by content. */
    static final Comparator<Counted> BY_SESSIONS =
        Comparator.comparingLong((Counted c) -> -c.sessions).thenComparing(Counted::compareContent);

    private int hash() {
      // Finalizer of MurmurHash3: neighbours must not stay neighbours in a sample.
      int h = 31 * Arrays.hashCode(vector.indices()) + Arrays.hashCode(vector.counts());
      h = (h ^ (h >>> 16)) * 0x85ebca6b;
      h = (h ^ (h >>> 13)) * 0xc2b2ae35;
      return h ^ (h >>> 16);
    }

    private int compareContent(Counted other) {
      int byIndices = Arrays.compare(vector.indices(), other.vector.indices());
      return byIndices != 0 ? byIndices : Arrays.compare(vector.counts(), other.vector.counts());
    }
  }

  /** Place of a product in the packed triangle. */
  static int packed(int i, int j) {
    int high = Math.max(i, j);
    return high * (high + 1) / 2 + Math.min(i, j);
  }

  /** The same, its columns named by other ids: none where the vocabulary is saved elsewhere. */
  CountStatistics of(List<String> ids) {
    return new CountStatistics(weighting, ids, sessions, with, sums, products, sample);
  }

  /** Number of columns: the templates and all others. */
  int columns() {
    return templates.size() + 1;
  }

  /**
   * The statistics of both sets of sessions together. A template that only one of them knows came
   * never in the other.
   *
   * @throws UserException when their weightings differ
   */
  public CountStatistics merge(CountStatistics other) {
    if (weighting != other.weighting) {
      throw UserException.usage(
          "counts weighted by "
              + weighting.id()
              + " and by "
              + other.weighting.id()
              + " cannot be added (train both with one weighting)");
    }
    List<String> all = new ArrayList<>(templates);
    all.addAll(other.templates);
    Vocabulary union = new Vocabulary(all);
    int columns = union.size() + 1;
    CountStatistics sum =
        new CountStatistics(
            weighting,
            union.ids(),
            sessions + other.sessions,
            new long[columns],
            new double[columns],
            new double[columns * (columns + 1) / 2],
            new ArrayList<>());
    sum.add(this, union);
    sum.add(other, union);
    Map<List<List<Integer>>, Counted> vectors = new LinkedHashMap<>();
    for (CountStatistics part : List.of(this, other)) {
      int[] target = part.targets(union);
      for (Counted counted : part.sample) {
        CountVector moved = moved(counted.vector, target);
        vectors.merge(
            List.of(
                Arrays.stream(moved.indices()).boxed().toList(),
                Arrays.stream(moved.counts()).boxed().toList()),
            new Counted(moved, counted.sessions),
            (a, b) -> new Counted(a.vector, a.sessions + b.sessions));
      }
    }
    vectors.values().stream().sorted(Counted.BY_HASH).limit(SAMPLE).forEach(sum.sample::add);
    return sum;
  }

  private int[] targets(Vocabulary union) {
    int[] target = new int[columns()];
    for (int i = 0; i < templates.size(); i++) {
      target[i] = union.index(templates.get(i)) - 1;
    }
    target[templates.size()] = union.size();
    return target;
  }

  private static CountVector moved(CountVector vector, int[] target) {
    // Both vocabularies are sorted, so that the order of the columns stays.
    return new CountVector(
        Arrays.stream(vector.indices()).map(i -> target[i]).toArray(), vector.counts());
  }

  private void add(CountStatistics part, Vocabulary union) {
    int[] target = part.targets(union);
    for (int j = 0; j < target.length; j++) {
      with[target[j]] += part.with[j];
      sums[target[j]] += part.sums[j];
      for (int i = 0; i <= j; i++) {
        products[packed(target[i], target[j])] += part.products[packed(i, j)];
      }
    }
  }

  /** ln(sessions / (sessions with the template + 1e-8)), by column. */
  double[] idf() {
    return Arrays.stream(with).mapToDouble(n -> Weighting.idf(sessions, (double) n)).toArray();
  }

  /** What a column's sums are multiplied by. */
  private static double[] scale(Weighting weighting, double[] idf) {
    double[] scale = new double[idf.length];
    for (int i = 0; i < scale.length; i++) {
      scale[i] = weighting == Weighting.TF_IDF ? idf[i] : 1;
    }
    return scale;
  }

  /** Means of the weighted counts. */
  double[] means() {
    double[] scale = scale(weighting, idf());
    double[] means = new double[columns()];
    for (int i = 0; i < means.length; i++) {
      means[i] = scale[i] * sums[i] / sessions;
    }
    return means;
  }

  /** Covariance of the weighted counts, n x n. */
  double[] covariance() {
    int n = columns();
    double[] scale = scale(weighting, idf());
    double[] covariance = new double[n * n];
    for (int j = 0; j < n; j++) {
      for (int i = 0; i <= j; i++) {
        double value =
            scale[i]
                * scale[j]
                * (products[packed(i, j)] / sessions - sums[i] / sessions * (sums[j] / sessions));
        covariance[i * n + j] = value;
        covariance[j * n + i] = value;
      }
    }
    return covariance;
  }

  /** Mean square of the weighted counts, all columns together: what rounding is measured by. */
  double meanSquare() {
    double[] scale = scale(weighting, idf());
    double sum = 0;
    for (int i = 0; i < columns(); i++) {
      sum += scale[i] * scale[i] * products[packed(i, i)] / sessions;
    }
    return sum;
  }
}
