package io.deeplog.jobs.generate;

import java.util.List;

/**
 * The script of one session, ready to be played.
 *
 * @param keys the session's name in the label file; none for a line that belongs to no session, two
 *     where two sessions share lines and so have one script
 * @param host the host name in the header, empty where the layout has none
 * @param kind what is abnormal about the session, or null
 * @param steps its lines in order, at least one
 */
record Session(List<String> keys, String host, AnomalyKind kind, List<Step> steps) {
  /** Returns the session with its first {@code count} steps only. */
  Session first(int count) {
    return new Session(keys, host, kind, steps.subList(0, count));
  }
}
