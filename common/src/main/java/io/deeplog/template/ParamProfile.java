package io.deeplog.template;

import io.deeplog.Pure;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What the values of one wildcard are: how many distinct ones, of which type, and some of them. The
 * same in whatever order and parts the values come. Types are told of a fair sample of the distinct
 * values, of all where they are few.
 */
@Pure
final class ParamProfile {
  /** Values that are told as examples: those of the smallest hashes, a fair sample. */
  static final int EXAMPLES = 3;

  /** Characters that are told of an example. */
  static final int EXAMPLE_LENGTH = 200;

  private static final List<ParamType> TYPES = List.of(ParamType.values());
  private static final int INTEGERS = TYPES.indexOf(ParamType.INTEGER);
  private static final int DECIMALS = TYPES.indexOf(ParamType.DECIMAL);

  /** Tagged with their types. */
  private final DistinctValues distinct = new DistinctValues();

  /** By ascending hash. */
  private final long[] hashes = new long[EXAMPLES];

  private final String[] examples = new String[EXAMPLES];
  private int kept;

  /**
   * Adds one of some values, which is decoded only when it is new and among the sampled ones.
   *
   * @return hashes that are kept because of it: 0 or 1
   */
  int add(Utf8Slices values, int i, ParamType.Scan scan) {
    long hash = values.hash(i);
    if (!distinct.lacks(hash)) {
      return 0;
    }
    String value = values.text(i);
    distinct.add(hash, TYPES.indexOf(scan.of(value)));
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
    distinct.merge(other.distinct);
    for (int i = 0; i < other.kept; i++) {
      example(other.hashes[i], other.examples[i]);
    }
  }

  /** The type of most distinct values; whole numbers are decimals, too, where there are such. */
  ParamType type() {
    int[] counts = counts();
    int most = 0;
    for (int type = 1; type < counts.length; type++) {
      most = counts[type] > counts[most] ? type : most;
    }
    return TYPES.get(most);
  }

  /** How many of the sampled distinct values have a type. */
  private int[] counts() {
    int[] counts = distinct.tags(TYPES.size());
    if (counts[DECIMALS] > 0) {
      counts[DECIMALS] += counts[INTEGERS];
    }
    return counts;
  }

  /** Share of the distinct values that have the {@link #type}, 0 to 1. */
  double share() {
    int most = Arrays.stream(counts()).max().orElse(0);
    return most == 0 ? 0 : most / (double) distinct.size();
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
    distinct.write(out);
    out.writeInt(kept);
    for (int i = 0; i < kept; i++) {
      out.writeLong(hashes[i]);
      out.writeUTF(examples[i]);
    }
  }

  static ParamProfile read(DataInput in) throws IOException {
    ParamProfile profile = new ParamProfile();
    profile.distinct.merge(DistinctValues.read(in));
    int kept = in.readInt();
    for (int i = 0; i < kept; i++) {
      profile.example(in.readLong(), in.readUTF());
    }
    return profile;
  }
}
