package io.deeplog.template;

import io.deeplog.Pure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds the template of a line, and its parameters, among many in one walk down a tree of tokens.
 * Constant tokens go before wildcards, the leftmost first, so that the most specific template wins;
 * every line that a template was learned from finds one. Each of {@link Generations} has a tree of
 * its own: a later one is walked for lines that none before fits.
 *
 * <p>Not for use by several threads: shapes of lines and a cache of masked lines are kept.
 */
@Pure
public final class TemplateMatcher {
  /** Distinct masked lines are few; remembering the last ones saves most walks. */
  private static final int CACHE_SIZE = 10_000;

  /** What a wildcard takes, beside exactly one token. */
  enum Runs {
    /**
     * A run of masked values between blanks, commas, brackets and colons, all that stands in
     * quotes, and nothing between brackets.
     */
    VALUES,
    /** White space around the token. */
    PADDED,
    /** Any run of tokens, or nothing. */
    ANY,
    /** What may be one value at its place, see {@link ValueRuns}. */
    UNITS
  }

  private final Tokens.Grain grain;
  private final Runs runs;
  private final Phrases phrases;

  /** Of every generation. */
  private final List<Node> roots = new ArrayList<>();

  private int nodes;
  private final LineShapes<Found> shapes;
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

  /**
   * A template and, for each wildcard, the start and the end of what it stands for in a line, or in
   * the masked line; or none.
   *
   * @param template null when there is none
   * @param isAscii whether the places are those in UTF-8, too
   */
  @Pure
  record Found(Template template, int[] places, boolean isAscii) {}

  private static final Found NOTHING = new Found(null, new int[0], false);

  private static final class Node {
    final int id;
    Map<String, Node> children = Map.of();
    Node wildcard;
    TemplatePattern pattern;

    Node(int id) {
      this.id = id;
    }
  }

  /** What was tried at a step already, in this order. */
  private enum Stage {
    ENTERED,
    WILDCARD,
    FIRST,
    LONGER,
    EMPTY,
    DONE
  }

  /** A node on the way down and the token it is to take. */
  private static final class Step {
    Node node;
    int position;
    boolean byWildcard;
    Stage stage;

    /** Of the run that the wildcard took last. */
    int end;
  }

  /** Reused by every walk. */
  private final List<Step> steps = new ArrayList<>();

  /** A matcher of some templates of the default miner, with the default masks. */
  public TemplateMatcher(Collection<Template> templates) {
    this(List.of(templates), Miner.AUTO.masks(), Tokens.Grain.FINE, Runs.VALUES);
  }

  TemplateMatcher(
      List<? extends Collection<Template>> generations,
      Masks masks,
      Tokens.Grain grain,
      Runs runs) {
    this(generations, masks, grain, runs, Phrases.NONE);
  }

  /** A matcher of masked lines, of whose values some are phrases. */
  static TemplateMatcher ofUnits(Collection<Template> templates, Phrases phrases) {
    return new TemplateMatcher(
        List.of(templates), Masks.NONE, Tokens.Grain.FINE, Runs.UNITS, phrases);
  }

  private TemplateMatcher(
      List<? extends Collection<Template>> generations,
      Masks masks,
      Tokens.Grain grain,
      Runs runs,
      Phrases phrases) {
    this.phrases = phrases;
    this.shapes = new LineShapes<>(masks);
    this.grain = grain;
    this.runs = runs;
    for (Collection<Template> templates : generations) {
      Node root = new Node(nodes++);
      roots.add(root);
      templates.stream()
          .sorted(Comparator.comparing(Template::text))
          .forEach(template -> add(root, template));
    }
  }

  private void add(Node root, Template template) {
    for (List<String> variant : template.variants()) {
      add(root, TemplatePattern.of(template, variant, grain), false);
    }
    add(root, TemplatePattern.of(template, grain), true);
  }

  /** Adds a form; where there is one already, a variant gives way to the text itself. */
  private void add(Node root, TemplatePattern pattern, boolean isText) {
    Node node = root;
    for (String token : pattern.texts) {
      if (token.equals(Masker.WILDCARD)) {
        if (node.wildcard == null) {
          node.wildcard = new Node(nodes++);
        }
        node = node.wildcard;
      } else {
        if (node.children.isEmpty()) {
          node.children = new HashMap<>();
        }
        node = node.children.computeIfAbsent(token, t -> new Node(nodes++));
      }
    }
    if (isText || node.pattern == null) {
      node.pattern = pattern;
    }
  }

