package io.deeplog.log;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A compiled header layout such as {@code <Date> <Time> <Level>: <Content>}.
 *
 * <p>The scan takes, for every field, the first place where the text after it fits, which is what a
 * lazy regular expression gives. Only a field before one of a restricted kind ({@code <Pid:int>})
 * can be wrong about its end; the scan then goes on from there, and remembers which places failed,
 * so that a line costs time linear in its header, times the number of fields.
 */
@Pure
final class HeaderLayout implements Serializable {
  private static final long serialVersionUID = 1L;

  /** A header longer than this many characters is none; it bounds the time a line can cost. */
  static final int MAX_HEADER = 4096;

  /** The name of the field that takes the rest of the line. */
  static final String CONTENT = "Content";

  private final List<String> names;

  /** One for every choice of the optional parts; those with more of them first. */
  private final List<Alternative> alternatives;

  private HeaderLayout(List<String> names, List<Alternative> alternatives) {
    this.names = names;
    this.alternatives = alternatives;
  }

  /**
   * Compiles a layout.
   *
   * @throws UserException when it is malformed
   */
  static HeaderLayout compile(String layout) {
    return compile(layout, Map.of());
  }

  /**
   * Compiles a layout.
   *
   * @param kinds words by the name of their kind
   * @throws UserException when it is malformed
   */
  static HeaderLayout compile(String layout, Map<String, List<String>> kinds) {
    Compiler compiler = new Compiler(layout, kinds);
    List<List<Element>> expanded = compiler.compile();
    List<Alternative> alternatives = new ArrayList<>();
    for (List<Element> elements : expanded) {
      alternatives.add(Alternative.of(layout, elements, compiler.kinds));
    }
    return new HeaderLayout(List.copyOf(compiler.names), List.copyOf(alternatives));
  }

  /** Field names in the order of the spans; {@link #CONTENT} among them. */
  List<String> names() {
    return names;
  }

  /** Room for the spans of one line: start and end per field, -1 for an absent field. */
  int[] newSpans() {
    return new int[2 * names.size()];
  }

  /**
   * Scans a line.
   *
   * @param spans filled with start and end of every field
   * @return whether the line fits
   */
  boolean scan(String line, int[] spans) {
    if (alternatives.size() == 1) {
      return alternatives.get(0).scan(line, spans);
    }
    int[] candidate = newSpans();
    boolean found = false;
    for (Alternative alternative : alternatives) {
      if (alternative.scan(line, candidate) && (!found || earlier(candidate, spans))) {
        System.arraycopy(candidate, 0, spans, 0, spans.length);
        found = true;
      }
    }
    return found;
  }

  /** Whether a match ends a field earlier than another at the first field where they differ. */
  private static boolean earlier(int[] a, int[] b) {
    for (int i = 1; i < a.length; i += 2) {
      if ((a[i] >= 0) != (b[i] >= 0)) {
        // The same up to an optional part: that with the part came first.
        return false;
      }
      if (a[i] != b[i]) {
        return a[i] < b[i];
      }
    }
    return false;
  }

  /**
   * A piece of a layout: a field, blanks, or a literal.
   *
   * @param field its index, -1 for the others
   * @param literal null for blanks
   */
  private record Element(int field, String literal) {
    static final Element BLANK = new Element(-1, null);

    boolean isField() {
      return field >= 0;
    }
  }

  /** A layout without optional parts: separator, field, separator, ... the last field open. */
  private static final class Alternative implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int[] fields;
    private final FieldKind[] kinds;

    /** Before each field: literals, null for blanks. */
    private final String[][] separators;

    /** All literals in order: without them a line is not worth a scan. */
    private final String[] literals;

    /** Whether a field after this one is of a restricted kind. */
    private final boolean[] restrictedAfter;

    private Alternative(int[] fields, FieldKind[] kinds, String[][] separators) {
      this.fields = fields;
      this.kinds = kinds;
      this.separators = separators;
      this.literals =
          Arrays.stream(separators)
              .flatMap(Arrays::stream)
              .filter(Objects::nonNull)
              .toArray(String[]::new);
      this.restrictedAfter = new boolean[fields.length];
      for (int i = fields.length - 2; i >= 0; i--) {
        restrictedAfter[i] = restrictedAfter[i + 1] || !kinds[i + 1].isAny();
      }
    }

