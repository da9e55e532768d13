package io.deeplog.log;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;

/** A layout as a lazy regular expression, and lines that nearly fit it. */
final class LayoutRegex {
  private final String layout;
  private final Map<String, List<String>> kinds;
  private int position;
  private boolean afterField;

  /** The last character of an optional part behind a field, when nothing came since; else 0. */
  private char optional;

  private LayoutRegex(String layout, Map<String, List<String>> kinds) {
    this.layout = layout;
    this.kinds = kinds;
  }

  /** The expression, with a group for every field in the order of the layout. */
  static Pattern of(String layout, Map<String, List<String>> kinds) {
    return Pattern.compile(new LayoutRegex(layout, kinds).sequence(), Pattern.DOTALL);
  }

  private String sequence() {
    StringBuilder regex = new StringBuilder();
    while (position < layout.length()) {
      char c = layout.charAt(position++);
      switch (c) {
        case '(' -> {
          boolean before = afterField;
          regex.append("(?:").append(sequence()).append(")?");
          // Without the part a field is what stands before the next blank.
          optional = before && !afterField ? layout.charAt(position - 2) : 0;
          position++;
        }
        case ')' -> {
          return regex.toString();
        }
        case '<' -> {
          int close = layout.indexOf('>', position);
          String[] field = layout.substring(position, close).split(":", 2);
          position = close + 1;
          String kind =
              field[0].equals("Content")
                  ? ".*"
                  : field.length == 1 ? ".+?" : FieldKind.of(field[1], kinds).regex();
          regex.append('(').append(kind).append(')');
          afterField = true;
          optional = 0;
        }
        case ' ' -> {
          // A line may end in its header, but not in the middle of it.
          String end = optional == 0 ? "\\z" : "(?<=" + Pattern.quote("" + optional) + ")\\z";
          regex.append(afterField ? "[ \\t]++" : "(?:[ \\t]++|" + end + ")");
          afterField = false;
          optional = 0;
        }
        default -> {
          char literal = c == '\\' ? layout.charAt(position++) : c;
          regex.append(Pattern.quote(String.valueOf(literal)));
          afterField = false;
          optional = 0;
        }
      }
    }
    return regex.toString();
  }

  /** A line that fits a layout, or did before some of its characters were changed. */
  static String line(String layout, Map<String, List<String>> kinds, Random random) {
    StringBuilder line = new StringBuilder();
    new LayoutRegex(layout, kinds).render(line, random, true);
    String literals = layout.replaceAll("<[^>]*>|[()?\\\\]", "") + "ab1 \t\"[]():";
    for (int changes = random.nextInt(4); changes > 0 && !line.isEmpty(); changes--) {
      int at = random.nextInt(line.length());
      char c = literals.charAt(random.nextInt(literals.length()));
      switch (random.nextInt(3)) {
        case 0 -> line.deleteCharAt(at);
        case 1 -> line.insert(at, c);
        default -> line.setCharAt(at, c);
      }
    }
    return line.toString();
  }

  private void render(StringBuilder line, Random random, boolean shown) {
    while (position < layout.length()) {
      char c = layout.charAt(position++);
      if (c == '(') {
        render(line, random, shown && random.nextBoolean());
        position++;
      } else if (c == ')') {
        return;
      } else if (c == '<') {
        int close = layout.indexOf('>', position);
        String[] field = layout.substring(position, close).split(":", 2);
        position = close + 1;
        line.append(shown ? value(field.length == 1 ? "any" : field[1], random) : "");
      } else if (c == ' ') {
        line.append(shown ? random.nextInt(4) == 0 ? " \t " : " " : "");
      } else {
        char literal = c == '\\' ? layout.charAt(position++) : c;
        line.append(shown ? String.valueOf(literal) : "");
      }
    }
  }

  private String value(String kind, Random random) {
    return switch (kind) {
      case "any" -> text("abc12:[]()-. |#\"", random);
      case "int" -> text("0123456789", random);
      case "word" -> text("abc12:[]()-.#\"", random);
      case "quoted" -> "ab c=\"" + text("x]\\\"[ y", random).replace("\\", "\\\\\"") + "\"";
      default -> {
        List<String> words =
            kind.indexOf('|') >= 0 ? List.of(kind.split("\\|", -1)) : kinds.get(kind);
        yield words.get(random.nextInt(words.size()));
      }
    };
  }

  private static String text(String alphabet, Random random) {
    StringBuilder text = new StringBuilder();
    for (int length = 1 + random.nextInt(6); length > 0; length--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
