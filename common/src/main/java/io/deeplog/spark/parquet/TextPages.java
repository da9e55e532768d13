package io.deeplog.spark.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
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

  /** Of all pages so far; null when texts are not looked up, or no longer. */
  private TextDictionary dictionary;

  /** Of a dictionary that was given up after pages had used it; else null. */
  private DictionaryPage used;

  /** Numbers of the texts of the page, when they are looked up. */
  private int[] numbers = new int[1 << 10];

  private int count;

  /** Bytes that the page would take without a dictionary. */
  private long plainSize;

  /** Texts of the page, when they are not looked up. */
  private final Texts texts = new Texts();

  TextPages(ColumnDescriptor column, PageWriter pages, ParquetProperties properties) {
    super(column, pages, properties);
    this.properties = properties;
    dictionary = properties.isDictionaryEnabled(column) ? new TextDictionary() : null;
  }

  /** Adds a text in UTF-8. */
  void add(byte[] array, int start, int length, int repetition, int definition) throws IOException {
    levels(repetition, definition);
    if (dictionary == null) {
      texts.add(array, start, length);
      return;
    }
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    numbers[count++] = dictionary.number(array, start, length);
    plainSize += Integer.BYTES + length;
    if (dictionary.texts().size() > properties.getDictionaryPageSizeThreshold()) {
      giveUp();
    }
  }

  /** Goes on without a dictionary. */
  private void giveUp() throws IOException {
    for (int i = 0; i < count; i++) {
      texts.addFrom(dictionary.texts(), dictionary.place(numbers[i]));
    }
    count = 0;
    used = dictionary.isUsed() ? dictionary.page() : null;
    dictionary = null;
  }

  @Override
  int size() {
    return dictionary == null ? texts.size() : Integer.BYTES * count;
  }

  @Override
  void layOut() throws IOException {
    boolean isFirst = count > 0 && !dictionary.isUsed();
    if (isFirst && dictionary.texts().size() + 2L * count >= plainSize) {
      // Hardly a text came twice.
      giveUp();
    }
  }

  @Override
  BytesInput encoded() throws IOException {
    if (count == 0) {
      return texts.bytes(texts.size());
    }
    dictionary.use();
    int width = BytesUtils.getWidthFromMaxInt(dictionary.count() - 1);
    int most = properties.getPageSizeThreshold();
    RunLengthBitPackingHybridEncoder encoder =
        new RunLengthBitPackingHybridEncoder(
            width, Math.min(SMALLEST_SLAB, most), most, properties.getAllocator());
    for (int i = 0; i < count; i++) {
      encoder.writeInt(numbers[i]);
    }
    return BytesInput.concat(BytesInput.from(new byte[] {(byte) width}), encoder.toBytes());
  }

  @Override
  Encoding encoding() {
    return count == 0 ? Encoding.PLAIN : Encoding.RLE_DICTIONARY;
  }

  @Override
  void addBounds(Statistics<?> statistics) {
    // Bounds of the dictionary may be wider than those of a page, but not than the column's.
    (count == 0 ? texts : dictionary.texts()).addBounds(statistics);
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
    DictionaryPage page = dictionary != null && dictionary.isUsed() ? dictionary.page() : used;
    if (page != null) {
      pages().writeDictionaryPage(page);
    }
  }
}
