package io.deeplog.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeplog.UserException;
import io.deeplog.spark.Files;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Reads a settings file of masks, such as {@code conf/masks.yaml}. */
public final class MaskFile {
  private MaskFile() {}

  /**
   * The entries of a file, for {@link Masks#of}.
   *
   * @throws UserException when the file is missing or wrong
   */
  public static List<String> read(Files files, String file) {
    Path path = files.inputs(file).get(0).getPath();
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(files.readText(path));
    } catch (JsonProcessingException e) {
      throw UserException.input("no YAML in " + file + ": " + e.getOriginalMessage(), e);
    }
    return entries(root.path("masks"), file);
  }

  /**
   * The entries of a list of masks in a file.
   *
   * @throws UserException when it is none, or wrong
   */
  public static List<String> entries(JsonNode masks, String file) {
    return MaskEntries.parse(masks, file);
  }
}
