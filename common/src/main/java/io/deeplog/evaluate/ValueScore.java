package io.deeplog.evaluate;

import io.deeplog.Pure;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How well a detector of abnormal values does: events found (an event is one wrong line, or a
 * window of them; it is found when any of its lines is flagged), and false alarms.
 *
 * @param detector its name
 * @param threshold score above which a line is flagged
 * @param events all of them
 * @param found those with a flagged line
 * @param normals lines that are part of no event
 * @param falseAlarms normal lines flagged
 */
@Pure
public record ValueScore(
    String detector, double threshold, long events, long found, long normals, long falseAlarms) {
  private static final double PER = 1000;

  /** Share of the events that are found; 1 without any. */
  public double recall() {
    return events == 0 ? 1 : (double) found / events;
  }

  /** False alarms per 1,000 normal lines. */
  public double falseAlarmsPerThousand() {
    return normals == 0 ? 0 : PER * falseAlarms / normals;
  }

  /**
   * At a threshold.
   *
   * @param normals scores of normal lines, and how many have them
   * @param events the highest score of every event
   */
  public static ValueScore at(
      String detector, double threshold, Map<Double, Long> normals, Collection<Double> events) {
    long all = normals.values().stream().mapToLong(Long::longValue).sum();
    long flagged =
        new TreeMap<>(normals)
            .tailMap(threshold, false).values().stream().mapToLong(Long::longValue).sum();
    return new ValueScore(
        detector,
        threshold,
        events.size(),
        events.stream().filter(score -> score > threshold).count(),
        all,
        flagged);
  }

  /**
   * At the lowest threshold with at most so many false alarms: how detectors compare when they
   * alarm equally often. It is chosen by the labels, hence for comparison only.
   *
   * @param perThousand false alarms per 1,000 normal lines
   */
  public static ValueScore equalFalseAlarms(
      String detector, double perThousand, Map<Double, Long> normals, Collection<Double> events) {
    NavigableMap<Double, Long> sorted = new TreeMap<>(normals);
    long all = sorted.values().stream().mapToLong(Long::longValue).sum();
    long flagged = 0;
    double threshold = Double.MAX_VALUE;
    for (Map.Entry<Double, Long> entry : sorted.descendingMap().entrySet()) {
      threshold = entry.getKey();
      flagged += entry.getValue();
      if (flagged > all * perThousand / PER) {
        return at(detector, threshold, normals, events);
      }
    }
    return at(detector, Math.min(threshold, 0), normals, events);
  }
}
