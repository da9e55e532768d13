package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the template of a line, and its parameters, among many in one walk down a tree of tokens.
 * Constant tokens go before wildcards, the leftmost first, so that the most specific template wins;
 * every line that a template was learned from finds one.
 *
 * <p>Not for use by several threads: the masker's places and a cache of masked lines are kept.
 */
@Pure
public final class TemplateMatcher {
  /** Distinct masked lines are few; remembering the last ones saves most walks. */
  private static final int CACHE_SIZE = 10_000;

  private final Map<Integer, Node> roots = new HashMap<>();
  private final Masker masker = new Masker();
  private final Map<String, Found> cache =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
          return size() > CACHE_SIZE;
        }
      };

  /**
   * A line's template and parameters.
   *
   * @param template never null
   * @param params one for every wildcard, in order
   */
  @Pure
  public record Match(Template template, List<String> params) {}

  /** A template with its tokens, or none. */
  private record Found(Template template, List<String> tokens) {}

  private static final class Node {
    final Map<String, Node> children = new HashMap<>();
    Node wildcard;
    Found found;
  }

  /** A matcher of some templates. */
  public TemplateMatcher(Collection<Template> templates) {
    templates.stream().sorted(Comparator.comparing(Template::text)).forEach(this::add);
  }

  private void add(Template template) {
    List<String> tokens = Tokens.split(template.text());
    Node node = roots.computeIfAbsent(tokens.size(), n -> new Node());
    for (String token : tokens) {
      if (token.equals(Masker.WILDCARD)) {
        if (node.wildcard == null) {
          node.wildcard = new Node();
        }
        node = node.wildcard;
      } else {
        node = node.children.computeIfAbsent(token, t -> new Node());
      }
    }
    node.found = new Found(template, tokens);
  }

  /** Whether some template fits a masked line. */
  public boolean matchesMasked(String maskedLine) {
    return find(maskedLine).template != null;
  }

  /** The template of a line's content, or null when none fits. */
  public Match match(String content) {
    String masked = masker.mask(content);
    Found found = cache.get(masked);
    if (found == null) {
      found = find(masked);
      cache.put(masked, found);
    }
    return found.template == null
        ? null
        : new Match(found.template, params(found, masked, content));
  }

  private Found find(String masked) {
    List<String> tokens = Tokens.split(masked);
    Node root = roots.get(tokens.size());
    Found found = root == null ? null : walk(root, tokens, 0);
    return found == null ? new Found(null, List.of()) : found;
  }

  private static Found walk(Node node, List<String> tokens, int position) {
    if (position == tokens.size()) {
      return node.found;
    }
    Node child = node.children.get(tokens.get(position));
    Found found = child == null ? null : walk(child, tokens, position + 1);
    if (found == null && node.wildcard != null) {
      found = walk(node.wildcard, tokens, position + 1);
    }
    return found;
  }

  private List<String> params(Found found, String masked, String content) {
    List<String> params = new ArrayList<>();
    List<String> maskedTokens = Tokens.split(masked);
    int value = 0;
    int start = 0;
    for (int i = 0; i < maskedTokens.size(); i++) {
      // Values hold no blanks but for the tail of a very long line, which is the last token; so
      // the tokens of content and masked line correspond.
      int blank = i == maskedTokens.size() - 1 ? -1 : content.indexOf(' ', start);
      int end = blank < 0 ? content.length() : blank;
      int inToken = wildcards(maskedTokens.get(i));
      if (found.tokens.get(i).equals(Masker.WILDCARD)) {
        params.add(content.substring(start, end));
      } else {
        for (int k = value; k < value + inToken; k++) {
          params.add(content.substring(masker.start(k), masker.end(k)));
        }
      }
      value += inToken;
      start = end + 1;
    }
    return params;
  }

  private static int wildcards(String token) {
    int n = 0;
    for (int i = token.indexOf(Masker.WILDCARD); i >= 0; ) {
      n++;
      i = token.indexOf(Masker.WILDCARD, i + Masker.WILDCARD.length());
    }
    return n;
  }
}
