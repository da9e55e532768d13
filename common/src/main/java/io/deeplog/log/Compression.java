package io.deeplog.log;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * Compressed files by the ends of their names: what Hadoop reads (.gz, .bz2, .deflate and others),
 * and .zst, for which Hadoop needs a native library of its own; Spark brings one for shuffles.
 */
final class Compression {
  private static final String ZSTANDARD = ".zst";

  private final CompressionCodecFactory codecs;

  /** Of the codecs that a configuration names. */
  Compression(Configuration configuration) {
    this.codecs = new CompressionCodecFactory(configuration);
  }

  private static boolean isZstandard(Path file) {
    return file.getName().toLowerCase(Locale.ROOT).endsWith(ZSTANDARD);
  }

  /** Whether a file is compressed. */
  boolean isCompressed(Path file) {
    return isZstandard(file) || codecs.getCodec(file) != null;
  }

  /** A file's text. */
  InputStream decompress(Path file, InputStream raw) throws IOException {
    if (isZstandard(file)) {
      return new ZstdInputStream(raw);
    }
    CompressionCodec codec = codecs.getCodec(file);
    return codec == null ? raw : codec.createInputStream(raw);
  }
}
