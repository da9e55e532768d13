package io.deeplog.jobs.pipeline;

import java.sql.Timestamp;
import java.time.Instant;

/** Times as Spark gives them. */
final class Times {
  private Times() {}

  /** An instant, whichever of Spark's two time APIs the session uses; null stays null. */
  static Instant instant(Object value) {
    return value instanceof Timestamp timestamp ? timestamp.toInstant() : (Instant) value;
  }
}
