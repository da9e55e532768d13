package io.deeplog.nn;

import io.deeplog.Pure;
import java.io.Serializable;

/**
 * How a network is trained.
 *
 * @param epochs at most
 * @param patience epochs without a better validation loss before training stops
 * @param batchSize rows of a batch
 * @param replicas of the network that are trained apart and averaged, at the least; together with
 *     the seed they fix the result, so the number must not follow the machine
 * @param workers that train side by side, each one or more replicas; where there is enough to learn
 *     from, each has a replica of its own
 * @param averagingFrequency batches a replica trains between two averages
 * @param seed of weights and order
 */
@Pure
public record TrainingSettings(
    int epochs,
    int patience,
    int batchSize,
    int replicas,
    int workers,
    int averagingFrequency,
    long seed)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Batches an epoch that a replica must have for another one to be trained beside it. */
  private static final long LEAST_BATCHES = 32;

  /** Replicas at the least that a detector trains. */
  public static final int REPLICAS = 2;

  /**
   * Replicas that learn from so many batches. An average of many that each took few steps has
   * learned less than one that took them all: where batches are few, further workers do not make
   * further replicas, and change nothing.
   *
   * @param batches of an epoch
   */
  int replicas(long batches) {
    return (int) Math.max(replicas, Math.min(workers, batches / LEAST_BATCHES));
  }
}
