package io.deeplog.detect.value;

import io.deeplog.Pure;
import io.deeplog.template.Masker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Templates that differ in one word, such as "heap <*> MB, state busy" and "... state ready": their
 * parameters are one series, in which a drift goes on whatever the word.
 */
@Pure
final class Siblings {
  /** More templates than these are no states of one thing, and each costs a look at every line. */
  private static final int MOST = 8;

  /** A template with a smaller share of the lines of all stays by itself: too few are sampled. */
  private static final double RARE = 0.01;

  private Siblings() {}

  /**
   * Series of templates by their ids; a template without one is not in it.
   *
   * @param texts by id
   * @param counts of lines, by id
   * @return the id of the first of its siblings
   */
  static Map<String, String> series(Map<String, String> texts, Map<String, Long> counts) {
    Map<String, TreeSet<String>> alike = new TreeMap<>();
    for (String id : counts.keySet()) {
      String text = texts.get(id);
      if (text == null || !text.contains(Masker.WILDCARD)) {
        continue;
      }
      String[] tokens = text.split(" ", -1);
      for (int place = 0; place < tokens.length; place++) {
        String word = tokens[place];
        if (!word.isEmpty() && !word.contains(Masker.WILDCARD)) {
          tokens[place] = "\n";
          alike.computeIfAbsent(String.join(" ", tokens), k -> new TreeSet<>()).add(id);
          tokens[place] = word;
        }
      }
    }
    List<Map.Entry<String, TreeSet<String>>> largest = new ArrayList<>(alike.entrySet());
    largest.sort(
        Comparator.comparingInt((Map.Entry<String, TreeSet<String>> e) -> -e.getValue().size())
            .thenComparing(Map.Entry::getKey));
    Map<String, String> series = new HashMap<>();
    for (Map.Entry<String, TreeSet<String>> group : largest) {
      TreeSet<String> ids = group.getValue();
      ids.removeAll(series.keySet());
      long lines = ids.stream().mapToLong(counts::get).sum();
      ids.removeIf(id -> counts.get(id) < RARE * lines);
      if (ids.size() > 1 && ids.size() <= MOST) {
        ids.forEach(id -> series.put(id, ids.first()));
      }
    }
    return series;
  }
}
