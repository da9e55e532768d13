package io.deeplog.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Directories with all that is in them. */
final class Trees {
  private Trees() {}

  /** Every file and directory below a place, by relative path, with the file's size and CRC. */
  static Map<String, String> of(Path place) {
    Map<String, String> tree = new TreeMap<>();
    for (Path path : paths(place)) {
      tree.put(place.relativize(path).toString(), Files.isDirectory(path) ? "" : content(path));
    }
    return tree;
  }

  /** Everything below a place whose name begins so. */
  static List<Path> named(Path place, String prefix) {
    return paths(place).stream()
        .filter(path -> path.getFileName().toString().startsWith(prefix))
        .toList();
  }

  private static List<Path> paths(Path place) {
    if (!Files.exists(place)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.walk(place)) {
      return paths.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      CRC32 crc = new CRC32();
      crc.update(bytes);
      return bytes.length + " bytes, " + crc.getValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
