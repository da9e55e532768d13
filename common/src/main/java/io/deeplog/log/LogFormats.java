package io.deeplog.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The formats of {@code conf/formats.yaml}, and formats made from a layout of the user's own. */
@Pure
public final class LogFormats {
  private static final String RESOURCE = "/io/deeplog/conf/formats.yaml";

  private record Preset(List<String> layouts, List<String> timestamps) {}

  private final Map<String, Preset> presets = new LinkedHashMap<>();
  private final List<String> timestamps;

  private LogFormats(JsonNode root) {
    root.get("formats")
        .fields()
        .forEachRemaining(
            e ->
                presets.put(
                    e.getKey(),
                    new Preset(
                        strings(e.getValue().get("layout")),
                        strings(e.getValue().get("timestamp")))));
    timestamps = strings(root.get("timestamps"));
  }

  /** The formats that come with the jar. */
  public static LogFormats load() {
    try (InputStream in = LogFormats.class.getResourceAsStream(RESOURCE)) {
      return new LogFormats(new YAMLMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> strings(JsonNode node) {
    List<String> result = new ArrayList<>();
    if (node != null && node.isArray()) {
      node.forEach(item -> result.add(item.asText()));
    } else if (node != null) {
      result.add(node.asText());
    }
    return List.copyOf(result);
  }

  /** Names of the presets, in the order of the file. */
  public List<String> names() {
    return List.copyOf(presets.keySet());
  }

  /**
   * A preset by its name, whatever the case, or a format made from a layout.
   *
   * @param nameOrLayout for instance {@code hdfs} or {@code <Date> <Time> <Level>: <Content>}
   * @param timestampPattern the pattern of the time, or null to choose one by the sample
   * @param sample lines of the input, to choose the pattern by
   * @throws UserException when the name is unknown, the layout malformed or no pattern fits
   */
  public LogFormat resolve(String nameOrLayout, String timestampPattern, List<String> sample) {
    Preset preset = presets.get(nameOrLayout.toLowerCase(Locale.ROOT));
    if (preset == null && nameOrLayout.indexOf('<') < 0) {
      throw UserException.usage(
          "unknown format '"
              + nameOrLayout
              + "' (give one of "
              + String.join(", ", names())
              + ", or a layout such as '<Date> <Time> <Level>: <Content>')");
    }
    boolean ofUser = preset == null;
    if (ofUser) {
      preset = new Preset(List.of(nameOrLayout), timestamps);
    }
    List<String> patterns =
        timestampPattern == null ? preset.timestamps : List.of(timestampPattern);
    LogFormat timeless = new LogFormat(nameOrLayout, preset.layouts, null);
    if (!timeless.hasTimeFields()) {
      return timeless;
    }
    String pattern = choose(timeless, patterns, sample);
    if (pattern == null && ofUser && timestampPattern == null) {
      String example =
          sample.stream().map(timeless::timeText).filter(t -> t != null).findFirst().orElse(null);
      if (example != null) {
        throw UserException.usage(
            "no known timestamp pattern reads '"
                + example
                + "' (give one with --timestamp, e.g. 'yyyy-MM-dd HH:mm:ss')");
      }
    }
    return new LogFormat(nameOrLayout, preset.layouts, pattern == null ? patterns.get(0) : pattern);
  }

  /** The pattern that reads most of the sample's times, the first of equals; null when none. */
  private static String choose(LogFormat format, List<String> patterns, List<String> sample) {
    if (patterns.size() == 1) {
      return patterns.get(0);
    }
    String best = null;
    int most = 0;
    for (String pattern : patterns) {
      Timestamps candidate = new Timestamps(pattern);
      int read = 0;
      for (String line : sample) {
        String text = format.timeText(line);
        if (text != null && reads(candidate, text)) {
          read++;
        }
      }
      if (read > most) {
        most = read;
        best = pattern;
      }
    }
    return best;
  }

  private static boolean reads(Timestamps timestamps, String text) {
    if (timestamps.hasYear()) {
      return timestamps.parse(text, null) != null;
    }
    try {
      timestamps.yearless(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  /**
   * The preset that reads most lines of a sample, or null when none reads any.
   *
   * @param sample lines of the input
   */
  public String nearest(List<String> sample) {
    String best = null;
    long most = 0;
    for (String name : presets.keySet()) {
      LogFormat format = resolve(name, null, sample);
      Timestamps.YearRule rule = format.yearRule(2000, null);
      LogFormat.Entry entry = new LogFormat.Entry();
      long read =
          sample.stream()
              .filter(
                  line -> {
                    format.read(line, rule, entry, (field, value) -> {});
                    return entry.reject == null;
                  })
              .count();
      if (read > most) {
        most = read;
        best = name;
      }
    }
    return best;
  }
}
