package io.deeplog.spark.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetOutputFormat;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport.WriteContext;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.StructType;

/** One Parquet file, written row by row, a group of rows at a time. */
final class ParquetRows extends OutputWriter {
  /** Begin of a setting that ends with a column's path. */
  static final String DICTIONARY_OF = ParquetOutputFormat.ENABLE_DICTIONARY + "#";

  /** Share of the heap that all groups that are being written may take. */
  private static final double HEAP = 0.5;

  /** Files that are being written in this JVM. */
  private static final AtomicInteger OPEN = new AtomicInteger();

  private static final long SMALLEST_GROUP = 1L << 20;

  private static final int ROWS_BETWEEN_CHECKS = 1000;
  private static final int BYTES_BETWEEN_CHECKS = 1 << 18;

  private final String path;
  private final StructType schema;
  private final MessageType parquet;
  private final Map<String, String> metadata;
  private final ParquetProperties properties;
  private final CodecFactory codecs;
  private final CompressionCodecName codec;
  private final ParquetFileWriter file;
  private final long wantedGroupSize;

  private ColumnChunkPageWriteStore pages;
  private RowColumns columns;

  /** Rows of the group. */
  private long count;

  /** Since sizes were checked. */
  private int newRows;

  private long newBytes;
  private boolean hasFailed;

  /**
   * Creates the file.
   *
   * @param schema of types that {@link RowColumns} takes
   * @param context of the task, with Spark's and Parquet's settings
   */
  ParquetRows(String path, StructType schema, TaskAttemptContext context) throws IOException {
    this.path = path;
    this.schema = schema;
    Configuration settings = context.getConfiguration();
    WriteContext spark = new ParquetWriteSupport().init(settings);
    parquet = spark.getSchema();
    metadata = spark.getExtraMetaData();
    properties = properties(settings, parquet);
    codecs = new CodecFactory(settings, properties.getPageSizeThreshold());
    codec = ParquetOutputFormat.getCompression(settings);
    wantedGroupSize = ParquetOutputFormat.getLongBlockSize(settings);
    begin();
    file =
        new ParquetFileWriter(
            HadoopOutputFile.fromPath(new Path(path), settings),
            parquet,
            ParquetFileWriter.Mode.CREATE,
            wantedGroupSize,
            ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
            properties.getColumnIndexTruncateLength(),
            properties.getStatisticsTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    file.start();
    OPEN.incrementAndGet();
  }

  private static ParquetProperties properties(Configuration settings, MessageType parquet) {
    ParquetProperties.Builder builder =
        ParquetProperties.builder()
            .withPageSize(ParquetOutputFormat.getPageSize(settings))
            .withDictionaryPageSize(ParquetOutputFormat.getDictionaryPageSize(settings))
            .withDictionaryEncoding(ParquetOutputFormat.getEnableDictionary(settings));
    for (ColumnDescriptor column : parquet.getColumns()) {
      String name = String.join(".", column.getPath());
      String dictionary = settings.get(DICTIONARY_OF + name);
      if (dictionary != null) {
        builder.withDictionaryEncoding(name, Boolean.parseBoolean(dictionary));
      }
    }
    return builder.build();
  }

  /** Less than asked for when many files are being written. */
  private long groupSize() {
    long most = (long) (HEAP * Runtime.getRuntime().maxMemory() / OPEN.get());
    return Math.min(wantedGroupSize, Math.max(SMALLEST_GROUP, most));
  }

  private void begin() {
    pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(codec),
            parquet,
            properties.getAllocator(),
            properties.getColumnIndexTruncateLength(),
            properties.getPageWriteChecksumEnabled());
    columns = new RowColumns(schema, parquet, pages, properties);
    count = 0;
  }

  @Override
  public void write(InternalRow row) {
    try {
      columns.write(row);
      count++;
      newRows++;
      newBytes += row instanceof UnsafeRow unsafe ? unsafe.getSizeInBytes() : 0;
      if (newRows >= ROWS_BETWEEN_CHECKS || newBytes >= BYTES_BETWEEN_CHECKS) {
        endWhatIsFull();
      }
    } catch (IOException | RuntimeException e) {
      throw failed(e);
    }
  }

  private void endWhatIsFull() throws IOException {
    newRows = 0;
    newBytes = 0;
    columns.endFullPages();
    if (columns.held() >= groupSize()) {
      end();
      begin();
    }
  }

  private void end() throws IOException {
    if (count > 0) {
      columns.end();
      file.startBlock(count);
      pages.flushToFileWriter(file);
      file.endBlock();
    }
  }

  /** Ends the file; where writing has failed, it is left as it is. */
  @Override
  public void close() {
    OPEN.decrementAndGet();
    try {
      if (!hasFailed) {
        end();
        file.end(metadata);
      }
    } catch (IOException | RuntimeException e) {
      throw failed(e);
    } finally {
      codecs.release();
    }
  }

  private RuntimeException failed(Exception e) {
    hasFailed = true;
    return e instanceof IOException io
        ? new UncheckedIOException("cannot write " + path, io)
        : (RuntimeException) e;
  }

  @Override
  public String path() {
    return path;
  }
}
