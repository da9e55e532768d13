package io.deeplog.template;

import io.deeplog.Pure;

/**
 * Learns templates from masked lines of one number of tokens. The distributed learner gives every
 * miner all distinct lines of its group, in the order of their text.
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

  /** Texts of the templates learned so far, distinct, in the order of their first line. */
  Iterable<String> templates();
}
