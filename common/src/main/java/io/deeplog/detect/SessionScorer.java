package io.deeplog.detect;

import java.io.Serializable;
import org.apache.spark.sql.Row;

/** Judges one session by its keys; goes to every executor once. */
@FunctionalInterface
public interface SessionScorer extends Serializable {
  /**
   * Judges.
   *
   * @param keys key indices in order, 0 for templates that training never saw
   * @return a row of {@link Detection#TYPE}
   */
  Row judge(int[] keys);
}
