package io.deeplog.template;

import io.deeplog.Hash64;
import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Phrases that are values though they are made of words: "far end hung up", "Mia's remote (2)".
 * What tells is that they stand where other lines have a value, in templates of several kinds.
 */
@Pure
final class Phrases {
  /** No phrase at all. */
  static final Phrases NONE = new Phrases(Map.of());

  /** Longer templates are not looked at: the runs of tokens grow with the square. */
  private static final int MOST_TOKENS = 80;

  /** Tokens of a phrase, blanks and signs among them. */
  private static final int MOST_TOKENS_OF_PHRASE = 24;

  /** Kinds of templates that must have a phrase in place of a value. */
  private static final int LEAST_CONTEXTS = 2;

  /** The same for phrases that may as well be a part of what the line says. */
  private static final int LEAST_CONTEXTS_OF_WORDS = 3;

  /** Constant words of a template, beside the value. */
  private static final int LEAST_CONSTANTS = 2;

  /** By their first token. */
  private final Map<String, List<String[]>> byFirst;

  private Phrases(Map<String, List<String[]>> byFirst) {
    this.byFirst = byFirst;
  }

  /**
   * A template.
   *
   * @param constants constant words among its tokens
   * @param count of its lines
   */
  @Pure
  record Text(String[] tokens, int constants, long count) {}

  /** Marks the ends of the phrases that start at a place. */
  void ends(String[] texts, int start, boolean[] found) {
    for (String[] phrase : byFirst.getOrDefault(texts[start], List.of())) {
      if (start + phrase.length <= texts.length && stands(phrase, texts, start)) {
        found[start + phrase.length] = true;
      }
    }
  }

  private static boolean stands(String[] phrase, String[] texts, int start) {
    for (int i = 0; i < phrase.length; i++) {
      if (!phrase[i].equals(texts[start + i])) {
        return false;
      }
    }
    return true;
  }

  /** Finds the phrases of some templates. */
  static Phrases of(Collection<Text> texts) {
    // Around each value, the lines of the most frequent template with it.
    Map<Long, Long> values = new HashMap<>();
    for (Text text : texts) {
      if (text.tokens.length > MOST_TOKENS || text.constants < LEAST_CONSTANTS) {
        continue;
      }
      long[] heads = heads(text.tokens);
      long[] tails = tails(text.tokens);
      for (int i = 0; i < text.tokens.length; i++) {
        if (text.tokens[i].equals(Masker.WILDCARD)) {
          values.merge(context(heads[i], tails[i + 1]), text.count, Math::max);
        }
      }
    }
    Map<String, Set<Long>> contexts = new TreeMap<>();
    Map<String, String[]> phrases = new HashMap<>();
    for (Text text : texts) {
      if (text.tokens.length <= MOST_TOKENS) {
        collect(text, values, contexts, phrases);
      }
    }
    Map<String, List<String[]>> byFirst = new HashMap<>();
    contexts.forEach(
        (key, where) -> {
          String[] phrase = phrases.get(key);
          if (where.size() >= (isName(phrase) ? LEAST_CONTEXTS : LEAST_CONTEXTS_OF_WORDS)) {
            byFirst.computeIfAbsent(phrase[0], k -> new ArrayList<>()).add(phrase);
          }
        });
    return byFirst.isEmpty() ? NONE : new Phrases(byFirst);
  }

  private static void collect(
      Text text,
      Map<Long, Long> values,
      Map<String, Set<Long>> contexts,
      Map<String, String[]> phrases) {
    String[] tokens = text.tokens;
    long[] heads = heads(tokens);
    long[] tails = tails(tokens);
    for (int start = 0; start < tokens.length; start++) {
      if (start > 0 && !Tokens.isSeparator(tokens[start - 1])) {
        continue;
      }
      int most = Math.min(tokens.length, start + MOST_TOKENS_OF_PHRASE);
      for (int end = start + 1; end <= most; end++) {
        if (end < tokens.length && !Tokens.isSeparator(tokens[end])) {
          continue;
        }
        long context = context(heads[start], tails[end]);
        Long count = values.get(context);
        if (count == null || count < text.count || !isPhrase(tokens, start, end)) {
          continue;
        }
        String[] phrase = Arrays.copyOfRange(tokens, start, end);
        String key = String.join("\u0001", phrase);
        contexts.computeIfAbsent(key, k -> new HashSet<>()).add(context);
        phrases.putIfAbsent(key, phrase);
      }
    }
  }

  /**
   * Whether a run of tokens could be one value: something with a letter, its brackets in balance,
   * no field, and words behind a value in brackets only.
   */
  private static boolean isPhrase(String[] tokens, int start, int end) {
    if (ValueRuns.isBlank(tokens[start]) || ValueRuns.isBlank(tokens[end - 1])) {
      return false;
    }
    boolean letters = false;
    for (int i = start; i < end; i++) {
      if (tokens[i].equals("=")) {
        return false;
      }
      letters |= Tokens.isConstant(tokens[i]);
    }
    if (!letters || isEnd(tokens[end - 1]) || !ValueRuns.isBalanced(tokens, start, end)) {
      return false;
    }
    String first = tokens[start];
    if (first.equals(Masker.WILDCARD)) {
      return start + 2 < end
          && ValueRuns.isBlank(tokens[start + 1])
          && "([".contains(tokens[start + 2]);
    }
    return !Tokens.isSeparator(first) || "([{\"<".contains(first);
  }

  private static boolean isEnd(String token) {
    return Tokens.isSeparator(token) && !")]}>\"'".contains(token);
  }

  /** Whether a phrase is not only small words with a value behind them. */
  private static boolean isName(String[] phrase) {
    boolean value = false;
    for (String token : phrase) {
      value |= token.contains(Masker.WILDCARD);
      if ("([{\"<".contains(token)
          || token.chars().anyMatch(c -> Character.isUpperCase(c) || Character.isDigit(c))) {
        return true;
      }
    }
    return !value;
  }

  private static long context(long head, long tail) {
    return Hash64.mix(head) * 31 + tail;
  }

  /** Hashes of the tokens before each place. */
  private static long[] heads(String[] tokens) {
    long[] hashes = new long[tokens.length + 1];
    for (int i = 0; i < tokens.length; i++) {
      hashes[i + 1] = Hash64.mix(hashes[i] * 31 + Hash64.of(tokens[i]));
    }
    return hashes;
  }

  /** Hashes of the tokens from each place on. */
  private static long[] tails(String[] tokens) {
    long[] hashes = new long[tokens.length + 1];
    for (int i = tokens.length - 1; i >= 0; i--) {
      hashes[i] = Hash64.mix(hashes[i + 1] * 31 + Hash64.of(tokens[i]));
    }
    return hashes;
  }
}
