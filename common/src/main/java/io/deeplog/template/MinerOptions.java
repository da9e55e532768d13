package io.deeplog.template;

import io.deeplog.Pure;
import java.io.Serializable;

/**
 * Settings of the miners that have any: {@link DrainMiner} and {@link SpellMiner}.
 *
 * @param depth of Drain's tree, root and leaf included; 4 looks at one token
 * @param similarity the least share of equal tokens in a cluster of Drain, 0 to 1
 * @param maxChildren branches of a node before further tokens share a wildcard branch
 * @param splitWords a wildcard of Drain that takes no more words than this is split by its words;
 *     0: plain Drain, with its own measure of similarity
 * @param tau the least share of a line's words in the common subsequence of Spell, 0 to 1
 */
@Pure
public record MinerOptions(
    int depth, double similarity, int maxChildren, int splitWords, double tau)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The settings of the papers, and splits up to five words. */
  public static final MinerOptions DEFAULT = new MinerOptions(4, 0.4, 100, 5, 0.5);

  /** Settings of Drain. */
  MinerOptions(int depth, double similarity, int maxChildren, int splitWords) {
    this(depth, similarity, maxChildren, splitWords, DEFAULT.tau);
  }
}
