package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Spell (Du and Li, ICDM 2016): a line joins the template with which it has the longest common
 * subsequence of words, when that is at least a share of the line's words; masked values are in the
 * sequences but not counted. It follows the order of the lines: what a template's lines do not have
 * in common becomes a wildcard, once for ever. A line that came before is not looked at again.
 *
 * <p>Words stand between single blanks. Of templates with equal subsequences the shorter wins, then
 * the older. A place that has words in some lines and none in others gets a wildcard that takes the
 * blank before it, too: {@code for<*> from} stands for {@code for from} and {@code for bob from}.
 *
 * <p>What is kept and compared is bounded: templates by number, words by line, and subsequences are
 * sought with the templates that share most words. Once there are too many templates, lines that
 * fit none are lines of the one of nothing but a wildcard.
 */
@Pure
public final class SpellMiner implements TemplateMiner {
  /** The share of the paper. */
  public static final double TAU = 0.5;

  private static final int MAX_TEMPLATES = 5000;
  private static final int MAX_COMPARED = 50;
  private static final int MAX_WORDS = 256;

  /** More than the masked values of a line can count for. */
  private static final int WORD = 1024;

  private static final int MAX_REMEMBERED = 100_000;

  private static final class Cluster {
    final int number;

    /** Constant words. */
    List<String> words;

    /**
     * For the place before every constant word, and that behind the last one: whether some lines
     * have words there, and whether some have none.
     */
    boolean[] filled;

    boolean[] empty;

    Cluster(int number, List<String> words, boolean tail) {
      this.number = number;
      this.words = words;
      filled = new boolean[words.size() + 1];
      empty = new boolean[words.size() + 1];
      Arrays.fill(empty, true);
      filled[words.size()] = tail;
      empty[words.size()] = !tail;
    }

    /**
     * Takes a line.
     *
     * @param kept places of the words of the template that stay, in order
     * @param places of those words in the line
     */
    void take(int[] kept, int[] places, int lineWords, boolean tail) {
      boolean[] newFilled = new boolean[kept.length + 1];
      boolean[] newEmpty = new boolean[kept.length + 1];
      for (int i = 0; i <= kept.length; i++) {
        int before = i == 0 ? -1 : kept[i - 1];
        int next = i == kept.length ? words.size() : kept[i];
        int from = i == 0 ? -1 : places[i - 1];
        int to = i == kept.length ? lineWords : places[i];
        boolean has = to - from > 1 || (tail && i == kept.length);
        boolean dropped = next - before > 1;
        newFilled[i] = has || dropped || filled[next];
        newEmpty[i] = !has || (!dropped && empty[next]);
      }
      List<String> constants = new ArrayList<>(kept.length);
      for (int place : kept) {
        constants.add(words.get(place));
      }
      words = constants;
      filled = newFilled;
      empty = newEmpty;
    }

