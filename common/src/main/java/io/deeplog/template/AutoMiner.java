package io.deeplog.template;

import io.deeplog.Hash64;
import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The default miner: it needs no settings. Lines of the same punctuation are compared, and a place
 * becomes a wildcard on evidence only: lines that are equal but for this place (or but for all
 * places that look like values, or for two or three that hold names) hold enough distinct values
 * there, and how many are enough, {@link Evidence} tells by what they look like and where the place
 * is. The order of the lines does not matter.
 *
 * <p>Every step groups lines by a hash of what they have in common, so that its cost grows with the
 * lines and not with their pairs.
 */
@Pure
public final class AutoMiner implements TemplateMiner {
  /** More rounds change nothing that matters; each costs a pass over the distinct lines. */
  private static final int ROUNDS = 7;

  /**
   * Distinct lines that are compared at once; more are mined in parts, and then their templates.
   */
  private static final int MAX_LINES = 50_000;

  /** Most templates of a leaf: lines of random words have nothing in common but their shape. */
  static final int MAX_TEMPLATES = 5_000;

  /** Words that such lines keep at a place, the most frequent ones, fewer at each attempt. */
  private static final int[] KEPT_WORDS = {100, 10, 0};

  /** Values kept of a word's successors; with so many any other is taken for a value, too. */
  private static final int MAX_VALUES = 1000;

  /** Distinct words at each of several places that make wildcards of all of them. */
  private static final int ENOUGH_OF_SEVERAL = 4;

  /** Constant words beside several places; fewer may be those of other events. */
  private static final int LEAST_CONSTANTS_OF_SEVERAL = 3;

  /** Places of which all twos and threes are looked at, fewer where there are many lines. */
  private static final int MOST_PLACES_OF_SEVERAL = 12;

  /** Lines that are looked at for these in all: lines are looked at once for each two or three. */
  private static final int MOST_LOOKS_OF_SEVERAL = 200_000;

  /** More sets of places that are wildcards in some line are rare ones. */
  private static final int MAX_SETS = 64;

  /** A wildcard that stands for words, as opposed to masked values; only within the miner. */
  static final String LEARNED = "<*\u0001>";

  /** Begins a result that is a template: the number of its lines, a colon and the text. */
  static final char TEMPLATE = 'T';

  /**
   * Begins a result that is a word and a value learned behind it. The word's length goes first:
   * both may hold any character.
   */
  private static final char EVIDENCE = 'E';

  private static final class Line {
    final String[] tokens;
    final long[] hashes;
    long count;
    long sum;

    Line(String[] tokens, long count) {
      this.tokens = tokens;
      this.hashes = new long[tokens.length];
      this.count = count;
    }

    void hash() {
      sum = 0;
      for (int i = 0; i < tokens.length; i++) {
        String token = tokens[i].equals(LEARNED) ? Masker.WILDCARD : tokens[i];
        hashes[i] = Hash64.mix(Hash64.of(token) + 0x9e3779b97f4a7c15L * (i + 1));
        sum += hashes[i];
      }
    }
  }

  private final Evidence.Thresholds thresholds;
  private final Map<String, Long> leaf = new TreeMap<>();

  /** Values that became wildcards, by the word before them. */
  private final Map<String, Set<String>> learned = new TreeMap<>();

  /** By the shape of the leaf's lines; null before the first of them. */
  private Evidence evidence;

  /** A miner without lines. */
  public AutoMiner() {
    this(Evidence.Thresholds.DEFAULT);
  }

  AutoMiner(Evidence.Thresholds thresholds) {
    this.thresholds = thresholds;
  }

  /**
   * The group that a masked line is mined in: its punctuation.
   *
   * @return the punctuation's text, with a letter for every word
   */
  static String leaf(String masked) {
    Tokens tokens = Tokens.of(masked, Tokens.Grain.FINE);
    StringBuilder shape = new StringBuilder();
    for (int i = 0; i < tokens.size(); i++) {
      shape.append(tokens.isWord(i) ? "w" : tokens.text(i));
    }
    return shape.toString();
  }

  @Override
  public void add(String maskedLine, long count) {
    leaf.merge(maskedLine, count, Long::sum);
  }

