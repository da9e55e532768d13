package io.deeplog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Hashes that are the same on every machine and in every run. */
@Pure
public final class Hash64 {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ODD = 0x9e3779b97f4a7c15L;

  private Hash64() {}

  /** FNV-1a over the characters; its low bits are good, its high ones need {@link #mix}. */
  public static long of(String text) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x100000001b3L;
    }
    return h;
  }

  /**
   * A hash of bytes, eight at a time. Its bits are good enough for tables; what is to be spread
   * evenly needs {@link #mix}.
   */
  public static long of(byte[] bytes, int start, int length) {
    long h = length;
    int position = start;
    int end = start + length;
    for (; position + Long.BYTES <= end; position += Long.BYTES) {
      h = next(h, (long) EIGHT.get(bytes, position));
    }
    long rest = 0;
    for (; position < end; position++) {
      rest = rest << Byte.SIZE | (bytes[position] & 0xff);
    }
    return next(h, rest);
  }

  /** A hash of what was hashed so far and eight bytes more. */
  public static long next(long hash, long eight) {
    long mixed = (hash ^ eight) * ODD;
    return mixed ^ (mixed >>> 29);
  }

  /**
   * Spreads every bit over all, no two numbers to the same: the finalizer of SplitMix64 (Steele,
   * Lea and Flood, OOPSLA 2014).
   */
  public static long mix(long z) {
    long y = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    y = (y ^ (y >>> 27)) * 0x94d049bb133111ebL;
    return y ^ (y >>> 31);
  }
}
