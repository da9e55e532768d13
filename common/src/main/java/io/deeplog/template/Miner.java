package io.deeplog.template;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The ways to learn templates. Each mines leaf groups of distinct masked lines by themselves, and
 * makes templates of the results of all leaves; and each says how its templates fit a line.
 */
@Pure
public enum Miner {
  /** {@link AutoMiner}: no settings. */
  AUTO(Tokens.Grain.FINE, TemplateMatcher.Runs.VALUES),
  /** {@link DrainMiner}: a tree of fixed depth. */
  DRAIN(Tokens.Grain.WORDS, TemplateMatcher.Runs.PADDED),
  /** {@link LenmaMiner}: lengths of words, in the order of the lines. */
  LENMA(Tokens.Grain.WORDS, TemplateMatcher.Runs.PADDED),
  /** {@link SpellMiner}: common subsequences, in the order of the lines. */
  SPELL(Tokens.Grain.PARTS, TemplateMatcher.Runs.ANY);

  private final Tokens.Grain grain;
  private final TemplateMatcher.Runs runs;

  Miner(Tokens.Grain grain, TemplateMatcher.Runs runs) {
    this.grain = grain;
    this.runs = runs;
  }

  /**
   * A miner by its name, whatever the case.
   *
   * @throws UserException when there is none
   */
  public static Miner of(String name) {
    for (Miner miner : values()) {
      if (miner.key().equals(name.toLowerCase(Locale.ROOT))) {
        return miner;
      }
    }
    throw UserException.usage(
        "no miner '"
            + name
            + "' (there are "
            + Arrays.stream(values()).map(Miner::key).collect(Collectors.joining(", "))
            + ")");
  }

  /** The name in options: lower case. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether what is learned depends on the order of the lines; then one miner sees all of them, one
   * by one, and there is one leaf.
   */
  public boolean followsOrder() {
    return this == LENMA || this == SPELL;
  }

  /** The masks that the miner has when none are given: those of {@code conf/masks.yaml}, mostly. */
  public Masks masks() {
    return this == LENMA ? Masks.of(LenmaMiner.MASKS) : MaskEntries.ofJar();
  }

  /** The group that a masked line is mined in. */
  public String leaf(String masked) {
    return switch (this) {
      case AUTO -> AutoMiner.leaf(masked);
      case DRAIN -> String.valueOf(Words.of(masked).words().size());
      case LENMA, SPELL -> "";
    };
  }

  /** A miner for one leaf. */
  public TemplateMiner start(MinerOptions options) {
    return switch (this) {
      case AUTO -> new AutoMiner();
      case DRAIN -> new DrainMiner(options);
      case LENMA -> new LenmaMiner(LenmaMiner.THRESHOLD);
      case SPELL -> new SpellMiner(options.tau());
    };
  }

  /**
   * The templates, in the order of their text, of what {@link TemplateMiner} gave for all leaves.
   */
  public List<Template> finish(Collection<String> results) {
    return switch (this) {
      case AUTO -> TemplateMerge.finish(results);
      case DRAIN, SPELL -> new TreeSet<>(results).stream().map(Template::of).toList();
      case LENMA ->
          results.stream()
              .map(LenmaMiner::template)
              .sorted(Comparator.comparing(Template::text))
              .toList();
    };
  }

  /** A matcher of templates that this miner learned from lines masked so. */
  public TemplateMatcher matcher(Collection<Template> templates, Masks masks) {
    return new TemplateMatcher(List.of(templates), masks, grain, runs);
  }

  /** A matcher that tries templates of several runs in the order of the runs. */
  public TemplateMatcher matcher(Generations generations, Masks masks) {
    return new TemplateMatcher(generations.parts(), masks, grain, runs);
  }
}
