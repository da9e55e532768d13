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
 * Spell (Du and Li, ICDM 2016): a line joins the longest template all of whose words it has in
 * order, if these are enough; else the one with which it has the longest common subsequence of
 * words, when that is at least a share of the line's words, masked ones included. It follows the
 * order of the lines: what a template's lines do not have in common becomes a wildcard, once for
 * ever. A line that came before is not looked at again.
 *
 * <p>Words stand between white space and {@code = : ,}. Of templates with equal subsequences the
 * shorter wins, then the older. A place that has words in some lines and none in others gets a
 * wildcard that takes the blank before it, too: {@code for<*> from} stands for {@code for from} and
 * {@code for bob from}. So does one where the delimiters differ.
 *
 * <p>What is kept and compared is bounded: templates by number, words by line, and subsequences are
 * sought with the templates that share most words. Once there are too many templates, lines that
 * fit none are lines of the one of nothing but a wildcard.
 */
@Pure
public final class SpellMiner implements TemplateMiner {
  /** What ends a word, beside white space. */
  static final String DELIMITERS = "=:,";

  private static final Comparator<Cluster> BY_LENGTH =
      Comparator.comparingInt((Cluster c) -> c.words.size()).thenComparingInt(c -> c.number);

  private static final int MAX_TEMPLATES = 5000;
  private static final int MAX_COMPARED = 50;
  private static final int MAX_WORDS = 256;

  /** More than the masked values of a line can count for. */
  private static final int WORD = 1024;

  private static final int MAX_REMEMBERED = 100_000;

  /**
   * What stands between two constant words, or before the first or behind the last: always the same
   * delimiters, or words with delimiters around them, in some lines perhaps none.
   *
   * @param variable whether words may stand there
   * @param head the delimiters, or those that all lines begin the place with
   * @param tail those that all lines end the place with
   */
  private record Gap(boolean variable, String head, String tail) {
    /** That of a line, with words from one place to before another. */
    static Gap of(Words line, int from, int to) {
      String first = line.glue().get(from);
      if (to == MAX_WORDS) {
        return new Gap(true, first, "");
      }
      return from == to ? new Gap(false, first, "") : new Gap(true, first, line.glue().get(to));
    }

    /** What stands for both places. */
    Gap or(Gap other) {
      if (variable && other.variable) {
        return new Gap(true, commonHead(head, other.head), commonTail(tail, other.tail));
      }
      if (variable) {
        return other.or(this);
      }
      if (!other.variable && head.equals(other.head)) {
        return this;
      }
      // Delimiters alone: what ends the place cannot begin it too.
      String end = commonTail(head, other.variable ? other.tail : other.head);
      String begin = other.variable ? other.head : without(other.head, end);
      return new Gap(true, commonHead(without(head, end), begin), end);
    }

    private static String without(String text, String end) {
      return text.substring(0, text.length() - end.length());
    }

    private static String commonHead(String a, String b) {
      int n = 0;
      while (n < Math.min(a.length(), b.length()) && a.charAt(n) == b.charAt(n)) {
        n++;
      }
      return a.substring(0, n);
    }

    private static String commonTail(String a, String b) {
      int n = 0;
      while (n < Math.min(a.length(), b.length())
          && a.charAt(a.length() - 1 - n) == b.charAt(b.length() - 1 - n)) {
        n++;
      }
      return a.substring(a.length() - n);
    }

    String text() {
      return variable ? head + Masker.WILDCARD + tail : head;
    }
  }

  private static final class Cluster {
    final int number;

    /** Constant words. */
    List<String> words;

    /** Before every constant word, and behind the last one. */
    List<Gap> gaps = new ArrayList<>();

    Cluster(int number, Words line) {
      this.number = number;
      this.words = List.copyOf(line.words());
      for (int i = 0; i <= words.size(); i++) {
        gaps.add(Gap.of(line, i, i));
      }
    }

    /**
     * Takes a line.
     *
     * @param kept places of the words of the template that stay, in order
     * @param places of those words in the line
     */
    void take(int[] kept, int[] places, Words line) {
      List<Gap> taken = new ArrayList<>(kept.length + 1);
      List<String> constants = new ArrayList<>(kept.length);
      for (int i = 0; i <= kept.length; i++) {
        int from = i == 0 ? 0 : kept[i - 1] + 1;
        int to = i == kept.length ? words.size() : kept[i];
        Gap own = gaps.get(from);
        if (from < to) {
          Gap last = gaps.get(to);
          own = new Gap(true, own.head, last.variable ? last.tail : last.head);
        }
        taken.add(
            own.or(
                Gap.of(
                    line,
                    i == 0 ? 0 : places[i - 1] + 1,
                    i == kept.length ? line.words().size() : places[i])));
        if (i < kept.length) {
          constants.add(words.get(kept[i]));
        }
      }
      words = constants;
      gaps = taken;
    }

    String text() {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i <= words.size(); i++) {
        text.append(gaps.get(i).text());
        if (i < words.size()) {
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
    Words line = Words.of(maskedLine, DELIMITERS);
    if (line.words().size() > MAX_WORDS) {
      line = new Words(line.words().subList(0, MAX_WORDS), line.glue().subList(0, MAX_WORDS + 1));
    }
    List<String> words = line.words();
    List<Cluster> candidates = candidates(words);
    Cluster best = within(candidates, words);
    int[][] bestPairs = best == null ? null : common(best.words, words);
    if (best == null) {
      for (Cluster candidate : candidates) {
        int[][] pairs = common(candidate.words, words);
        int longer =
            best == null ? pairs[0].length : Integer.compare(pairs[0].length, bestPairs[0].length);
        boolean better =
            longer > 0 || (longer == 0 && best != null && BY_LENGTH.compare(candidate, best) < 0);
        if (better && pairs[0].length >= tau * words.size()) {
          best = candidate;
          bestPairs = pairs;
        }
      }
    }
    if (best != null) {
      List<String> before = best.words;
      best.take(bestPairs[0], bestPairs[1], line);
      if (best.words.size() < before.size()) {
        Set<String> left = new LinkedHashSet<>(before);
        left.removeAll(Set.copyOf(best.words));
        for (String word : left) {
          byWord.get(word).remove(best);
        }
      }
    } else if (clusters.size() < MAX_TEMPLATES) {
      Cluster cluster = new Cluster(clusters.size(), line);
      clusters.add(cluster);
      words.forEach(word -> byWord.computeIfAbsent(word, k -> new LinkedHashSet<>()).add(cluster));
    } else {
      overflow = true;
    }
  }

  /** The longest template all of whose words the line has, in order and enough of them, or null. */
  private Cluster within(List<Cluster> candidates, List<String> words) {
    Cluster best = null;
    long longest = 0;
    for (Cluster candidate : candidates) {
      long length = constants(candidate.words);
      if (length > longest
          && length >= tau * constants(words)
          && isWithin(candidate.words, words)) {
        best = candidate;
        longest = length;
      }
    }
    return best;
  }

  private static boolean isWithin(List<String> template, List<String> words) {
    int place = 0;
    for (String word : template) {
      if (!word.equals(Masker.WILDCARD)) {
        while (place < words.size() && !words.get(place).equals(word)) {
          place++;
        }
        if (place++ >= words.size()) {
          return false;
        }
      }
    }
    return true;
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

  /** A constant word is worth more than all masked values: templates keep those they can. */
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
