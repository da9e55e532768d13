package io.deeplog.template;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Templates by the run that learned them, the first run's first. A line has the template of the
 * first generation that fits it, so that what later runs learn never changes the id of a kind of
 * line that is known.
 *
 * @param parts none of them empty; the templates of each in their order
 */
@Pure
public record Generations(List<List<Template>> parts) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** No templates. */
  public static final Generations NONE = new Generations(List.of());

  /** Copies, without empty generations. */
  public Generations {
    parts = parts.stream().filter(part -> !part.isEmpty()).map(List::copyOf).toList();
  }

  /** Templates that one run learned. */
  public static Generations of(List<Template> templates) {
    return new Generations(List.of(templates));
  }

  /** These and then newer ones. */
  public Generations with(List<Template> newer) {
    List<List<Template>> all = new ArrayList<>(parts);
    all.add(newer);
    return new Generations(all);
  }

  /** All templates, generation by generation. */
  public List<Template> templates() {
    return parts.stream().flatMap(List::stream).toList();
  }
}
