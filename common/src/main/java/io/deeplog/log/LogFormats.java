package io.deeplog.log;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeplog.Pure;
import io.deeplog.UserException;
import io.deeplog.log.FormatSpec.Join;
import io.deeplog.log.FormatSpec.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The formats of {@code conf/formats.yaml}, those of the user's own, and formats made from a
 * layout.
 */
@Pure
public final class LogFormats {
  private static final String RESOURCE = "/io/deeplog/conf/formats.yaml";

  /** A format that reads what nearly any log has must read so much more than another. */
  private static final double GENERIC_MARGIN = 0.1;

  /** A format of the content must read this share of it. */
  private static final double INNER_SHARE = 0.9;

  private static final char[] SEPARATORS = {',', ';', '\t', '|'};

  private final Map<String, FormatSpec> presets = new LinkedHashMap<>();
  private final List<String> timestamps = new ArrayList<>();
  private final Map<String, List<String>> kinds = new LinkedHashMap<>();
  private Continuation continuation;
  private String messageField;
  private String timeField;
  private Join join;

  /**
   * A format settled on a sample.
   *
   * @param format with its timestamp pattern chosen
   * @param share of the sample's entries that it reads; 0 for an empty sample
   */
  public record Choice(LogFormat format, double share) {}

  private LogFormats() {}

