package io.deeplog.template;

import io.deeplog.Hash64;
import io.deeplog.Pure;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * How many distinct hashes were seen: exact up to {@value #EXACT}, above an estimate from the
 * smallest of them (k minimum values: of n hashes spread evenly over [0, 1) the k-th smallest is
 * near k / n; Bar-Yossef et al., 2002), with a standard error of about 3 %. The smallest hashes are
 * the same in whatever order and parts the values come, and so is the number. With each hash a
 * small tag is kept, told by the value: what the values of the smallest hashes are, a fair sample
 * of the distinct ones, costs nothing for all others.
 */
@Pure
final class DistinctValues {
  /** Smallest hashes that are kept at the end. */
  static final int EXACT = 1024;

  private static final double RANGE = 0x1p63;

  /** A set by open addressing; 0 is a free place. */
  private long[] table = new long[16];

  private byte[] tags = new byte[16];
  private int size;

  /** Hashes from here on are not among the smallest. */
  private long limit = Long.MAX_VALUE;

  /** The hash of a text in UTF-8, in a part of an array, as it is kept: 1 to 2^63 - 1. */
  static long hash(byte[] array, int start, int length) {
    return Math.max(1, Hash64.mix(Hash64.of(array, start, length)) >>> 1);
  }

  /** Whether a {@link #hash} is among the smallest and not kept yet. */
  boolean lacks(long hash) {
    return hash < limit && table[place(hash)] != hash;
  }

  /**
   * Adds a {@link #hash}, unless it is kept or not among the smallest.
   *
   * @param tag told by the hashed value, 0 to 127
   */
  void add(long hash, int tag) {
    if (!lacks(hash)) {
      return;
    }
    insert(hash, (byte) tag);
    if (size > 2 * EXACT) {
      trim();
    } else if (2 * size > table.length) {
      long[] hashes = table;
      byte[] old = tags;
      table = new long[hashes.length * 2];
      tags = new byte[table.length];
      size = 0;
      for (int i = 0; i < hashes.length; i++) {
        if (hashes[i] != 0) {
          insert(hashes[i], old[i]);
        }
      }
    }
  }

  /** Where a hash is, or the free place where it would be. */
  private int place(long hash) {
    int place = (int) hash & (table.length - 1);
    while (table[place] != 0 && table[place] != hash) {
      place = (place + 1) & (table.length - 1);
    }
    return place;
  }

  private void insert(long hash, byte tag) {
    int place = place(hash);
    table[place] = hash;
    tags[place] = tag;
    size++;
  }

  private void trim() {
    if (size <= EXACT) {
      return;
    }
    long[] hashes = Arrays.stream(table).filter(hash -> hash != 0).toArray();
    Arrays.sort(hashes);
    byte[] kept = new byte[EXACT];
    for (int i = 0; i < EXACT; i++) {
      kept[i] = tags[place(hashes[i])];
    }
    limit = hashes[EXACT - 1] + 1;
    Arrays.fill(table, 0);
    size = 0;
    for (int i = 0; i < EXACT; i++) {
      insert(hashes[i], kept[i]);
    }
  }

  /** How many of the kept hashes have each tag, at most {@value #EXACT} in all. */
  int[] tags(int number) {
    trim();
    int[] counts = new int[number];
    for (int i = 0; i < table.length; i++) {
      if (table[i] != 0) {
        counts[tags[i]]++;
      }
    }
    return counts;
  }

  /** How many hashes are kept. */
  int size() {
    return size;
  }

  /** Adds what another has seen. */
  void merge(DistinctValues other) {
    limit = Math.min(limit, other.limit);
    for (int i = 0; i < other.table.length; i++) {
      if (other.table[i] != 0) {
        add(other.table[i], other.tags[i]);
      }
    }
  }

  /** Whether {@link #count} is no estimate. */
  boolean isExact() {
    return limit == Long.MAX_VALUE && size <= EXACT;
  }

  /** The number of distinct hashes. */
  long count() {
    trim();
    if (limit == Long.MAX_VALUE) {
      return size;
    }
    return Math.round((EXACT - 1) / ((limit - 1) / RANGE));
  }

  void write(DataOutput out) throws IOException {
    trim();
    out.writeLong(limit);
    out.writeInt(size);
    for (int i = 0; i < table.length; i++) {
      if (table[i] != 0) {
        out.writeLong(table[i]);
        out.writeByte(tags[i]);
      }
    }
  }

  static DistinctValues read(DataInput in) throws IOException {
    DistinctValues values = new DistinctValues();
    long limit = in.readLong();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      values.add(in.readLong(), in.readByte());
    }
    values.limit = limit;
    return values;
  }
}
