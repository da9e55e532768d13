package io.deeplog.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The entries of masks as {@code conf/masks.yaml} has them, and that file of the jar. */
@Pure
final class MaskEntries {
  private static final String RESOURCE = "/io/deeplog/conf/masks.yaml";

  private MaskEntries() {}

  /** Read once: the jar does not change. */
  private static final class Jar {
    static final Masks MASKS = read();

    private static Masks read() {
      try (InputStream in = MaskEntries.class.getResourceAsStream(RESOURCE)) {
        return Masks.of(parse(new YAMLMapper().readTree(in).path("masks"), RESOURCE));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The masks of the {@code conf/masks.yaml} that comes with the jar. */
  static Masks ofJar() {
    return Jar.MASKS;
  }

  /**
   * The entries of a list of masks, for {@link Masks#of}.
   *
   * @param masks names of built-in masks, or objects of {@code name} and {@code regex}
   * @param file where they are from, for messages
   * @throws UserException when it is no list, or an entry is wrong
   */
  static List<String> parse(JsonNode masks, String file) {
    if (!masks.isArray()) {
      throw UserException.input("no list 'masks' in " + file + " (see conf/masks.yaml)");
    }
    List<String> entries = new ArrayList<>();
    for (JsonNode mask : masks) {
      if (mask.isTextual()) {
        entries.add(mask.asText());
      } else if (mask.path("name").isTextual() && mask.path("regex").isTextual()) {
        entries.add(mask.path("name").asText() + ": " + mask.path("regex").asText());
      } else {
        throw UserException.input(
            "bad mask " + mask + " in " + file + " (give a built-in name, or name and regex)");
      }
    }
    Masks.of(entries);
    return entries;
  }
}
