package io.deeplog.spark.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;

/**
 * Texts by their numbers in a dictionary, as long as that is small; else as they are. A column may
 * begin with the one and go on with the other.
 */
final class TextPages extends ColumnPages {
  private static final int SMALLEST_SLAB = 1 << 10;

  private final ParquetProperties properties;

  /** Of all pages so far; null when the column is asked to have none, or had no use of it. */
  private TextDictionary dictionary;

  /** Whether texts are still looked up. */
  private boolean isCoded;

  /** Whether pages with numbers have been handed on. */
  private boolean isNeeded;

  /** Numbers of the texts of the page. */
  private int[] numbers = new int[1 << 10];

  private int count;

  /** Bytes that the page would take without a dictionary. */
  private long plainSize;

  /** Texts of the page, when they are not looked up. */
  private final Texts texts = new Texts();

  private Encoding encoding;

  TextPages(ColumnDescriptor column, PageWriter pages, ParquetProperties properties) {
    super(column, pages, properties);
    this.properties = properties;
    isCoded = properties.isDictionaryEnabled(column);
    dictionary = isCoded ? new TextDictionary() : null;
  }

  /** Adds a text in UTF-8. */
  void add(byte[] array, int start, int length, int repetition, int definition) {
    levels(repetition, definition);
    if (!isCoded) {
      texts.add(array, start, length);
      return;
    }
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    numbers[count++] = dictionary.number(array, start, length);
    plainSize += Integer.BYTES + length;
    if (dictionary.texts().size() > properties.getDictionaryPageSizeThreshold()) {
      decode();
    }
  }

  /** Goes on without a dictionary. */
  private void decode() {
    isCoded = false;
    for (int i = 0; i < count; i++) {
      texts.addFrom(dictionary.texts(), dictionary.place(numbers[i]));
    }
    count = 0;
    if (!isNeeded) {
      dictionary = null;
    }
  }

  @Override
  int size() {
    return isCoded ? Integer.BYTES * count : texts.size();
  }

  @Override
  BytesInput encoded() throws IOException {
    if (count > 0 && !isNeeded && dictionary.texts().size() + 2L * count >= plainSize) {
      // Hardly a text came twice.
      decode();
    }
    if (count == 0) {
      encoding = Encoding.PLAIN;
      return texts.bytes();
    }
    encoding = Encoding.RLE_DICTIONARY;
    isNeeded = true;
    int width = BytesUtils.getWidthFromMaxInt(dictionary.count() - 1);
    RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(
            width, SMALLEST_SLAB, properties.getPageSizeThreshold(), properties.getAllocator());
    for (int i = 0; i < count; i++) {
      encoder.writeInt(numbers[i]);
    }
    return BytesInput.concat(BytesInput.from(new byte[] {(byte) width}), encoder.toBytes());
  }

  @Override
  Encoding encoding() {
    return encoding;
  }

  @Override
  void addBounds(Statistics<?> statistics) {
    // Bounds of the dictionary may be wider than those of a page, but not than the column's.
    (isCoded ? dictionary.texts() : texts).addBounds(statistics);
  }

  @Override
  void clear() {
    texts.clear();
    count = 0;
    plainSize = 0;
  }

  @Override
  void end() throws IOException {
    super.end();
    if (isNeeded) {
      pages().writeDictionaryPage(dictionary.page());
    }
  }
}
