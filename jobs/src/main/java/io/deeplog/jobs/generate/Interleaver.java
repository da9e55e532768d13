package io.deeplog.jobs.generate;

import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Plays sessions side by side and hands out their lines in order of time. Holds no more than a
 * given number of sessions: while that many are live, the next has to wait for one to end.
 */
final class Interleaver {
  /** Takes the lines, in order of time. */
  @FunctionalInterface
  interface LineSink {
    /**
     * Takes the next line.
     *
     * @param millis the line's time, on the log's clock
     */
    void accept(Session session, Step step, long millis) throws IOException;
  }

  private static final class Live {
    final Session session;
    final long number;
    int next;
    long time;

    Live(Session session, long number, long start) {
      this.session = session;
      this.number = number;
      this.time = start + session.steps().get(0).gapMillis;
    }
  }

  private final long meanGapMillis;
  private final int maxLive;
  private final SplittableRandom random;
  private final PriorityQueue<Live> live =
      new PriorityQueue<>(
          Comparator.<Live>comparingLong(one -> one.time).thenComparingLong(one -> one.number));

  private int peakLive;

  /**
   * An interleaver with no sessions yet.
   *
   * @param meanGapMillis mean time from one session's start to the next
   * @param maxLive most sessions live at once, at least 1
   */
  Interleaver(long meanGapMillis, int maxLive, SplittableRandom random) {
    this.meanGapMillis = meanGapMillis;
    this.maxLive = maxLive;
    this.random = random;
  }

  /** Returns the most sessions that were live at once. */
  int peakLive() {
    return peakLive;
  }

  /**
   * Plays sessions until there are no more or the number of lines is reached, and then those begun
   * to their end. No session is cut, save the one that would go beyond the number of lines.
   *
   * @param sessions gives the next session to start, or null if there are no more
   * @param maxLines number of lines at which to stop
   * @param start time of the first session's start, in milliseconds
   */
  void play(Supplier<Session> sessions, long maxLines, long start, LineSink sink)
      throws IOException {
    long planned = 0;
    long begun = 0;
    long now = start;
    long nextStart = start;
    boolean more = maxLines > 0;
    while (more || !live.isEmpty()) {
      if (more && live.size() < maxLive && (live.isEmpty() || nextStart <= live.element().time)) {
        Session session = sessions.get();
        if (session == null) {
          more = false;
          continue;
        }
        if (session.steps().size() >= maxLines - planned) {
          session = session.first((int) (maxLines - planned));
          more = false;
        }
        planned += session.steps().size();
        nextStart = Math.max(nextStart, now);
        live.add(new Live(session, begun++, nextStart));
        peakLive = Math.max(peakLive, live.size());
        nextStart += random.nextLong(2 * meanGapMillis + 1);
        continue;
      }
      Live one = live.remove();
      now = one.time;
      sink.accept(one.session, one.session.steps().get(one.next), now);
      if (++one.next < one.session.steps().size()) {
        one.time += one.session.steps().get(one.next).gapMillis;
        live.add(one);
      }
    }
  }
}
