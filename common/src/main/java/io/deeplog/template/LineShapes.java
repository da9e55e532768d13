package io.deeplog.template;

import io.deeplog.Hash64;
import io.deeplog.Pure;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Masks lines and remembers their shapes. A masker asks whether a character is a digit, never which
 * one: lines that differ in nothing but the digits at the same places have their values at the same
 * places, and most lines of a log are like one before in that. What a caller finds for a shape it
 * can keep with it. Nothing depends on what is remembered but the time.
 *
 * <p>Not for use by several threads.
 *
 * @param <T> what the caller keeps with a shape
 */
@Pure
final class LineShapes<T> {
  /** A power of two. A shape of the usual line takes less than a kilobyte. */
  private static final int SLOTS = 1 << 15;

  /** Longer lines are rarely alike. */
  private static final int MOST_BYTES = 512;

  /** Lines after which it is seen whether remembering pays. */
  private static final int TRIAL = 1 << 16;

  /** Of the lines of a trial, so many must be like one before: a quarter. */
  private static final int LEAST_HITS = TRIAL / 4;

  /** Trials that are left out after one that did not pay. */
  private static final int PAUSE = 15;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ZEROS = 0x3030303030303030L;
  private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;
  private static final long HIGH_BITS = ~LOW_BITS;

  /** From 10 on, these carry into the high bit of a byte. */
  private static final long ABOVE_NINE = 0x7676767676767676L;

  private final Masker masker;
  private final Consumer<Shape<T>> leaving;
  private final Shape<T>[] slots;
  private final boolean remembers;
  private int lines;
  private int hits;
  private int pause;

  /** The last line with its digits made 0. */
  private final byte[] zeroed = new byte[MOST_BYTES];

  /** Shapes of lines, with nothing to do for those that are forgotten. */
  LineShapes(Masks masks) {
    this(masks, shape -> {});
  }

  /**
   * Shapes of lines.
   *
   * @param leaving takes each remembered shape before it is forgotten; {@link #forget} forgets all
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  LineShapes(Masks masks, Consumer<Shape<T>> leaving) {
    this.masker = new Masker(masks);
    this.leaving = leaving;
    // A user's mask can ask for certain digits.
    this.remembers = masks.custom().isEmpty();
    this.slots = remembers ? new Shape[SLOTS] : new Shape[0];
  }

  /**
   * Where the values of a line are, in it and in the masked line, and what both have in common with
   * all lines that differ in their digits only.
   *
   * @param <T> what the caller keeps
   */
  @Pure
  static final class Shape<T> {
    /** The line's bytes with all digits 0; null when the shape is not remembered. */
    private final byte[] key;

    private final long hash;

    /** Of each value the start and the end in the line, and the end in the masked line. */
    private final int[] bounds;

    /** Null when the masked line itself has digits: lines of one shape can then differ. */
    private final String masked;

    private T kept;

    private Shape(byte[] key, long hash, int[] bounds, String masked) {
      this.key = key;
      this.hash = hash;
      this.bounds = bounds;
      this.masked = masked;
    }

    /** Whether all lines of the shape have the same masked line and the shape is remembered. */
    boolean isShared() {
      return key != null && masked != null;
    }

    /** The masked line of a line of this shape. */
    String masked(String line) {
      if (masked != null) {
        return masked;
      }
      StringBuilder text = new StringBuilder(line.length());
      int from = 0;
      for (int value = 0; value < count(); value++) {
        text.append(line, from, start(value)).append(Masker.WILDCARD);
        from = end(value);
      }
      return text.append(line, from, line.length()).toString();
    }

    /** Number of values. */
    int count() {
      return bounds.length / 3;
    }

    private int start(int value) {
      return bounds[3 * value];
    }

    /** Where a value ends in the line, in characters. */
    int end(int value) {
      return bounds[3 * value + 1];
    }

    /** Where the wildcard of a value ends in the masked line. */
    int maskedEnd(int value) {
      return bounds[3 * value + 2];
    }

    /** What the caller keeps with the shape, null at first. */
    T kept() {
      return kept;
    }

    /** Keeps something with the shape, of which {@link #isShared} must be true. */
    void keep(T what) {
      kept = what;
    }
  }

  /** The shape of a line; not remembered where half of a surrogate pair makes UTF-8 lose some. */
  Shape<T> of(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return new String(bytes, StandardCharsets.UTF_8).equals(line)
        ? of(bytes)
        : masked(line, null, 0);
  }

  /** The shape of a line in UTF-8, which is decoded for new shapes only. */
  Shape<T> of(byte[] line) {
    if (!remembers || line.length > MOST_BYTES || isPaused()) {
      return masked(new String(line, StandardCharsets.UTF_8), null, 0);
    }
    long hash = zeroDigits(line);
    Shape<T> known = known(hash, line.length);
    return known == null
        ? added(new String(line, StandardCharsets.UTF_8), hash, line.length)
        : known;
  }

  private Shape<T> known(long hash, int length) {
    Shape<T> shape = slots[slot(hash)];
    if (shape == null
        || shape.hash != hash
        || !Arrays.equals(shape.key, 0, shape.key.length, zeroed, 0, length)) {
      return null;
    }
    hits++;
    return shape;
  }

  private Shape<T> added(String line, long hash, int length) {
    int slot = slot(hash);
    if (slots[slot] != null) {
      leaving.accept(slots[slot]);
    }
    slots[slot] = masked(line, Arrays.copyOf(zeroed, length), hash);
    return slots[slot];
  }

  private static int slot(long hash) {
    return (int) (hash >>> 32) & (SLOTS - 1);
  }

  /** Forgets all shapes. */
  void forget() {
    for (int slot = 0; slot < slots.length; slot++) {
      if (slots[slot] != null) {
        leaving.accept(slots[slot]);
        slots[slot] = null;
      }
    }
  }

  private boolean isPaused() {
    if (++lines == TRIAL) {
      pause = pause > 0 ? pause - 1 : hits < LEAST_HITS ? PAUSE : 0;
      lines = 0;
      hits = 0;
    }
    return pause > 0;
  }

  private Shape<T> masked(String line, byte[] key, long hash) {
    String masked = masker.mask(line);
    return new Shape<>(key, hash, masker.bounds(), hasDigit(masked) ? null : masked);
  }

  /** Takes a line with every digit made a 0, eight bytes at a time, and gives a hash of it. */
  private long zeroDigits(byte[] bytes) {
    long hash = bytes.length;
    int position = 0;
    for (; position + Long.BYTES <= bytes.length; position += Long.BYTES) {
      long eight = (long) EIGHT.get(bytes, position);
      long distance = eight ^ ZEROS;
      long others = (((distance & LOW_BITS) + ABOVE_NINE) | distance) & HIGH_BITS;
      long kept = (others - (others >>> 7)) | others;
      long outcome = (distance & kept) ^ ZEROS;
      EIGHT.set(zeroed, position, outcome);
      hash = Hash64.next(hash, outcome);
    }
    for (; position < bytes.length; position++) {
      byte b = bytes[position];
      zeroed[position] = b >= '0' && b <= '9' ? (byte) '0' : b;
      hash = Hash64.next(hash, zeroed[position]);
    }
    return hash;
  }

  private static boolean hasDigit(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Characters.isDigit(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
