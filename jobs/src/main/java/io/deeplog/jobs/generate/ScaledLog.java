package io.deeplog.jobs.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * One service's log of any length, written in constant memory: a few megabytes, however long the
 * log is. Immutable; the same settings and seed give the same bytes.
 */
public final class ScaledLog {
  private static final long MEAN_GAP_MILLIS = 20;
  private static final long PROGRESS_LINES = 1_000_000;

  private final Service service;
  private final long seed;
  private final double anomalyRate;
  private final boolean unique;

  /** A log of normal sessions. */
  public ScaledLog(Service service, long seed) {
    this(service, seed, 0, false);
  }

  private ScaledLog(Service service, long seed, double anomalyRate, boolean unique) {
    this.service = Objects.requireNonNull(service);
    this.seed = seed;
    this.anomalyRate = anomalyRate;
    this.unique = unique;
  }

  /**
   * Returns the same log with abnormal sessions, all of the service's kinds equally often.
   *
   * @param rate share of the sessions, 0 to 1
   * @throws IllegalArgumentException if the rate is not from 0 to 1
   */
  public ScaledLog withAnomalyRate(double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("anomaly rate " + rate + " is not from 0 to 1");
    }
    return new ScaledLog(service, seed, rate, unique);
  }

  /**
   * Returns the same log with or without a word at each line's end that occurs nowhere else, so
   * that no two contents are alike even with all numbers masked.
   */
  public ScaledLog withUniqueLines(boolean newUnique) {
    return new ScaledLog(service, seed, anomalyRate, newUnique);
  }

  /**
   * Writes exactly the given number of lines. All sessions are complete, but for at most one that
   * is cut to make the number come out.
   *
   * @param out written and flushed, not closed
   * @param lines number of lines, 0 or more
   * @param progress called with the number of lines written, every 1,000,000 lines
   * @throws IllegalArgumentException if the number of lines is negative
   * @throws IOException if the stream cannot be written
   */
  public void write(OutputStream out, long lines, LongConsumer progress) throws IOException {
    run(out, lines, progress);
  }

  /** Returns the most sessions held at once. */
  static int maxLive(Service service) {
    // Logins are short in lines and long in time: with few of them at once a log of a hundred
    // million
    // lines would span years, and its layout does not name the year.
    return service == Service.SYSLOG ? 8_192 : 1_024;
  }

  /** Writes the log and returns the most sessions that were held at once. */
  int run(OutputStream out, long lines, LongConsumer progress) throws IOException {
    if (lines < 0) {
      throw new IllegalArgumentException("number of lines " + lines + " is negative");
    }
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom content = random.split();
    SessionSource source = SessionSource.of(service, Population.large());
    Supplier<Session> sessions =
        () ->
            source.next(
                content,
                anomalyRate > 0 && content.nextDouble() < anomalyRate
                    ? Script.oneOf(content, source.kinds())
                    : null);
    Interleaver interleaver = new Interleaver(MEAN_GAP_MILLIS, maxLive(service), random);
    LineWriter writer = new LineWriter(out, service, unique);
    interleaver.play(
        sessions,
        lines,
        TestData.startMillis(service),
        (session, step, millis) -> {
          writer.write(session, step, millis, "\n");
          if (writer.lines() % PROGRESS_LINES == 0) {
            progress.accept(writer.lines());
          }
        });
    writer.flush();
    return interleaver.peakLive();
  }
}
