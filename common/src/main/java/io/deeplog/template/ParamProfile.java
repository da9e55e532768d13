package io.deeplog.template;

import io.deeplog.Pure;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the values of one wildcard are: how many of each type, how many distinct ones, and some of
 * them. The same in whatever order and parts the values come.
 */
@Pure
final class ParamProfile {
  /** Values that are told as examples: those of the smallest hashes, a fair sample. */
  static final int EXAMPLES = 3;

  /** Characters that are told of an example. */
  static final int EXAMPLE_LENGTH = 200;

  private static final ParamType[] TYPES = ParamType.values();

  private final Map<ParamType, Long> types = new EnumMap<>(ParamType.class);
  private final DistinctValues distinct = new DistinctValues();

  /** By ascending hash. */
  private final long[] hashes = new long[EXAMPLES];

  private final String[] examples = new String[EXAMPLES];
  private int kept;

  /**
   * Adds a value.
   *
   * @return hashes that are kept because of it: 0 or 1
   */
  int add(String value, ParamType.Scan scan) {
    types.merge(scan.of(value), 1L, Long::sum);
    long hash = DistinctValues.hash(value);
    if (!distinct.add(hash)) {
      return 0;
    }
    example(hash, value.length() <= EXAMPLE_LENGTH ? value : value.substring(0, EXAMPLE_LENGTH));
    return 1;
  }

  private void example(long hash, String value) {
    int place = kept;
    while (place > 0 && hashes[place - 1] >= hash) {
      place--;
    }
    if (place == EXAMPLES || (place < kept && hashes[place] == hash)) {
      return;
    }
    kept = Math.min(kept + 1, EXAMPLES);
    System.arraycopy(hashes, place, hashes, place + 1, kept - place - 1);
    System.arraycopy(examples, place, examples, place + 1, kept - place - 1);
    hashes[place] = hash;
    examples[place] = value;
  }

  /** Adds what another has seen. */
  void merge(ParamProfile other) {
    other.types.forEach((type, count) -> types.merge(type, count, Long::sum));
    distinct.merge(other.distinct);
    for (int i = 0; i < other.kept; i++) {
      example(other.hashes[i], other.examples[i]);
    }
  }

  /** The number of values. */
  private long count() {
    long count = 0;
    for (long n : types.values()) {
      count += n;
    }
    return count;
  }

  /** The type of most values; whole numbers are decimals, too, where there are such. */
  ParamType type() {
    ParamType most = ParamType.EMPTY;
    for (ParamType type : TYPES) {
      if (count(type) > count(most)) {
        most = type;
      }
    }
    return most;
  }

  /** How many values have a type. */
  private long count(ParamType type) {
    long count = types.getOrDefault(type, 0L);
    boolean decimals = type == ParamType.DECIMAL && count > 0;
    return count + (decimals ? types.getOrDefault(ParamType.INTEGER, 0L) : 0);
  }

  /** Share of the values that have the {@link #type}, 0 to 1. */
  double share() {
    return count() == 0 ? 0 : count(type()) / (double) count();
  }

  /** The number of distinct values, or nearly so. */
  long distinct() {
    return distinct.count();
  }

  /** Whether {@link #distinct} is exact. */
  boolean isExact() {
    return distinct.isExact();
  }

  /** Some values in the order of their text. */
  List<String> examples() {
    List<String> result = new ArrayList<>();
    for (int i = 0; i < kept; i++) {
      result.add(examples[i]);
    }
    Collections.sort(result);
    return result;
  }

  void write(DataOutput out) throws IOException {
    for (ParamType type : TYPES) {
      out.writeLong(types.getOrDefault(type, 0L));
    }
    distinct.write(out);
    out.writeInt(kept);
    for (int i = 0; i < kept; i++) {
      out.writeLong(hashes[i]);
      out.writeUTF(examples[i]);
    }
  }

  static ParamProfile read(DataInput in) throws IOException {
    ParamProfile profile = new ParamProfile();
    for (ParamType type : TYPES) {
      long count = in.readLong();
      if (count > 0) {
        profile.types.put(type, count);
      }
    }
    profile.distinct.merge(DistinctValues.read(in));
    int kept = in.readInt();
    for (int i = 0; i < kept; i++) {
      profile.example(in.readLong(), in.readUTF());
    }
    return profile;
  }
}
