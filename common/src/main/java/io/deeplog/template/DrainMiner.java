package io.deeplog.template;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
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
 * "VM Paused") is split again by its words: those are different events, not values.
 */
@Pure
public final class DrainMiner implements TemplateMiner {
  /**
   * A cluster with more distinct lines than this is truly variable and not looked at for splits.
   */
  private static final int MAX_MEMBERS = 4096;

  /** A word must stand in this many lines, on average, to be an event's name and not a value. */
  private static final int LINES_PER_WORD = 5;

  private final Options options;
  private final Node root = new Node();
  private final List<Cluster> clusters = new ArrayList<>();

  /**
   * Settings of Drain.
   *
   * @param depth depth of the tree, root and leaf included; 4 looks at one token
   * @param similarity the least share of equal tokens, 0 to 1
   * @param maxChildren branches of a node before further tokens share a wildcard branch
   * @param splitWords a wildcard that takes no more words than this is split by its words; 0 or 1
   *     leaves it as plain Drain does
   */
  @Pure
  public record Options(int depth, double similarity, int maxChildren, int splitWords)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The settings of Drain's paper, and splits up to five words. */
    public static final Options DEFAULT = new Options(4, 0.4, 100, 5);
  }

  /** A miner without templates. */
  public DrainMiner(Options options) {
    this.options = options;
  }

  @Override
  public void add(String maskedLine, long count) {
    String[] tokens = Tokens.split(maskedLine).toArray(new String[0]);
    Node leaf = descend(tokens);
    Cluster best = null;
    double bestSimilarity = -1;
    for (Cluster cluster : leaf.clusters) {
      double similarity = similarity(cluster.tokens, tokens);
      if (similarity > bestSimilarity
          || (similarity == bestSimilarity && cluster.wildcards > best.wildcards)) {
        best = cluster;
        bestSimilarity = similarity;
      }
    }
    if (best == null || bestSimilarity < options.similarity) {
      best = new Cluster(tokens);
      leaf.clusters.add(best);
      clusters.add(best);
    } else {
      best.generalise(tokens);
    }
    best.remember(tokens, count);
  }

  private Node descend(String[] tokens) {
    Node node = root.child(String.valueOf(tokens.length));
    for (int i = 0; i < Math.min(options.depth - 3, tokens.length); i++) {
      String key = tokens[i].contains(Masker.WILDCARD) ? Masker.WILDCARD : tokens[i];
      if (!node.children.containsKey(key) && node.children.size() >= options.maxChildren) {
        key = Masker.WILDCARD;
      }
      node = node.child(key);
    }
    return node;
  }

  private static double similarity(String[] template, String[] tokens) {
    int equal = 0;
    int compared = 0;
    for (int i = 0; i < tokens.length; i++) {
      boolean same = template[i].equals(tokens[i]);
      if (same && tokens[i].equals(Masker.WILDCARD)) {
        continue;
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
      cluster.emit(options.splitWords, texts);
    }
    return texts;
  }

  private static final class Node {
    final Map<String, Node> children = new HashMap<>();
    final List<Cluster> clusters = new ArrayList<>();

    Node child(String key) {
      return children.computeIfAbsent(key, k -> new Node());
    }
  }

  private static final class Cluster {
    final String[] tokens;

    /** Positions that Drain has generalised, as opposed to masked. */
    final boolean[] learned;

    int wildcards;

    /** Distinct lines and their counts; null once they are too many. */
    private Map<List<String>, Long> members = new LinkedHashMap<>();

    Cluster(String[] tokens) {
      this.tokens = tokens.clone();
      this.learned = new boolean[tokens.length];
    }

    void generalise(String[] line) {
      for (int i = 0; i < tokens.length; i++) {
        if (!learned[i] && !tokens[i].equals(line[i])) {
          tokens[i] = Masker.WILDCARD;
          learned[i] = true;
          wildcards++;
        }
      }
    }

    void remember(String[] line, long count) {
      if (members != null) {
        members.merge(Arrays.asList(line), count, Long::sum);
        if (members.size() > MAX_MEMBERS) {
          members = null;
        }
      }
    }

    /** Adds the cluster's template, or those it splits into. */
    void emit(int splitWords, Set<String> texts) {
      List<Integer> splits = splitWords > 1 && members != null ? splits(splitWords) : List.of();
      if (splits.isEmpty()) {
        texts.add(Tokens.join(Arrays.asList(tokens)));
        return;
      }
      for (List<String> member : members.keySet()) {
        List<String> text = new ArrayList<>(Arrays.asList(tokens));
        splits.forEach(i -> text.set(i, member.get(i)));
        texts.add(Tokens.join(text));
      }
    }

    private List<Integer> splits(int splitWords) {
      List<Integer> positions = new ArrayList<>();
      for (int i = 0; i < tokens.length; i++) {
        if (learned[i] && takesFewWords(i, splitWords)) {
          positions.add(i);
        }
      }
      return positions;
    }

    private boolean takesFewWords(int position, int splitWords) {
      Map<String, Long> words = new HashMap<>();
      for (Map.Entry<List<String>, Long> member : members.entrySet()) {
        String word = member.getKey().get(position);
        if (!isWord(word)) {
          return false;
        }
        words.merge(word, member.getValue(), Long::sum);
        if (words.size() > splitWords) {
          return false;
        }
      }
      long lines = words.values().stream().mapToLong(Long::longValue).sum();
      return lines >= (long) LINES_PER_WORD * words.size();
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
