package io.deeplog.jobs.options;

import io.deeplog.template.DrainMiner;
import io.deeplog.template.TemplateParser;
import org.kohsuke.args4j.Option;

/** How templates are learned. */
public final class TemplateOptions implements OptionGroup {
  @Option(name = Flags.DEPTH, metaVar = "N", usage = "depth of Drain's tree; 4 looks at one token")
  public int depth = DrainMiner.Options.DEFAULT.depth();

  @Option(
      name = Flags.SIMILARITY,
      metaVar = "X",
      usage = "least share of equal tokens in a template's lines, 0 to 1")
  public double similarity = DrainMiner.Options.DEFAULT.similarity();

  @Option(name = Flags.MAX_CHILDREN, metaVar = "N", usage = "most branches of a node of the tree")
  public int maxChildren = DrainMiner.Options.DEFAULT.maxChildren();

  @Option(
      name = Flags.SPLIT_WORDS,
      metaVar = "N",
      usage = "a wildcard that takes at most N frequent words is split by them; 0: plain Drain")
  public int splitWords = DrainMiner.Options.DEFAULT.splitWords();

  @Override
  public String heading() {
    return "Templates";
  }

  @Override
  public void validate() {
    OptionGroup.require(depth >= 3, Flags.DEPTH, depth, "3 or more");
    OptionGroup.require(similarity >= 0 && similarity <= 1, Flags.SIMILARITY, similarity, "0 to 1");
    OptionGroup.require(maxChildren >= 1, Flags.MAX_CHILDREN, maxChildren, "1 or more");
    OptionGroup.require(splitWords >= 0, Flags.SPLIT_WORDS, splitWords, "0 or more");
  }

  /** A parser of these settings. */
  public TemplateParser parser() {
    return new TemplateParser()
        .setDepth(depth)
        .setSimilarity(similarity)
        .setMaxChildren(maxChildren)
        .setSplitWords(splitWords);
  }
}
