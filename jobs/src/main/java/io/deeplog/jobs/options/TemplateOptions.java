package io.deeplog.jobs.options;

import io.deeplog.spark.Files;
import io.deeplog.template.MaskFile;
import io.deeplog.template.Miner;
import io.deeplog.template.MinerOptions;
import io.deeplog.template.TemplateParser;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** How templates are learned. */
public final class TemplateOptions implements OptionGroup {
  @Option(
      name = Flags.MINER,
      metaVar = "NAME",
      usage =
          "how templates are learned: auto (needs no settings), drain, or, in one task and the order"
              + " of the lines, lenma or spell")
  public String miner = Miner.AUTO.key();

  @Option(
      name = Flags.MASKS,
      metaVar = "FILE",
      usage =
          "which values are masked before, as in conf/masks.yaml (default: those of that"
              + " file; lenma: IP addresses and times of day)")
  public String masks;

  @Option(
      name = Flags.DEPTH,
      metaVar = "N",
      usage = "drain: depth of Drain's tree; 4 looks at one token")
  public int depth = MinerOptions.DEFAULT.depth();

  @Option(
      name = Flags.SIMILARITY,
      metaVar = "X",
      usage = "drain: least share of equal tokens in a template's lines, 0 to 1")
  public double similarity = MinerOptions.DEFAULT.similarity();

  @Option(
      name = Flags.MAX_CHILDREN,
      metaVar = "N",
      usage = "drain: most branches of a node of the tree")
  public int maxChildren = MinerOptions.DEFAULT.maxChildren();

  @Option(
      name = Flags.SPLIT_WORDS,
      metaVar = "N",
      usage =
          "drain: a wildcard that takes at most N frequent words is split by them; 0: plain Drain")
  public int splitWords = MinerOptions.DEFAULT.splitWords();

  @Option(
      name = Flags.TAU,
      metaVar = "X",
      usage =
          "spell: least share of a line's words that it has in common with its template, 0 to 1")
  public double tau = MinerOptions.DEFAULT.tau();

  private List<String> maskEntries;

  @Override
  public String heading() {
    return "Templates";
  }

  @Override
  public void validate() {
    Miner.of(miner);
    OptionGroup.require(depth >= 3, Flags.DEPTH, depth, "3 or more");
    OptionGroup.require(similarity >= 0 && similarity <= 1, Flags.SIMILARITY, similarity, "0 to 1");
    OptionGroup.require(maxChildren >= 1, Flags.MAX_CHILDREN, maxChildren, "1 or more");
    OptionGroup.require(splitWords >= 0, Flags.SPLIT_WORDS, splitWords, "0 or more");
    OptionGroup.require(tau >= 0 && tau <= 1, Flags.TAU, tau, "0 to 1");
  }

  /** A parser of these settings. */
  public TemplateParser parser() {
    return new TemplateParser()
        .setMiner(miner)
        .setMasks(maskEntries())
        .setDepth(depth)
        .setSimilarity(similarity)
        .setMaxChildren(maxChildren)
        .setSplitWords(splitWords)
        .setTau(tau);
  }

  /** The masks by their entries: those set, else those of the file, else those of the miner. */
  public List<String> maskEntries() {
    if (maskEntries == null) {
      maskEntries =
          masks == null
              ? Miner.of(miner).masks().entries()
              : MaskFile.read(Files.of(SparkSession.active()), masks);
    }
    return maskEntries;
  }

  /** Sets the masks, as a model has them. */
  public void setMaskEntries(List<String> entries) {
    maskEntries = List.copyOf(entries);
  }
}