  @Override
  public Iterable<String> templates() {
    Collection<Line> lines = new ArrayList<>();
    Map<String, Line> results = new TreeMap<>();
    for (Map.Entry<String, Long> entry : leaf.entrySet()) {
      Tokens tokens = Tokens.of(entry.getKey(), Tokens.Grain.FINE);
      if (evidence == null) {
        evidence = new Evidence(thresholds, tokens);
      }
      lines.add(new Line(tokens.texts(), entry.getValue()));
      if (lines.size() >= MAX_LINES) {
        merge(mine(lines), results);
        lines = new ArrayList<>();
      }
    }
    boolean parts = !results.isEmpty();
    merge(mine(lines), results);
    Collection<Line> mined = parts ? mine(results.values()) : results.values();
    Set<String> texts = new TreeSet<>();
    few(mined)
        .forEach(
            line -> texts.add(TEMPLATE + "" + line.count + ":" + String.join("", line.tokens)));
    learned.forEach(
        (word, values) ->
            values.forEach(value -> texts.add(EVIDENCE + "" + word.length() + ":" + word + value)));
    return texts;
  }

  /** Lines as they are, or, where they are too many, without the rare words of some places. */
  private Collection<Line> few(Collection<Line> lines) {
    Collection<Line> current = lines;
    for (int kept : KEPT_WORDS) {
      int place = 0;
      while (current.size() > MAX_TEMPLATES && place >= 0) {
        place = -1;
        Map<String, Long> words = Map.of();
        for (int i = 0; i < evidence.places(); i++) {
          Map<String, Long> here = evidence.isSeparator(i) ? Map.of() : words(current, i);
          if (here.size() > kept && here.size() > words.size()) {
            place = i;
            words = here;
          }
        }
        if (place >= 0) {
          Set<String> frequent = frequent(words, kept);
          for (Line line : current) {
            if (!frequent.contains(line.tokens[place])) {
              line.tokens[place] = LEARNED;
            }
          }
          Map<String, Line> merged = new TreeMap<>();
          merge(current, merged);
          current = merged.values();
        }
      }
    }
    return current;
  }

  /** How many lines have which word at a place, masked and learned values aside. */
  private static Map<String, Long> words(Collection<Line> lines, int place) {
    Map<String, Long> words = new HashMap<>();
    for (Line line : lines) {
      if (!line.tokens[place].equals(LEARNED) && !line.tokens[place].equals(Masker.WILDCARD)) {
        words.merge(line.tokens[place], line.count, Long::sum);
      }
    }
    return words;
  }

  private static Set<String> frequent(Map<String, Long> words, int most) {
    Set<String> frequent = new HashSet<>(Set.of(Masker.WILDCARD));
    words.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .forEach(entry -> frequent.add(entry.getKey()));
    return frequent;
  }

  private static void merge(Collection<Line> lines, Map<String, Line> known) {
    for (Line line : lines) {
      String key = String.join("", line.tokens).replace(LEARNED, Masker.WILDCARD);
      Line before = known.putIfAbsent(key, line);
      if (before != null) {
        before.count += line.count;
        for (int i = 0; i < line.tokens.length; i++) {
          if (line.tokens[i].equals(LEARNED)) {
            before.tokens[i] = LEARNED;
          }
        }
      }
    }
  }

  /** Generalises lines of one shape. */
  private Collection<Line> mine(Collection<Line> lines) {
    if (lines.isEmpty()) {
      return lines;
    }
    List<Line> current = new ArrayList<>(lines);
    for (int round = 0; round < ROUNDS; round++) {
      current.forEach(Line::hash);
      Set<Long> marks = new HashSet<>();
      typed(current, marks);
      oneHole(current, marks);
      severalHoles(current, marks);
      if (marks.isEmpty()) {
        break;
      }
      // All evidence is weighed before any of it is used: the order does not show.
      for (long mark : marks) {
        current.get((int) (mark >> 20)).tokens[(int) (mark & 0xfffff)] = LEARNED;
      }
      Map<String, Line> merged = new TreeMap<>();
      merge(current, merged);
      current = new ArrayList<>(merged.values());
    }
    return absorbed(current);
  }

