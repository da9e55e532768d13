package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.count.CountVector;
import java.io.Serializable;

/**
 * Random directions of the space of event counts, along which isolation trees split (the extended
 * isolation forest, Hariri, Carrasco Kind and Brunner, IEEE TKDE 2021). A tree that splits single
 * columns picks, of the hundreds of templates a system has, hardly ever the one that matters; along
 * a direction all of them count.
 *
 * <p>Counts are standardised, z = (ln(1 + count) - mean) / scale, and a direction is a sum of all z
 * with random signs (Achlioptas, PODS 2001). The signs are those of a hash, so that a model keeps
 * but a number for them.
 *
 * @param seed of the signs
 * @param number of directions, a multiple of {@value Long#SIZE}
 * @param mean of ln(1 + count), by column
 * @param scale by column, above 0
 * @param offsets of the means along each direction
 */
@Pure
record Directions(long seed, int number, double[] mean, double[] scale, double[] offsets)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * Directions for counts of a mean and variance.
   *
   * @param sessions that these are of: the scale is as if one more session had one event more of
   *     the template, or what training never varied would be infinitely far
   */
  static Directions of(long seed, int number, double[] mean, double[] variance, long sessions) {
    double[] scale = new double[mean.length];
    double once = Math.log(2);
    for (int i = 0; i < scale.length; i++) {
      scale[i] = Math.sqrt(variance[i] + once * once / (sessions + 1.0));
    }
    double[] offsets = new double[number];
    Directions directions = new Directions(seed, number, mean, scale, offsets);
    for (int i = 0; i < mean.length; i++) {
      directions.add(i, mean[i] / scale[i], offsets);
    }
    return directions;
  }

  /** Where counts lie along each direction. */
  double[] project(CountVector counts) {
    double[] along = new double[number];
    for (int j = 0; j < counts.indices().length; j++) {
      int column = counts.indices()[j];
      add(column, Math.log1p(counts.counts()[j]) / scale[column], along);
    }
    for (int d = 0; d < number; d++) {
      along[d] -= offsets[d];
    }
    return along;
  }

  private void add(int column, double value, double[] along) {
    for (int block = 0; block < number / Long.SIZE; block++) {
      long signs = hash(seed + 0x9e3779b97f4a7c15L * ((long) column * 1_000_003 + block + 1));
      for (int bit = 0; bit < Long.SIZE; bit++) {
        along[block * Long.SIZE + bit] += (signs >>> bit & 1) == 0 ? value : -value;
      }
    }
  }

  /** The finalizer of SplitMix64. */
  private static long hash(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
