package io.deeplog.jobs.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeplog.UserException;
import io.deeplog.template.MaskFile;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Settings of the miners that differ by log, as a benchmark has them. */
public final class SettingsByLog {
  private final String file;
  private final JsonNode all;
  private final Map<String, JsonNode> logs = new TreeMap<>();

  private SettingsByLog(String file, JsonNode all) {
    this.file = file;
    this.all = all;
  }

  /**
   * Settings of a text laid out like {@code conf/benchmark-drain.yaml}.
   *
   * @param text of the file
   * @param file its name, for messages
   * @throws UserException when it is not laid out so
   */
  public static SettingsByLog parse(String text, String file) {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw UserException.input("no YAML in " + file + ": " + e.getOriginalMessage(), e);
    }
    SettingsByLog result = new SettingsByLog(file, root.path("all"));
    root.path("logs").fields().forEachRemaining(e -> result.logs.put(e.getKey(), e.getValue()));
    if (result.logs.isEmpty()) {
      throw UserException.input("no 'logs' in " + file + " (see conf/benchmark-drain.yaml)");
    }
    return result;
  }

  /**
   * The settings of a log: those of the longest name that its own begins with, whatever the case.
   *
   * @throws UserException when there is none, or a setting is wrong
   */
  public TemplateOptions of(String log) {
    String name = log.toLowerCase(Locale.ROOT);
    String best = null;
    for (String key : logs.keySet()) {
      if (name.startsWith(key.toLowerCase(Locale.ROOT))
          && (best == null || key.length() > best.length())) {
        best = key;
      }
    }
    if (best == null) {
      throw UserException.input(
          "no settings for the log '"
              + log
              + "' in "
              + file
              + " (there are "
              + String.join(", ", logs.keySet())
              + ")");
    }
    TemplateOptions options = new TemplateOptions();
    set(options, all);
    set(options, logs.get(best));
    options.validate();
    return options;
  }

  private void set(TemplateOptions options, JsonNode settings) {
    Iterator<Map.Entry<String, JsonNode>> fields = settings.fields();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      JsonNode value = field.getValue();
      switch ("--" + field.getKey()) {
        case Flags.MINER -> options.miner = value.asText();
        case Flags.MASKS -> options.setMaskEntries(MaskFile.entries(value, file));
        case Flags.DEPTH -> options.depth = (int) number(field);
        case Flags.SIMILARITY -> options.similarity = number(field);
        case Flags.MAX_CHILDREN -> options.maxChildren = (int) number(field);
        case Flags.SPLIT_WORDS -> options.splitWords = (int) number(field);
        case Flags.TAU -> options.tau = number(field);
        default ->
            throw UserException.input(
                "no setting '"
                    + field.getKey()
                    + "' in "
                    + file
                    + " (there are miner, masks, depth, similarity, max-children, split-words, tau)");
      }
    }
  }

  private double number(Map.Entry<String, JsonNode> field) {
    if (!field.getValue().isNumber()) {
      throw UserException.input(
          "setting '"
              + field.getKey()
              + "' in "
              + file
              + " is no number: "
              + field.getValue().asText());
    }
    return field.getValue().asDouble();
  }
}
