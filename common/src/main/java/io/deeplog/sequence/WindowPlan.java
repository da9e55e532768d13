package io.deeplog.sequence;

import io.deeplog.Pure;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.stream.LongStream;

/**
 * The windows of a rule over a span of time, made of panes: spans that lie wholly inside or outside
 * every window. Entries are added up by pane first, and panes then by window, so that an entry is
 * handled once however many windows overlap. Times are microseconds since 1970 UTC.
 */
@Pure
final class WindowPlan implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final long MICROS = 1_000_000L;

  private final WindowRule.Kind kind;
  private final long length;
  private final long step;

  /** Start of the first window; 0 for aligned ones. */
  private final long origin;

  /** End of the first legacy window: the time of the last entry in it. */
  private final long firstEnd;

  private final long firstWindow;
  private final long lastWindow;

  private WindowPlan(
      WindowRule rule, long origin, long firstEnd, long firstWindow, long lastWindow) {
    this.kind = rule.kind();
    this.length = rule.length() * MICROS;
    this.step = rule.step() * MICROS;
    this.origin = origin;
    this.firstEnd = firstEnd;
    this.firstWindow = firstWindow;
    this.lastWindow = lastWindow;
  }

  /** Aligned windows, wherever the entries are. */
  static WindowPlan aligned(WindowRule rule) {
    return new WindowPlan(rule, 0, 0, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Aligned windows that hold a time between the first and the last entry's. */
  static WindowPlan aligned(WindowRule rule, long first, long last) {
    WindowPlan plan = aligned(rule);
    return new WindowPlan(rule, 0, 0, plan.lowest(first), Math.floorDiv(last, plan.step));
  }

  /**
   * Legacy windows.
   *
   * @param first time of the first entry
   * @param firstEnd the latest time before first + length
   * @param last time of the last entry
   */
  static WindowPlan legacy(WindowRule rule, long first, long firstEnd, long last) {
    long moves = Math.floorDiv(last - firstEnd, rule.step() * MICROS) + 1;
    return last == firstEnd
        ? new WindowPlan(rule, first, firstEnd, 0, -1)
        : new WindowPlan(rule, first, firstEnd, 0, moves);
  }

  /** The first window's number. */
  long firstWindow() {
    return firstWindow;
  }

  /** The last window's number; below the first when there is none. */
  long lastWindow() {
    return lastWindow;
  }

  /** Where a window starts. */
  long start(long window) {
    return origin + window * step;
  }

  /** Where a window ends; not in it, but for the first legacy one. */
  long end(long window) {
    return kind == WindowRule.Kind.LEGACY ? firstEnd + window * step : start(window) + length;
  }

  /** The pane of a time. */
  long pane(long time) {
    if (kind == WindowRule.Kind.ALIGNED) {
      return Math.floorDiv(time, paneLength());
    }
    // Steps from the first entry are cut where the windows' ends fall, and at the first end.
    long since = time - origin;
    long half = 2 * (since / step) + (since % step >= (firstEnd - origin) % step ? 1 : 0);
    return 2 * half + (time <= firstEnd ? 1 : 0);
  }

  /** The windows that hold a pane. */
  LongStream windows(long pane) {
    if (kind == WindowRule.Kind.ALIGNED) {
      long time = pane * paneLength();
      return between(lowest(time), Math.floorDiv(time, step));
    }
    long half = pane >> 1;
    long whole = (firstEnd - origin) / step;
    long low = Math.max(1, Math.floorDiv(half + 1, 2) - whole);
    // A first window that ends within its first step leaves a gap; its entries go to the next one.
    long high = whole == 0 ? Math.max(half / 2, half >= 3 ? (half + 1) / 2 : 0) : half / 2;
    LongStream later = between(low, high);
    return (pane & 1) == 1 && lastWindow >= 0 ? LongStream.concat(LongStream.of(0), later) : later;
  }

  private LongStream between(long low, long high) {
    return LongStream.rangeClosed(Math.max(low, firstWindow), Math.min(high, lastWindow));
  }

  /** The first aligned window that holds a time. */
  private long lowest(long time) {
    return Math.floorDiv(time - length, step) + 1;
  }

  private long paneLength() {
    return BigInteger.valueOf(length).gcd(BigInteger.valueOf(step)).longValueExact();
  }
}
