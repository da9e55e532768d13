package io.deeplog.detect.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The rules that lines are held against, in their order. */
@Pure
public final class LineRules implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final String RESOURCE = "/io/deeplog/conf/rules.yaml";
  private static final Set<String> KEYS =
      Set.of("name", "reason", "verdict", "off", "ignore-case", "component");

  private final List<LineRule> rules;

  private LineRules(List<LineRule> rules) {
    this.rules = List.copyOf(rules);
  }

  /**
   * The rule that a line is obvious by.
   *
   * @param name of the rule
   * @param reason for people
   * @param anomaly whether it is an anomaly, else for review
   */
  @Pure
  public record Hit(String name, String reason, boolean anomaly) {}

  /**
   * A rule for lines whose template the training never saw.
   *
   * @param hit what it says of them
   * @param most lines of one template that it names, the first ones
   * @param components that the line must be of; empty for any
   */
  @Pure
  public record FirstSeen(Hit hit, int most, List<String> components) {}

  /** The rules that come with the jar. */
  public static LineRules load() {
    try (InputStream in = LineRules.class.getResourceAsStream(RESOURCE)) {
      return new LineRules(parse(new YAMLMapper().readTree(in), RESOURCE, new ArrayList<>()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * With rules of the user's own before these; one of the same name takes the place of another.
   *
   * @param yaml laid out like {@code conf/rules.yaml}
   * @param file its name, for messages
   * @throws UserException when it is wrong
   */
  public LineRules withOwn(String yaml, String file) {
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(yaml);
    } catch (IOException e) {
      throw UserException.usage("not YAML: " + file + ": " + e.getMessage());
    }
    List<String> removed = new ArrayList<>();
    Map<String, LineRule> all = new LinkedHashMap<>();
    for (LineRule rule : parse(root, file, removed)) {
      if (all.put(rule.name(), rule) != null) {
        throw wrong(rule.name(), file, "there are two of this name");
      }
    }
    for (String name : removed) {
      if (rules.stream().noneMatch(rule -> rule.name().equals(name))) {
        throw wrong(name, file, "it is off, and there is none of this name");
      }
    }
    rules.forEach(rule -> all.putIfAbsent(rule.name(), rule));
    removed.forEach(all::remove);
    return new LineRules(List.copyOf(all.values()));
  }

  private static List<LineRule> parse(JsonNode root, String file, List<String> removed) {
    if (!root.path("rules").isArray()) {
      throw UserException.usage("no rules in " + file + " (lay it out like conf/rules.yaml)");
    }
    List<LineRule> rules = new ArrayList<>();
    for (JsonNode node : root.path("rules")) {
      String name = node.path("name").asText();
      if (name.isEmpty()) {
        throw UserException.usage("a rule of " + file + " has no name");
      }
      if (flag(node, "off", name, file)) {
        removed.add(name);
      } else {
        rules.add(rule(name, node, file));
      }
    }
    return rules;
  }

  private static LineRule rule(String name, JsonNode node, String file) {
    List<LineRule.Test> tests = new ArrayList<>();
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                tests.add(test(key, name, file));
              }
            });
    if (tests.size() != 1) {
      throw wrong(name, file, "it needs one of " + keys());
    }
    LineRule.Test test = tests.get(0);
    JsonNode value = node.get(test.key());
    boolean isText = test == LineRule.Test.CONTAINS;
    boolean isFlag = test == LineRule.Test.NO_FORMAT;
    if (!isText && !isFlag && (!value.isInt() || value.asInt() < 1)) {
      throw wrong(name, file, test.key() + " is '" + value.asText() + "', not a number above 0");
    }
    if (isFlag && !flag(node, test.key(), name, file)) {
      throw wrong(name, file, test.key() + " is false (give off: true to leave a rule out)");
    }
    boolean ignoreCase = flag(node, "ignore-case", name, file);
    List<String> texts = isText ? strings(value, ignoreCase) : List.of();
    if (isText && (hasNull(value) || texts.isEmpty() || texts.contains(""))) {
      throw wrong(name, file, "contains has no text, or an empty one");
    }
    String verdict = node.path("verdict").asText("anomaly");
    if (!verdict.equals("anomaly") && !verdict.equals("review")) {
      throw wrong(name, file, "verdict is '" + verdict + "', not anomaly or review");
    }
    return new LineRule(
        name,
        node.path("reason").asText(name),
        verdict.equals("anomaly"),
        test,
        isText || isFlag ? 1 : value.asInt(),
        texts,
        ignoreCase,
        strings(node.path("component"), false));
  }

  private static boolean flag(JsonNode node, String key, String name, String file) {
    JsonNode value = node.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw wrong(name, file, key + " is '" + value.asText() + "', not true or false");
    }
    return value.asBoolean();
  }

  private static LineRule.Test test(String key, String name, String file) {
    for (LineRule.Test test : LineRule.Test.values()) {
      if (test.key().equals(key)) {
        return test;
      }
    }
    throw wrong(name, file, "unknown key '" + key + "' (there are " + keys() + ")");
  }

  private static String keys() {
    return Arrays.stream(LineRule.Test.values())
        .map(LineRule.Test::key)
        .collect(Collectors.joining(", "));
  }

  private static UserException wrong(String name, String file, String why) {
    return UserException.usage("bad rule '" + name + "' of " + file + ": " + why);
  }

  private static boolean hasNull(JsonNode node) {
    for (JsonNode item : node) {
      if (item.isNull()) {
        return true;
      }
    }
    return node.isNull();
  }

  private static List<String> strings(JsonNode node, boolean lowerCase) {
    List<String> result = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(item -> result.add(item.asText()));
    } else if (!node.isMissingNode()) {
      result.add(node.asText());
    }
    return result.stream().map(s -> lowerCase ? s.toLowerCase(Locale.ROOT) : s).toList();
  }

  /**
   * The rules for lines whose template the training never saw, in order; none where all are off.
   */
  public List<FirstSeen> firstSeen() {
    return rules.stream()
        .filter(rule -> rule.test() == LineRule.Test.FIRST_SEEN)
        .map(
            rule ->
                new FirstSeen(
                    new Hit(rule.name(), rule.reason(), rule.anomaly()),
                    rule.least(),
                    rule.components()))
        .toList();
  }

  /** Names and reasons, in order. */
  public Map<String, String> reasons() {
    Map<String, String> reasons = new LinkedHashMap<>();
    rules.forEach(rule -> reasons.put(rule.name(), rule.reason()));
    return reasons;
  }

  /**
   * Holds a line against the rules, but those of {@link #firstSeen}.
   *
   * @param text the content, or the whole line where it fits no format
   * @param component null when the line has none
   * @param isBytes whether the line is not UTF-8, and each character stands for a byte
   * @param fits whether the line fits the format
   * @return the first rule that applies; null when none does
   */
  public Hit check(String text, String component, boolean isBytes, boolean fits) {
    for (LineRule rule : rules) {
      if (rule.applies(text, component, isBytes, fits)) {
        return new Hit(rule.name(), rule.reason(), rule.anomaly());
      }
    }
    return null;
  }
}
