package io.deeplog.spark.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;

/**
 * Texts one behind the other, each behind its length in four bytes: what Parquet calls plain. The
 * smallest and the largest are known, in the order of their bytes.
 */
final class Texts {
  private static final VarHandle FOUR =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** Of arrays, for any JVM. */
  private static final long LONGEST = Integer.MAX_VALUE - 8;

  private byte[] data = new byte[1 << 12];
  private int size;
  private int least = -1;
  private int greatest = -1;

  /**
   * Adds a text.
   *
   * @return its place
   */
  int add(byte[] array, int start, int length) {
    int place = size;
    int end = Math.addExact(size, Integer.BYTES + length);
    if (end > data.length) {
      data = Arrays.copyOf(data, (int) Math.min(LONGEST, 2L * end));
    }
    FOUR.set(data, place, length);
    System.arraycopy(array, start, data, place + Integer.BYTES, length);
    size = end;
    if (least < 0) {
      least = place;
      greatest = place;
    } else if (compare(place, least) < 0) {
      least = place;
    } else if (compare(place, greatest) > 0) {
      greatest = place;
    }
    return place;
  }

  private int compare(int place, int other) {
    return Arrays.compareUnsigned(data, start(place), end(place), data, start(other), end(other));
  }

  private static int start(int place) {
    return place + Integer.BYTES;
  }

  private int end(int place) {
    return start(place) + (int) FOUR.get(data, place);
  }

  /** Whether the text at a place is this one. */
  boolean isAt(int place, byte[] array, int start, int length) {
    return Arrays.equals(data, start(place), end(place), array, start, start + length);
  }

  /** Adds the text at a place of others. */
  void addFrom(Texts others, int place) {
    add(others.data, start(place), others.end(place) - start(place));
  }

  /** Adds the smallest and the largest text, if there is one. */
  void addBounds(Statistics<?> statistics) {
    if (least >= 0) {
      statistics.updateStats(binary(least));
      statistics.updateStats(binary(greatest));
    }
  }

  private Binary binary(int place) {
    return Binary.fromConstantByteArray(Arrays.copyOfRange(data, start(place), end(place)));
  }

  /** Bytes of the texts and their lengths. */
  int size() {
    return size;
  }

  /** The texts that take so many bytes, from the first on. */
  BytesInput bytes(int length) {
    return BytesInput.from(data, 0, length);
  }

  void clear() {
    size = 0;
    least = -1;
    greatest = -1;
  }
}
