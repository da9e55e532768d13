package io.deeplog.spark.parquet;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.ValuesWriter;

/**
 * The pages of one column in a group of rows. Values have two levels (Melnik et al., Dremel, VLDB
 * 2010): at which list of the path to the column a value repeats, and how much of the path there
 * is.
 */
abstract class ColumnPages {
  private final ColumnDescriptor column;
  private final PageWriter pages;
  private final ValuesWriter repetitions;
  private final ValuesWriter definitions;
  private final int fullSize;
  private final int fullRows;

  /** Of the page that is being filled. */
  private int values;

  private int rows;
  private int nulls;

  /** Pages of a column, which are handed on when they are full. */
  ColumnPages(ColumnDescriptor column, PageWriter pages, ParquetProperties properties) {
    this.column = column;
    this.pages = pages;
    repetitions = properties.newRepetitionLevelWriter(column);
    definitions = properties.newDefinitionLevelWriter(column);
    fullSize = properties.getPageSizeThreshold();
    fullRows = properties.getPageRowCountLimit();
  }

  /** Adds the levels of a value. */
  final void levels(int repetition, int definition) {
    values++;
    if (repetition == 0) {
      rows++;
    }
    repetitions.writeInteger(repetition);
    definitions.writeInteger(definition);
  }

  /** Adds that there is no value. */
  final void none(int repetition, int definition) {
    levels(repetition, definition);
    nulls++;
  }

  /** Hands the page on if it is full. Called between rows: a page never ends within one. */
  final void endFullPage() throws IOException {
    if (rows >= fullRows || size() >= fullSize) {
      endPage();
    }
  }

  private void endPage() throws IOException {
    layOut();
    Statistics<?> statistics = Statistics.createStats(column.getPrimitiveType());
    statistics.incrementNumNulls(nulls);
    if (nulls < values) {
      addBounds(statistics);
    }
    pages.writePage(
        BytesInput.concat(repetitions.getBytes(), definitions.getBytes(), encoded()),
        values,
        rows,
        statistics,
        repetitions.getEncoding(),
        definitions.getEncoding(),
        encoding());
    repetitions.reset();
    definitions.reset();
    clear();
    values = 0;
    rows = 0;
    nulls = 0;
  }

  /** Hands on what is left. */
  void end() throws IOException {
    if (values > 0) {
      endPage();
    }
  }

  /** Bytes that are held, in pages that were handed on, too. */
  final long held() {
    return pages.getMemSize() + size();
  }

  /** Where pages go. */
  final PageWriter pages() {
    return pages;
  }

  /** How many bytes the values of the page are at most. */
  abstract int size();

  /** Settles how the values of the page are laid out, now that all are known. */
  void layOut() throws IOException {}

  /** The values of the page. */
  abstract BytesInput encoded() throws IOException;

  /** How {@link #encoded} has laid out the values. */
  abstract Encoding encoding();

  /** Adds the smallest and the largest value of the page, which has some. */
  abstract void addBounds(Statistics<?> statistics);

  /** Forgets the values of the page. */
  abstract void clear();
}
