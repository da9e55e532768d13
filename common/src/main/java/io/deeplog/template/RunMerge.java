package io.deeplog.template;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Merges templates that differ in how many tokens, and of which shape, stand for a value: "ws=null"
 * and "ws=Source{10}", or "a.exe - open" and "my helper.exe - open". A template that holds a
 * wildcard where another has a run of tokens (see {@link ValueRuns}) stands for that one too; and
 * where no template has the wildcard yet, enough different runs make one. The merged templates'
 * forms stay as {@link Template#variants}, so that their lines, and no others, find the template.
 */
@Pure
final class RunMerge {
  private static final int ROUNDS = 3;

  /** Constant words beside the value; fewer say nothing. */
  private static final int LEAST_CONSTANTS = 2;

  /** Constant words of templates that differ in nothing else but their values' shapes. */
  private static final int LEAST_SAME_WORDS = 3;

  /** Ends of lines, of several words each, that lines of another beginning have, too. */
  private static final int ENOUGH_SHARED_ENDS = 2;

  /** For so many lines of a special template a more general one has one at least. */
  private static final long LEAST_OF_WIDER = 10;

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
      this.constants = Tokens.constants(tokens.texts(), 0, tokens.size());
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
      merge.lists();
      merge.newWildcards();
      merge.sameWords();
      merge.sharedEnds();
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

  /** Whether a template has so many lines that a more special one may be one of its forms. */
  private static boolean mayTake(Item wider, Item item) {
    return LEAST_OF_WIDER * wider.count >= item.count;
  }

  /** Rare templates first: each goes into another one that has wildcards for its runs. */
  private void absorb() {
    Phrases phrases =
        Phrases.of(
            items.values().stream()
                .map(item -> new Phrases.Text(item.tokens.texts(), item.constants, item.count))
                .toList());
    TemplateMatcher matcher =
        TemplateMatcher.ofUnits(items.keySet().stream().map(Template::of).toList(), phrases);
    List<Item> order = new ArrayList<>(shortItems());
    order.sort(
        Comparator.comparingLong((Item item) -> item.count)
            .thenComparing(item -> item.text, Comparator.reverseOrder()));
    for (Item item : order) {
      TemplateMatcher.Match match = wider(matcher, item, LEAST_CONSTANTS);
      if (match == null) {
        match = wider(matcher, item, 1);
        match = match != null && areInBrackets(match) ? match : null;
      }
      if (match != null) {
        items.remove(item.text);
        take(items.get(match.template().text()), item, match.params());
      }
    }
  }

  /** Another template, of so many constant words, that a template is a form of; may be null. */
  private TemplateMatcher.Match wider(TemplateMatcher matcher, Item item, int constants) {
    return matcher.match(
        item.text,
        template -> {
          Item other = items.get(template.text());
          return other != null
              && other != item
              && mayTake(other, item)
              && other.constants >= constants;
        });
  }

  /** Whether all runs but wildcards stand alone in brackets, as in "(user) CMD (command)". */
  private static boolean areInBrackets(TemplateMatcher.Match match) {
    String text = match.template().text();
    int end = 0;
    for (String run : match.params()) {
      int start = text.indexOf(Masker.WILDCARD, end);
      end = start + Masker.WILDCARD.length();
      boolean inBrackets =
          start > 0
              && (start == 1 || text.charAt(start - 2) == ' ')
              && "([{".indexOf(text.charAt(start - 1)) >= 0
              && end < text.length()
              && ")]}".indexOf(text.charAt(end)) >= 0;
      if (!inBrackets && !run.equals(Masker.WILDCARD)) {
        return false;
      }
    }
    return true;
  }

  /** Whether looking for runs would take too long: their number grows with the square. */
  static boolean isTooLong(Tokens tokens) {
    return tokens.size() > MOST_TOKENS;
  }

  /** The items of which runs are looked for, as they are now. */
  private List<Item> shortItems() {
    return items.values().stream().filter(item -> !isTooLong(item.tokens)).toList();
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

  /** Makes places wildcards where templates that are equal but for them hold enough runs. */
  private void newWildcards() {
    List<Map<Item, RunPlaces.Place>> order = new ArrayList<>(sharedPlaces());
    order.removeIf(group -> !PlaceRules.isValue(group.values()));
    order.sort(
        Comparator.comparingInt((Map<Item, RunPlaces.Place> group) -> -group.size())
            .thenComparing(group -> group.values().iterator().next().run().before()));
    for (Map<Item, RunPlaces.Place> group : order) {
      dropGone(group);
      if (!PlaceRules.isValue(group.values())) {
        continue;
      }
      RunPlaces.Place any = group.values().iterator().next();
      if (any.around() == RunPlaces.Around.REST && any.run().after().isEmpty()) {
        beforeEnds.add(any.run().before());
      }
      Map<Item, TokenRun> runs = new LinkedHashMap<>();
      group.forEach((item, place) -> runs.put(item, place.run()));
      joinAt(runs);
    }
  }

  /**
   * Places that several templates have, being equal but for them. Most places are those of one
   * template: only hashes of them are held.
   */
  private Collection<Map<Item, RunPlaces.Place>> sharedPlaces() {
    long[] contexts =
        shortItems().stream()
            .flatMap(RunMerge::places)
            .mapToLong(RunPlaces.Place::context)
            .sorted()
            .toArray();
    Set<Long> shared = new HashSet<>();
    for (int i = 1; i < contexts.length; i++) {
      if (contexts[i] == contexts[i - 1]) {
        shared.add(contexts[i]);
      }
    }
    Map<Long, Map<Item, RunPlaces.Place>> groups = new LinkedHashMap<>();
    for (Item item : shortItems()) {
      places(item)
          .filter(place -> shared.contains(place.context()))
          .forEach(
              place ->
                  groups
                      .computeIfAbsent(place.context(), k -> new LinkedHashMap<>())
                      .putIfAbsent(item, place));
    }
    return groups.values();
  }

  private static Stream<RunPlaces.Place> places(Item item) {
    return RunPlaces.of(item.text, item.tokens).all().stream();
  }

  /** Makes lists wildcards where templates differ in nothing but how many elements they have. */
  private void lists() {
    Map<String, Map<Item, TokenRun>> groups = new TreeMap<>();
    for (Item item : shortItems()) {
      for (ListRuns.Listed list : ListRuns.of(item.text, item.tokens)) {
        TokenRun run = list.run();
        if (PlaceRules.constants(run.before()) + PlaceRules.constants(run.after()) > 0) {
          Map<Item, TokenRun> group =
              groups.computeIfAbsent(
                  run.before() + '\u0001' + list.element() + '\u0001' + run.after(),
                  k -> new LinkedHashMap<>());
          group.put(item, run);
          Item single = items.get(list.single().template());
          if (single != null) {
            group.put(single, list.single());
          }
        }
      }
    }
    for (Map<Item, TokenRun> group : groups.values()) {
      dropGone(group);
      if (group.size() > 1) {
        joinAt(group);
      }
    }
  }

  /** Leaves out templates that others have taken meanwhile. */
  private void dropGone(Map<Item, ?> group) {
    group.keySet().removeIf(item -> items.get(item.text) != item);
  }

  /** Makes templates that are equal but for a run of tokens forms of one with a wildcard there. */
  private void joinAt(Map<Item, TokenRun> group) {
    Map<Item, List<String>> runs = new LinkedHashMap<>();
    group.forEach((item, run) -> runs.put(item, run.parts()));
    join(group.values().iterator().next().general(), runs);
  }

  /** Makes templates forms of one, given what they have for each wildcard of its text. */
  private void join(String text, Map<Item, List<String>> runs) {
    Item merged = items.getOrDefault(text, new Item(text, 0));
    runs.forEach(
        (item, parts) -> {
          if (item != merged) {
            items.remove(item.text);
            take(merged, item, parts);
          }
        });
    items.put(text, merged);
  }

  /** Merges templates of the same words that differ in the shape of the values between them. */
  private void sameWords() {
    Map<String, List<Item>> groups = new TreeMap<>();
    for (Item item : shortItems()) {
      if (item.constants >= LEAST_SAME_WORDS) {
        groups.computeIfAbsent(Gaps.words(item.tokens), k -> new ArrayList<>()).add(item);
      }
    }
    for (List<Item> group : groups.values()) {
      if (group.size() < 2) {
        continue;
      }
      Gaps gaps = Gaps.of(group.stream().map(item -> item.tokens).toList());
      if (gaps != null) {
        Map<Item, List<String>> runs = new LinkedHashMap<>();
        for (int i = 0; i < group.size(); i++) {
          runs.put(group.get(i), gaps.runs(i));
        }
        join(gaps.text(), runs);
      }
    }
  }

  /**
   * Makes the end of a line behind a colon a wildcard where most of what stands there ends lines of
   * another beginning, too: the texts of errors. Or where records stand there.
   */
  private void sharedEnds() {
    Map<String, Map<Item, TokenRun>> ends = new TreeMap<>();
    Map<String, Integer> beginnings = new HashMap<>();
    for (Item item : shortItems()) {
      for (TokenRun end : RunPlaces.of(item.text, item.tokens).colonEnds()) {
        ends.computeIfAbsent(end.before(), k -> new LinkedHashMap<>()).put(item, end);
        beginnings.merge(end.text(), 1, Integer::sum);
      }
    }
    ends.forEach(
        (before, group) -> {
          dropGone(group);
          if (PlaceRules.areRecords(group.values()) || areShared(group, beginnings)) {
            beforeEnds.add(before);
            joinAt(group);
          }
        });
  }

  /** Whether most lines end in texts, at least two, that lines of other beginnings end in, too. */
  private static boolean areShared(Map<Item, TokenRun> group, Map<String, Integer> beginnings) {
    long shared = 0;
    long lines = 0;
    int texts = 0;
    for (Map.Entry<Item, TokenRun> end : group.entrySet()) {
      String text = end.getValue().text();
      lines += end.getKey().count;
      if (beginnings.get(text) > 1
          && PlaceRules.constants(text) > 1
          && !WordKind.isVerb(Tokens.of(text, Tokens.Grain.FINE).text(0))) {
        texts++;
        shared += end.getKey().count;
      }
    }
    return texts >= ENOUGH_SHARED_ENDS && 2 * shared >= lines;
  }

  /** Rarer templates that begin as others do of which the end is a value. */
  private void absorbEnds() {
    if (beforeEnds.isEmpty()) {
      return;
    }
    TemplateMatcher matcher =
        TemplateMatcher.ofUnits(beforeEnds.stream().map(Template::of).toList(), Phrases.NONE);
    for (Item item : shortItems()) {
      for (TokenRun end : RunPlaces.of(item.text, item.tokens).wholeEnds()) {
        TemplateMatcher.Match match =
            matcher.match(
                end.before(),
                template -> {
                  Item other = items.get(template.text() + Masker.WILDCARD);
                  return other != null && other != item && mayTake(other, item);
                });
        if (match != null) {
          Item into = items.get(match.template().text() + Masker.WILDCARD);
          List<String> runs = new ArrayList<>(match.params());
          runs.add(end.text());
          items.remove(item.text);
          take(into, item, runs);
          break;
        }
      }
    }
  }
}
