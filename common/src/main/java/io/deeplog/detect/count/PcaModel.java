package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.count.CountVector;
import io.deeplog.count.Weighting;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The normal subspace of event counts and the distance from it.
 *
 * <p>With x the weighted, centred counts and P the first k principal components, the squared
 * prediction error is SPE = |(I - PP')x|^2 (Jackson and Mudholkar, Technometrics 1979; Xu et al.,
 * SOSP 2009). Within the subspace, Hotelling's T2 = sum of (p_j'x)^2 / lambda_j.
 *
 * @param weighting of the counts
 * @param idf of every column, used by tf-idf only
 * @param mean of the weighted counts
 * @param components [k][columns], orthonormal
 * @param variances of the components, k
 */
@Pure
public record PcaModel(
    Weighting weighting, double[] idf, double[] mean, double[][] components, double[] variances)
    implements CountScorer {
  private static final long serialVersionUID = 1L;

  /** Weighted and centred counts, dense. */
  public double[] centred(CountVector counts) {
    double[] x = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      x[i] = -mean[i];
    }
    for (int j = 0; j < counts.indices().length; j++) {
      int i = counts.indices()[j];
      x[i] += weighting.weigh(counts.counts()[j], idf[i]);
    }
    return x;
  }

  /** The residual (I - PP')x. */
  public double[] residual(double[] centred) {
    double[] residual = centred.clone();
    for (double[] component : components) {
      double projection = projection(component, centred);
      for (int i = 0; i < centred.length; i++) {
        residual[i] -= projection * component[i];
      }
    }
    return residual;
  }

  private static double projection(double[] component, double[] centred) {
    double projection = 0;
    for (int i = 0; i < centred.length; i++) {
      projection += component[i] * centred[i];
    }
    return projection;
  }

  /** |residual|^2. */
  public static double spe(double[] residual) {
    double sum = 0;
    for (double r : residual) {
      sum += r * r;
    }
    return sum;
  }

  /** Hotelling's T2 of centred counts. */
  public double t2(double[] centred) {
    double sum = 0;
    for (int j = 0; j < components.length; j++) {
      double projection = projection(components[j], centred);
      sum += projection * projection / variances[j];
    }
    return sum;
  }

  /** The count of a template that the normal subspace expects, given the others; not below 0. */
  public double expectedCount(int template, double centred, double residual) {
    double weighted = centred - residual + mean[template];
    return Math.max(0, weighting.count(weighted, idf[template]));
  }

  @Override
  public double score(CountVector counts) {
    return spe(residual(centred(counts)));
  }

  @Override
  public Explanation explain(CountVector counts) {
    double[] centred = centred(counts);
    double[] residual = residual(centred);
    double spe = spe(residual);
    double[] actual = counts.dense(mean.length);
    List<Part> parts =
        IntStream.range(0, residual.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -residual[i] * residual[i]))
            .limit(MOST)
            .map(
                i ->
                    new Part(
                        i,
                        actual[i],
                        expectedCount(i, centred[i], residual[i]),
                        residual[i] * residual[i] / spe))
            .toList();
    Part top = parts.get(0);
    return new Explanation(
        String.format(
            Locale.ROOT,
            "unusual event counts: one template came %d times, expected about %.1f",
            (long) top.count(),
            top.expected()),
        parts);
  }
}
