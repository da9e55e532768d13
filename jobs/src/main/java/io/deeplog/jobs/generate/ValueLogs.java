package io.deeplog.jobs.generate;

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
 * Logs of some workers whose keys are all normal, and whose values are of the kinds that logs have:
 * durations of a heavy tail, sizes that are mostly full, loads that follow the time of day and
 * their own past, states of which some are rare. Into the second log come values that are wrong.
 */
public final class ValueLogs {
  /** Layout of the lines. */
  public static final String LAYOUT = "<Date> <Time> <Level> <Component>: <Content>";

  /** Identifies a line's worker. */
  public static final String SESSION = "worker-\\d+";

  private static final String[] KINDS = {"slow", "wrong_size", "rare_category", "drift"};
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS", Locale.ROOT);
  private static final int WORKERS = 20;

  /** Lines of one worker and kind in a row that a drift lasts for. */
  private static final int DRIFT_LINES = 25;

  private static final double FULL_MB = 64;
  private static final int SECONDS_OF_DAY = 86_400;

  private final SplittableRandom random;
  private final double[] queue = new double[WORKERS];
  private final double[] entries = new double[WORKERS];
  private final int[] drifting = new int[WORKERS];
  private final String[] driftEvent = new String[WORKERS];
  private double seconds = LocalDateTime.of(2026, 3, 2, 0, 0).toEpochSecond(ZoneOffset.UTC);
  private int events;

  /**
   * Logs of a seed.
   *
   * @param seed of all values
   */
  public ValueLogs(long seed) {
    random = new SplittableRandom(seed);
  }

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
      content = heartbeat(worker, false, event);
    } else if ("slow".equals(kind)) {
      event[0] = kind + "-" + events++;
      content = random.nextBoolean() ? request(worker, true, false) : flush(worker, true, false);
    } else if ("wrong_size".equals(kind)) {
      event[0] = kind + "-" + events++;
      content = flush(worker, false, true);
    } else if ("rare_category".equals(kind)) {
      event[0] = kind + "-" + events++;
      content = request(worker, false, true);
    } else {
      content =
          switch (random.nextInt(8)) {
            case 0, 1, 2 -> request(worker, false, false);
            case 3, 4 -> flush(worker, false, false);
            default -> heartbeat(worker, true, event);
          };
    }
    long millis = (long) (seconds * 1000);
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            millis / 1000, Math.toIntExact(millis % 1000) * 1_000_000, ZoneOffset.UTC);
    return TIME.format(time) + " INFO pool.Worker: " + content + "\n";
  }

  private String request(int worker, boolean slow, boolean odd) {
    double millis = Math.exp(Math.log(12) + 0.5 * gaussian());
    if (slow) {
      millis = 12 * between(40, 200);
    }
    String[] results = {"hit", "hit", "hit", "hit", "miss", "miss", "stale", "bypass"};
    String[] wrong = {"corrupt", "refused", "unsigned"};
    return format(
        "Request at worker-%d took %.1f ms, %d bytes, result %s",
        worker, millis, (long) Math.exp(7 + 1.1 * gaussian()), odd ? pick(wrong) : pick(results));
  }

  private String flush(int worker, boolean slow, boolean large) {
    double megabytes = random.nextInt(10) < 6 ? FULL_MB : 1 + random.nextInt((int) FULL_MB - 1);
    double took = megabytes * 0.02 * Math.exp(0.25 * gaussian());
    if (slow) {
      took *= between(30, 100);
    }
    if (large) {
      megabytes *= between(200, 5000);
    }
    return format(
        "Flush of worker-%d wrote %d MB in %.2f s to volume %d",
        worker, (long) megabytes, took, 1 + random.nextInt(4));
  }

  private String heartbeat(int worker, boolean any, String[] event) {
    double day = Math.sin(2 * Math.PI * (seconds % SECONDS_OF_DAY) / SECONDS_OF_DAY);
    queue[worker] = 0.6 * queue[worker] + gaussian();
    entries[worker] = 0.3 * entries[worker] + gaussian();
    double shift = 0;
    if (drifting[worker] > 0) {
      event[0] = driftEvent[worker];
      // Grows to four deviations; the first steps cannot be told from noise.
      shift = 4.0 * (DRIFT_LINES - drifting[worker] + 1) / DRIFT_LINES;
      drifting[worker]--;
    }
    return format(
        "Heartbeat of worker-%d: queue %d, heap %.1f MB, state %s",
        worker,
        Math.round(40 + 8 * day + 4 * queue[worker]),
        900 + 30 * (entries[worker] + shift),
        any && random.nextInt(50) == 0 ? "draining" : random.nextInt(4) == 0 ? "busy" : "ready");
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }

  private double between(int low, int high) {
    return low + random.nextInt(high - low);
  }

  private String pick(String[] texts) {
    return texts[random.nextInt(texts.length)];
  }

  /** By Box and Muller (1958). */
  private double gaussian() {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
        * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
