package io.deeplog.jobs.options;

import io.deeplog.UserException;
import io.deeplog.detect.count.CountDetector;
import io.deeplog.detect.count.LabelledDetector;
import io.deeplog.detect.count.LogClusteringDetector;
import io.deeplog.detect.nearest.CountDistanceDetector;
import io.deeplog.detect.path.NgramDetector;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.detect.rules.BigramDetector;
import io.deeplog.detect.rules.LengthDetector;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.detect.value.ValueDetector;
import io.deeplog.model.Detectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which detectors learn or judge.
 *
 * @param names in the order of {@link Detectors}
 * @param reasons of an automatic choice, a sentence each; empty when they were asked for
 */
public record DetectorChoice(List<String> names, List<String> reasons) {
  /** Asks for a choice by what the data allows. */
  public static final String AUTO = "auto";

  /** Those that learn unless others are asked for. */
  public static final String DEFAULT =
      String.join(
          ",",
          NewEventDetector.NAME,
          LengthDetector.NAME,
          BigramDetector.NAME,
          NgramDetector.NAME,
          PathDetector.NAME,
          CountDistanceDetector.NAME,
          CountDetector.NAME);

  /** Fewer sessions do not teach a network what follows what. */
  private static final long ENOUGH_SESSIONS = 200;

  /** Fewer windows do not show what patterns their counts have. */
  private static final long ENOUGH_WINDOWS = 50;

  /** Those that ask what comes after what. */
  private static final List<String> OF_ORDER =
      List.of(LengthDetector.NAME, BigramDetector.NAME, NgramDetector.NAME, PathDetector.NAME);

  /** Those that look at one entry at a time, whatever the session it is in. */
  private static final List<String> OF_ENTRIES = List.of(NewEventDetector.NAME, ValueDetector.NAME);

  /**
   * The choice of a text.
   *
   * @param text names, by commas
   * @throws UserException when there is no such detector
   */
  public static DetectorChoice of(String text) {
    List<String> asked = Arrays.stream(text.split(",", -1)).map(String::trim).distinct().toList();
    for (String name : asked) {
      if (!Detectors.names().contains(name)) {
        throw UserException.usage(
            "unknown detector '"
                + name
                + "' (give "
                + AUTO
                + " or some of "
                + String.join(", ", Detectors.names())
                + ")");
      }
    }
    return new DetectorChoice(
        Detectors.names().stream().filter(asked::contains).toList(), List.of());
  }

  /**
   * The same without the network, where there are too few sessions to hold any out: nothing would
   * tell when to stop its training, nor what normal sessions that it did not see look like. The
   * n-gram model then judges what follows what, which leaves each session out by itself.
   *
   * @param sessions to learn from
   * @param validation share of them that is held out; none when that was asked for
   */
  public DetectorChoice whereFew(long sessions, double validation) {
    long heldOut = Math.round(sessions * validation);
    if (validation == 0
        || heldOut >= PathDetector.LEAST_HELD_OUT
        || !names.contains(PathDetector.NAME)
        || !names.contains(NgramDetector.NAME)) {
      return this;
    }
    List<String> told = new ArrayList<>(reasons);
    told.add(
        "no lstm, ngram in its place: of "
            + sessions
            + " sessions "
            + heldOut
            + " would be held out, and "
            + PathDetector.LEAST_HELD_OUT
            + " are needed (give "
            + Flags.DETECTORS
            + " lstm to train it all the same)");
    return new DetectorChoice(
        names.stream().filter(name -> !name.equals(PathDetector.NAME)).toList(), told);
  }

  /**
   * What the data allows.
   *
   * @param sessions to learn from
   * @param windows whether sessions are time windows, in which unrelated entries stand side by side
   * @param labels whether training sessions have labels
   */
  public static DetectorChoice auto(long sessions, boolean windows, boolean labels) {
    List<String> names = new ArrayList<>();
    names.add(NewEventDetector.NAME);
    names.add(CountDistanceDetector.NAME);
    names.add(CountDetector.NAME);
    List<String> reasons = new ArrayList<>();
    reasons.add("new-event, count-distance and pca: always");
    if (windows) {
      reasons.add("none of order: sessions are time windows");
      if (sessions < ENOUGH_WINDOWS) {
        reasons.add("no log-clustering: " + sessions + " windows are under " + ENOUGH_WINDOWS);
      } else {
        names.add(LogClusteringDetector.NAME);
        reasons.add("log-clustering: " + sessions + " windows are enough");
      }
    } else {
      names.addAll(List.of(LengthDetector.NAME, BigramDetector.NAME, NgramDetector.NAME));
      reasons.add("length, bigram and ngram: sessions are by an identifier");
      if (sessions < ENOUGH_SESSIONS) {
        reasons.add("no lstm: " + sessions + " sessions are under " + ENOUGH_SESSIONS);
      } else {
        names.add(PathDetector.NAME);
        reasons.add("lstm: " + sessions + " sessions are enough");
      }
    }
    if (labels) {
      names.add(LabelledDetector.DECISION_TREE);
      reasons.add("decision-tree: there are labels to learn from");
    }
    return new DetectorChoice(Detectors.names().stream().filter(names::contains).toList(), reasons);
  }

  /**
   * Those of a model's detectors that the data to judge allows.
   *
   * @param model names of the model's detectors
   * @param trained sessions that the model learned from
   * @param windows whether the sessions to judge are time windows
   * @param same whether the sessions to judge are made as those the model learned from were
   */
  public static DetectorChoice ofModel(
      List<String> model, long trained, boolean windows, boolean same) {
    List<String> reasons = new ArrayList<>();
    List<String> names = new ArrayList<>(model);
    if (!same && names.stream().anyMatch(OF_ENTRIES::contains)) {
      without(
          names,
          names.stream().filter(name -> !OF_ENTRIES.contains(name)).toList(),
          "the sessions to judge are made in another way than those the model learned from",
          reasons);
    }
    if (windows && !OF_ORDER.containsAll(names)) {
      without(names, OF_ORDER, "sessions are time windows", reasons);
    }
    if (trained < ENOUGH_SESSIONS && names.size() > 1) {
      without(
          names,
          List.of(PathDetector.NAME),
          "the model learned from " + trained + " sessions, under " + ENOUGH_SESSIONS,
          reasons);
    }
    reasons.add(
        0,
        (names.size() == model.size() ? "all of the model's: " : "of the model's: ")
            + String.join(", ", names));
    return new DetectorChoice(List.copyOf(names), reasons);
  }

  private static void without(
      List<String> names, List<String> others, String why, List<String> reasons) {
    String left = names.stream().filter(others::contains).collect(Collectors.joining(", "));
    if (!left.isEmpty()) {
      names.removeAll(others);
      reasons.add("no " + left + ": " + why);
    }
  }
}
