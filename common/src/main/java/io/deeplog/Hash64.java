package io.deeplog;

/** Hashes that are the same on every machine and in every run. */
@Pure
public final class Hash64 {
  private Hash64() {}

  /** FNV-1a over the characters; its low bits are good, its high ones need {@link #mix}. */
  public static long of(String text) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      h = (h ^ text.charAt(i)) * 0x100000001b3L;
    }
    return h;
  }

  /** FNV-1a over bytes; of a text of ASCII in UTF-8 the same as of its characters. */
  public static long of(byte[] bytes) {
    long h = 0xcbf29ce484222325L;
    for (byte b : bytes) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    return h;
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
