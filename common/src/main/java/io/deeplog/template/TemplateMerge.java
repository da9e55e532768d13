package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Merges templates of different leaves: those that differ only in how many tokens stand for a value
 * are one.
 */
@Pure
final class TemplateMerge {
  private static final List<String> PAIRS =
      List.of("(<*>)", "[<*>]", "\"<*>\"", "()", "[]", "\"\"");

  /** Quoted texts of so many lengths are values. */
  private static final int LENGTHS_OF_VALUES = 3;

  /**
   * More are those of random text: there is nothing to merge, and it takes a minute to find out.
   */
  private static final int MOST_TEMPLATES = 50_000;

  /** Stands for a word that was learned to be a value: not masked, and like no other. */
  private static final String ANY_WORD = "\u0001";

  private TemplateMerge() {}

  /** The templates of the results of all leaves, in the order of their text. */
  static List<Template> finish(Collection<String> results) {
    Map<String, Set<String>> values = new HashMap<>();
    Map<String, Long> templates = new TreeMap<>();
    for (String result : results) {
      if (result.charAt(0) == AutoMiner.TEMPLATE) {
        int colon = result.indexOf(':');
        templates.merge(
            result.substring(colon + 1), Long.parseLong(result.substring(1, colon)), Long::sum);
      } else {
        int word = result.indexOf(':') + 1;
        int value = word + Integer.parseInt(result.substring(1, word - 1));
        values
            .computeIfAbsent(result.substring(word, value), k -> new HashSet<>())
            .add(result.substring(value));
      }
    }
    Set<String> names = new HashSet<>();
    values.values().forEach(all -> all.stream().filter(WordKind::isQualified).forEach(names::add));
    Set<String> spread = new TreeSet<>();
    templates.keySet().forEach(template -> spread.add(spread(template, values, names)));
    Set<String> merged = merged(merged(spread, TemplateMerge::oneRun), TemplateMerge::glued);
    Map<String, List<String>> byEmpty = new TreeMap<>();
    quoted(merged)
        .forEach(text -> byEmpty.computeIfAbsent(emptied(text), k -> new ArrayList<>()).add(text));
    Set<String> result = new TreeSet<>();
    byEmpty.forEach((empty, texts) -> result.add(texts.size() == 1 ? texts.get(0) : filled(texts)));
    Map<String, Long> counts = counted(result, templates);
    List<Template> finished =
        counts.size() > MOST_TEMPLATES
            ? counts.keySet().stream().map(Template::of).toList()
            : RunMerge.merge(ContextMerge.merge(counts));
    return complete(finished, templates.keySet());
  }

  /**
   * The templates so that every mined one's lines find one of them. Where values of other shapes
   * were merged that a wildcard does not take by itself, the mined text becomes a variant.
   */
  private static List<Template> complete(List<Template> templates, Set<String> mined) {
    TemplateMatcher matcher = strict(templates);
    List<String> missed =
        mined.stream()
            .filter(text -> !matcher.matchesMasked(text.replace(AutoMiner.LEARNED, ANY_WORD)))
            .map(text -> text.replace(AutoMiner.LEARNED, Masker.WILDCARD))
            .toList();
    if (missed.isEmpty()) {
      return templates;
    }
    Map<String, Template> byText = new TreeMap<>();
    templates.forEach(template -> byText.put(template.text(), template));
    TemplateMatcher wide = TemplateMatcher.ofUnits(templates, Phrases.NONE);
    for (String text : missed) {
      TemplateMatcher.Match match =
          RunMerge.isTooLong(Tokens.of(text, Tokens.Grain.FINE))
              ? null
              : wide.match(text, template -> true);
      Template known = match == null ? Template.of(text) : byText.get(match.template().text());
      Set<List<String>> variants = new LinkedHashSet<>(known.variants());
      if (match != null) {
        variants.add(match.params());
      }
      byText.put(known.text(), new Template(known.id(), known.text(), List.copyOf(variants)));
    }
    return new ArrayList<>(byText.values());
  }

