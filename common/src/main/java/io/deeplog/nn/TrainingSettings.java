package io.deeplog.nn;

import io.deeplog.Pure;
import java.io.Serializable;

/**
 * How a network is trained.
 *
 * @param epochs at most
 * @param patience epochs without a better validation loss before training stops
 * @param batchSize rows of a batch
 * @param replicas of the network that are trained apart and averaged; together with the seed they
 *     fix the result, so the number must not follow the machine
 * @param workers that train side by side, each one or more replicas; their number decides how long
 *     it takes and nothing else
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

  /** Replicas of up to as many workers. */
  public static final int REPLICAS = 4;
}
