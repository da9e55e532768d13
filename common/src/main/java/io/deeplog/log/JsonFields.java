package io.deeplog.log;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.Pure;
import java.io.IOException;
import java.util.Map;

/** Reads a JSON object of one line into names and values: {@code {"a":{"b":1}}} gives a.b = 1. */
@Pure
final class JsonFields {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonFields() {}

  /**
   * Puts the values of an object by their names; nulls are left out, arrays stay JSON.
   *
   * @return whether the text is one JSON object
   */
  static boolean read(String text, Map<String, String> into) {
    if (!startsObject(text)) {
      return false;
    }
    try (JsonParser parser = JSON.createParser(text)) {
      parser.nextToken();
      object(parser, "", into);
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean startsObject(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != ' ' && c != '\t') {
        return c == '{';
      }
    }
    return false;
  }

  /** Nesting is bounded by the parser, which refuses a depth of more than a thousand. */
  private static void object(JsonParser parser, String prefix, Map<String, String> into)
      throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = prefix + parser.currentName();
      switch (parser.nextToken()) {
        case START_OBJECT -> object(parser, name + ".", into);
        case START_ARRAY -> into.put(name, parser.readValueAsTree().toString());
        case VALUE_NULL -> into.remove(name);
        default -> into.put(name, parser.getText());
      }
    }
  }
}
