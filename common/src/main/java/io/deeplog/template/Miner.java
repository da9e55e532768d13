package io.deeplog.template;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.util.Arrays;
import java.util.Collection;
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
  DRAIN(Tokens.Grain.BLANKS, TemplateMatcher.Runs.NONE);

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

  /** The group that a masked line is mined in. */
  public String leaf(String masked) {
    return this == AUTO ? AutoMiner.leaf(masked) : String.valueOf(Tokens.of(masked, grain).size());
  }

  /** A miner for one leaf. */
  public TemplateMiner start(DrainMiner.Options options) {
    return this == AUTO ? new AutoMiner() : new DrainMiner(options);
  }

  /** Texts of the templates, in their order, of what {@link TemplateMiner} gave for all leaves. */
  public List<String> finish(Collection<String> results) {
    return this == AUTO ? AutoMiner.finish(results) : List.copyOf(new TreeSet<>(results));
  }

  /** A matcher of templates that this miner learned from lines masked so. */
  public TemplateMatcher matcher(Collection<Template> templates, Masks masks) {
    return new TemplateMatcher(templates, masks, grain, runs);
  }
}
