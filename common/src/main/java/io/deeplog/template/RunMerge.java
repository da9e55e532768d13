package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Merges templates that differ in how many tokens, and of which shape, stand for a value: "ws=null"
 * and "ws=Source{10}", or "a.exe - open" and "my helper.exe - open". A template that holds a
 * wildcard where a rarer one has a run of tokens (see {@link ValueRuns}) stands for that one too;
 * and where no template has the wildcard yet, enough different runs make one. The merged templates'
 * forms stay as {@link Template#variants}, so that their lines, and no others, find the template.
 */
@Pure
final class RunMerge {
  private static final int ROUNDS = 3;

  /** Distinct runs between brackets that make a value. */
  private static final int ENOUGH_RUNS = 3;

  /** Constant words beside the value; fewer say nothing. */
  private static final int LEAST_CONSTANTS = 2;

  /**
   * Different ends of a line that make a value, a reason say, where so many constant words and
   * values before tell what the line is about.
   */
  private static final int ENOUGH_ENDS = 6;

  /** Different texts in quotes that make a value, though they hold values themselves. */
  private static final int ENOUGH_QUOTED = 4;

  private static final int LEAST_CONSTANTS_BEFORE_END = 3;
  private static final int LEAST_VALUES_BEFORE_END = 2;

  private static final String BEFORE_UNIT = Masker.WILDCARD + " ";

  private static final Set<String> ANNOTATED =
      Set.of(BEFORE_UNIT + "(" + Masker.WILDCARD + ")", BEFORE_UNIT + "[" + Masker.WILDCARD + "]");

  /** The option of a command, "--day=", which is no field of the log. */
  private static final Pattern OPTION = Pattern.compile("--[\\w-]+=");

  /** Templates of more tokens are left as they are. */
  private static final int MOST_TOKENS = 256;

  /** A template with the number of its lines and its variants. */
  private static final class Item {
    final String text;
    final Tokens tokens;
    final int constants;
    long count;
    final Set<List<String>> variants = new LinkedHashSet<>();

    Item(String text, long count) {
      this.text = text;
      this.tokens = Tokens.of(text, Tokens.Grain.FINE);
      this.constants = constants(tokens);
      this.count = count;
    }
  }

  private final Map<String, Item> items = new TreeMap<>();

  /** What stands before the ends of lines that became wildcards. */
  private final Set<String> beforeEnds = new TreeSet<>();

  private RunMerge() {}

  /** Templates, in the order of their text, of texts with the numbers of their lines. */
  static List<Template> merge(Map<String, Long> counts) {
    RunMerge merge = new RunMerge();
    counts.forEach((text, count) -> merge.items.put(text, new Item(text, count)));
    for (int round = 0; round < ROUNDS; round++) {
      int before = merge.items.size();
      merge.absorb();
      merge.newWildcards();
      merge.absorbEnds();
      if (merge.items.size() == before) {
        break;
      }
    }
    merge.absorb();
    List<Template> templates = new ArrayList<>();
    for (Item item : merge.items.values()) {
      templates.add(
          new Template(
              Template.id(item.text),
              item.text,
              item.variants.stream().map(List::copyOf).sorted(BY_PARTS).toList()));
    }
    return templates;
  }

  private static final Comparator<List<String>> BY_PARTS =
      Comparator.comparing(parts -> String.join("\u0001", parts));

  /** Rare templates first: each goes into a more frequent one that has wildcards for its runs. */
  private void absorb() {
    TemplateMatcher matcher =
        new TemplateMatcher(
            List.of(items.keySet().stream().map(Template::of).toList()),
            Masks.NONE,
            Tokens.Grain.FINE,
            TemplateMatcher.Runs.UNITS);
    List<Item> order = new ArrayList<>(items.values());
    order.sort(
        Comparator.comparingLong((Item item) -> item.count)
            .thenComparing(item -> item.text, Comparator.reverseOrder()));
    for (Item item : order) {
      if (isTooLong(item.tokens)) {
        continue;
      }
      TemplateMatcher.Match match =
          matcher.match(
              item.text,
              template -> {
                Item other = items.get(template.text());
                return other != null
                    && other != item
                    && other.count >= item.count
                    && other.constants >= LEAST_CONSTANTS;
              });
      if (match != null) {
        items.remove(item.text);
        take(items.get(match.template().text()), item, match.params());
      }
    }
  }

  /** Whether looking for runs would take too long: their number grows with the square. */
  static boolean isTooLong(Tokens tokens) {
    return tokens.size() > MOST_TOKENS;
  }

  /** Constant words of a template. */
  private static int constants(Tokens tokens) {
    int constants = 0;
    for (int i = 0; i < tokens.size(); i++) {
      constants += isConstant(tokens.text(i)) ? 1 : 0;
    }
    return constants;
  }

  private static int constants(String text) {
    return constants(Tokens.of(text, Tokens.Grain.FINE));
  }

  private static boolean isConstant(String token) {
    return !Tokens.isSeparator(token)
        && !token.contains(Masker.WILDCARD)
        && token.chars().anyMatch(Character::isLetter);
  }

  /** Makes an item a variant of another one, and its variants too. */
  private static void take(Item into, Item item, List<String> runs) {
    into.count += item.count;
    if (!runs.stream().allMatch(Masker.WILDCARD::equals)) {
      into.variants.add(runs);
    }
    for (List<String> variant : item.variants) {
      List<String> composed = new ArrayList<>();
      int wildcard = 0;
      for (String run : runs) {
        StringBuilder out = new StringBuilder();
        int position = 0;
        for (int at = run.indexOf(Masker.WILDCARD);
            at >= 0;
            at = run.indexOf(Masker.WILDCARD, position)) {
          out.append(run, position, at).append(variant.get(wildcard++));
          position = at + Masker.WILDCARD.length();
        }
        composed.add(out.append(run, position, run.length()).toString());
      }
      if (!composed.stream().allMatch(Masker.WILDCARD::equals)) {
        into.variants.add(composed);
      }
    }
  }

  /** What surrounds a place, which says how much makes it a value. */
  private enum Around {
    /** The value of a field: "name=". */
    FIELD,
    BRACKETS,
    QUOTES,
    BLANKS,
    /** The rest of the line behind a value. */
    REST
  }

  /** A place in a template: what is before it, what is behind it, and the run in it. */
  private record Place(String before, String run, String after, Around around) {}

  /** Makes places wildcards where templates that are equal but for them hold enough runs. */
  private void newWildcards() {
    Map<String, Map<Item, Place>> groups = new LinkedHashMap<>();
    for (Item item : items.values()) {
      for (Place place : places(item)) {
        groups
            .computeIfAbsent(
                place.before + '\u0001' + place.around + '\u0001' + place.after,
                k -> new LinkedHashMap<>())
            .putIfAbsent(item, place);
      }
    }
    List<Map<Item, Place>> order = new ArrayList<>(groups.values());
    order.removeIf(group -> !isValue(group));
    order.sort(
        Comparator.comparingInt((Map<Item, Place> group) -> -group.size())
            .thenComparing(group -> group.values().iterator().next().before));
    for (Map<Item, Place> group : order) {
      group.keySet().removeIf(item -> items.get(item.text) != item);
      if (!isValue(group)) {
        continue;
      }
      Place any = group.values().iterator().next();
      if (any.around == Around.REST) {
        beforeEnds.add(any.before);
      }
      String text = any.before + Masker.WILDCARD + any.after;
      Item merged = items.getOrDefault(text, new Item(text, 0));
      group.forEach(
          (item, place) -> {
            if (item != merged) {
              items.remove(item.text);
              take(merged, item, runs(place));
            }
          });
      items.put(text, merged);
    }
  }

  /** Rarer templates that begin as others do of which the end is a value. */
  private void absorbEnds() {
    if (beforeEnds.isEmpty()) {
      return;
    }
    TemplateMatcher matcher =
        new TemplateMatcher(
            List.of(beforeEnds.stream().map(Template::of).toList()),
            Masks.NONE,
            Tokens.Grain.FINE,
            TemplateMatcher.Runs.UNITS);
    for (Item item : new ArrayList<>(items.values())) {
      if (isTooLong(item.tokens)) {
        continue;
      }
      for (Place place : ends(item, item.tokens.texts().toArray(new String[0]), 0)) {
        TemplateMatcher.Match match =
            matcher.match(
                place.before,
                template -> {
                  Item other = items.get(template.text() + Masker.WILDCARD);
                  return other != null && other != item && other.count >= item.count;
                });
        if (match != null) {
          Item into = items.get(match.template().text() + Masker.WILDCARD);
          List<String> runs = new ArrayList<>(match.params());
          runs.add(place.run);
          items.remove(item.text);
          take(into, item, runs);
          break;
        }
      }
    }
  }

  private static List<String> runs(Place place) {
    List<String> runs =
        new ArrayList<>(Collections.nCopies(wildcards(place.before), Masker.WILDCARD));
    runs.add(place.run);
    runs.addAll(Collections.nCopies(wildcards(place.after), Masker.WILDCARD));
    return runs;
  }

  private static int wildcards(String text) {
    int count = 0;
    for (int at = text.indexOf(Masker.WILDCARD);
        at >= 0;
        at = text.indexOf(Masker.WILDCARD, at + Masker.WILDCARD.length())) {
      count++;
    }
    return count;
  }

  private static boolean isValue(Map<Item, Place> group) {
    if (group.size() < 2) {
      return false;
    }
    Place any = group.values().iterator().next();
    if (any.around == Around.REST) {
      return isEnd(group.values());
    }
    int constants = constants(any.before) + constants(any.after);
    Set<String> runs = new TreeSet<>();
    Set<Integer> sizes = new TreeSet<>();
    boolean missing = false;
    boolean value = false;
    boolean lists = true;
    for (Place place : group.values()) {
      runs.add(place.run);
      sizes.add(Tokens.of(place.run, Tokens.Grain.FINE).size());
      missing |= isNothing(place.run);
      value |= place.run.contains(Masker.WILDCARD);
      lists &= isList(place.run);
    }
    boolean alone = any.around == Around.BRACKETS || lists;
    if (constants < (alone ? 1 : LEAST_CONSTANTS)) {
      return false;
    }
    if (runs.size() >= 2 && any.before.equals("(")) {
      // "(user) CMD": who, not what.
      return true;
    }
    if (runs.size() < 2 || sizes.size() < 2) {
      return false;
    }
    return switch (any.around) {
      case FIELD -> true;
      // With values among its words a quotation is rather a command.
      case QUOTES -> !value || runs.size() >= ENOUGH_QUOTED;
      case BRACKETS -> runs.size() >= ENOUGH_RUNS || (missing && value);
      case BLANKS -> (missing && value) || lists;
      case REST -> throw new IllegalStateException();
    };
  }

  /**
   * Whether lines that begin alike end in a value: in texts of many different first words and not
   * of one length, where not verbs tell what happened.
   */
  private static boolean isEnd(Collection<Place> places) {
    if (places.size() < ENOUGH_ENDS) {
      return false;
    }
    Set<String> begins = new HashSet<>();
    Set<Integer> sizes = new HashSet<>();
    for (Place place : places) {
      Tokens tokens = Tokens.of(place.run, Tokens.Grain.FINE);
      begins.add(tokens.text(0));
      sizes.add(tokens.size());
    }
    long verbs = begins.stream().filter(AutoMiner::isVerb).count();
    return begins.size() >= ENOUGH_ENDS && sizes.size() >= 2 && 2 * verbs < begins.size();
  }

  /** What programs print for a value that is not there. */
  private static boolean isNothing(String run) {
    return switch (run) {
      case "", "null", "(null)", "<null>", "nil", "(nil)", "none", "None", "(none)", "NULL" -> true;
      default -> false;
    };
  }

  /**
   * Whether a run is nothing but values: masked ones with one sign between, maybe with a blank, or
   * one with more to it.
   */
  private static boolean isList(String run) {
    if (isMore(run)) {
      return true;
    }
    String rest = run.replace(", ", ",").replace(Masker.WILDCARD, "");
    return run.startsWith(Masker.WILDCARD)
        && run.endsWith(Masker.WILDCARD)
        && rest.chars().distinct().count() <= 1
        && rest.chars().allMatch(c -> "|,;/#".indexOf(c) >= 0);
  }

  /** Fields' values, what brackets and quotes hold, and chunks between blanks. */
  private static List<Place> places(Item item) {
    Tokens tokens = item.tokens;
    if (isTooLong(tokens)) {
      return List.of();
    }
    String[] texts = tokens.texts().toArray(new String[0]);
    ValueRuns runs = new ValueRuns(texts);
    List<Place> places = ends(item, texts, LEAST_VALUES_BEFORE_END);
    for (int i = 1; i < texts.length; i++) {
      Around around = around(texts, i);
      if (around == null) {
        continue;
      }
      int end =
          switch (around) {
            case BRACKETS, QUOTES -> runs.matching(i - 1);
            case FIELD -> runs.lastEnd(i);
            case BLANKS -> runs.chunkEnd(i);
            case REST -> throw new IllegalStateException();
          };
      addPlace(item, i, end, around, places);
      if (around == Around.FIELD || around == Around.BLANKS) {
        addPlace(item, i, moreEnd(texts, end), around, places);
      }
      int list = around == Around.BLANKS ? listEnd(texts, i) : -1;
      if (list > end) {
        addPlace(item, i, list, around, places);
      }
    }
    return places;
  }

  /** Where the rest of a line may be a value: behind enough words, and so many values. */
  private static List<Place> ends(Item item, String[] texts, int leastValues) {
    List<Place> places = new ArrayList<>();
    int values = 0;
    int words = 0;
    for (int i = 0; i < texts.length; i++) {
      if (values >= leastValues
          && words >= LEAST_CONSTANTS_BEFORE_END
          && isBehindValue(texts, i)
          && !(i + 1 < texts.length && texts[i + 1].equals("="))) {
        int from = item.tokens.start(i);
        String before = item.text.substring(0, from);
        places.add(new Place(before, item.text.substring(from), "", Around.REST));
      }
      values += wildcards(texts[i]);
      words += isConstant(texts[i]) ? 1 : 0;
    }
    return places;
  }

  private static void addPlace(Item item, int place, int end, Around around, List<Place> places) {
    if (end < place) {
      return;
    }
    String text = item.text;
    int from = item.tokens.end(place - 1);
    int to = end == place ? from : item.tokens.end(end - 1);
    String run = text.substring(from, to);
    boolean isFields = run.contains("=") && OPTION.matcher(run).replaceAll("").contains("=");
    if (around == Around.FIELD || !isFields) {
      places.add(new Place(text.substring(0, from), run, text.substring(to), around));
    }
  }

  /** The end of {@link #isMore} by that of its first value, or -1. */
  private static int moreEnd(String[] texts, int end) {
    if (end <= 0
        || end + 1 >= texts.length
        || !texts[end - 1].equals(Masker.WILDCARD)
        || !texts[end].equals(" ")) {
      return -1;
    }
    if (isUnit(texts[end + 1])) {
      return end + 2;
    }
    boolean brackets =
        end + 3 < texts.length
            && "([".contains(texts[end + 1])
            && texts[end + 2].equals(Masker.WILDCARD)
            && ")]".contains(texts[end + 3]);
    return brackets ? end + 4 : -1;
  }

  /** Whether a run is a value with its unit, or with its repetition in brackets: "7 KB (7204)". */
  private static boolean isMore(String run) {
    return ANNOTATED.contains(run)
        || (run.startsWith(BEFORE_UNIT) && isUnit(run.substring(BEFORE_UNIT.length())));
  }

  /** Whether a word is a unit, and no ordinal. */
  private static boolean isUnit(String word) {
    return Quantity.isUnit(word) && !word.equalsIgnoreCase("second");
  }

  /** The end of values with a comma between each two, or -1. */
  private static int listEnd(String[] texts, int start) {
    int end = -1;
    for (int i = start; i < texts.length && texts[i].equals(Masker.WILDCARD); i += 3) {
      end = i + 1;
      if (i + 2 >= texts.length || !texts[i + 1].equals(",") || !texts[i + 2].equals(" ")) {
        break;
      }
    }
    return end;
  }

  /** Whether a value or a colon stands before a place, and a blank between. */
  private static boolean isBehindValue(String[] texts, int place) {
    return texts[place - 1].equals(" ")
        && (texts[place - 2].equals(":") || texts[place - 2].contains(Masker.WILDCARD));
  }

  private static Around around(String[] texts, int place) {
    String before = texts[place - 1];
    return switch (before) {
      case "=" -> Around.FIELD;
      case "(", "[", "{" -> Around.BRACKETS;
      case " " -> Around.BLANKS;
      default ->
          Tokens.isQuote(before) && place > 1 && texts[place - 2].equals(" ")
              ? Around.QUOTES
              : null;
    };
  }
}
