package io.deeplog.log;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A format as {@code conf/formats.yaml} declares it, before an input settles what is left open.
 *
 * @param name in lower case
 * @param shape text, JSON or CSV
 * @param layouts of text, tried in order
 * @param roles of the named values of JSON and CSV, else null
 * @param required names that a JSON object must have
 * @param timestamps patterns, one of which a file is read with
 * @param time the fields that make up the time; empty for those of the usual names
 * @param zone of times without an offset
 * @param join how lines make up an entry
 * @param partial how a message tells that it goes on in the next line, else null
 * @param inner formats that the content may have itself
 * @param generic whether it reads what nearly any log has, and is to be taken last
 */
@Pure
record FormatSpec(
    String name,
    Shape shape,
    List<String> layouts,
    FieldRoles roles,
    List<String> required,
    List<String> timestamps,
    List<String> time,
    ZoneId zone,
    Join join,
    Partial partial,
    List<String> inner,
    boolean generic)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Set<String> KEYS =
      Set.of(
          "layout",
          "timestamp",
          "time",
          "zone",
          "multiline",
          "json",
          "csv",
          "require",
          "partial",
          "inner",
          "generic");

  /** What a line is. */
  enum Shape {
    /** A header and a content. */
    TEXT,
    /** A JSON object. */
    JSON,
    /** A row of a table whose first line names the columns. */
    CSV
  }

  /** How lines make up an entry. */
  enum Join {
    /** A line is an entry. */
    NONE,
    /** Lines that look like those of a stack trace belong to the entry before. */
    STACK_TRACE,
    /** All lines that do not fit belong to the entry before. */
    ALL,
    /** A message tells that it goes on. */
    PARTIAL,
    /** A quoted field holds line breaks. */
    QUOTES;

    /**
     * Of a name that a user may give.
     *
     * @throws UserException when it is none
     */
    static Join of(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "none" -> NONE;
        case "stack-trace" -> STACK_TRACE;
        case "all" -> ALL;
        default ->
            throw UserException.usage(
                "unknown rule of multi-line entries '"
                    + name
                    + "' (give none, stack-trace or all)");
      };
    }
  }

  /**
   * How a message tells that it goes on: by a field's value, or by having no line break at its end.
   *
   * @param stream field that tells messages apart which come at the same time
   * @param field null for the line break
   * @param value of the field
   */
  record Partial(String stream, String field, String value) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Reads a declaration.
   *
   * @throws UserException when it is wrong
   */
  static FormatSpec of(String name, JsonNode node) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!KEYS.contains(key)) {
                throw wrong(name, "unknown key '" + key + "'");
              }
            });
    boolean json = node.has("json");
    boolean csv = node.has("csv");
    if ((json ? 1 : 0) + (csv ? 1 : 0) + (node.has("layout") ? 1 : 0) != 1) {
      throw wrong(name, "it needs one of layout, json and csv");
    }
    JsonNode partial = node.get("partial");
    Join join =
        partial != null
            ? Join.PARTIAL
            : csv
                ? Join.QUOTES
                : node.has("multiline") ? Join.of(node.get("multiline").asText()) : Join.NONE;
    return new FormatSpec(
        name.toLowerCase(Locale.ROOT),
        json ? Shape.JSON : csv ? Shape.CSV : Shape.TEXT,
        strings(node.get("layout")),
        json ? roles(node.get("json")) : csv ? roles(node.get("csv")) : null,
        strings(node.get("require")),
        strings(node.get("timestamp")),
        strings(node.get("time")),
        zone(name, node.path("zone").asText("UTC")),
        join,
        partial == null
            ? null
            : new Partial(
                partial.path("stream").asText(null),
                partial.path("field").asText(null),
                partial.path("value").asText(null)),
        strings(node.get("inner")),
        node.path("generic").asBoolean());
  }

  private static UserException wrong(String name, String why) {
    return UserException.usage("bad format '" + name + "': " + why);
  }

  private static ZoneId zone(String name, String text) {
    try {
      return text.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(text);
    } catch (DateTimeException e) {
      throw wrong(name, "'" + text + "' is no time zone");
    }
  }

  private static FieldRoles roles(JsonNode node) {
    Map<String, List<String>> columns = new LinkedHashMap<>();
    node.fields()
        .forEachRemaining(
            e -> {
              if (!e.getKey().equals("message") && !e.getKey().equals("time")) {
                columns.put(e.getKey(), strings(e.getValue()));
              }
            });
    return new FieldRoles(strings(node.get("message")), strings(node.get("time")), columns);
  }

  static List<String> strings(JsonNode node) {
    List<String> result = new ArrayList<>();
    if (node != null && node.isArray()) {
      node.forEach(item -> result.add(item.asText()));
    } else if (node != null) {
      result.add(node.asText());
    }
    return List.copyOf(result);
  }

  /** A layout of the user's own. */
  static FormatSpec ofLayout(String layout, List<String> timestamps) {
    return new FormatSpec(
        layout,
        Shape.TEXT,
        List.of(layout),
        null,
        List.of(),
        timestamps,
        List.of(),
        ZoneOffset.UTC,
        Join.STACK_TRACE,
        null,
        List.of(),
        false);
  }

  /** With roles and a join rule of the user's own, where they apply and are not null. */
  FormatSpec with(String ownMessage, String ownTime, Join ownJoin) {
    return new FormatSpec(
        name,
        shape,
        layouts,
        roles == null ? null : roles.with(ownMessage, ownTime),
        required,
        timestamps,
        time,
        zone,
        ownJoin == null || shape != Shape.TEXT || join == Join.PARTIAL ? join : ownJoin,
        partial,
        inner,
        generic);
  }
}
