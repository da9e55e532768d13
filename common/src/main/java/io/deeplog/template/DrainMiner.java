package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Drain (He et al., ICWS 2017) over distinct masked lines: a tree of fixed depth over the first
 * tokens leads to a leaf of clusters; a line joins the most similar cluster that is similar enough,
 * whose differing tokens become wildcards, or starts a new one.
 *
 * <p>Two things differ from the original. Positions where both sides are wildcards by masking count
 * neither for nor against similarity: a line of many values and one word is told by its word. And a
 * position that Drain would wildcard although it takes only a few, frequent words ("VM Started",
 * "VM Paused") is split again by its words: those are different events, not values. With {@link
 * MinerOptions#splitWords} 0 neither is done: then similarity is a share of all tokens, in which
 * wildcards never count, tokens with a digit share a branch, and templates are those of the
 * original on its benchmark.
 *
 * <p>What a line is compared with is bounded: a leaf of the tree that is full takes all lines that
 * are like none of its clusters as lines of one template.
 */
@Pure
public final class DrainMiner implements TemplateMiner {
  /**
   * A cluster with more distinct lines than this is truly variable and not looked at for splits.
   */
  private static final int MAX_MEMBERS = 4096;

  /** A word must stand in this many lines, on average, to be an event's name and not a value. */
  private static final int LINES_PER_WORD = 5;

  /** Forms of a template's white space. */
  private static final int MAX_FORMS = 100;

  /** Clusters of a leaf that lines are compared with. */
  static final int MAX_CLUSTERS = 1000;

  private final MinerOptions options;
  private final Node root = new Node();
  private final List<Cluster> clusters = new ArrayList<>();

  /** A miner without templates. */
  public DrainMiner(MinerOptions options) {
    this.options = options;
  }

  @Override
  public void add(String maskedLine, long count) {
    Words cut = Words.of(maskedLine);
    String[] tokens = cut.words().toArray(new String[0]);
    int[] hashes = hashes(tokens);
    Node leaf = find(tokens);
    Cluster best = null;
    double bestSimilarity = -1;
    for (Cluster cluster : leaf == null ? List.<Cluster>of() : leaf.clusters) {
      double similarity = similarity(cluster, tokens, hashes);
      if (similarity > bestSimilarity
          || (similarity == bestSimilarity && cluster.wildcards() > best.wildcards())) {
        best = cluster;
        bestSimilarity = similarity;
      }
    }
    if (best == null || bestSimilarity < options.similarity()) {
      best = start(tokens);
    }
    best.generalise(tokens);
    best.remember(maskedLine, cut.glue(), count);
  }

  private Cluster start(String[] tokens) {
    Node leaf = place(tokens);
    if (leaf.overflow != null) {
      return leaf.overflow;
    }
    Cluster cluster = new Cluster(tokens);
    clusters.add(cluster);
    if (leaf.clusters.size() < MAX_CLUSTERS) {
      leaf.clusters.add(cluster);
    } else {
      leaf.overflow = cluster;
    }
    return cluster;
  }

  private static int[] hashes(String[] tokens) {
    int[] hashes = new int[tokens.length];
    for (int i = 0; i < tokens.length; i++) {
      hashes[i] = tokens[i].hashCode();
    }
    return hashes;
  }

  private boolean plain() {
    return options.splitWords() == 0;
  }

  private int levels(String[] tokens) {
    return Math.min(options.depth() - 3, tokens.length);
  }

  /** The leaf where a line's template would be, or null. */
  private Node find(String[] tokens) {
    Node node = root.children.get(String.valueOf(tokens.length));
    for (int i = 0; node != null && i < levels(tokens); i++) {
      node = node.children.getOrDefault(tokens[i], node.children.get(Masker.WILDCARD));
    }
    return node;
  }

  /** The leaf where a new template is put. */
  private Node place(String[] tokens) {
    Node node = root.child(String.valueOf(tokens.length));
    for (int i = 0; i < levels(tokens); i++) {
      node = node.child(node.children.containsKey(tokens[i]) ? tokens[i] : branch(node, tokens[i]));
    }
    return node;
  }

  private String branch(Node node, String token) {
    // One branch is kept free for the wildcard.
    int taken = node.children.size() + (node.children.containsKey(Masker.WILDCARD) ? 0 : 1);
    boolean value = plain() ? hasDigit(token) : token.contains(Masker.WILDCARD);
    return value || taken >= options.maxChildren() ? Masker.WILDCARD : token;
  }

  private static boolean hasDigit(String token) {
    return token.chars().anyMatch(Character::isDigit);
  }

  private double similarity(Cluster cluster, String[] tokens, int[] hashes) {
    int equal = 0;
    int compared = 0;
    for (int i = 0; i < tokens.length; i++) {
      // Hashes first: most tokens differ, and only then are their characters.
      boolean same = cluster.hashes[i] == hashes[i] && cluster.tokens[i].equals(tokens[i]);
      if (same && cluster.tokens[i].equals(Masker.WILDCARD)) {
        if (!plain()) {
          continue;
        }
        same = false;
      }
      compared++;
      if (same) {
        equal++;
      }
    }
    return compared == 0 ? 1 : (double) equal / compared;
  }

  @Override
  public Iterable<String> templates() {
    Set<String> texts = new LinkedHashSet<>();
    for (Cluster cluster : clusters) {
      cluster.emit(options.splitWords(), texts);
    }
    return texts;
  }

  private static final class Node {
    final Map<String, Node> children = new HashMap<>();
    final List<Cluster> clusters = new ArrayList<>();

    /** Of lines that came when there were too many clusters; null before. */
    Cluster overflow;

    Node child(String key) {
      return children.computeIfAbsent(key, k -> new Node());
    }
  }

  private static final class Cluster {
    final String[] tokens;

    final int[] hashes;

    /** Positions that Drain has generalised, as opposed to masked. */
    final boolean[] learned;

    /** Distinct lines and their counts; null once they are too many. */
    private Map<String, Long> members = new LinkedHashMap<>();

    /** White space before every token and behind the last, in the order of its coming. */
    private final Set<List<String>> forms = new LinkedHashSet<>();

    Cluster(String[] tokens) {
      this.tokens = tokens.clone();
      this.hashes = DrainMiner.hashes(tokens);
      this.learned = new boolean[tokens.length];
    }

    void generalise(String[] line) {
      for (int i = 0; i < tokens.length; i++) {
        if (!learned[i] && !tokens[i].equals(line[i])) {
          tokens[i] = Masker.WILDCARD;
          hashes[i] = Masker.WILDCARD.hashCode();
          learned[i] = true;
        }
      }
    }

    int wildcards() {
      return Collections.frequency(Arrays.asList(tokens), Masker.WILDCARD);
    }

    void remember(String line, List<String> form, long count) {
      if (forms.size() < MAX_FORMS) {
        forms.add(form);
      }
      if (members != null) {
        members.merge(line, count, Long::sum);
        if (members.size() > MAX_MEMBERS) {
          members = null;
        }
      }
    }

    /** Adds the cluster's template, or those it splits into, in each form of its white space. */
    void emit(int splitWords, Set<String> texts) {
      Map<Words, Long> lines = new LinkedHashMap<>();
      if (splitWords > 1 && members != null) {
        members.forEach((line, n) -> lines.put(Words.of(line), n));
      }
      List<Integer> splits = splits(splitWords, lines);
      if (splits.isEmpty()) {
        forms.forEach(form -> texts.add(text(form, Arrays.asList(tokens))));
        return;
      }
      for (Words cut : lines.keySet()) {
        List<String> text = new ArrayList<>(Arrays.asList(tokens));
        splits.forEach(i -> text.set(i, cut.words().get(i)));
        texts.add(text(cut.glue(), text));
      }
    }

    private static String text(List<String> form, List<String> tokens) {
      return new Words(List.of(), form).text(tokens, Masker.WILDCARD::equals);
    }

    private List<Integer> splits(int splitWords, Map<Words, Long> lines) {
      List<Integer> positions = new ArrayList<>();
      for (int i = 0; i < tokens.length; i++) {
        if (learned[i] && !lines.isEmpty() && takesFewWords(i, splitWords, lines)) {
          positions.add(i);
        }
      }
      return positions;
    }

    private static boolean takesFewWords(int position, int splitWords, Map<Words, Long> lines) {
      Map<String, Long> words = new HashMap<>();
      for (Map.Entry<Words, Long> line : lines.entrySet()) {
        String word = line.getKey().words().get(position);
        if (!isWord(word)) {
          return false;
        }
        words.merge(word, line.getValue(), Long::sum);
        if (words.size() > splitWords) {
          return false;
        }
      }
      long count = words.values().stream().mapToLong(Long::longValue).sum();
      return count >= (long) LINES_PER_WORD * words.size();
    }

    private static boolean isWord(String token) {
      for (int i = 0; i < token.length(); i++) {
        char c = token.charAt(i);
        if (!Character.isLetter(c) && "().,:;'\"[]".indexOf(c) < 0) {
          return false;
        }
      }
      return !token.isEmpty();
    }
  }
}