  /** The texts with the numbers of the lines that were mined to templates they stand for. */
  private static Map<String, Long> counted(Set<String> texts, Map<String, Long> mined) {
    Map<String, Long> counts = new TreeMap<>();
    texts.forEach(text -> counts.put(text, 0L));
    TemplateMatcher matcher = strict(texts.stream().map(Template::of).toList());
    mined.forEach(
        (text, count) -> {
          Template found = matcher.templateOf(text.replace(AutoMiner.LEARNED, Masker.WILDCARD));
          if (found != null) {
            counts.merge(found.text(), count, Long::sum);
          }
        });
    return counts;
  }

  private static TemplateMatcher strict(List<Template> templates) {
    return new TemplateMatcher(
        List.of(templates), Masks.NONE, Tokens.Grain.FINE, TemplateMatcher.Runs.VALUES);
  }

  /** Texts, those of equal key replaced by it. Learned wildcards come out as plain ones. */
  private static Set<String> merged(Collection<String> texts, UnaryOperator<String> key) {
    Map<String, Set<String>> byKey = new TreeMap<>();
    for (String text : texts) {
      byKey
          .computeIfAbsent(key.apply(text), k -> new TreeSet<>())
          .add(text.replace(AutoMiner.LEARNED, Masker.WILDCARD));
    }
    Set<String> result = new TreeSet<>();
    byKey.forEach(
        (name, distinct) -> {
          if (distinct.size() > 1) {
            result.add(name);
          } else {
            result.addAll(distinct);
          }
        });
    return result;
  }

  /** A text with values that are glued together by brackets and colons as one. */
  private static String glued(String template) {
    List<String> tokens = Arrays.asList(Tokens.of(template, Tokens.Grain.FINE).texts());
    StringBuilder out = new StringBuilder();
    int position = 0;
    while (position < tokens.size()) {
      String token = tokens.get(position);
      out.append(token);
      position = token.equals(Masker.WILDCARD) ? gluedEnd(tokens, position) : position + 1;
    }
    return out.toString();
  }

  private static int gluedEnd(List<String> tokens, int wildcard) {
    int end = wildcard + 1;
    int open = 0;
    for (int i = end; i < tokens.size(); i++) {
      switch (tokens.get(i)) {
        case "[", "(" -> open++;
        case "]", ")" -> open--;
        case ":" -> {}
        default -> {
          if (!isValues(tokens.get(i))) {
            return end;
          }
        }
      }
      if (open < 0) {
        return end;
      }
      if (open == 0 && !tokens.get(i).equals(":")) {
        end = i + 1;
      }
    }
    return end;
  }

  /** Whether a token is made of wildcards and dots alone. */
  static boolean isValues(String token) {
    return token.contains(Masker.WILDCARD)
        && token.replace(Masker.WILDCARD, "").chars().allMatch(c -> c == '.');
  }

  /**
   * Texts that are equal but for what stands in one pair of quotes: a value, if it is nothing but a
   * wildcard in one of them, or of many lengths. A quotation that a text begins with is its
   * message.
   */
  private static Set<String> quoted(Set<String> texts) {
    Map<String, Set<String>> byKey = new TreeMap<>();
    Set<String> gone = new HashSet<>();
    for (String text : texts) {
      List<String> tokens = Arrays.asList(Tokens.of(text, Tokens.Grain.FINE).texts());
      for (int i = 0; i < tokens.size(); i++) {
        int close = closing(tokens, i);
        if (close > i + 1 && i > 0) {
          String key =
              String.join("", tokens.subList(0, i + 1))
                  + Masker.WILDCARD
                  + String.join("", tokens.subList(close, tokens.size()));
          byKey.computeIfAbsent(key, k -> new TreeSet<>()).add(text);
        }
        i = Math.max(i, close);
      }
    }
    Set<String> result = new TreeSet<>(texts);
    byKey.forEach(
        (key, same) -> {
          long lengths =
              same.stream().map(t -> Tokens.of(t, Tokens.Grain.FINE).size()).distinct().count();
          if (lengths > 1 && (same.contains(key) || lengths >= LENGTHS_OF_VALUES)) {
            gone.addAll(same);
            result.add(key);
          }
        });
    gone.removeAll(byKey.keySet());
    result.removeAll(gone);
    return result;
  }

