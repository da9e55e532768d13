package io.deeplog.jobs.generate;

import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * The labelled logs kept with the sources: for each service a log of normal sessions to train on,
 * and one with abnormal sessions and their labels.
 */
public final class TestData {
  private static final int TRAIN_SESSIONS = 400;
  private static final int TEST_SESSIONS = 250;
  private static final int ABNORMAL_SESSIONS = 50;
  private static final int MAX_LIVE = 1_000;

  private TestData() {}

  /**
   * Writes, for each service, {@code train.log}, {@code test.log}, {@code labels.csv} and {@code
   * line_labels.csv} into a folder named after the service. The same seed gives the same bytes.
   *
   * @throws IOException if the sink cannot create or write a file
   */
  public static void write(FileSink sink, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (Service service : Service.values()) {
      String folder = service.id() + "/";
      SessionSource source = SessionSource.of(service, Population.small());
      long start = startMillis(service);
      Labels ignored = new Labels();
      writeLog(
          sink,
          folder + "train.log",
          service,
          new Slots(source, Collections.nCopies(TRAIN_SESSIONS, null), random.split()),
          random.split(),
          start,
          AwkwardLines.none(),
          ignored);
      Labels labels = new Labels();
      writeLog(
          sink,
          folder + "test.log",
          service,
          new Slots(source, testKinds(source, random.split()), random.split()),
          random.split(),
          // The host log is about the turn of the year in both; in the others a week lies between.
          service == Service.SYSLOG ? start : start + 7 * 86_400_000L,
          service == Service.SYSLOG ? AwkwardLines.some() : AwkwardLines.none(),
          labels);
      try (OutputStream out = sink.create(folder + "labels.csv")) {
        labels.writeSessions(out);
      }
      try (OutputStream out = sink.create(folder + "line_labels.csv")) {
        labels.writeLines(out);
      }
    }
  }

  /** Returns the time at which a service's logs start, in milliseconds on its own clock. */
  static long startMillis(Service service) {
    LocalDateTime start =
        switch (service) {
          case BLOCK -> LocalDateTime.of(2026, 3, 1, 20, 35, 31);
          case VM -> LocalDateTime.of(2026, 3, 2, 6, 10, 4);
          case SYSLOG -> LocalDateTime.of(2025, 12, 30, 15, 16, 1);
        };
    return start.toEpochSecond(ZoneOffset.UTC) * 1_000;
  }

  private static void writeLog(
      FileSink sink,
      String path,
      Service service,
      Slots slots,
      SplittableRandom random,
      long start,
      AwkwardLines awkward,
      Labels labels)
      throws IOException {
    try (OutputStream out = Objects.requireNonNull(sink.create(path), path)) {
      LineWriter writer = new LineWriter(out, service, false);
      Interleaver interleaver =
          new Interleaver(meanGapMillis(service, slots.size()), MAX_LIVE, random);
      interleaver.play(
          () -> {
            Session session = slots.next();
            if (session != null) {
              labels.session(session);
            }
            return session;
          },
          Long.MAX_VALUE,
          start,
          (session, step, millis) -> {
            awkward.before(writer);
            writer.write(session, step, millis, awkward.end(writer.lines() + 1));
            labels.line(writer.lines(), step);
          });
      writer.flush();
    }
  }

  /**
   * Returns the time between sessions' starts; the host log must reach from December 30 to January
   * 2.
   */
  private static long meanGapMillis(Service service, int sessions) {
    return switch (service) {
      case BLOCK -> 3_000;
      case VM -> 20_000;
      case SYSLOG -> 66 * 3_600_000L / sessions;
    };
  }

  /** Returns what is wrong with each session of the test log, in order of their starts. */
  private static List<AnomalyKind> testKinds(SessionSource source, SplittableRandom random) {
    List<AnomalyKind> kinds = new ArrayList<>();
    int each = ABNORMAL_SESSIONS / source.kinds().size();
    for (AnomalyKind kind : source.kinds()) {
      kinds.addAll(Collections.nCopies(each, kind));
    }
    kinds.addAll(Collections.nCopies(TEST_SESSIONS - kinds.size(), null));
    for (int i = kinds.size() - 1; i > 0; i--) {
      Collections.swap(kinds, i, random.nextInt(i + 1));
    }
    return kinds;
  }

  /** Sessions of given kinds in order, and such lines without a session as come between. */
  private static final class Slots {
    private final SessionSource source;
    private final List<AnomalyKind> kinds;
    private final SplittableRandom random;
    private int used;

    Slots(SessionSource source, List<AnomalyKind> kinds, SplittableRandom random) {
      this.source = source;
      this.kinds = kinds;
      this.random = random;
    }

    int size() {
      return kinds.size();
    }

    Session next() {
      if (used == kinds.size()) {
        return null;
      }
      Session session = source.next(random, kinds.get(used));
      for (int i = 0; i < session.keys().size(); i++) {
        // A pair takes the next slot too, unless that one has an anomaly to show.
        if (i == 0 || (used < kinds.size() && kinds.get(used) == null)) {
          used++;
        }
      }
      return session;
    }
  }
}