  /**
   * Without lines that a more general one stands for: equal but for places where that one has
   * learned that words are values.
   */
  private List<Line> absorbed(List<Line> lines) {
    if (evidence.places() > Long.SIZE) {
      return lines;
    }
    Map<Long, Map<Long, Line>> general = new TreeMap<>();
    lines.forEach(Line::hash);
    for (Line line : lines) {
      long places = wildcards(line);
      if (places != 0) {
        general.computeIfAbsent(places, k -> new HashMap<>()).put(rest(line, places), line);
      }
    }
    List<Line> result = new ArrayList<>();
    List<Map.Entry<Long, Map<Long, Line>>> sets = new ArrayList<>(general.entrySet());
    sets.sort(
        Comparator.comparingInt((Map.Entry<Long, Map<Long, Line>> set) -> -set.getValue().size())
            .thenComparing(Map.Entry::getKey));
    sets = sets.subList(0, Math.min(sets.size(), MAX_SETS));
    for (Line line : lines) {
      long places = wildcards(line);
      Line by = null;
      for (Map.Entry<Long, Map<Long, Line>> set : sets) {
        long wider = set.getKey();
        if (wider != places && (wider & places) == places) {
          Line candidate = set.getValue().get(rest(line, wider));
          if (candidate != null
              && candidate.count >= line.count
              && learned(candidate, wider & ~places)) {
            by = candidate;
            break;
          }
        }
      }
      if (by == null) {
        result.add(line);
      }
    }
    return result;
  }

  private long wildcards(Line line) {
    long places = 0;
    for (int i = 0; i < evidence.places(); i++) {
      if (!evidence.isSeparator(i)
          && (line.tokens[i].equals(LEARNED) || line.tokens[i].equals(Masker.WILDCARD))) {
        places |= 1L << i;
      }
    }
    return places;
  }

  private static long rest(Line line, long places) {
    long rest = line.sum;
    for (long left = places; left != 0; left &= left - 1) {
      rest -= line.hashes[Long.numberOfTrailingZeros(left)];
    }
    return rest;
  }

  private static boolean learned(Line line, long places) {
    for (long left = places; left != 0; left &= left - 1) {
      if (!line.tokens[Long.numberOfTrailingZeros(left)].equals(LEARNED)) {
        return false;
      }
    }
    return true;
  }

  /** Lines that are equal but for all places that look like values. */
  private void typed(List<Line> lines, Set<Long> marks) {
    Map<Long, List<Integer>> buckets = new HashMap<>();
    for (int n = 0; n < lines.size(); n++) {
      Line line = lines.get(n);
      long key = line.sum;
      boolean any = false;
      for (int i = 0; i < line.tokens.length; i++) {
        if (!evidence.isSeparator(i) && evidence.isTyped(line.tokens, i)) {
          any = true;
          key += Hash64.mix(i + 1L) - line.hashes[i];
        }
      }
      if (any) {
        buckets.computeIfAbsent(key, k -> new ArrayList<>()).add(n);
      }
    }
    for (List<Integer> bucket : buckets.values()) {
      String[] tokens = lines.get(bucket.get(0)).tokens;
      for (int i = 0; bucket.size() > 1 && i < tokens.length; i++) {
        if (!evidence.isSeparator(i) && evidence.isTyped(tokens, i)) {
          weigh(lines, bucket, i, marks);
        }
      }
    }
  }

  /** Lines that are equal but for one place. */
  private void oneHole(List<Line> lines, Set<Long> marks) {
    for (int i = 0; i < evidence.places(); i++) {
      if (evidence.isSeparator(i)) {
        continue;
      }
      Map<Long, List<Integer>> buckets = new HashMap<>();
      for (int n = 0; n < lines.size(); n++) {
        Line line = lines.get(n);
        buckets.computeIfAbsent(line.sum - line.hashes[i], k -> new ArrayList<>(1)).add(n);
      }
      for (List<Integer> bucket : buckets.values()) {
        if (bucket.size() > 1) {
          weigh(lines, bucket, i, marks);
        }
      }
    }
  }

