package io.deeplog.template;

import io.deeplog.Hash64;
import io.deeplog.Pure;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.ObjLongConsumer;

/**
 * The distinct masked lines of a log with their numbers, within a budget: all of them, or those
 * whose hash starts with so many zero bits, as few as the budget allows (distinct sampling;
 * Gibbons, 2001). A line is kept with its full number or not at all, and which ones are kept
 * depends on the set of lines alone, not on their order or parts.
 */
@Pure
final class LineSample implements Serializable {
  private static final long serialVersionUID = 1L;

  /** About 50 MB on the heap. */
  static final int MOST_LINES = 100_000;

  /** Characters of these lines. */
  static final long MOST_CHARS = 16_000_000;

  private final int mostLines;
  private final long mostChars;
  private final Map<String, long[]> counts = new HashMap<>();
  private long chars;
  private int level;

  /** A sample of the usual budget. */
  LineSample() {
    this(MOST_LINES, MOST_CHARS);
  }

  /** A sample of some budget; a single line is kept whatever its length. */
  LineSample(int mostLines, long mostChars) {
    this.mostLines = mostLines;
    this.mostChars = mostChars;
  }

  /**
   * Counts a line.
   *
   * @return whether it is new among those kept
   */
  boolean add(String masked, long count) {
    long[] known = counts.get(masked);
    if (known != null) {
      known[0] += count;
      return false;
    }
    if (level > 0 && level(masked) < level) {
      return false;
    }
    counts.put(masked, new long[] {count});
    chars += masked.length();
    while ((counts.size() > mostLines || chars > mostChars) && counts.size() > 1) {
      raise(level + 1);
    }
    return counts.containsKey(masked);
  }

  /** Whether a line is counted already. */
  boolean holds(String masked) {
    return counts.containsKey(masked);
  }

  private static int level(String masked) {
    return Long.numberOfLeadingZeros(Hash64.mix(Hash64.of(masked)));
  }

  private void raise(int newLevel) {
    level = newLevel;
    for (Iterator<String> lines = counts.keySet().iterator(); lines.hasNext(); ) {
      String line = lines.next();
      if (level(line) < level) {
        chars -= line.length();
        lines.remove();
      }
    }
  }

  /** Adds what another has counted, of the same budget. */
  LineSample merge(LineSample other) {
    if (other.level > level) {
      raise(other.level);
    }
    other.counts.forEach((masked, count) -> add(masked, count[0]));
    return this;
  }

  /** Whether there were lines that are not kept. */
  boolean isPart() {
    return level > 0;
  }

  int size() {
    return counts.size();
  }

  /** The lines with their numbers, in no order. */
  void forEach(ObjLongConsumer<String> taker) {
    counts.forEach((masked, count) -> taker.accept(masked, count[0]));
  }
}