    static Alternative of(String layout, List<Element> elements, List<FieldKind> kinds) {
      List<Integer> fields = new ArrayList<>();
      List<List<String>> separators = new ArrayList<>();
      separators.add(new ArrayList<>());
      for (Element element : elements) {
        List<String> separator = separators.get(separators.size() - 1);
        if (element.isField()) {
          if (!fields.isEmpty() && separator.isEmpty()) {
            throw malformed(layout, "two fields need something between them");
          }
          fields.add(element.field);
          separators.add(new ArrayList<>());
        } else if (element.literal != null
            && !separator.isEmpty()
            && separator.get(separator.size() - 1) != null) {
          separator.set(
              separator.size() - 1, separator.get(separator.size() - 1) + element.literal);
        } else if (element.literal != null
            || separator.isEmpty()
            || separator.get(separator.size() - 1) != null) {
          // Two runs of blanks, around an absent optional part, are one.
          separator.add(element.literal);
        }
      }
      if (!separators.remove(separators.size() - 1).isEmpty()) {
        throw malformed(layout, "<Content> must come last");
      }
      return new Alternative(
          fields.stream().mapToInt(Integer::intValue).toArray(),
          fields.stream().map(kinds::get).toArray(FieldKind[]::new),
          separators.stream().map(s -> s.toArray(new String[0])).toArray(String[][]::new));
    }

    boolean scan(String line, int[] spans) {
      Arrays.fill(spans, -1);
      int position = skip(separators[0], line, 0);
      if (position < 0) {
        return false;
      }
      int limit = Math.min(line.length(), MAX_HEADER);
      return straight(position, line, limit, spans)
          || (hasLiterals(line) && match(0, position, line, limit, spans, new Failures()));
    }

    /**
     * Takes for every field the first place that fits, as {@link #match} does when it need not go
     * back, which is for most lines.
     */
    private boolean straight(int from, String line, int limit, int[] spans) {
      int start = from;
      int content = fields.length - 1;
      for (int i = 0; i < content; i++) {
        int end = firstEnd(i, start, line, limit);
        int next = end < 0 ? -1 : skip(separators[i + 1], line, end);
        if (next < 0 || !kinds[i].accepts(line, start, end)) {
          return false;
        }
        spans[2 * fields[i]] = start;
        spans[2 * fields[i] + 1] = end;
        start = next;
      }
      spans[2 * fields[content]] = start;
      spans[2 * fields[content] + 1] = line.length();
      return true;
    }

    /** The first place at which the separator behind a field may begin, or -1. */
    private int firstEnd(int i, int start, String line, int limit) {
      int last = Math.min(kinds[i].lastEnd(line, start, limit), limit - 1);
      String first = separators[i + 1][0];
      if (first != null) {
        int end = line.indexOf(first, start + 1);
        return end > last ? -1 : end;
      }
      int end = kinds[i].mayHoldBlanks() ? start + 1 : Math.max(start + 1, last);
      while (end <= last && !isBlank(line.charAt(end))) {
        end++;
      }
      return end > last ? -1 : end;
    }

    private boolean hasLiterals(String line) {
      int position = 0;
      for (String literal : literals) {
        position = line.indexOf(literal, position);
        if (position < 0) {
          return false;
        }
        position += literal.length();
      }
      return true;
    }

    /** Fields and places from which no match came, so that none is tried twice. */
    private static final class Failures {
      private BitSet places;

      boolean holds(int field, int position) {
        return places != null && places.get(place(field, position));
      }

      void add(int field, int position) {
        if (places == null) {
          places = new BitSet();
        }
        places.set(place(field, position));
      }

      private static int place(int field, int position) {
        return field * (MAX_HEADER + 2) + Math.min(position, MAX_HEADER + 1);
      }
    }

    private boolean match(
        int i, int start, String line, int limit, int[] spans, Failures failures) {
      int field = fields[i];
      spans[2 * field] = start;
      if (i == fields.length - 1) {
        spans[2 * field + 1] = line.length();
        return true;
      }
      String[] separator = separators[i + 1];
      boolean blankFirst = separator[0] == null;
      FieldKind kind = kinds[i];
      int last = Math.min(kind.lastEnd(line, start, limit), limit - 1);
      // A field of characters that are no blanks ends before the first one, or nowhere.
      int end = blankFirst && !kind.mayHoldBlanks() ? Math.max(start + 1, last) : start + 1;
      while (end <= last) {
        if (blankFirst && !isBlank(line.charAt(end))) {
          end++;
          continue;
        }
        if (!blankFirst) {
          end = line.indexOf(separator[0], end);
          if (end < 0 || end > last) {
            return false;
          }
        }
        int next = skip(separator, line, end);
        if (next >= 0 && kind.accepts(line, start, end)) {
          spans[2 * field + 1] = end;
          if (failures.holds(i + 1, next)) {
            // Who came here before went on from here to the same last place.
            if (kind.isCharacters()) {
              return false;
            }
          } else if (match(i + 1, next, line, limit, spans, failures)) {
            return true;
          } else if (!restrictedAfter[i]) {
            // Without a restricted field, a later place leaves less and fits no better.
            return false;
          } else {
            failures.add(i + 1, next);
          }
        }
        // What follows a run of blanks does not fit from inside the run either.
        end = blankFirst ? endOfBlanks(line, end) : end + 1;
      }
      return false;
    }

