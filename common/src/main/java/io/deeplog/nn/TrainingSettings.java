package io.deeplog.nn;

import io.deeplog.Pure;
import java.io.Serializable;

/**
 * How a network is trained.
 *
 * @param epochs at most
 * @param patience epochs without a better validation loss before training stops
 * @param batchSize rows of a batch
 * @param workers that train side by side and are averaged; together with the seed they fix the
 *     result, so the number must not follow the machine
 * @param averagingFrequency batches a worker trains between two averages
 * @param seed of weights and order
 */
@Pure
public record TrainingSettings(
    int epochs, int patience, int batchSize, int workers, int averagingFrequency, long seed)
    implements Serializable {
  private static final long serialVersionUID = 1L;
}
