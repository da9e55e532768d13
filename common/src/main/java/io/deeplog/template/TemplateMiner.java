package io.deeplog.template;

import io.deeplog.Pure;

/**
 * Learns templates from the masked lines of one leaf group, see {@link Miner#leaf}. The distributed
 * learner gives every miner all distinct lines of its group, in the order of their text.
 */
@Pure
public interface TemplateMiner {
  /**
   * Takes a distinct masked line.
   *
   * @param maskedLine a line after {@link Masker#mask}
   * @param count how many lines gave it
   */
  void add(String maskedLine, long count);

  /** What was learned so far, distinct: texts of templates, or what {@link Miner#finish} reads. */
  Iterable<String> templates();
}
