package io.deeplog.template;

import java.io.Serializable;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Matches lines as Spark holds them. Public for the code only that Spark generates, which calls it.
 */
public final class LineMatch implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The method's name. */
  static final String METHOD = "match";

  private final Broadcast<Generations> templates;
  private final Miner miner;
  private final Masks masks;
  private transient volatile State last;
  private transient Map<Thread, State> states;

  LineMatch(Broadcast<Generations> templates, Miner miner, Masks masks) {
    this.templates = templates;
    this.miner = miner;
    this.masks = masks;
  }

  /** What a thread has. */
  private static final class State {
    final Thread thread;
    final TemplateMatcher matcher;

    /** The ids as they stand in rows. */
    final IdentityHashMap<Template, UTF8String> ids = new IdentityHashMap<>();

    State(Thread thread, TemplateMatcher matcher) {
      this.thread = thread;
      this.matcher = matcher;
    }
  }

  /** The id of a line's template and its parameters, or null when no template fits. */
  public InternalRow match(UTF8String content) {
    State state = state();
    byte[] line = content.getBytes();
    TemplateMatcher.Found found = state.matcher.find(line);
    if (found.template() == null) {
      return null;
    }
    int[] places = found.places();
    Object[] params = new Object[places.length / 2];
    String text = found.isAscii() ? null : content.toString();
    for (int i = 0; i < params.length; i++) {
      int start = places[2 * i];
      int end = places[2 * i + 1];
      params[i] =
          text == null
              ? UTF8String.fromBytes(line, start, end - start)
              : UTF8String.fromString(text.substring(start, end));
    }
    UTF8String id =
        state.ids.computeIfAbsent(
            found.template(), template -> UTF8String.fromString(template.id()));
    return new GenericInternalRow(new Object[] {id, new GenericArrayData(params)});
  }

  /** That of the thread. It is nearly always the one before: a task has this to itself. */
  private State state() {
    State known = last;
    return known != null && known.thread == Thread.currentThread() ? known : other();
  }

  private synchronized State other() {
    if (states == null) {
      states = new HashMap<>();
    }
    last =
        states.computeIfAbsent(
            Thread.currentThread(),
            thread -> new State(thread, miner.matcher(templates.value(), masks)));
    return last;
  }

  @Override
  public String toString() {
    return "templates";
  }
}