  /** Whether some template fits a masked line. */
  public boolean matchesMasked(String maskedLine) {
    return find(maskedLine).template != null;
  }

  /** The template that a masked line finds, or null. */
  Template templateOf(String maskedLine) {
    return find(maskedLine).template;
  }

  /** The template of a line's content, or null when none fits. */
  public Match match(String content) {
    LineShapes.Shape<Found> shape = shapes.of(content);
    Found kept = shape.kept();
    Found found = kept == null ? found(shape, content) : kept;
    return found.template == null ? null : new Match(found.template, params(found.places, content));
  }

  /** The template of a line's content in UTF-8, which is decoded only when its shape is new. */
  Found find(byte[] content) {
    LineShapes.Shape<Found> shape = shapes.of(content);
    Found kept = shape.kept();
    return kept == null ? found(shape, new String(content, StandardCharsets.UTF_8)) : kept;
  }

  private Found found(LineShapes.Shape<Found> shape, String content) {
    Found found = inContent(ofMasked(shape.masked(content)), shape, isAscii(content));
    if (shape.isShared()) {
      shape.keep(found);
    }
    return found;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private Found ofMasked(String masked) {
    Found found = cache.get(masked);
    if (found == null) {
      found = find(masked);
      cache.put(masked, found);
    }
    return found;
  }

  private Found find(String masked) {
    Walk walk = new Walk(masked, template -> true);
    TemplatePattern pattern = walk.run();
    return pattern == null
        ? NOTHING
        : new Found(pattern.template, pattern.places(walk.tokens, walk.taken), false);
  }

  /**
   * A template, among those that are accepted, that fits a masked line, with what its wildcards
   * stand for there; null when there is none.
   */
  Match match(String masked, Predicate<Template> accepted) {
    Walk walk = new Walk(masked, accepted);
    TemplatePattern pattern = walk.run();
    return pattern == null
        ? null
        : new Match(pattern.template, params(pattern.places(walk.tokens, walk.taken), masked));
  }

  /** One line's way down the tree. */
  private final class Walk {
    final Tokens tokens;
    final String[] texts;

    /** First and one behind the last token of every wildcard on the way. */
    int[] taken = new int[16];

    int wildcards;

    /** Node and token pairs that lead nowhere; only kept where runs make several ways to one. */
    Set<Long> failed;

    final Predicate<Template> accepted;
    private ValueRuns units;

    Walk(String masked, Predicate<Template> accepted) {
      tokens = Tokens.of(masked, grain);
      texts = tokens.texts();
      this.accepted = accepted;
    }

    /** Depth-first with a stack of its own: a line may have thousands of tokens. */
    TemplatePattern run() {
      for (Node root : roots) {
        TemplatePattern found = run(root);
        if (found != null) {
          return found;
        }
      }
      return null;
    }

    private TemplatePattern run(Node root) {
      enter(0, root, 0, false);
      int depth = 1;
      while (depth > 0) {
        Step step = steps.get(depth - 1);
        if (step.stage == Stage.ENTERED) {
          if (step.position == texts.length
              && step.node.pattern != null
              && accepted.test(step.node.pattern.template)) {
            return step.node.pattern;
          }
          step.stage = Stage.WILDCARD;
          Node child =
              step.position < texts.length ? step.node.children.get(texts[step.position]) : null;
          if (child != null) {
            enter(depth++, child, step.position + 1, false);
            continue;
          }
        }
        int end = step.node.wildcard == null ? -1 : nextEnd(step);
        if (end < 0) {
          depth--;
          if (step.byWildcard) {
            wildcards--;
            if (failed == null) {
              failed = new HashSet<>();
            }
            failed.add(state(step.node, step.position));
          }
        } else if (failed == null || !failed.contains(state(step.node.wildcard, end))) {
          take(step.position, end);
          enter(depth++, step.node.wildcard, end, true);
        }
      }
      return null;
    }

    private void enter(int depth, Node node, int position, boolean byWildcard) {
      if (depth == steps.size()) {
        steps.add(new Step());
      }
      Step step = steps.get(depth);
      step.node = node;
      step.position = position;
      step.byWildcard = byWildcard;
      step.stage = Stage.ENTERED;
    }

    private long state(Node node, int position) {
      return (long) node.id * (texts.length + 1) + position;
    }

    /** The end of the next run that a step's wildcard may take, or -1. */
    private int nextEnd(Step step) {
      int position = step.position;
      if (runs == Runs.UNITS) {
        units = units == null ? new ValueRuns(texts, phrases) : units;
        step.end = units.nextEnd(position, step.stage == Stage.WILDCARD ? -1 : step.end);
        step.stage = Stage.LONGER;
        return step.end;
      }
      if (step.stage == Stage.WILDCARD) {
        step.stage = Stage.FIRST;
        if (runs == Runs.ANY) {
          return position;
        }
      }
      if (step.stage == Stage.FIRST) {
        int last = position;
        while (runs == Runs.PADDED && last < texts.length && isSpace(last)) {
          last++;
        }
        if (last < texts.length && takes(last)) {
          step.stage = Stage.LONGER;
          step.end = last + 1;
          return step.end;
        }
        step.stage = Stage.EMPTY;
      }
      if (step.stage == Stage.LONGER) {
        int end = longer(position, step.end);
        if (end > 0) {
          step.end = end;
          return end;
        }
        step.stage = Stage.EMPTY;
      }
      if (step.stage == Stage.EMPTY) {
        step.stage = Stage.DONE;
        if (runs == Runs.VALUES && isEmptyPlace(position)) {
          return position;
        }
      }
      return -1;
    }

    private boolean takes(int token) {
      return switch (grain) {
        case PARTS -> true;
        case WORDS -> !isSpace(token);
        case FINE -> !Tokens.isSeparator(texts[token]);
      };
    }

    private boolean isSpace(int token) {
      return texts[token].length() == 1 && Character.isWhitespace(texts[token].charAt(0));
    }

    private void take(int start, int end) {
      if (2 * wildcards + 2 > taken.length) {
        taken = Arrays.copyOf(taken, taken.length * 2);
      }
      taken[2 * wildcards] = start;
      taken[2 * wildcards + 1] = end;
      wildcards++;
    }

    /** The end of the next longer run, or -1. */
    private int longer(int start, int end) {
      if (runs == Runs.ANY) {
        return end < texts.length ? end + 1 : -1;
      }
      if (runs == Runs.PADDED) {
        return end < texts.length && isSpace(end) ? end + 1 : -1;
      }
      if (isQuoted(start)) {
        int close = end;
        while (close < texts.length && !texts[close].equals(texts[start - 1])) {
          close++;
        }
        return close < texts.length && close > end ? close : -1;
      }
      if (!texts[start].equals(Masker.WILDCARD) || end >= texts.length) {
        return -1;
      }
      switch (texts[end]) {
        case "]", ")" -> {
          return end + 1;
        }
        case "[", "(", ":" -> {
          return end + 1 < texts.length && TemplateMerge.isValues(texts[end + 1]) ? end + 2 : -1;
        }
        default -> {
          if (TemplateMerge.isValues(texts[end])) {
            return end + 1;
          }
        }
      }
      int next = end;
      while (next < texts.length && (texts[next].equals(" ") || texts[next].equals(","))) {
        next++;
      }
      return next > end && next < texts.length && texts[next].equals(Masker.WILDCARD)
          ? next + 1
          : -1;
    }

    /** Whether a place begins what stands in quotes. */
    private boolean isQuoted(int place) {
      return place > 0
          && (texts[place - 1].equals("\"") || texts[place - 1].equals("'"))
          && (place == 1 || Tokens.isSeparator(texts[place - 2]));
    }

    /** Whether a token closes what the one before has opened. */
    private boolean isEmptyPlace(int position) {
      if (position == 0 || position >= texts.length) {
        return false;
      }
      return switch (texts[position - 1]) {
        case "(" -> texts[position].equals(")");
        case "[" -> texts[position].equals("]");
        case "\"" -> texts[position].equals("\"");
        default -> false;
      };
    }
  }

  /** What was found in a masked line, with the places in the line itself. */
  private static Found inContent(Found found, LineShapes.Shape<?> shape, boolean isAscii) {
    int[] places = new int[found.places.length];
    int values = 0;
    for (int i = 0; i < places.length; i++) {
      while (values < shape.count() && shape.maskedEnd(values) <= found.places[i]) {
        values++;
      }
      places[i] =
          values == 0
              ? found.places[i]
              : shape.end(values - 1) + found.places[i] - shape.maskedEnd(values - 1);
    }
    return new Found(found.template, places, isAscii);
  }

  /** The texts at some places, of each the start and the end. */
  private static List<String> params(int[] places, String text) {
    String[] params = new String[places.length / 2];
    for (int i = 0; i < params.length; i++) {
      params[i] = text.substring(places[2 * i], places[2 * i + 1]);
    }
    return List.of(params);
  }
}