  /**
   * Lines that are equal but for two or three places that hold names: of these no two lines need
   * have one in common, so that they would never be found to differ in one place only. The first
   * places are looked at, as many as take no more than so many looks at a line.
   */
  private void severalHoles(List<Line> lines, Set<Long> marks) {
    int most = MOST_PLACES_OF_SEVERAL;
    while (most > 1 && (long) sets(most) * lines.size() > MOST_LOOKS_OF_SEVERAL) {
      most--;
    }
    if (most < 2) {
      return;
    }
    int[] places =
        IntStream.range(0, evidence.places())
            .filter(i -> !evidence.isSeparator(i) && hasNames(lines, i))
            .limit(most)
            .toArray();
    // By line, the bits of those places that hold a name.
    int[] names = lines.stream().mapToInt(line -> names(line, places)).toArray();
    for (int i = 0; i < places.length; i++) {
      for (int j = i + 1; j < places.length; j++) {
        holes(lines, names, 1 << i | 1 << j, marks, places[i], places[j]);
        for (int k = j + 1; k < places.length; k++) {
          holes(lines, names, 1 << i | 1 << j | 1 << k, marks, places[i], places[j], places[k]);
        }
      }
    }
  }

  /** How many twos and threes there are of so many places. */
  private static int sets(int places) {
    return places * (places - 1) / 2 + places * (places - 1) * (places - 2) / 6;
  }

  private int names(Line line, int[] places) {
    int names = 0;
    for (int i = 0; i < places.length; i++) {
      names |= isName(line.tokens[places[i]]) ? 1 << i : 0;
    }
    return names;
  }

  /** Lines that are equal but for some places that all hold names. */
  private void holes(List<Line> lines, int[] names, int all, Set<Long> marks, int... places) {
    Map<Long, List<Integer>> buckets = new HashMap<>();
    for (int n = 0; n < names.length; n++) {
      if ((names[n] & all) == all) {
        Line line = lines.get(n);
        long key = line.sum;
        for (int place : places) {
          key -= line.hashes[place];
        }
        buckets.computeIfAbsent(key, k -> new ArrayList<>(1)).add(n);
      }
    }
    for (List<Integer> bucket : buckets.values()) {
      if (bucket.size() < ENOUGH_OF_SEVERAL || !isToldBy(lines.get(bucket.get(0)), places)) {
        continue;
      }
      List<Line> same = bucket.stream().map(lines::get).toList();
      if (Arrays.stream(places).allMatch(place -> hasNames(same, place))) {
        for (int place : places) {
          weigh(lines, bucket, place, marks);
        }
      }
    }
  }

  /** Whether a word may be one of the names at several places. */
  private boolean isName(String token) {
    return switch (evidence.kind(token)) {
      case IDENTIFIER, VARIABLE, WORD -> true;
      case WILDCARD, CAPS, VERSIONED -> false;
    };
  }

  /** Whether a place has names enough to be one of several. */
  private boolean hasNames(List<Line> lines, int place) {
    return lines.stream()
            .map(line -> line.tokens[place])
            .filter(this::isName)
            .distinct()
            .limit(ENOUGH_OF_SEVERAL)
            .count()
        == ENOUGH_OF_SEVERAL;
  }

  /** Whether what is left of a line without some places tells enough of what it is about. */
  private boolean isToldBy(Line line, int[] places) {
    long constants =
        IntStream.range(0, evidence.places())
            .filter(
                i -> !evidence.isSeparator(i) && evidence.kind(line.tokens[i]) != WordKind.WILDCARD)
            .count();
    return constants - places.length >= LEAST_CONSTANTS_OF_SEVERAL;
  }

  /** Marks a place of the lines of a bucket when it holds enough distinct values. */
  private void weigh(List<Line> lines, List<Integer> bucket, int place, Set<Long> marks) {
    Map<String, Long> values = new HashMap<>();
    for (int n : bucket) {
      Line line = lines.get(n);
      values.merge(
          line.tokens[place].equals(LEARNED) ? Masker.WILDCARD : line.tokens[place],
          line.count,
          Long::sum);
    }
    String[] tokens = lines.get(bucket.get(0)).tokens;
    if (!evidence.isEnough(tokens, place, values)) {
      return;
    }
    for (int n : bucket) {
      marks.add(((long) n << 20) | place);
    }
    int before = evidence.wordBefore(place);
    if (before < 0 || evidence.kind(tokens[before]) != WordKind.WILDCARD) {
      Set<String> known =
          learned.computeIfAbsent(before < 0 ? "" : tokens[before], k -> new TreeSet<>());
      known.addAll(values.keySet());
      while (known.size() > MAX_VALUES) {
        ((TreeSet<String>) known).pollLast();
      }
    }
  }
}
