package io.deeplog.jobs.generate;

import static io.deeplog.jobs.generate.Script.between;
import static io.deeplog.jobs.generate.Script.chance;
import static io.deeplog.jobs.generate.Script.oneOf;

import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Lives of virtual machine instances: requested, built, paused or resized some times, terminated.
 */
final class VmSessions implements SessionSource {
  private static final List<String> MANDATORY =
      List.of(
          "claimed",
          "network_bound",
          "disk_created",
          "spawned",
          "started",
          "terminating",
          "destroyed",
          "files_deleted");

  /** Pairs of which the first always comes before the second, in normal lives. */
  private static final List<List<String>> FIXED_ORDER =
      List.of(
          List.of("requested", "claimed"),
          List.of("spawned", "started"),
          List.of("started", "built"),
          List.of("terminating", "destroyed"),
          List.of("destroyed", "files_deleted"));

  private final Population population;

  VmSessions(Population population) {
    this.population = population;
  }

  @Override
  public List<AnomalyKind> kinds() {
    return List.of(
        AnomalyKind.MISSING_STEP,
        AnomalyKind.WRONG_ORDER,
        AnomalyKind.CUT_SHORT,
        AnomalyKind.NEW_EVENT,
        AnomalyKind.LOOP,
        AnomalyKind.SLOW_VALUE,
        AnomalyKind.WRONG_VALUE);
  }

  /** The values of one instance's lines; durations in hundredths of a second. */
  private static final class Values {
    final String user;
    final int address;
    final long image;
    long memoryMb;
    long diskGb;
    int spawn;
    int destroy;
    int release;

    Values(SplittableRandom random, Population population) {
      user = population.user(random);
      address = Population.packed(10, 100, random.nextInt(64), 2 + random.nextInt(252));
      image = population.image(random);
      memoryMb = 512L << random.nextInt(6);
      diskGb = 10L << random.nextInt(5);
      spawn = between(random, 600, 2_000);
      destroy = between(random, 30, 150);
      release = between(random, 40, 200);
    }
  }

  @Override
  public Session next(SplittableRandom random, AnomalyKind kind) {
    String id = uuid(random);
    Values values = new Values(random, population);
    String spoilt = spoil(random, values, kind);
    VmLines lines = new VmLines(random, id);
    build(lines, random, values);
    int built = lines.script.size();
    // Most instances are left alone between their first and last minute.
    int operations = chance(random, 55) ? 0 : between(random, 1, 3);
    for (int i = 0; i < operations; i++) {
      operation(lines, random, values);
    }
    terminate(lines, values);
    if (spoilt != null) {
      lines.script.mark(spoilt, kind);
      if (spoilt.equals("spawned")) {
        // The time to build holds the time to spawn.
        lines.script.mark("built", kind);
      }
    } else if (kind != null) {
      change(lines.script, random, id, kind, built);
    }
    return new Session(List.of(id), "", kind, lines.script.steps());
  }

  private static String uuid(SplittableRandom random) {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~0xC000_0000_0000_0000L) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  /** Makes a value abnormal if the kind asks for that; returns the type of its line, or null. */
  private static String spoil(SplittableRandom random, Values values, AnomalyKind kind) {
    if (kind == AnomalyKind.SLOW_VALUE) {
      switch (random.nextInt(3)) {
        case 0 -> {
          values.destroy = between(random, 6_000, 20_000);
          return "destroyed";
        }
        case 1 -> {
          values.release = between(random, 5_000, 15_000);
          return "address_released";
        }
        default -> {
          values.spawn = between(random, 30_000, 90_000);
          return "spawned";
        }
      }
    }
    if (kind == AnomalyKind.WRONG_VALUE) {
      if (random.nextBoolean()) {
        values.memoryMb = 1_048_576L * between(random, 16, 64);
      } else {
        values.diskGb = 10_000L * between(random, 5, 90);
      }
      return "claimed";
    }
    return null;
  }

  private void build(VmLines lines, SplittableRandom random, Values values) {
    lines.requested(values.user, population.client(random));
    lines.claimed(values.memoryMb, values.diskGb, 1 << random.nextInt(4), random.nextInt(200));
    boolean imageFirst = chance(random, 30);
    if (imageFirst) {
      disk(lines, random, values);
    }
    if (chance(random, 6)) {
      lines.noAddress(between(random, 800, 3_000));
    }
    lines.bound(values.address);
    if (!imageFirst) {
      disk(lines, random, values);
    }
    lines.spawned(values.spawn);
    lines.plain("started", between(random, 5, 80), "compute.manager", "Instance ", " started");
    lines.built(values.spawn + between(random, 200, 800));
  }

  private static void disk(VmLines lines, SplittableRandom random, Values values) {
    if (chance(random, 30)) {
      lines.fetching(values.image, between(random, 200, 4_000));
    }
    lines.diskCreated(values.image);
  }

  private static void operation(VmLines lines, SplittableRandom random, Values values) {
    int wait = between(random, 30_000, 600_000);
    switch (random.nextInt(5)) {
      case 0 -> pause(lines, random);
      case 1 -> {
        lines.suspended(values.memoryMb, between(random, 200, 1_200));
        lines.plain("woken", wait, "compute.manager", "Instance ", " resumed from disk");
      }
      case 2 -> {
        lines.resizing(512L << random.nextInt(6), 10L << random.nextInt(5));
        int took = between(random, 8_000, 30_000);
        lines.plain("resized", took, "compute.manager", "Resize of instance ", " confirmed");
      }
      case 3 -> {
        lines.plain("rebooting", wait, "compute.manager", "Rebooting instance ", "");
        int took = between(random, 3_000, 15_000);
        lines.plain("rebooted", took, "compute.driver", "Instance ", " is up after reboot");
      }
      default -> {
        lines.plain("snapshot", wait, "image.cache", "Snapshot of instance ", " begun");
        lines.snapshotDone(between(random, 300, 9_000), between(random, 500, 6_000));
      }
    }
  }

  private static void pause(VmLines lines, SplittableRandom random) {
    int wait = between(random, 30_000, 600_000);
    lines.plain("paused", wait, "compute.manager", "Instance ", " paused");
    int rest = between(random, 10_000, 300_000);
    lines.plain("unpaused", rest, "compute.manager", "Instance ", " unpaused");
  }

  private static void terminate(VmLines lines, Values values) {
    lines.terminating(values.user);
    lines.destroyed(values.destroy);
    lines.filesDeleted();
    lines.released(values.address, values.release);
  }

  private static void change(
      Script script, SplittableRandom random, String id, AnomalyKind kind, int built) {
    VmLines extra = new VmLines(random, id);
    switch (kind) {
      case MISSING_STEP -> script.drop(oneOf(random, MANDATORY));
      case WRONG_ORDER -> {
        List<String> pair = oneOf(random, FIXED_ORDER);
        script.swap(script.indexOf(pair.get(0)), script.indexOf(pair.get(1)));
      }
      case CUT_SHORT -> script.cut(between(random, 2, script.size() - 2));
      case NEW_EVENT -> {
        extra.failure();
        script.insert(between(random, 2, script.size() - 1), extra.script, kind);
      }
      case LOOP -> {
        boolean retries = random.nextBoolean();
        // A normal instance may be paused three times.
        for (int i = between(random, 19, 25); i > 0; i--) {
          if (retries) {
            extra.noAddress(between(random, 800, 3_000));
          } else {
            pause(extra, random);
          }
        }
        script.insert(retries ? script.indexOf("network_bound") : built, extra.script, kind);
      }
      default -> throw new IllegalArgumentException("no " + kind.id() + " in the vm service");
    }
  }
}
