package io.deeplog.evaluate;

import io.deeplog.Pure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How detectors of abnormal values compare: at their own thresholds, and alarming equally often.
 * The first detector added is the one that the others are compared with.
 */
@Pure
public final class ValueComparison {
  /** False alarms per 1,000 lines at which the detectors are compared. */
  private static final double[] RATES = {1, 5, 10, 50, 100};

  /** Keeps a rate that was divided from falling below the count that it came from. */
  private static final double ROUNDING = 1e-6;

  private final List<ValueScore> own = new ArrayList<>();
  private final Map<String, ValueScore> beside = new LinkedHashMap<>();
  private final Map<Double, List<ValueScore>> equal = new TreeMap<>();
  private final Map<String, Map<String, ValueScore>> kinds = new LinkedHashMap<>();
  private Map<Double, Long> firstNormals;
  private Map<String, Double> firstEvents;

  /**
   * Adds a detector.
   *
   * @param threshold its own
   * @param normals scores of normal lines, and how many have them
   * @param events the highest score of every event
   * @param hasKinds whether the events' names, up to the last dash, are their kinds
   */
  public void add(
      String detector,
      double threshold,
      Map<Double, Long> normals,
      Map<String, Double> events,
      boolean hasKinds) {
    ValueScore score = ValueScore.at(detector, threshold, normals, events.values());
    if (own.isEmpty()) {
      firstNormals = normals;
      firstEvents = events;
    } else {
      beside.put(
          detector,
          ValueScore.equalFalseAlarms(
              own.get(0).detector(),
              score.falseAlarmsPerThousand() + ROUNDING,
              firstNormals,
              firstEvents.values()));
    }
    own.add(score);
    for (double rate : RATES) {
      equal
          .computeIfAbsent(rate, r -> new ArrayList<>())
          .add(ValueScore.equalFalseAlarms(detector, rate, normals, events.values()));
    }
    if (hasKinds) {
      Map<String, List<Double>> byKind = new TreeMap<>();
      events.forEach(
          (event, highest) ->
              byKind
                  .computeIfAbsent(
                      event.substring(0, event.lastIndexOf('-')), k -> new ArrayList<>())
                  .add(highest));
      Map<String, ValueScore> scores = new LinkedHashMap<>();
      byKind.forEach(
          (kind, all) -> scores.put(kind, ValueScore.at(detector, threshold, normals, all)));
      kinds.put(detector, scores);
    }
  }

  /** The tables, in Markdown. */
  public String markdown() {
    StringBuilder text = new StringBuilder("# Values\n\n");
    text.append("At their own thresholds:\n\n");
    table(text, own);
    text.append("\nWith no more false alarms than a rule at its own threshold:\n\n");
    text.append("| rule | false alarms per 1,000 | found by it | by ")
        .append(own.get(0).detector())
        .append(" |\n|---|---|---|---|\n");
    for (ValueScore rule : own.subList(1, own.size())) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | %d | %d |%n",
              rule.detector(),
              rule.falseAlarmsPerThousand(),
              rule.found(),
              beside.get(rule.detector()).found()));
    }
    equal.forEach(
        (rate, scores) -> {
          text.append(
              String.format(
                  Locale.ROOT,
                  "%nAt equal false alarms, %.0f per 1,000 lines at most (thresholds by the"
                      + " labels):%n%n",
                  rate));
          table(text, scores);
        });
    if (!kinds.isEmpty()) {
      text.append("\nFound by kind, at their own thresholds:\n\n");
      kindsTable(text);
    }
    return text.toString();
  }

  private static void table(StringBuilder text, List<ValueScore> scores) {
    text.append("| detector | threshold | events found | recall | false alarms per 1,000 |\n");
    text.append("|---|---|---|---|---|\n");
    for (ValueScore s : scores) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.3g | %d of %d | %.3f | %.2f |%n",
              s.detector(),
              s.threshold(),
              s.found(),
              s.events(),
              s.recall(),
              s.falseAlarmsPerThousand()));
    }
  }

  private void kindsTable(StringBuilder text) {
    Map<String, ValueScore> columns = kinds.values().iterator().next();
    text.append("| detector |");
    columns.keySet().forEach(kind -> text.append(' ').append(kind).append(" |"));
    text.append("\n|---|").append("---|".repeat(columns.size()));
    kinds.forEach(
        (detector, scores) -> {
          text.append("\n| ").append(detector).append(" |");
          scores
              .values()
              .forEach(s -> text.append(' ').append(s.found() + " of " + s.events()).append(" |"));
        });
    text.append('\n');
  }

  /** The figures by name, for a JSON file. */
  public Map<String, Object> figures() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("detectors", own.stream().map(ValueComparison::figures).toList());
    Map<String, Object> rules = new LinkedHashMap<>();
    beside.forEach((rule, score) -> rules.put(rule, figures(score)));
    json.put(own.get(0).detector() + "_at_false_alarms_of", rules);
    Map<String, Object> equals = new LinkedHashMap<>();
    equal.forEach(
        (rate, scores) ->
            equals.put(
                String.format(Locale.ROOT, "%.0f", rate),
                scores.stream().map(ValueComparison::figures).toList()));
    json.put("at_equal_false_alarms_per_1000", equals);
    Map<String, Object> byKind = new LinkedHashMap<>();
    kinds.forEach(
        (detector, scores) -> {
          Map<String, Object> recall = new LinkedHashMap<>();
          scores.forEach((kind, score) -> recall.put(kind, score.recall()));
          byKind.put(detector, recall);
        });
    json.put("recall_per_kind", byKind);
    return json;
  }

  private static Map<String, Object> figures(ValueScore score) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("detector", score.detector());
    figures.put("threshold", score.threshold());
    figures.put("events", score.events());
    figures.put("found", score.found());
    figures.put("recall", score.recall());
    figures.put("normal_lines", score.normals());
    figures.put("false_alarms", score.falseAlarms());
    figures.put("false_alarms_per_1000", score.falseAlarmsPerThousand());
    return figures;
  }
}
