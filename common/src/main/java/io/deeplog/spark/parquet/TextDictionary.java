package io.deeplog.spark.parquet;

import io.deeplog.Hash64;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;

/** The distinct texts of a column, numbered from 0 in the order in which they come. */
final class TextDictionary {
  private static final int FREE = -1;

  private final Texts texts = new Texts();

  /** Of every text, by its number. */
  private int[] places = new int[64];

  private long[] hashes = new long[64];
  private int count;

  /** How many texts pages have numbers of, and their bytes. */
  private int usedCount;

  private int usedSize;

  /** The number that was told last: the next text is often the same. */
  private int last;

  /** Numbers of texts, by open addressing. */
  private int[] table = new int[256];

  TextDictionary() {
    Arrays.fill(table, FREE);
  }

  /** The number of a text, which is added when it is new. */
  int number(byte[] array, int start, int length) {
    if (count == 0 || !texts.isAt(places[last], array, start, length)) {
      last = lookedUp(array, start, length);
    }
    return last;
  }

  /** Looks a text up that is not the last one. */
  private int lookedUp(byte[] array, int start, int length) {
    long hash = Hash64.of(array, start, length);
    int slot = (int) hash & (table.length - 1);
    int number = table[slot];
    while (number != FREE
        && !(hashes[number] == hash && texts.isAt(places[number], array, start, length))) {
      slot = (slot + 1) & (table.length - 1);
      number = table[slot];
    }
    if (number == FREE) {
      number = count;
      table[slot] = number;
      add(array, start, length, hash);
    }
    return number;
  }

  private void add(byte[] array, int start, int length, long hash) {
    if (count == places.length) {
      places = Arrays.copyOf(places, 2 * count);
      hashes = Arrays.copyOf(hashes, 2 * count);
    }
    places[count] = texts.add(array, start, length);
    hashes[count] = hash;
    count++;
    if (2 * count > table.length) {
      table = new int[4 * table.length];
      Arrays.fill(table, FREE);
      for (int number = 0; number < count; number++) {
        int slot = (int) hashes[number] & (table.length - 1);
        while (table[slot] != FREE) {
          slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = number;
      }
    }
  }

  /** How many texts there are. */
  int count() {
    return count;
  }

  /** The texts. */
  Texts texts() {
    return texts;
  }

  /** Where a text is among {@link #texts}. */
  int place(int number) {
    return places[number];
  }

  /** Notes that a page has numbers of the texts so far. */
  void use() {
    usedCount = count;
    usedSize = texts.size();
  }

  /** Whether pages have numbers. */
  boolean isUsed() {
    return usedCount > 0;
  }

  /** The texts that pages have numbers of. */
  DictionaryPage page() throws IOException {
    return new DictionaryPage(BytesInput.copy(texts.bytes(usedSize)), usedCount, Encoding.PLAIN);
  }
}
