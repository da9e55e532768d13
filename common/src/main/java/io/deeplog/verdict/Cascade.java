package io.deeplog.verdict;

import io.deeplog.Pure;
import io.deeplog.detect.path.NgramDetector;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.detect.rules.BigramDetector;
import io.deeplog.detect.rules.LengthDetector;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.detect.rules.ObviousLines;
import io.deeplog.detect.value.ValueDetector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The order in which a cascade asks (DeepLog, section 3). Detectors of one step stand side by side;
 * a session that one step flags is not put to the next. Event counts are looked at whatever the
 * steps say: they are no part of the cascade, and silence none of it.
 */
@Pure
enum Cascade {
  /** Obvious lines. */
  RULES,
  /** Which log keys came, and in which order. */
  KEYS,
  /** Parameters and time gaps: only where the keys are normal. */
  VALUES,
  /** All others: event counts. */
  BESIDE;

  private static final Map<String, Cascade> STEPS =
      Map.of(
          ObviousLines.NAME, RULES,
          NewEventDetector.NAME, KEYS,
          LengthDetector.NAME, KEYS,
          BigramDetector.NAME, KEYS,
          NgramDetector.NAME, KEYS,
          PathDetector.NAME, KEYS,
          ValueDetector.NAME, VALUES);

  /** The step of a detector. */
  static Cascade of(String detector) {
    return STEPS.getOrDefault(detector, BESIDE);
  }

  /** Those of some detectors that a detector is silent after, when one of them flags a session. */
  static List<String> before(String detector, List<String> detectors) {
    Cascade own = of(detector);
    return own == BESIDE
        ? List.of()
        : detectors.stream().filter(other -> of(other).compareTo(own) < 0).toList();
  }

  /** The order of some detectors, in words. */
  static String condition(List<String> detectors) {
    List<String> steps = new ArrayList<>();
    for (Cascade step : List.of(RULES, KEYS, VALUES)) {
      List<String> own = detectors.stream().filter(name -> of(name) == step).toList();
      if (!own.isEmpty()) {
        steps.add(String.join(", ", own));
      }
    }
    List<String> beside = detectors.stream().filter(name -> of(name) == BESIDE).toList();
    String cascade = String.join("; else ", steps);
    if (beside.isEmpty()) {
      return cascade;
    }
    return (steps.isEmpty() ? "" : cascade + "; beside them ") + String.join(", ", beside);
  }
}
