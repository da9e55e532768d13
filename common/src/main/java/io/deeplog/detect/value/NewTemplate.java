package io.deeplog.detect.value;

import io.deeplog.Pure;
import io.deeplog.template.Masker;
import io.deeplog.template.Quantity;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A template that training did not see, where it is one that it saw but for a word: lines that
 * differ in one word only, such as "result hit" and "result miss", are of templates of their own,
 * and so is a line whose word is none of those known. Such a word is judged like a rare text; one
 * that is a unit changes the value before it.
 *
 * @param text of the template, for the units of its parameters
 * @param sameAs id of the known template that differs in a unit only; null for none
 * @param words that are known at the place, with how often they came; null with {@code sameAs}
 * @param word at the place, null where it is a parameter
 * @param param the parameter at the place, -1 for none
 */
@Pure
record NewTemplate(TemplateText text, String sameAs, ValueColumn words, String word, int param)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** So many words besides must agree where only one known template does. */
  private static final int LEAST_AGREEING = 3;

  /**
   * A known template.
   *
   * @param rows lines of it in training
   */
  @Pure
  record Known(String id, String text, long rows) {}

  /** What differs at a place. */
  private record Place(Map<String, Long> words, List<Known> templates) {}

  /** Compares a template with those known; null when it resembles none. */
  static NewTemplate of(String text, List<Known> known) {
    String[] tokens = tokens(text);
    Map<Integer, Place> places = new TreeMap<>();
    for (Known other : known) {
      String[] others = tokens(other.text());
      int place = onlyDifference(tokens, others);
      if (place >= 0) {
        Place at =
            places.computeIfAbsent(place, k -> new Place(new HashMap<>(), new ArrayList<>()));
        at.words.merge(bare(others[place]), other.rows(), Long::sum);
        at.templates.add(other);
      }
    }
    int best = -1;
    for (int place : places.keySet()) {
      if (best < 0 || places.get(place).words.size() > places.get(best).words.size()) {
        best = place;
      }
    }
    return best < 0 ? null : of(text, tokens, best, places.get(best));
  }

  private static NewTemplate of(String text, String[] tokens, int place, Place at) {
    TemplateText own = TemplateText.of(text);
    if (place > 0 && wild(tokens[place - 1]) && Quantity.isUnit(bare(tokens[place]))) {
      for (Known other : at.templates) {
        if (Quantity.isUnit(bare(tokens(other.text())[place]))) {
          return new NewTemplate(own, other.id(), null, null, -1);
        }
      }
    }
    int agreeing = 0;
    for (int i = 0; i < tokens.length; i++) {
      agreeing += i != place && !wild(tokens[i]) ? 1 : 0;
    }
    if (at.words.size() < 2 && agreeing < LEAST_AGREEING) {
      return null;
    }
    long rows = at.words.values().stream().mapToLong(Long::longValue).sum();
    String before = place == 0 ? "" : bare(tokens[place - 1]);
    String name = before.isEmpty() || wild(tokens[place - 1]) ? "word " + (place + 1) : before;
    int params = 0;
    for (int i = 0; i < place; i++) {
      params += wildcards(tokens[i]);
    }
    boolean varies = wild(tokens[place]);
    return new NewTemplate(
        own,
        null,
        ValueColumn.word(name, new LinkedHashMap<>(new TreeMap<>(at.words)), rows),
        varies ? null : bare(tokens[place]),
        varies ? params : -1);
  }

  /** Judges an entry. */
  Finding judge(ValueRow row) {
    String found = param < 0 ? word : param < row.params().length ? row.params()[param] : null;
    return ValueModel.text(words, found == null ? null : bare(found));
  }

  /** The parameters with the units of this template. */
  String[] values(ValueRow row) {
    return text.values(row.params());
  }

  /** Where two templates differ if it is one place, a word of the known one; -1 otherwise. */
  private static int onlyDifference(String[] tokens, String[] known) {
    if (tokens.length != known.length) {
      return -1;
    }
    int place = -1;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i].equals(known[i]) || fits(tokens[i], known[i])) {
        continue;
      }
      if (place >= 0 || wild(known[i])) {
        return -1;
      }
      place = i;
    }
    return place;
  }

  /** Whether a token is one of those a known token with a parameter stands for. */
  private static boolean fits(String token, String known) {
    int at = known.indexOf(Masker.WILDCARD);
    return at >= 0
        && token.startsWith(known.substring(0, at))
        && token.endsWith(
            known.substring(known.lastIndexOf(Masker.WILDCARD) + Masker.WILDCARD.length()));
  }

  private static boolean wild(String token) {
    return token.contains(Masker.WILDCARD);
  }

  private static int wildcards(String token) {
    return token.split("<\\*>", -1).length - 1;
  }

  private static String[] tokens(String text) {
    return text.trim().split("\\s+");
  }

  /** Without punctuation at its ends. */
  private static String bare(String token) {
    int start = 0;
    int end = token.length();
    while (start < end && !Character.isLetterOrDigit(token.charAt(start))) {
      start++;
    }
    while (end > start && !Character.isLetterOrDigit(token.charAt(end - 1))) {
      end--;
    }
    return start == end ? token : token.substring(start, end);
  }
}
