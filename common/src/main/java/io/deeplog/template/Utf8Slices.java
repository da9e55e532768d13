package io.deeplog.template;

import io.deeplog.Pure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Texts in UTF-8 where they stand in larger arrays; one list is refilled for line after line. */
@Pure
final class Utf8Slices {
  private byte[][] arrays = new byte[8][];
  private int[] starts = new int[8];
  private int[] lengths = new int[8];
  private int size;

  /** Forgets all texts. */
  void clear() {
    size = 0;
  }

  /** Adds the text in a part of an array, which must not change while the text is asked for. */
  void add(byte[] array, int start, int length) {
    if (size == starts.length) {
      arrays = Arrays.copyOf(arrays, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size);
      lengths = Arrays.copyOf(lengths, 2 * size);
    }
    arrays[size] = array;
    starts[size] = start;
    lengths[size] = length;
    size++;
  }

  /** Number of texts. */
  int size() {
    return size;
  }

  /** The hash of a text as {@link DistinctValues} takes it. */
  long hash(int i) {
    return DistinctValues.hash(arrays[i], starts[i], lengths[i]);
  }

  /** A text. */
  String text(int i) {
    return new String(arrays[i], starts[i], lengths[i], StandardCharsets.UTF_8);
  }

  /** All texts. */
  List<String> texts() {
    List<String> texts = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      texts.add(text(i));
    }
    return texts;
  }
}
