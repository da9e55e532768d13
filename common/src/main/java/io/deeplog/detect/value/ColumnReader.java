package io.deeplog.detect.value;

import io.deeplog.Pure;
import io.deeplog.template.Quantity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells what the parameters of a template are: numbers of a unit, texts of a few, or neither. */
@Pure
record ColumnReader(TemplateText text) {
  /** Share of lines that a parameter must be a number in. */
  private static final double NUMERIC = 0.98;

  /** A text with more distinct values than this share of the lines is an identifier. */
  private static final double IDENTIFIER = 0.2;

  private static final int MOST_CATEGORIES = 1000;

  /** Whole numbers from here on that hardly ever repeat are identifiers, not measures. */
  private static final double LONG_NUMBER = 1e9;

  /** Fewer different numbers may be so by chance. */
  private static final int LEAST_IDENTIFIERS = 20;

  /** Share of steps that go up, in time, from which a number is a counter. */
  private static final double COUNTER = 0.95;

  /** The time gap, then the parameters; errors of numbers are not known yet. */
  List<ValueColumn> columns(List<ValueSample> samples) {
    int width = samples.stream().mapToInt(s -> s.row().params().length).max().orElse(0);
    List<ValueColumn> columns = new ArrayList<>();
    columns.add(gap(samples));
    for (int j = 0; j < width; j++) {
      columns.add(parameter(samples, j));
    }
    return columns;
  }

  private static ValueColumn gap(List<ValueSample> samples) {
    double[] gaps =
        samples.stream().mapToDouble(s -> s.row().gap()).filter(g -> !Double.isNaN(g)).toArray();
    return gaps.length < ValueLearner.LEAST_ROWS
        ? ValueColumn.ignored(
            ValueColumn.GAP,
            gaps.length == 0 ? "comes first in its session" : "only " + gaps.length + " of them",
            gaps.length)
        : number(ValueColumn.GAP, Quantity.Kind.DURATION, gaps);
  }

  private static ValueColumn number(String name, Quantity.Kind kind, double[] values) {
    if (Arrays.stream(values).allMatch(v -> v == values[0])) {
      return ValueColumn.constant(name, kind, values[0], values.length);
    }
    Scaling scaling = Scaling.of(values);
    double[] scaled = Arrays.stream(values).map(scaling::apply).sorted().toArray();
    return ValueColumn.number(
        name,
        kind,
        scaling,
        Scaling.quantile(scaled, 0.01),
        Scaling.quantile(scaled, 0.99),
        values.length);
  }

  private ValueColumn parameter(List<ValueSample> samples, int j) {
    String name = text.name(j);
    List<String> texts =
        samples.stream()
            .map(s -> text.values(s.row().params()))
            .filter(params -> j < params.length)
            .map(params -> params[j])
            .toList();
    Map<String, Long> counts = new TreeMap<>();
    texts.forEach(text -> counts.merge(text, 1L, Long::sum));
    Quantity.Kind kind = kind(texts);
    if (kind == null || counts.size() == 1) {
      return text(name, counts, texts.size());
    }
    double[] values =
        texts.stream()
            .map(Quantity::of)
            .filter(q -> q != null && (q.kind() == kind || q.value() == 0))
            .mapToDouble(Quantity::value)
            .toArray();
    String identifier = identifier(kind, values);
    if (identifier != null) {
      return ValueColumn.ignored(name, identifier, texts.size());
    }
    return kind == Quantity.Kind.NUMBER && Codes.are(values, counts)
        ? text(name, counts, texts.size())
        : number(name, kind, values);
  }

  private static ValueColumn text(String name, Map<String, Long> counts, int rows) {
    if (counts.size() > Math.min(MOST_CATEGORIES, Math.max(1, rows * IDENTIFIER))) {
      return ValueColumn.ignored(
          name, "an identifier: " + counts.size() + " values in " + rows + " lines", rows);
    }
    Map<String, Long> ranked = new LinkedHashMap<>();
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(e -> ranked.put(e.getKey(), e.getValue()));
    return ValueColumn.category(name, ranked, rows);
  }

  /** The unit of nearly all texts; null when they are no numbers, or of several units. */
  private static Quantity.Kind kind(List<String> texts) {
    Map<Quantity.Kind, Integer> kinds = new HashMap<>();
    int zeros = 0;
    for (String text : texts) {
      Quantity quantity = Quantity.of(text);
      if (quantity != null && quantity.value() == 0) {
        zeros++;
      } else if (quantity != null) {
        kinds.merge(quantity.kind(), 1, Integer::sum);
      }
    }
    for (Quantity.Kind kind : Quantity.Kind.values()) {
      if (zeros + kinds.getOrDefault(kind, 0) >= NUMERIC * texts.size()
          && (kinds.containsKey(kind) || kinds.isEmpty())) {
        return kind;
      }
    }
    return null;
  }

  /** Why numbers are no measures; null when they are. */
  private static String identifier(Quantity.Kind kind, double[] values) {
    boolean whole = Arrays.stream(values).allMatch(v -> v == Math.rint(v));
    long distinct = Arrays.stream(values).distinct().count();
    if (!whole || distinct <= values.length / 2) {
      return null;
    }
    int ups = 0;
    for (int i = 1; i < values.length; i++) {
      ups += values[i] >= values[i - 1] ? 1 : 0;
    }
    if (ups >= COUNTER * (values.length - 1) && values.length >= LEAST_IDENTIFIERS) {
      return "a counter: it only goes up";
    }
    double[] sorted = Arrays.stream(values).map(Math::abs).sorted().toArray();
    boolean wide = Scaling.quantile(sorted, 0.5) >= LONG_NUMBER;
    boolean drawn =
        kind == Quantity.Kind.NUMBER
            && values.length >= LEAST_IDENTIFIERS
            && distinct == values.length
            && Codes.areDrawn(values);
    return drawn || (wide && distinct >= 0.99 * values.length)
        ? "an identifier: all values differ"
        : null;
  }
}
