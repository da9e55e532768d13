package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The models of all templates, and what to think of templates that they were not trained on.
 *
 * @param models by template id
 * @param series ids of all templates of the same series, by template id, where there are others
 * @param strangers by template id
 */
@Pure
record ValueModels(
    Map<String, ValueModel> models,
    Map<String, List<String>> series,
    Map<String, NewTemplate> strangers)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The entries of one session, in their order. */
  final class Session {
    private final Map<String, ValueModel.Run> runs = new HashMap<>();

    /** Judges the next entry. */
    Finding next(String templateId, ValueRow row) {
      NewTemplate stranger = strangers.get(templateId);
      if (stranger != null && stranger.sameAs() == null) {
        return stranger.judge(row);
      }
      // The same line in another unit belongs to the series of the known ones.
      String id = stranger == null ? templateId : stranger.sameAs();
      ValueModel model = models.get(id);
      String[] texts;
      if (stranger != null) {
        texts = stranger.values(row);
      } else if (model != null) {
        texts = model.values(row);
      } else {
        return Finding.NONE;
      }
      for (String other : series.getOrDefault(id, List.of())) {
        if (!other.equals(id) && models.containsKey(other)) {
          run(other).observe(row.gap(), texts);
        }
      }
      return model == null ? Finding.NONE : run(id).next(row.gap(), texts);
    }

    private ValueModel.Run run(String id) {
      return runs.computeIfAbsent(id, k -> models.get(k).start());
    }
  }

  /** Begins with a session. */
  Session start() {
    return new Session();
  }

  /** All templates of a series by each of them, from the series of each. */
  static Map<String, List<String>> members(Map<String, String> series) {
    Map<String, List<String>> members = new TreeMap<>();
    new TreeMap<>(series)
        .forEach(
            (id, first) ->
                members.computeIfAbsent(first, k -> new java.util.ArrayList<>()).add(id));
    Map<String, List<String>> byId = new HashMap<>();
    series.forEach((id, first) -> byId.put(id, members.get(first)));
    return byId;
  }
}
