package io.deeplog.jobs.generate;

import io.deeplog.Pure;

/**
 * Workers of a pool: durations of a heavy tail, sizes that are mostly full, loads that follow the
 * time of day and their own past, states of which some are rare.
 */
@Pure
final class PoolLogs extends ValueLogs {
  private static final double FULL_MB = 64;
  private static final int SECONDS_OF_DAY = 86_400;

  private final double[] queue = new double[WORKERS];
  private final double[] entries = new double[WORKERS];
  private int kind;

  PoolLogs(long seed) {
    super(seed, "pool.Worker");
  }

  @Override
  public String session() {
    return "worker-\\d+";
  }

  @Override
  boolean nextDrifts() {
    kind = random(8);
    return kind > 4;
  }

  @Override
  String content(int worker, Wrong wrong) {
    return switch (wrong) {
      case SLOW -> random(2) == 1 ? request(worker, true, false) : flush(worker, true, false);
      case SIZE -> flush(worker, false, true);
      case CATEGORY -> request(worker, false, true);
      case NOTHING -> kind < 3 ? request(worker, false, false) : flush(worker, false, false);
    };
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
    double megabytes = random(10) < 6 ? FULL_MB : 1 + random((int) FULL_MB - 1);
    double took = megabytes * 0.02 * Math.exp(0.25 * gaussian());
    if (slow) {
      took *= between(30, 100);
    }
    if (large) {
      megabytes *= between(200, 5000);
    }
    return format(
        "Flush of worker-%d wrote %d MB in %.2f s to volume %d",
        worker, (long) megabytes, took, 1 + random(4));
  }

  @Override
  String drifting(int worker, boolean plain, double shift) {
    double day = Math.sin(2 * Math.PI * (seconds() % SECONDS_OF_DAY) / SECONDS_OF_DAY);
    queue[worker] = 0.6 * queue[worker] + gaussian();
    entries[worker] = 0.3 * entries[worker] + gaussian();
    return format(
        "Heartbeat of worker-%d: queue %d, heap %.1f MB, state %s",
        worker,
        Math.round(40 + 8 * day + 4 * queue[worker]),
        900 + 30 * (entries[worker] + shift),
        !plain && random(50) == 0 ? "draining" : random(4) == 0 ? "busy" : "ready");
  }
}
