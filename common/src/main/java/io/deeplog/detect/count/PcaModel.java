package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.count.CountVector;
import io.deeplog.count.Weighting;
import java.io.Serializable;

/**
 * The normal subspace of event counts and the distance from it.
 *
 * <p>With x the weighted, centred counts and P the first k principal components, the squared
 * prediction error is SPE = |(I - PP')x|^2 (Jackson and Mudholkar, Technometrics 1979; Xu et al.,
 * SOSP 2009).
 *
 * @param weighting of the counts
 * @param idf of every template, used by tf-idf only
 * @param mean of the weighted counts
 * @param components [k][templates], orthonormal
 */
@Pure
public record PcaModel(Weighting weighting, double[] idf, double[] mean, double[][] components)
    implements Serializable {
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
      double projection = 0;
      for (int i = 0; i < centred.length; i++) {
        projection += component[i] * centred[i];
      }
      for (int i = 0; i < centred.length; i++) {
        residual[i] -= projection * component[i];
      }
    }
    return residual;
  }

  /** |residual|^2. */
  public static double spe(double[] residual) {
    double sum = 0;
    for (double r : residual) {
      sum += r * r;
    }
    return sum;
  }

  /** The count of a template that the normal subspace expects, given the others; not below 0. */
  public double expectedCount(int template, double centred, double residual) {
    double weighted = centred - residual + mean[template];
    return Math.max(0, weighting.count(weighted, idf[template]));
  }
}
