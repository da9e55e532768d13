package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns templates of the distinct masked lines of a log within a budget. Where they are too many
 * it learns from a sample of them, and then, reading the log again, from those that no template
 * fits so far. Same lines give the same templates, whatever their order.
 */
@Pure
final class SampledLearner {
  private static final Logger LOG = LoggerFactory.getLogger(SampledLearner.class);

  /** A log whose lines still have nothing in common keeps lines without a template. */
  private static final int MOST_PASSES = 3;

  /** Lines are mined again that no template fits. */
  private static final int MOST_ROUNDS = 3;

  private SampledLearner() {}

  /** A log that can be read more than once. */
  @Pure
  interface Log {
    /** Of the masked lines that none of some templates fits. */
    LineSample unknown(List<Template> known);
  }

  /**
   * Learns.
   *
   * @param miner one that does not follow the order of the lines
   * @param known templates learned before
   * @return the new templates: those of the first pass in the order of their text, then others
   */
  static List<Template> learn(Log log, List<Template> known, Miner miner, MinerOptions options) {
    List<Template> all = new ArrayList<>(known);
    Set<String> ids = new HashSet<>();
    known.forEach(template -> ids.add(template.id()));
    for (int pass = 1; pass <= MOST_PASSES; pass++) {
      LineSample sample = log.unknown(all);
      for (Template template : mine(sample, miner, options)) {
        if (ids.add(template.id())) {
          all.add(template);
        }
      }
      if (!sample.isPart()) {
        break;
      }
      LOG.info(
          "pass {}: more distinct lines than are held at once; learned {} templates from {} of them",
          pass,
          all.size() - known.size(),
          sample.size());
    }
    return List.copyOf(all.subList(known.size(), all.size()));
  }

  /**
   * The templates of some lines, in the order of their text. What is merged at the end may leave a
   * line that none fits any more: those are mined again by themselves, so that every line has one.
   */
  static List<Template> mine(LineSample sample, Miner miner, MinerOptions options) {
    Map<String, Long> lines = new HashMap<>();
    sample.forEach(lines::put);
    Map<String, Template> templates = new TreeMap<>();
    for (int round = 0; round < MOST_ROUNDS && !lines.isEmpty(); round++) {
      List<Template> found = mine(lines, miner, options);
      found.forEach(template -> templates.putIfAbsent(template.text(), template));
      TemplateMatcher matcher = miner.matcher(found, Masks.NONE);
      lines.keySet().removeIf(matcher::matchesMasked);
    }
    return List.copyOf(templates.values());
  }

  /** Mines every leaf by itself, its lines in the order of their text. */
  private static List<Template> mine(Map<String, Long> sample, Miner miner, MinerOptions options) {
    Map<String, Map<String, Long>> leaves = new TreeMap<>();
    sample.forEach(
        (masked, count) ->
            leaves.computeIfAbsent(miner.leaf(masked), leaf -> new TreeMap<>()).put(masked, count));
    // A leaf's result does not depend on the others', so that threads change nothing.
    List<Set<String>> results =
        leaves.values().parallelStream()
            .map(
                lines -> {
                  TemplateMiner started = miner.start(options);
                  lines.forEach(started::add);
                  Set<String> texts = new TreeSet<>();
                  started.templates().forEach(texts::add);
                  return texts;
                })
            .toList();
    Set<String> distinct = new TreeSet<>();
    results.forEach(distinct::addAll);
    return miner.finish(distinct);
  }
}
