package io.deeplog.jobs.generate;

import io.deeplog.Pure;

/**
 * Front ends of a shop: durations of two kinds (from the cache and not), sizes of a Pareto tail,
 * amounts, counts, codes that are numbers, a load that follows the hour and its own past for long,
 * a temperature of its own for every front end, numbers of orders, and settings that never vary.
 */
@Pure
final class ShopLogs extends ValueLogs {
  private static final double SECONDS_OF_PERIOD = 7200;

  private final double[] load = new double[WORKERS];
  private final double[] heat = new double[WORKERS];
  private long orders = 418_223;
  private int kind;

  ShopLogs(long seed) {
    super(seed, "shop.FrontEnd");
  }

  @Override
  public String session() {
    return "web-\\d+";
  }

  @Override
  boolean nextDrifts() {
    kind = random(10);
    return kind < 3;
  }

  @Override
  String content(int worker, Wrong wrong) {
    return switch (wrong) {
      case SLOW -> random(2) == 0 ? page(worker, wrong) : order(worker, wrong);
      case SIZE -> page(worker, wrong);
      case CATEGORY -> order(worker, wrong);
      case NOTHING ->
          kind < 7 ? page(worker, wrong) : kind < 9 ? order(worker, wrong) : reload(worker);
    };
  }

  private String page(int worker, Wrong wrong) {
    boolean cached = random(10) < 7;
    double millis = (cached ? 2 : 60) * Math.exp(0.3 * gaussian());
    double kilobytes = 4 * Math.pow(1 - random(), -1 / 2.5);
    if (wrong == Wrong.SLOW) {
      millis = 60 * between(30, 150);
    }
    if (wrong == Wrong.SIZE) {
      kilobytes *= between(2000, 20_000);
    }
    return format(
        "web-%d served /item/%d with %s in %.1fms, %.1f kB",
        worker,
        1 + random(30_000),
        pick("200", "200", "200", "200", "304", "404"),
        millis,
        kilobytes);
  }

  private String order(int worker, Wrong wrong) {
    double seconds = 0.4 + 0.3 * -Math.log(1 - random());
    if (wrong == Wrong.SLOW) {
      seconds *= between(20, 90);
    }
    return format(
        "Order %d at web-%d: %d items, %.2f EUR paid by %s after %.3f s",
        ++orders,
        worker,
        1 + (int) (-2 * Math.log(1 - random())),
        Math.exp(3.5 + 0.7 * gaussian()),
        wrong == Wrong.CATEGORY
            ? pick("barter", "cheque", "gold")
            : pick("visa", "visa", "visa", "paypal", "paypal", "invoice"),
        seconds);
  }

  private static String reload(int worker) {
    return format("Settings of web-%d read: 3 files, protocol 7, mode strict", worker);
  }

  @Override
  String drifting(int worker, boolean plain, double shift) {
    double hour = Math.sin(2 * Math.PI * (seconds() % SECONDS_OF_PERIOD) / SECONDS_OF_PERIOD);
    load[worker] = 0.85 * load[worker] + 0.05 * gaussian();
    heat[worker] = 0.2 * heat[worker] + gaussian();
    return format(
        "Status of web-%d: load %.2f, %d threads, temperature %.1f C",
        worker,
        Math.max(0, 0.8 + 0.3 * hour + load[worker]),
        8 + random(9),
        52 + 2 * (heat[worker] + shift));
  }
}
