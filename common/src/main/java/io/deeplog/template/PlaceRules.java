package io.deeplog.template;

import io.deeplog.Pure;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Judges by what several templates have at a place, being equal but for it, if it is a value. */
@Pure
final class PlaceRules {
  /** Distinct runs between brackets, records and lists of fields, that make a value. */
  private static final int ENOUGH_RUNS = 3;

  /** Constant words beside the value; fewer say nothing. */
  private static final int LEAST_CONSTANTS = 2;

  /** Constant words around a phrase in the middle of a line. */
  private static final int LEAST_CONSTANTS_OF_PHRASE = 3;

  /**
   * Different ends of a line that make a value, a reason say, where so many constant words and
   * values before tell what the line is about.
   */
  private static final int ENOUGH_ENDS = 5;

  /** Different commands with options that make a value. */
  private static final int ENOUGH_COMMANDS = 2;

  /** Different texts in quotes that make a value, though they hold values themselves. */
  private static final int ENOUGH_QUOTED = 4;

  /** Names in lists of fields; of fewer fields each kind of line has its own. */
  private static final int LEAST_KEYS = 3;

  private static final Pattern RECORD = Pattern.compile("[^ ;]+;[^ ;]+;[^ ;]+;.*");

  private static final Pattern OPTION = Pattern.compile(" --?[A-Za-z][\\w-]*(?=[ =]|$)");

  private PlaceRules() {}

  /** Whether a place that templates share is a value. */
  static boolean isValue(Collection<RunPlaces.Place> group) {
    if (group.size() < 2) {
      return false;
    }
    Set<String> runs = new TreeSet<>();
    Set<Integer> sizes = new TreeSet<>();
    boolean missing = false;
    boolean masked = false;
    boolean lists = true;
    for (RunPlaces.Place place : group) {
      TokenRun run = place.run();
      runs.add(run.text());
      sizes.add(Tokens.of(run.text(), Tokens.Grain.FINE).size());
      missing |= run.isNothing();
      masked |= run.text().contains(Masker.WILDCARD);
      lists = lists && run.isList();
    }
    RunPlaces.Place any = group.iterator().next();
    String before = any.run().before();
    int constantsBefore = constants(before);
    int constantsAfter = constants(any.run().after());
    int constants = constantsBefore + constantsAfter;
    boolean alone = any.around() == RunPlaces.Around.BRACKETS || lists;
    if (runs.size() < 2 || constants < (alone ? 1 : LEAST_CONSTANTS)) {
      return false;
    }
    if (before.equals("(")) {
      // "(user) CMD": who, not what.
      return true;
    }
    boolean ofSizes = sizes.size() > 1;
    return switch (any.around()) {
      case FIELD -> ofSizes;
      // With values among its words a quotation is rather a command.
      case QUOTES -> ofSizes && (!masked || runs.size() >= ENOUGH_QUOTED);
      case BRACKETS ->
          ofSizes
              && (runs.size() >= ENOUGH_RUNS
                  || (missing && masked)
                  || runs.stream().allMatch(run -> isLonger(run, runs.iterator().next())));
      case BLANKS -> ofSizes && ((missing && masked) || lists);
      case REST -> ofSizes && isEnd(runs);
      case PHRASE ->
          (ofSizes || !sizes.contains(1))
              && constants >= LEAST_CONSTANTS_OF_PHRASE
              && constantsBefore > 0
              && constantsAfter > 0
              && haveDifferentBegins(runs);
      case FIELDS -> runs.size() >= ENOUGH_RUNS && keys(runs).size() >= LEAST_KEYS;
    };
  }

  /** Whether ends of lines are records, "disk;WARN;3;almost full": their parts are values. */
  static boolean areRecords(Collection<TokenRun> ends) {
    long records = ends.stream().filter(end -> RECORD.matcher(end.text()).matches()).count();
    return records >= ENOUGH_RUNS && 2 * records >= ends.size();
  }

  /** Constant words of a text. */
  static int constants(String text) {
    String[] texts = Tokens.of(text, Tokens.Grain.FINE).texts();
    return Tokens.constants(texts, 0, texts.length);
  }

  /** The names of all fields. */
  private static Set<String> keys(Set<String> lists) {
    Set<String> keys = new TreeSet<>();
    lists.forEach(list -> Collections.addAll(keys, list.split("=<\\*> ?", -1)));
    keys.remove("");
    return keys;
  }

  /** Whether a run of several values is the same as another, or goes on behind it. */
  private static boolean isLonger(String run, String shortest) {
    return Template.wildcards(shortest) > 1 && run.startsWith(shortest);
  }

  private static boolean isCommand(String run) {
    return run.indexOf('"') < 0 && OPTION.matcher(run).find();
  }

  /**
   * Whether what lines that begin alike end in begins with many different words, and no verbs; or
   * with the names of different exceptions; or is commands with options.
   */
  private static boolean isEnd(Set<String> runs) {
    Set<String> begins = begins(runs);
    if (begins.size() > 1 && begins.stream().allMatch(WordKind::isQualified)) {
      return true;
    }
    if (runs.stream().filter(PlaceRules::isCommand).count() >= ENOUGH_COMMANDS) {
      return true;
    }
    return haveDifferentBegins(runs);
  }

  /** Whether runs begin with enough different words, which are not verbs. */
  private static boolean haveDifferentBegins(Set<String> runs) {
    Set<String> begins = begins(runs);
    long verbs = begins.stream().filter(WordKind::isVerb).count();
    return begins.size() >= ENOUGH_ENDS && 2 * verbs < begins.size();
  }

  private static Set<String> begins(Set<String> runs) {
    Set<String> begins = new HashSet<>();
    runs.forEach(run -> begins.add(Tokens.of(run, Tokens.Grain.FINE).text(0)));
    return begins;
  }
}