  /** The token of a closing quote by that of its opening one, or -1. */
  static int closing(List<String> tokens, int open) {
    String quote = tokens.get(open);
    if (!Tokens.isQuote(quote)) {
      return -1;
    }
    if (open > 0 && !Tokens.isSeparator(tokens.get(open - 1))) {
      return -1;
    }
    for (int i = open + 1; i < tokens.size(); i++) {
      if (tokens.get(i).equals(quote)) {
        return i + 1 == tokens.size() || Tokens.isSeparator(tokens.get(i + 1)) ? i : -1;
      }
    }
    return -1;
  }

  /**
   * Makes a word a wildcard that was found to be a value behind the same word elsewhere, or, being
   * a name such as a file's or a class's, anywhere.
   */
  private static String spread(
      String template, Map<String, Set<String>> values, Set<String> names) {
    List<String> tokens = Arrays.asList(Tokens.of(template, Tokens.Grain.FINE).texts());
    String before = "";
    for (int i = 0; i < tokens.size(); i++) {
      String token = tokens.get(i);
      if (Tokens.isSeparator(token)) {
        continue;
      }
      Set<String> known = values.getOrDefault(before, Set.of());
      before = token;
      if ((known.size() >= Evidence.ENOUGH_WORDS && known.contains(token))
          || names.contains(token)) {
        tokens.set(i, AutoMiner.LEARNED);
      }
    }
    return String.join("", tokens);
  }

  /**
   * A text with runs of masked values as one. The text of templates whose runs are of different
   * length is then the same; a run of one length stays as it is.
   */
  private static String oneRun(String template) {
    List<String> out = new ArrayList<>();
    for (String token : Tokens.of(template, Tokens.Grain.FINE).texts()) {
      if (token.equals(Masker.WILDCARD)) {
        int last = out.size() - 1;
        while (last >= 0 && (out.get(last).equals(" ") || out.get(last).equals(","))) {
          last--;
        }
        if (last >= 0 && last < out.size() - 1 && out.get(last).equals(Masker.WILDCARD)) {
          out.subList(last + 1, out.size()).clear();
          continue;
        }
      }
      out.add(token);
    }
    return String.join("", out).replace(AutoMiner.LEARNED, Masker.WILDCARD);
  }

  /** A text with nothing between brackets and quotes that hold one wildcard. */
  private static String emptied(String text) {
    return text.replace("(<*>)", "()").replace("[<*>]", "[]").replace("\"<*>\"", "\"\"");
  }

  /** One text for several that differ in which of their brackets are empty. */
  private static String filled(List<String> texts) {
    Set<Integer> holes = new HashSet<>();
    for (String text : texts) {
      walk(text, holes, false);
    }
    return walk(texts.get(0), holes, true);
  }

  /** Collects the numbers of the pairs that hold a wildcard, or fills the pairs of such numbers. */
  private static String walk(String text, Set<Integer> holes, boolean fill) {
    StringBuilder out = new StringBuilder();
    int pair = 0;
    int position = 0;
    while (position < text.length()) {
      String opened = null;
      for (String candidate : PAIRS) {
        if (text.startsWith(candidate, position)) {
          opened = candidate;
          break;
        }
      }
      if (opened == null) {
        out.append(text.charAt(position++));
        continue;
      }
      if (opened.length() > 2 && !fill) {
        holes.add(pair);
      }
      out.append(opened.charAt(0));
      if (holes.contains(pair)) {
        out.append(Masker.WILDCARD);
      }
      out.append(opened.charAt(opened.length() - 1));
      position += opened.length();
      pair++;
    }
    return out.toString();
  }
}
