package io.deeplog.jobs.generate;

import java.io.IOException;
import java.io.OutputStream;

/** Where generated files go: a local folder, a Hadoop file system, or memory. */
@FunctionalInterface
public interface FileSink {
  /**
   * Opens a new file, which the caller writes from its start to its end and closes.
   *
   * @param relativePath path below the output folder, parts separated by {@code /}
   * @throws IOException if the file cannot be created
   */
  OutputStream create(String relativePath) throws IOException;
}
