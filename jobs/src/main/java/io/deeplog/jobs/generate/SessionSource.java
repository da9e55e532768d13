package io.deeplog.jobs.generate;

import java.util.List;
import java.util.SplittableRandom;

/** Makes up sessions of one service. */
interface SessionSource {
  /** Returns the kinds of anomaly that {@link #next} can make. */
  List<AnomalyKind> kinds();

  /**
   * Makes the next session.
   *
   * @param kind one of {@link #kinds()}, or null for a normal session
   * @throws IllegalArgumentException if the kind is none of this service's
   */
  Session next(SplittableRandom random, AnomalyKind kind);

  /** Returns a new source of a service's sessions, among the given population. */
  static SessionSource of(Service service, Population population) {
    return switch (service) {
      case BLOCK -> new BlockSessions(population);
      case VM -> new VmSessions(population);
      case SYSLOG -> new SyslogSessions(population);
    };
  }
}
