package io.deeplog.spark.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;

/** Whole numbers, and times in microseconds, as they are. */
final class LongPages extends ColumnPages {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] data = new byte[1 << 12];
  private int size;
  private long least;
  private long greatest;

  LongPages(ColumnDescriptor column, PageWriter pages, ParquetProperties properties) {
    super(column, pages, properties);
    clear();
  }

  /** Adds a value. */
  void add(long value, int repetition, int definition) {
    levels(repetition, definition);
    if (size == data.length) {
      data = Arrays.copyOf(data, 2 * size);
    }
    EIGHT.set(data, size, value);
    size += Long.BYTES;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }

  @Override
  int size() {
    return size;
  }

  @Override
  BytesInput encoded() {
    return BytesInput.from(data, 0, size);
  }

  @Override
  Encoding encoding() {
    return Encoding.PLAIN;
  }

  @Override
  void addBounds(Statistics<?> statistics) {
    statistics.updateStats(least);
    statistics.updateStats(greatest);
  }

  @Override
  void clear() {
    size = 0;
    least = Long.MAX_VALUE;
    greatest = Long.MIN_VALUE;
  }
}
