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
import io.deeplog.model.Detectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
      names.add(LogClusteringDetector.NAME);
      reasons.add("log-clustering, and none of order: sessions are time windows");
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
}