    String text() {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i <= words.size(); i++) {
        boolean first = i == 0;
        boolean last = i == words.size();
        if (filled[i] && empty[i] && !(first && last)) {
          text.append(Masker.WILDCARD);
          if (!first && !last) {
            text.append(' ');
          }
        } else if (filled[i]) {
          text.append(first ? "" : " ").append(Masker.WILDCARD).append(last ? "" : " ");
        } else if (!first && !last) {
          text.append(' ');
        }
        if (!last) {
          text.append(words.get(i));
        }
      }
      return text.toString().replace(Masker.WILDCARD + Masker.WILDCARD, Masker.WILDCARD);
    }
  }

  private final double tau;
  private final List<Cluster> clusters = new ArrayList<>();

  /** Templates by each of their constant words. */
  private final Map<String, Set<Cluster>> byWord = new HashMap<>();

  private final Map<String, Boolean> seen =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private boolean overflow;

  /**
   * A miner without templates.
   *
   * @param tau least share of a line's words in the common subsequence, 0 to 1
   */
  public SpellMiner(double tau) {
    this.tau = tau;
  }

  @Override
  public void add(String maskedLine, long count) {
    if (seen.put(maskedLine, true) != null) {
      return;
    }
    List<String> words = Tokens.split(maskedLine);
    boolean tail = words.size() > MAX_WORDS;
    if (tail) {
      words = words.subList(0, MAX_WORDS);
    }
    Cluster best = null;
    int[][] bestPairs = null;
    int longest = 0;
    for (Cluster candidate : candidates(words)) {
      int[][] pairs = common(candidate.words, words);
      int length = 0;
      for (int place : pairs[1]) {
        length += value(words.get(place));
      }
      boolean better =
          length > longest
              || (length == longest
                  && best != null
                  && Comparator.comparingInt((Cluster c) -> c.words.size())
                          .thenComparingInt(c -> c.number)
                          .compare(candidate, best)
                      < 0);
      int sharedWords = length / WORD;
      if (better && sharedWords >= tau * constants(words)) {
        best = candidate;
        bestPairs = pairs;
        longest = length;
      }
    }
    if (best != null) {
      List<String> before = best.words;
      best.take(bestPairs[0], bestPairs[1], words.size(), tail);
      if (best.words.size() < before.size()) {
        Set<String> left = new LinkedHashSet<>(before);
        left.removeAll(Set.copyOf(best.words));
        for (String word : left) {
          byWord.get(word).remove(best);
        }
      }
    } else if (clusters.size() < MAX_TEMPLATES) {
      Cluster cluster = new Cluster(clusters.size(), List.copyOf(words), tail);
      clusters.add(cluster);
      words.forEach(word -> byWord.computeIfAbsent(word, k -> new LinkedHashSet<>()).add(cluster));
    } else {
      overflow = true;
    }
  }

  /** Templates that share enough words with a line, those that share most first. */
  private List<Cluster> candidates(List<String> words) {
    Map<Cluster, Integer> shared = new HashMap<>();
    for (String word : words) {
      for (Cluster cluster : byWord.getOrDefault(word, Set.of())) {
        shared.merge(cluster, 1, Integer::sum);
      }
    }
    List<Cluster> result = new ArrayList<>();
    shared.forEach(
        (cluster, n) -> {
          if (n >= tau * constants(words)) {
            result.add(cluster);
          }
        });
    result.sort(
        Comparator.comparingInt((Cluster c) -> -shared.get(c)).thenComparingInt(c -> c.number));
    return result.size() <= MAX_COMPARED ? result : result.subList(0, MAX_COMPARED);
  }

  /** Places of a longest common subsequence in both. */
  private static int[][] common(List<String> a, List<String> b) {
    int[][] lengths = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int k = b.size() - 1; k >= 0; k--) {
        lengths[i][k] =
            a.get(i).equals(b.get(k))
                ? lengths[i + 1][k + 1] + value(a.get(i))
                : Math.max(lengths[i + 1][k], lengths[i][k + 1]);
      }
    }
    int[][] pairs = new int[2][Math.min(a.size(), b.size())];
    int i = 0;
    int k = 0;
    int n = 0;
    while (i < a.size() && k < b.size()) {
      if (a.get(i).equals(b.get(k))) {
        pairs[0][n] = i++;
        pairs[1][n++] = k++;
      } else if (lengths[i + 1][k] >= lengths[i][k + 1]) {
        i++;
      } else {
        k++;
      }
    }
    return new int[][] {Arrays.copyOf(pairs[0], n), Arrays.copyOf(pairs[1], n)};
  }

  /** A masked value in both lines is no likeness that counts; it only decides between equals. */
  private static int value(String word) {
    return word.equals(Masker.WILDCARD) ? 1 : WORD;
  }

  private static int constants(List<String> words) {
    return words.size() - Collections.frequency(words, Masker.WILDCARD);
  }

  @Override
  public Iterable<String> templates() {
    Set<String> texts = new LinkedHashSet<>();
    clusters.forEach(cluster -> texts.add(cluster.text()));
    if (overflow) {
      texts.add(Masker.WILDCARD);
    }
    return Collections.unmodifiableSet(texts);
  }
}
