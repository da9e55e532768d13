package io.deeplog.detect.value;

import io.deeplog.Pure;
import io.deeplog.template.Masker;
import io.deeplog.template.Quantity;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What the text of a template says of its parameters: the word before each, which names it, and the
 * unit behind it, which belongs to its value.
 *
 * @param places one for every parameter, in order
 */
@Pure
record TemplateText(List<Place> places) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of a template whose text is not known. */
  static final TemplateText NONE = new TemplateText(List.of());

  /** Shorter words, such as "in" and "to", name nothing. */
  private static final int SHORTEST_NAME = 2;

  /**
   * A parameter.
   *
   * @param name "" for none
   * @param unit "" for none
   */
  @Pure
  record Place(String name, String unit) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Reads a template; null gives {@link #NONE}. */
  static TemplateText of(String template) {
    if (template == null) {
      return NONE;
    }
    List<Place> places = new ArrayList<>();
    int from = 0;
    int at = template.indexOf(Masker.WILDCARD);
    while (at >= 0) {
      int end = at + Masker.WILDCARD.length();
      places.add(new Place(name(template, from, at), unit(template, at, end)));
      from = end;
      at = template.indexOf(Masker.WILDCARD, end);
    }
    return new TemplateText(List.copyOf(places));
  }

  /** The last word before a parameter, after the parameter before; two where it is short. */
  private static String name(String template, int from, int to) {
    String last = "";
    int end = to;
    while (end > from) {
      if (!Character.isLetter(template.charAt(end - 1))) {
        end--;
        continue;
      }
      int start = end;
      while (start > from && partOfName(template.charAt(start - 1))) {
        start--;
      }
      String word = template.substring(start, end);
      if (Quantity.isUnit(word)) {
        // That of the parameter before.
        return last;
      }
      if (!last.isEmpty() || word.length() > SHORTEST_NAME) {
        return last.isEmpty() ? word : word + " " + last;
      }
      last = word;
      end = start;
    }
    return last;
  }

  private static boolean partOfName(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  /** The word behind a parameter if it is a unit, and the parameter stands by itself. */
  private static String unit(String template, int at, int end) {
    if (at > 0 && partOfName(template.charAt(at - 1))) {
      return "";
    }
    int start = end < template.length() && template.charAt(end) == ' ' ? end + 1 : end;
    int stop = start;
    while (stop < template.length() && Character.isLetter(template.charAt(stop))) {
      stop++;
    }
    boolean whole = stop == template.length() || !partOfName(template.charAt(stop));
    // A full stop that ends a sentence is no part of a word.
    whole |= template.startsWith(". ", stop) || template.substring(stop).equals(".");
    String word = template.substring(start, stop);
    return whole && Quantity.isUnit(word) ? word : "";
  }

  /** What a parameter is called. */
  String name(int param) {
    return param < places.size() && !places.get(param).name().isEmpty()
        ? places.get(param).name()
        : "value " + (param + 1);
  }

  /** Parameters with their units. */
  String[] values(String[] params) {
    if (places.isEmpty()) {
      return params;
    }
    String[] values = params.clone();
    for (int i = 0; i < Math.min(values.length, places.size()); i++) {
      String unit = places.get(i).unit();
      if (!unit.isEmpty() && values[i] != null) {
        values[i] = values[i] + " " + unit;
      }
    }
    return values;
  }
}
