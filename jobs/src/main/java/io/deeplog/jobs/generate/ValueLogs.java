package io.deeplog.jobs.generate;

import io.deeplog.Pure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Logs whose keys are all normal, and whose values are of the kinds that logs have. Into the second
 * log come values that are wrong.
 */
@Pure
public abstract class ValueLogs {
  /** Layout of the lines. */
  public static final String LAYOUT = "<Date> <Time> <Level> <Component>: <Content>";

  private static final String[] KINDS = {"slow", "wrong_size", "rare_category", "drift"};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS", Locale.ROOT);

  /** Sessions, whose lines are mixed. */
  static final int WORKERS = 20;

  /** Lines of one worker and kind in a row that a drift lasts for. */
  private static final int DRIFT_LINES = 25;

  /** Deviations that a drift grows to; its first steps cannot be told from noise. */
  private static final double DRIFT_SHIFT = 4.0;

  private final SplittableRandom random;
  private final String component;
  private final int[] drifting = new int[WORKERS];
  private final String[] driftEvent = new String[WORKERS];
  private double seconds = LocalDateTime.of(2026, 3, 2, 0, 0).toEpochSecond(ZoneOffset.UTC);
  private int events;

  /** What is wrong with a line. */
  enum Wrong {
    NOTHING,
    SLOW,
    SIZE,
    CATEGORY
  }

  /**
   * Logs of a seed.
   *
   * @param component that writes them
   */
  ValueLogs(long seed, String component) {
    random = new SplittableRandom(seed);
    this.component = component;
  }

  /** Identifies a line's worker: a regular expression. */
  public abstract String session();

  /** A line without any wrong value, or with one that all of its kind can have. */
  abstract String content(int worker, Wrong wrong);

  /**
   * A line of the kind that drifts, every eighth or more of all.
   *
   * @param plain whether it must be like most
   * @param shift deviations that a value of it is off
   */
  abstract String drifting(int worker, boolean plain, double shift);

  /** Whether the next line is of the kind that drifts. */
  abstract boolean nextDrifts();

  /**
   * Writes the next lines.
   *
   * @param lines how many
   * @param wrong how many wrong values, or drifts, come into them; of all kinds alike
   * @return the event by byte offset of every line that is part of one, such as {@code slow-12}
   */
  public Map<Long, String> write(OutputStream out, int lines, int wrong) throws IOException {
    Map<Long, String> labels = new TreeMap<>();
    long offset = 0;
    int planned = events + wrong;
    // No event begins so late that its lines would not all come.
    int usable = Math.max(1, lines - 8 * WORKERS * DRIFT_LINES);
    int first = events;
    for (int i = 0; i < lines; i++) {
      String kind = null;
      if (events < planned && i >= (long) (events - first) * usable / wrong) {
        kind = KINDS[events % KINDS.length];
      }
      String[] event = new String[1];
      String line = line(kind, event);
      byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
      if (event[0] != null) {
        labels.put(offset, event[0]);
      }
      out.write(bytes);
      offset += bytes.length;
    }
    return labels;
  }

  private String line(String kind, String[] event) {
    seconds += -Math.log(1 - random.nextDouble());
    int worker = random.nextInt(WORKERS);
    String content;
    if ("drift".equals(kind)) {
      if (drifting[worker] == 0) {
        drifting[worker] = DRIFT_LINES;
        driftEvent[worker] = "drift-" + events++;
      }
      content = drifting(worker, true, shift(worker, event));
    } else if (kind != null) {
      event[0] = kind + "-" + events++;
      content =
          content(
              worker,
              switch (kind) {
                case "slow" -> Wrong.SLOW;
                case "wrong_size" -> Wrong.SIZE;
                default -> Wrong.CATEGORY;
              });
    } else {
      content =
          nextDrifts()
              ? drifting(worker, false, shift(worker, event))
              : content(worker, Wrong.NOTHING);
    }
    long millis = (long) (seconds * 1000);
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            millis / 1000, Math.toIntExact(millis % 1000) * 1_000_000, ZoneOffset.UTC);
    return TIME.format(time) + " INFO " + component + ": " + content + "\n";
  }

  private double shift(int worker, String[] event) {
    if (drifting[worker] == 0) {
      return 0;
    }
    event[0] = driftEvent[worker];
    double shift = DRIFT_SHIFT * (DRIFT_LINES - drifting[worker] + 1) / DRIFT_LINES;
    drifting[worker]--;
    return shift;
  }

  /** Seconds since 1970 of the next line. */
  double seconds() {
    return seconds;
  }

  static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  /** A whole number of 0 to below a bound. */
  int random(int bound) {
    return random.nextInt(bound);
  }

  /** A number of 0 to below 1. */
  double random() {
    return random.nextDouble();
  }

  double between(int low, int high) {
    return low + random.nextInt(high - low);
  }

  String pick(String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  /** By Box and Muller (1958). */
  double gaussian() {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
