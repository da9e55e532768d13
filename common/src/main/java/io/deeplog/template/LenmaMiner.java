package io.deeplog.template;

import io.deeplog.Pure;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * LenMa (Shima 2016): a line joins the template whose vector of word lengths is most like its own.
 * It follows the order of the lines: every line that joins may change the template, whose length
 * vector becomes the line's.
 *
 * <p>Words stand between white space. A template is a candidate when it has as many words and the
 * same first one. Its score is 1 when its words fit the line's at every place; 0 when fewer than
 * {@value #LEAST_SAME} places hold the same word, not counting wildcards; else the cosine of the
 * two length vectors. The best score that reaches the threshold wins, of equal ones the oldest.
 *
 * <p>Ids are those of the program this project began with: eight hexadecimal digits of the MD5 of
 * the template's characters, joined by blanks, where a wildcard that was learned (as opposed to a
 * masked value) is empty and words are one blank apart. Lines of one template may differ in their
 * white space between constant words: the first form has that id, others the hash of their text.
 *
 * <p>What is kept is bounded: a group of candidates that is full takes all lines that fit none of
 * them as lines of one template of nothing but wildcards.
 */
@Pure
public final class LenmaMiner implements TemplateMiner {
  /** The threshold of the program this project began with. */
  public static final double THRESHOLD = 0.88;

  /** Its masks, IP addresses and times of day. */
  static final List<String> MASKS = List.of("ip: (\\d+\\.){3}\\d+", "time: \\d{2}:\\d{2}:\\d{2}");

  private static final int LEAST_SAME = 3;

  /** Templates of one number of words and first word. */
  private static final int MAX_CANDIDATES = 1000;

  /** All templates. */
  private static final int MAX_TEMPLATES = 100_000;

  /** Forms of a template's white space. */
  private static final int MAX_FORMS = 100;

  private static final int ID_HEX_DIGITS = 8;

  private static final class Cluster {
    /** Null where a wildcard was learned. */
    final String[] words;

    int[] lengths;

    /** White space before every word and behind the last, in the order of its coming. */
    final Set<List<String>> forms = new LinkedHashSet<>();

    Cluster(String[] words) {
      this.words = words.clone();
    }
  }

  private final double threshold;
  private final Map<List<String>, List<Cluster>> groups = new HashMap<>();
  private final List<Cluster> clusters = new ArrayList<>();

  /** Those of nothing but wildcards, by the words' number and perhaps the first word. */
  private final Map<List<String>, Cluster> overflow = new HashMap<>();

  private String last;

  /**
   * A miner without templates.
   *
   * @param threshold least cosine of two length vectors, 0 to 1
   */
  public LenmaMiner(double threshold) {
    this.threshold = threshold;
  }

  @Override
  public void add(String maskedLine, long count) {
    if (maskedLine.equals(last)) {
      // It fits the template it has just joined, and would change nothing.
      return;
    }
    last = maskedLine;
    Words cut = Words.of(maskedLine);
    String[] words = cut.words().toArray(new String[0]);
    int[] lengths = new int[words.length];
    for (int i = 0; i < words.length; i++) {
      lengths[i] = words[i].codePointCount(0, words[i].length());
    }
    List<String> group = List.of(String.valueOf(words.length), words.length == 0 ? "" : words[0]);
    List<Cluster> candidates = groups.computeIfAbsent(group, k -> new ArrayList<>());
    Cluster best = null;
    double bestScore = -1;
    for (Cluster candidate : candidates) {
      double score = score(candidate, words, lengths);
      if (score >= threshold && score > bestScore) {
        best = candidate;
        bestScore = score;
      }
    }
    if (best == null) {
      best = start(words, group, candidates);
    }
    for (int i = 0; i < words.length; i++) {
      if (best.words[i] != null && !best.words[i].equals(words[i])) {
        best.words[i] = null;
      }
    }
    best.lengths = lengths;
    if (best.forms.size() < MAX_FORMS) {
      best.forms.add(cut.glue());
    }
  }

  private Cluster start(String[] words, List<String> group, List<Cluster> candidates) {
    if (clusters.size() < MAX_TEMPLATES && candidates.size() < MAX_CANDIDATES) {
      Cluster cluster = new Cluster(words);
      candidates.add(cluster);
      clusters.add(cluster);
      return cluster;
    }
    boolean full = clusters.size() >= MAX_TEMPLATES;
    if (candidates.isEmpty()) {
      groups.remove(group);
    }
    return overflow.computeIfAbsent(
        full ? group.subList(0, 1) : group,
        k -> {
          Cluster cluster = new Cluster(new String[words.length]);
          if (!full && words.length > 0) {
            cluster.words[0] = words[0];
          }
          return cluster;
        });
  }

  private static double score(Cluster cluster, String[] words, int[] lengths) {
    int same = 0;
    boolean fits = true;
    for (int i = 0; i < words.length; i++) {
      String word = cluster.words[i];
      if (word != null) {
        boolean equal = word.equals(words[i]);
        same += equal ? 1 : 0;
        fits &= equal;
      }
    }
    if (fits) {
      return 1;
    }
    return same < LEAST_SAME ? 0 : cosine(cluster.lengths, lengths);
  }

  private static double cosine(int[] a, int[] b) {
    long ab = 0;
    long aa = 0;
    long bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (long) a[i] * b[i];
      aa += (long) a[i] * a[i];
      bb += (long) b[i] * b[i];
    }
    return ab / Math.sqrt((double) aa * bb);
  }

  @Override
  public Iterable<String> templates() {
    List<Cluster> all = new ArrayList<>(clusters);
    all.addAll(overflow.values());
    Map<String, String> ids = new LinkedHashMap<>();
    Set<String> given = new LinkedHashSet<>();
    for (Cluster cluster : all) {
      String id = originalId(cluster.words);
      for (List<String> form : cluster.forms) {
        String text =
            new Words(List.of(), form).text(Arrays.asList(cluster.words), Objects::isNull);
        if (!ids.containsKey(text)) {
          ids.put(text, given.add(id) ? id : Template.id(text));
        }
      }
    }
    List<String> results = new ArrayList<>();
    ids.forEach((text, id) -> results.add(id + " " + text));
    return results;
  }

  /** The id that the original gives a template. */
  private static String originalId(String[] words) {
    StringBuilder spaced = new StringBuilder();
    for (int i = 0; i < words.length; i++) {
      if (i > 0) {
        spaced.append(spaced.length() > 0 ? " " : "").append(' ');
      }
      String word = words[i] == null ? "" : words[i];
      word.codePoints()
          .forEach(c -> spaced.append(spaced.length() > 0 ? " " : "").appendCodePoint(c));
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("MD5")
              .digest(spaced.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_HEX_DIGITS / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  /** A template of a result. */
  static Template template(String result) {
    int blank = result.indexOf(' ');
    return new Template(result.substring(0, blank), result.substring(blank + 1));
  }
}
