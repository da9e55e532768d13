package io.deeplog.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.deeplog.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Small files and renames on any Hadoop file system. */
public final class Files {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Configuration configuration;

  private Files(Configuration configuration) {
    this.configuration = configuration;
  }

  /** Files of a Hadoop configuration. */
  public static Files of(Configuration configuration) {
    return new Files(configuration);
  }

  /** Files as the session sees them. */
  public static Files of(SparkSession spark) {
    return new Files(spark.sessionState().newHadoopConf());
  }

  /** The path with its scheme and authority. */
  public Path qualified(String path) {
    Path p = new Path(path);
    return fileSystem(p).makeQualified(p);
  }

  /** Whether there is a file or directory. */
  public boolean exists(Path path) {
    try {
      return fileSystem(path).exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether there is a file. */
  public boolean isFile(Path path) {
    try {
      FileSystem fs = fileSystem(path);
      return fs.exists(path) && fs.getFileStatus(path).isFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of a directory's entries, sorted; empty when there is no such directory. */
  public List<String> list(Path directory) {
    try {
      List<String> names = new ArrayList<>();
      for (FileStatus status : fileSystem(directory).listStatus(directory)) {
        names.add(status.getPath().getName());
      }
      names.sort(null);
      return names;
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The files behind a path, glob or directory (read recursively, hidden names skipped), sorted.
   *
   * @throws UserException when nothing is there or it cannot be read
   */
  public List<FileStatus> inputs(String pathOrGlob) {
    try {
      Path path = new Path(pathOrGlob);
      FileSystem fs = fileSystem(path);
      FileStatus[] found = fs.globStatus(path);
      if (found == null || found.length == 0) {
        throw UserException.input(
            "input not found: " + pathOrGlob + " (give a file, a directory or a quoted glob)");
      }
      List<FileStatus> files = new ArrayList<>();
      Set<String> seen = new HashSet<>();
      for (FileStatus status : found) {
        collect(fs, status, seen, files);
      }
      files.sort(null);
      return files;
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof URISyntaxException) {
        throw colon(pathOrGlob);
      }
      throw e;
    } catch (IOException e) {
      throw UserException.input("cannot read input " + pathOrGlob + ": " + e.getMessage(), e);
    }
  }

  private static UserException colon(String path) {
    return UserException.input(
        "cannot read input " + path + ": Hadoop takes no colon in such a name (rename the file)");
  }

  /** Links are followed, but nothing is taken twice. */
  private static void collect(
      FileSystem fs, FileStatus status, Set<String> seen, List<FileStatus> into)
      throws IOException {
    Path path = status.getPath();
    if (!seen.add(real(path))) {
      return;
    }
    if (status.isFile()) {
      if (isLocal(path) && path.getName().indexOf(':') >= 0) {
        // That of its checksum would be taken for a URI.
        throw colon(path.toString());
      }
      into.add(status);
      return;
    }
    FileStatus[] children = fs.listStatus(path);
    Arrays.sort(children);
    for (FileStatus child : children) {
      String name = child.getPath().getName();
      if (!name.startsWith("_") && !name.startsWith(".")) {
        collect(fs, child, seen, into);
      }
    }
  }

  /** Where a path leads to, behind the links of a local file system. */
  private static String real(Path path) throws IOException {
    return isLocal(path)
        ? java.nio.file.Path.of(path.toUri().getPath()).toRealPath().toString()
        : path.toString();
  }

  private static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }

  /** Opens a file. */
  public InputStream open(Path file) throws IOException {
    return fileSystem(file).open(file);
  }

  /** Creates a file, its directories with it; an old one is replaced. */
  public OutputStream create(Path file) throws IOException {
    return fileSystem(file).create(file, true);
  }

  /** A whole small file. */
  public byte[] readBytes(Path file) {
    try (InputStream in = open(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A whole small file as UTF-8. */
  public String readText(Path file) {
    return new String(readBytes(file), StandardCharsets.UTF_8);
  }

  /** A whole small JSON file. */
  public JsonNode readJson(Path file) {
    try {
      return JSON.readTree(readBytes(file));
    } catch (IOException e) {
      throw UserException.input("not JSON: " + file + ": " + e.getMessage(), e);
    }
  }

  /** A whole small JSON file as a value. */
  public <T> T readJson(Path file, Class<T> type) {
    try {
      return JSON.treeToValue(readJson(file), type);
    } catch (IOException e) {
      throw UserException.input("not what was expected in " + file + ": " + e.getMessage(), e);
    }
  }

  /** Writes a file beside its place and renames it, so that a reader sees all of it or none. */
  public void writeBytes(Path file, byte[] bytes) {
    Path temporary = new Path(file.getParent(), "." + file.getName() + ".tmp");
    try (OutputStream out = create(temporary)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    replace(temporary, file);
  }

  /** {@link #writeBytes} of UTF-8 text. */
  public void writeText(Path file, String text) {
    writeBytes(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** {@link #writeBytes} of a value as indented JSON. */
  public void writeJson(Path file, Object value) {
    try {
      writeText(file, JSON.writeValueAsString(value) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Moves a file or directory to a place, replacing what is there. */
  public void replace(Path from, Path to) {
    try {
      FileSystem fs = fileSystem(to);
      if (fs.exists(to)) {
        fs.delete(to, true);
      }
      fs.mkdirs(to.getParent());
      if (!fs.rename(from, to)) {
        throw new IOException("cannot rename " + from + " to " + to);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a file or a directory with all in it; nothing happens when it is not there. */
  public void delete(Path path) {
    try {
      fileSystem(path).delete(path, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The configuration these files are read with. */
  public Configuration configuration() {
    return configuration;
  }

  private FileSystem fileSystem(Path path) {
    try {
      return path.getFileSystem(configuration);
    } catch (IOException e) {
      throw UserException.input("cannot reach " + path + ": " + e.getMessage(), e);
    }
  }
}
