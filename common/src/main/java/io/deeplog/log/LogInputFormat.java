package io.deeplog.log;

import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.lib.input.TextInputFormat;

/**
 * Hadoop's text input, but a compressed file is read by one task. Hadoop counts the offsets of a
 * split bzip2 file from the compressed start of each split, so that two lines could get the same
 * one, and source and offset are an entry's identity.
 */
public final class LogInputFormat extends TextInputFormat {
  @Override
  protected boolean isSplitable(JobContext context, Path file) {
    return new CompressionCodecFactory(context.getConfiguration()).getCodec(file) == null;
  }
}
