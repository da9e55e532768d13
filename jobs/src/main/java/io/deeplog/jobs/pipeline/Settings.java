package io.deeplog.jobs.pipeline;

import io.deeplog.jobs.options.InputOptions;
import io.deeplog.jobs.options.SessionOptions;
import io.deeplog.jobs.options.TemplateOptions;
import io.deeplog.log.LogReader;
import io.deeplog.template.MinerOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings that training and detection must share, as the manifest keeps them. */
public final class Settings {
  private Settings() {}

  /** Of options, with the format as it was settled. */
  public static Map<String, Object> of(
      LogReader.Input input,
      InputOptions options,
      SessionOptions session,
      TemplateOptions templates) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("format", input.formatNames());
    map.put("timestamp", input.timestampPattern());
    map.put("message-field", options.messageField);
    map.put("time-field", options.timeField);
    map.put("multiline", options.multiline);
    map.put("formats", options.formats);
    map.put("session", session.pattern);
    map.put("session-field", session.fields);
    map.put("session-window", session.window);
    map.put("session-step", session.step);
    map.put("window-rule", session.windowRule);
    map.put("empty-windows", session.emptyWindows);
    map.put("miner", templates.miner);
    map.put("masks", templates.maskEntries());
    map.put("depth", templates.depth);
    map.put("similarity", templates.similarity);
    map.put("max-children", templates.maxChildren);
    map.put("split-words", templates.splitWords);
    map.put("tau", templates.tau);
    return map;
  }

  private static String or(String given, Object saved) {
    return given == null ? (String) saved : given;
  }

  /** Fills options that were not given with those of a manifest. */
  public static void apply(
      Map<String, Object> settings,
      InputOptions input,
      SessionOptions session,
      TemplateOptions templates) {
    if (input.format == null) {
      input.format = (String) settings.get("format");
      if (input.timestamp == null) {
        input.timestamp = (String) settings.get("timestamp");
      }
      input.messageField = or(input.messageField, settings.get("message-field"));
      input.timeField = or(input.timeField, settings.get("time-field"));
      input.multiline = or(input.multiline, settings.get("multiline"));
      input.formats = or(input.formats, settings.get("formats"));
    }
    if (!session.given()) {
      session.pattern = (String) settings.get("session");
      session.fields = (String) settings.get("session-field");
      session.window = (String) settings.get("session-window");
      session.step = (String) settings.get("session-step");
      session.windowRule = (String) settings.get("window-rule");
      session.emptyWindows = (String) settings.get("empty-windows");
    }
    templates.miner = (String) settings.get("miner");
    templates.setMaskEntries(
        ((List<?>) settings.get("masks")).stream().map(String.class::cast).toList());
    templates.depth = ((Number) settings.get("depth")).intValue();
    templates.similarity = ((Number) settings.get("similarity")).doubleValue();
    templates.maxChildren = ((Number) settings.get("max-children")).intValue();
    templates.splitWords = ((Number) settings.get("split-words")).intValue();
    // Models of before the option have none.
    templates.tau =
        ((Number) settings.getOrDefault("tau", MinerOptions.DEFAULT.tau())).doubleValue();
  }
}
