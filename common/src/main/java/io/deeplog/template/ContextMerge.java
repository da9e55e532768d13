package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes the words of rare templates wildcards at places where other templates have one between the
 * same words: of a rare kind of line there are too few to tell its values by, but it is worded like
 * others.
 */
@Pure
final class ContextMerge {
  private static final int ROUNDS = 2;

  /** Words before and behind a place that make a context. */
  private static final int[][] CONTEXTS = {{1, 2}, {2, 1}};

  /** Words on the one side of a place that stands at the begin or the end. */
  private static final int ALONE = 3;

  /** Other templates that must have a wildcard in a context. */
  private static final int LEAST_TEMPLATES = 2;

  /** The share of the lines in a context that must have a value there. */
  private static final double LEAST_SHARE = 0.8;

  private ContextMerge() {}

  private static final class Seen {
    long values;
    long words;
    final Set<String> templates = new HashSet<>();
  }

  /** Templates' texts with the numbers of their lines; equal texts become one. */
  static Map<String, Long> merge(Map<String, Long> counts) {
    Map<String, Long> current = counts;
    for (int round = 0; round < ROUNDS; round++) {
      Map<String, Seen> contexts = new HashMap<>();
      current.forEach((text, count) -> tally(text, count, contexts));
      Map<String, Long> next = new TreeMap<>();
      current.forEach((text, count) -> next.merge(spread(text, contexts), count, Long::sum));
      if (next.size() == current.size() && next.equals(current)) {
        break;
      }
      current = next;
    }
    return current;
  }

  private static void tally(String text, long count, Map<String, Seen> contexts) {
    String[] tokens = Tokens.of(text, Tokens.Grain.FINE).texts();
    for (int i = 0; i < tokens.length; i++) {
      if (Tokens.isSeparator(tokens[i])) {
        continue;
      }
      boolean value = tokens[i].equals(Masker.WILDCARD);
      for (String context : contexts(tokens, i)) {
        Seen seen = contexts.computeIfAbsent(context, k -> new Seen());
        if (value) {
          seen.values += count;
          if (seen.templates.size() < LEAST_TEMPLATES) {
            seen.templates.add(text);
          }
        } else {
          seen.words += count;
        }
      }
    }
  }

  private static String spread(String text, Map<String, Seen> contexts) {
    String[] tokens = Tokens.of(text, Tokens.Grain.FINE).texts();
    String[] result = tokens.clone();
    for (int i = 0; i < tokens.length; i++) {
      if (Tokens.isSeparator(tokens[i]) || tokens[i].equals(Masker.WILDCARD)) {
        continue;
      }
      for (String context : contexts(tokens, i)) {
        Seen seen = contexts.get(context);
        if (seen.templates.size() >= LEAST_TEMPLATES
            && seen.values >= LEAST_SHARE * (seen.values + seen.words)) {
          result[i] = Masker.WILDCARD;
          break;
        }
      }
    }
    return String.join("", result);
  }

  /** What is around a place; without contexts that hold no word of letters. */
  private static List<String> contexts(String[] tokens, int place) {
    List<String> contexts = new ArrayList<>();
    boolean first = words(tokens, place, -1, 1) == null;
    boolean last = words(tokens, place, 1, 1) == null;
    if (first || last) {
      String side = words(tokens, place, first ? 1 : -1, ALONE);
      if (side != null) {
        add(contexts, first ? "^\u0001" + side : side + "\u0001$");
      }
      return contexts;
    }
    for (int[] sides : CONTEXTS) {
      String before = words(tokens, place, -1, sides[0]);
      String behind = words(tokens, place, 1, sides[1]);
      if (before != null && behind != null) {
        add(contexts, before + '\u0001' + behind);
      }
    }
    return contexts;
  }

  private static void add(List<String> contexts, String context) {
    String rest = context.replace(Masker.WILDCARD, "");
    if (rest.chars().anyMatch(Character::isLetter)) {
      contexts.add(context);
    }
  }

  /** So many words beside a place with what is between, or null when there are fewer. */
  private static String words(String[] tokens, int place, int step, int wanted) {
    StringBuilder out = new StringBuilder();
    int words = 0;
    int i = place + step;
    for (; i >= 0 && i < tokens.length && words < wanted; i += step) {
      out.append(tokens[i]).append('\u0002');
      words += Tokens.isSeparator(tokens[i]) ? 0 : 1;
    }
    return words < wanted ? null : out.toString();
  }
}