    /** Where the line goes on after a separator at a position, or -1 when it is not there. */
    private static int skip(String[] separator, String line, int from) {
      int position = from;
      for (String piece : separator) {
        if (piece == null) {
          int start = position;
          position = endOfBlanks(line, position);
          // A line that ends in its header ("Component:") has an empty content.
          if (position == start && position < line.length()) {
            return -1;
          }
        } else if (line.startsWith(piece, position)) {
          position += piece.length();
        } else {
          return -1;
        }
      }
      return position;
    }

    private static int endOfBlanks(String line, int from) {
      int position = from;
      while (position < line.length() && isBlank(line.charAt(position))) {
        position++;
      }
      return position;
    }

    private static boolean isBlank(char c) {
      return c == ' ' || c == '\t';
    }
  }

  private static UserException malformed(String layout, String why) {
    return UserException.usage("bad format '" + layout + "': " + why);
  }

  /** Reads the notation and expands its optional parts. */
  private static final class Compiler {
    private final String layout;
    private final Map<String, List<String>> lists;
    private final List<String> names = new ArrayList<>();
    private final List<FieldKind> kinds = new ArrayList<>();
    private int position;

    Compiler(String layout, Map<String, List<String>> lists) {
      this.layout = layout;
      this.lists = lists;
    }

    List<List<Element>> compile() {
      List<List<Element>> expanded = sequence(false);
      if (names.isEmpty() || !names.get(names.size() - 1).equals(CONTENT)) {
        throw malformed(layout, "it needs <Content> as its last field");
      }
      return expanded;
    }

    private List<List<Element>> sequence(boolean inOptional) {
      List<List<Element>> result = new ArrayList<>();
      result.add(List.of());
      while (position < layout.length()) {
        char c = layout.charAt(position);
        if (c == '(') {
          position++;
          result = optional(result);
        } else if (c == ')' && inOptional) {
          return result;
        } else {
          result = product(result, List.of(List.of(element(c))));
        }
      }
      if (inOptional) {
        throw malformed(layout, "a '(' has no ')?'");
      }
      return result;
    }

    private List<List<Element>> optional(List<List<Element>> before) {
      List<List<Element>> choices = new ArrayList<>(sequence(true));
      if (!layout.startsWith(")?", position)) {
        throw malformed(layout, "a '(' must end in ')?'; write \\( for a bracket");
      }
      position += 2;
      choices.add(List.of());
      return product(before, choices);
    }

    private static List<List<Element>> product(
        List<List<Element>> heads, List<List<Element>> tails) {
      List<List<Element>> result = new ArrayList<>();
      for (List<Element> head : heads) {
        for (List<Element> tail : tails) {
          List<Element> joined = new ArrayList<>(head);
          joined.addAll(tail);
          result.add(joined);
        }
      }
      return result;
    }

    private Element element(char c) {
      if (c == '<') {
        int close = layout.indexOf('>', position);
        if (close <= position + 1) {
          throw malformed(layout, "a '<' has no field name and '>'");
        }
        String declared = layout.substring(position + 1, close);
        int colon = declared.indexOf(':');
        String name = colon < 0 ? declared : declared.substring(0, colon);
        String canonical = name.equalsIgnoreCase(CONTENT) ? CONTENT : name;
        if (names.contains(canonical)) {
          throw malformed(layout, "<" + name + "> stands twice");
        }
        names.add(canonical);
        kinds.add(colon < 0 ? FieldKind.ANY : FieldKind.of(declared.substring(colon + 1), lists));
        position = close + 1;
        return new Element(names.size() - 1, null);
      }
      if (c == ' ' || c == '\t') {
        while (position < layout.length() && " \t".indexOf(layout.charAt(position)) >= 0) {
          position++;
        }
        return Element.BLANK;
      }
      if (c == '\\' && position + 1 < layout.length()) {
        position++;
      }
      return new Element(-1, String.valueOf(layout.charAt(position++)));
    }
  }
}
