package io.deeplog.count;

import io.deeplog.Pure;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A dense numbering of template ids: 1 to {@link #size}, in the order of the ids; 0 is any other
 * template. With how often each came in what it was made of, so that one vocabulary serves models
 * that leave rare templates out and models that do not: {@link #atLeast}.
 */
@Pure
public final class Vocabulary implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int VERSION_BYTES = 6;

  private final List<String> ids;
  private final long[] counts;
  private final Map<String, Integer> indices = new HashMap<>();
  private final long minCount;

  /** The vocabulary that this one is a part of; null for one that is none. */
  private final Vocabulary whole;

  /** The vocabulary of some template ids, each of which came once. */
  public Vocabulary(Collection<String> templateIds) {
    this(templateIds.stream().distinct().collect(Collectors.toMap(id -> id, id -> 1L)));
  }

  /**
   * The vocabulary of template ids and how often each came.
   *
   * @param counts number of entries by id; 0 for one that came only where it does not count
   */
  public Vocabulary(Map<String, Long> counts) {
    this(new TreeMap<>(counts));
  }

  private Vocabulary(SortedMap<String, Long> sorted) {
    this(
        List.copyOf(sorted.keySet()),
        sorted.values().stream().mapToLong(Long::longValue).toArray(),
        0,
        null);
  }

  private Vocabulary(List<String> ids, long[] counts, long minCount, Vocabulary whole) {
    this.ids = ids;
    this.counts = counts;
    this.minCount = minCount;
    this.whole = whole;
    for (int i = 0; i < ids.size(); i++) {
      indices.put(ids.get(i), i + 1);
    }
  }

  /**
   * The part of this vocabulary, numbered anew, that came often enough: a function of the whole
   * vocabulary and the number, so that a model need not keep it.
   *
   * @param entries least number of entries of a template
   */
  public Vocabulary atLeast(long entries) {
    if (whole != null) {
      return whole.atLeast(Math.max(minCount, entries));
    }
    List<String> left = new ArrayList<>();
    long[] times = new long[counts.length];
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] >= entries) {
        times[left.size()] = counts[i];
        left.add(ids.get(i));
      }
    }
    return left.size() == ids.size()
        ? this
        : new Vocabulary(List.copyOf(left), Arrays.copyOf(times, left.size()), entries, this);
  }

  /** The templates of either, counted together. */
  public Vocabulary plus(Vocabulary other) {
    Map<String, Long> sum = new HashMap<>();
    for (Vocabulary part : List.of(this, other)) {
      for (int i = 0; i < part.counts.length; i++) {
        sum.merge(part.ids.get(i), part.counts[i], Long::sum);
      }
    }
    return new Vocabulary(sum);
  }

  /** The vocabulary that this one is a part of; itself where it is none. */
  public Vocabulary whole() {
    return whole == null ? this : whole;
  }

  /** The number that made it a part of {@link #whole}; 0 where it is none. */
  public long minCount() {
    return minCount;
  }

  /** Number of templates. */
  public int size() {
    return ids.size();
  }

  /** The template ids; the first has index 1. */
  public List<String> ids() {
    return ids;
  }

  /** How often each template came, in the order of {@link #ids}. */
  public long[] counts() {
    return counts.clone();
  }

  /** A template's index, 0 when training never saw it. */
  public int index(String templateId) {
    return indices.getOrDefault(templateId, 0);
  }

  /** Tells vocabularies apart: a hash of the ids and their counts. */
  public String version() {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      for (int i = 0; i < counts.length; i++) {
        hash.update(ids.get(i).getBytes(StandardCharsets.UTF_8));
        // Ids are text: a byte of zero is in none of them.
        hash.update((byte) 0);
        hash.update(ByteBuffer.allocate(Long.BYTES).putLong(counts[i]).array());
      }
      return HexFormat.of().formatHex(hash.digest(), 0, VERSION_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The template of an index from 1 on. */
  public String id(int index) {
    return ids.get(index - 1);
  }
}
