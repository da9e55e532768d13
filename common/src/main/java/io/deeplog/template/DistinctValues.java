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
 * the same in whatever order and parts the values come, and so is the number.
 */
@Pure
final class DistinctValues {
  /** Smallest hashes that are kept at the end. */
  static final int EXACT = 1024;

  private static final double RANGE = 0x1p63;

  /** A set by open addressing; 0 is a free place. */
  private long[] table = new long[16];

  private int size;

  /** Hashes from here on are not among the smallest. */
  private long limit = Long.MAX_VALUE;

  /** The hash of a text as it is kept: 1 to 2^63 - 1. */
  static long hash(String text) {
    return Math.max(1, Hash64.mix(Hash64.of(text)) >>> 1);
  }

  /**
   * Adds a {@link #hash}.
   *
   * @return whether it is kept and was not before
   */
  boolean add(long hash) {
    if (hash >= limit || !insert(hash)) {
      return false;
    }
    if (size > 2 * EXACT) {
      trim();
    } else if (2 * size > table.length) {
      long[] old = table;
      table = new long[old.length * 2];
      size = 0;
      for (long kept : old) {
        if (kept != 0) {
          insert(kept);
        }
      }
    }
    return true;
  }

  private boolean insert(long hash) {
    int place = (int) hash & (table.length - 1);
    while (table[place] != 0) {
      if (table[place] == hash) {
        return false;
      }
      place = (place + 1) & (table.length - 1);
    }
    table[place] = hash;
    size++;
    return true;
  }

  private long[] sorted() {
    long[] hashes = Arrays.stream(table).filter(hash -> hash != 0).toArray();
    Arrays.sort(hashes);
    return hashes;
  }

  private void trim() {
    if (size <= EXACT) {
      return;
    }
    long[] hashes = sorted();
    limit = hashes[EXACT - 1] + 1;
    Arrays.fill(table, 0);
    size = 0;
    for (int i = 0; i < EXACT; i++) {
      insert(hashes[i]);
    }
  }

  /** How many hashes are kept. */
  int size() {
    return size;
  }

  /** Adds what another has seen. */
  void merge(DistinctValues other) {
    limit = Math.min(limit, other.limit);
    for (long hash : other.table) {
      if (hash != 0) {
        add(hash);
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
    for (long hash : table) {
      if (hash != 0) {
        out.writeLong(hash);
      }
    }
  }

  static DistinctValues read(DataInput in) throws IOException {
    DistinctValues values = new DistinctValues();
    long limit = in.readLong();
    int size = in.readInt();
    for (int i = 0; i < size; i++) {
      values.add(in.readLong());
    }
    values.limit = limit;
    return values;
  }
}