  /** The formats that come with the jar. */
  public static LogFormats load() {
    try (InputStream in = LogFormats.class.getResourceAsStream(RESOURCE)) {
      LogFormats formats = new LogFormats();
      formats.add(new YAMLMapper().readTree(in));
      return formats;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds formats of the user's own; they go before those of the same share, and replace those of
   * the same name.
   *
   * @param yaml laid out like {@code conf/formats.yaml}
   * @param file its name, for messages
   * @throws UserException when it is wrong
   */
  public LogFormats withOwn(String yaml, String file) {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw UserException.usage("not YAML: " + file + ": " + e.getMessage());
    }
    if (!root.path("formats").isObject()) {
      throw UserException.usage("no formats in " + file + " (lay it out like conf/formats.yaml)");
    }
    Map<String, FormatSpec> before = new LinkedHashMap<>(presets);
    presets.clear();
    add(root);
    before.forEach(presets::putIfAbsent);
    // A declaration that does not compile is an error even when it is never chosen.
    presets.values().forEach(spec -> settled(spec, spec.name(), null, null));
    presets.values().forEach(spec -> checkInner(spec, file));
    return this;
  }

  /** A format within must be there, and have none within itself: one level is enough. */
  private void checkInner(FormatSpec spec, String file) {
    for (String name : spec.inner()) {
      FormatSpec inner = presets.get(name.toLowerCase(Locale.ROOT));
      if (inner == null || !inner.inner().isEmpty()) {
        throw UserException.usage(
            "bad format '"
                + spec.name()
                + "' of "
                + file
                + ": inner names '"
                + name
                + "', which "
                + (inner == null ? "is no format" : "has inner formats itself"));
      }
    }
  }

  private void add(JsonNode root) {
    root.path("kinds")
        .fields()
        .forEachRemaining(e -> kinds.put(e.getKey(), FormatSpec.strings(e.getValue())));
    root.path("formats")
        .fields()
        .forEachRemaining(
            e -> {
              FormatSpec spec = FormatSpec.of(e.getKey(), e.getValue());
              presets.put(spec.name(), spec);
            });
    timestamps.addAll(FormatSpec.strings(root.get("timestamps")));
    if (root.has("continuation")) {
      continuation =
          new Continuation(
              FormatSpec.strings(root.get("continuation").get("starts")),
              FormatSpec.strings(root.get("continuation").get("classes")));
    }
  }

  /**
   * Sets what the user names himself; null leaves it to the formats.
   *
   * @param ownMessage name of the message in JSON objects and tables
   * @param ownTime name of the time there
   * @param multiline rule of entries of several lines: none, stack-trace or all
   * @throws UserException when there is no such rule
   */
  public LogFormats with(String ownMessage, String ownTime, String multiline) {
    messageField = ownMessage;
    timeField = ownTime;
    join = multiline == null ? null : Join.of(multiline);
    return this;
  }

  /** Names of the presets, in the order of the file. */
  public List<String> names() {
    return List.copyOf(presets.keySet());
  }

  /** The layouts of a preset, compiled, by their text. */
  Map<String, HeaderLayout> layouts(String preset) {
    Map<String, HeaderLayout> layouts = new LinkedHashMap<>();
    presets.get(preset).layouts().forEach(l -> layouts.put(l, HeaderLayout.compile(l, kinds)));
    return layouts;
  }

  /** The words of the kinds of fields, by name. */
  Map<String, List<String>> kinds() {
    return kinds;
  }

  /** The presets of a name or of several names with commas between; null when one is none. */
  private Set<String> presetsOf(String names) {
    Set<String> found = new LinkedHashSet<>();
    for (String name : names.split(",", -1)) {
      String key = name.strip().toLowerCase(Locale.ROOT);
      if (!presets.containsKey(key)) {
        return null;
      }
      found.add(key);
    }
    return found;
  }

  /** Whether a format given by the user leaves a choice between presets. */
  boolean isChoice(String format) {
    Set<String> found = presetsOf(format);
    return found != null && found.size() > 1;
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
    FormatSpec spec = presets.get(nameOrLayout.toLowerCase(Locale.ROOT));
    if (spec == null && nameOrLayout.indexOf('<') < 0) {
      throw UserException.usage(
          "unknown format '"
              + nameOrLayout
              + "' (give one of "
              + String.join(", ", names())
              + ", or a layout such as '<Date> <Time> <Level>: <Content>')");
    }
    boolean ofUser = spec == null;
    if (ofUser) {
      spec = FormatSpec.ofLayout(nameOrLayout, timestamps);
    }
    LogFormat format = settle(spec, nameOrLayout, timestampPattern, sample);
    if (format == null) {
      throw UserException.input(
          "no column of the table is the message; its columns are '"
              + (sample.isEmpty() ? "" : sample.get(0))
              + "' (name one with --message-field)");
    }
    if (ofUser && timestampPattern == null && format.hasTimeFields()) {
      checkTimes(format, sample);
    }
    return format;
  }

  private static void checkTimes(LogFormat format, List<String> sample) {
    String example = null;
    for (String line : sample) {
      String text = format.timeText(line);
      if (text != null && new Timestamps(format.timestampPattern()).reads(text)) {
        return;
      }
      example = example == null ? text : example;
    }
    if (example != null) {
      throw UserException.usage(
          "no known timestamp pattern reads '"
              + example
              + "' (give one with --timestamp, e.g. 'yyyy-MM-dd HH:mm:ss')");
    }
  }

  /** A declaration with all settled on a sample; null for a table without a message. */
  private LogFormat settle(
      FormatSpec declared, String name, String timestampPattern, List<String> sample) {
    FormatSpec spec = declared.with(messageField, timeField, join);
    Table table = null;
    if (spec.shape() == Shape.CSV) {
      table = Table.of(sample, spec.roles());
      if (table == null) {
        return null;
      }
    }
    LogFormat timeless = settled(spec, name, null, table);
    if (!timeless.hasTimeFields()) {
      return timeless;
    }
    List<String> entries = entries(timeless, sample);
    List<String> patterns =
        timestampPattern == null ? spec.timestamps() : List.of(timestampPattern);
    String pattern = choose(timeless, patterns, entries);
    pattern = pattern == null && !patterns.isEmpty() ? patterns.get(0) : pattern;
    LogFormat format = settled(spec, name, pattern, table);
    LogFormat inner = spec.inner().isEmpty() ? null : inner(format, spec, entries);
    return inner == null ? format : new LogFormat(spec, settings(name, pattern, table, inner));
  }

  private LogFormat settled(FormatSpec spec, String name, String pattern, Table table) {
    return new LogFormat(spec, settings(name, pattern, table, null));
  }

  private LogFormat.Settled settings(String name, String pattern, Table table, LogFormat inner) {
    return new LogFormat.Settled(
        name,
        pattern,
        kinds,
        continuation,
        table == null ? null : table.columns,
        table == null ? ',' : table.separator,
        inner);
  }

  private LogFormat inner(LogFormat outer, FormatSpec spec, List<String> entries) {
    List<String> contents = new ArrayList<>();
    LogFormat.Entry entry = new LogFormat.Entry();
    Timestamps.YearRule rule = Timestamps.YearRule.anyYear();
    for (String text : entries) {
      outer.read(text, rule, entry, (field, value) -> {});
      if (entry.reject == null && !entry.partial) {
        contents.add(entry.content);
      }
    }
    Choice best = best(Set.copyOf(spec.inner()), null, contents);
    return best == null || best.share < INNER_SHARE ? null : best.format;
  }

  /** The columns of a table, as its first line names them. */
  private record Table(List<String> columns, char separator) {
    static Table of(List<String> sample, FieldRoles roles) {
      if (sample.isEmpty()) {
        return null;
      }
      for (char separator : SEPARATORS) {
        List<String> names = CsvLine.split(sample.get(0), separator);
        if (names == null) {
          continue;
        }
        List<String> columns = names.stream().map(String::strip).toList();
        boolean hasMessage =
            roles.message().stream()
                .anyMatch(name -> columns.stream().anyMatch(c -> c.equalsIgnoreCase(name)));
        if (hasMessage
            && (columns.size() > 1 || roles.message().size() == 1)
            && columns.stream().map(c -> c.toLowerCase(Locale.ROOT)).distinct().count()
                == columns.size()) {
          return new Table(columns, separator);
        }
      }
      return null;
    }
  }

  /** Of the lines of a sample, the entries: without a table's header, quoted line breaks joined. */
  private static List<String> entries(LogFormat format, List<String> sample) {
    List<String> lines = format.hasHeaderLine() ? sample.subList(1, sample.size()) : sample;
    if (format.join() != Join.QUOTES) {
      return lines;
    }
    List<String> entries = new ArrayList<>();
    StringBuilder record = new StringBuilder();
    boolean open = false;
    for (String line : lines) {
      record.append(open ? "\n" : "").append(line);
      open = format.isOpen(open, line);
      if (!open) {
        entries.add(record.toString());
        record.setLength(0);
      }
    }
    return entries;
  }

  /** The pattern that reads most of the sample's times, the first of equals; null when none. */
  private static String choose(LogFormat format, List<String> patterns, List<String> sample) {
    if (patterns.size() <= 1) {
      return patterns.isEmpty() ? null : patterns.get(0);
    }
    String best = null;
    int most = 0;
    for (String pattern : patterns) {
      Timestamps candidate = new Timestamps(pattern);
      int read = 0;
      for (String line : sample) {
        if (format.timeTexts(line).stream().anyMatch(candidate::reads)) {
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

  /**
   * The preset that reads most lines of a sample, or null when none reads any.
   *
   * @param sample lines of the input
   */
  public String nearest(List<String> sample) {
    Choice best = best(sample);
    return best == null ? null : best.format.name();
  }

  /**
   * The preset that reads most of a sample, the first of equals, settled on it; null when none
   * reads any. A generic one must read a tenth more than any other.
   *
   * @param sample lines of the head of a file
   */
  public Choice best(List<String> sample) {
    return best(presets.keySet(), null, sample);
  }

  /**
   * The same among some presets.
   *
   * @param names with commas between
   * @param timestampPattern the pattern of the time, or null to choose one by the sample
   */
  Choice best(String names, String timestampPattern, List<String> sample) {
    Set<String> among = presetsOf(names);
    return best(among == null ? presets.keySet() : among, timestampPattern, sample);
  }

  private Choice best(Set<String> among, String timestampPattern, List<String> sample) {
    Choice best = null;
    Choice generic = null;
    for (FormatSpec spec : presets.values()) {
      if (!among.contains(spec.name())) {
        continue;
      }
      LogFormat format = settle(spec, spec.name(), timestampPattern, sample);
      double share = format == null ? 0 : share(format, sample);
      if (share > 0 && spec.generic() && (generic == null || share > generic.share)) {
        generic = new Choice(format, share);
      } else if (share > 0 && !spec.generic() && (best == null || share > best.share)) {
        best = new Choice(format, share);
      }
    }
    boolean takeGeneric =
        generic != null && (best == null || generic.share > best.share + GENERIC_MARGIN);
    return takeGeneric ? generic : best;
  }

  /**
   * The share of a sample's entries that a format reads. Lines that belong to an entry before, and
   * empty ones, do not count.
   */
  static double share(LogFormat format, List<String> sample) {
    Timestamps.YearRule rule = Timestamps.YearRule.anyYear();
    LogFormat.Entry entry = new LogFormat.Entry();
    long read = 0;
    long all = 0;
    for (String text : entries(format, sample)) {
      if (format.continues(text)) {
        continue;
      }
      format.read(text, rule, entry, (field, value) -> {});
      all += entry.reject == LogFormat.Reject.EMPTY ? 0 : 1;
      read += entry.reject == null ? 1 : 0;
    }
    return all == 0 ? 0 : (double) read / all;
  }
}
