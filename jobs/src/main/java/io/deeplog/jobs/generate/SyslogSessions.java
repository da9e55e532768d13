package io.deeplog.jobs.generate;

import static io.deeplog.jobs.generate.Script.chance;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Processes on some hosts: logins, cron jobs, changes of user, file transfers, a status daemon; and
 * kernel lines, which belong to no process and so to no session.
 */
final class SyslogSessions implements SessionSource {
  /** Linux gives process numbers below this, then starts again. */
  private static final int PID_LIMIT = 4_194_304;

  private final Population population;
  private final int[] lastPid;

  /** Number of exploits so far: they take turns, so that each form occurs. */
  private int exploits;

  SyslogSessions(Population population) {
    this.population = population;
    this.lastPid = new int[population.hostCount()];
  }

  @Override
  public List<AnomalyKind> kinds() {
    return List.of(
        AnomalyKind.MISSING_STEP,
        AnomalyKind.WRONG_ORDER,
        AnomalyKind.CUT_SHORT,
        AnomalyKind.NEW_EVENT,
        AnomalyKind.BURST,
        AnomalyKind.EXPLOIT_LINE);
  }

  @Override
  public Session next(SplittableRandom random, AnomalyKind kind) {
    int hostIndex = random.nextInt(population.hostCount());
    String host = population.host(hostIndex);
    Daemon daemon = daemon(random, kind);
    if (daemon == Daemon.KERNEL) {
      Script script = SyslogLines.kernel(random, kind);
      return new Session(List.of(), host, kind, script.steps());
    }
    // Numbers skip some: most processes log nothing.
    int step = 1 + random.nextInt(40);
    lastPid[hostIndex] =
        lastPid[hostIndex] == 0
            ? 300 + random.nextInt(2_000)
            : (lastPid[hostIndex] + step - 300) % (PID_LIMIT - 300) + 300;
    int pid = lastPid[hostIndex];
    SyslogLines lines = new SyslogLines(random, population, daemon.component, pid);
    switch (daemon) {
      case SSHD -> SshSessions.write(lines, random, kind);
      case STATD -> lines.statd(kind == null ? -1 : exploits++);
      default -> OtherDaemons.write(lines, random, daemon, kind);
    }
    return new Session(
        List.of(host + "/" + daemon.component + "/" + pid), host, kind, lines.script.steps());
  }

  /** Returns the program that logs next: any if all is normal, else one that can fail so. */
  private static Daemon daemon(SplittableRandom random, AnomalyKind kind) {
    if (kind == null) {
      int percent = random.nextInt(100);
      if (percent < 50) {
        return Daemon.SSHD;
      }
      if (percent < 70) {
        return Daemon.CRON;
      }
      if (percent < 79) {
        return Daemon.SU;
      }
      if (percent < 87) {
        return Daemon.FTPD;
      }
      return percent < 93 ? Daemon.STATD : Daemon.KERNEL;
    }
    return switch (kind) {
      case BURST -> Daemon.SSHD;
      case EXPLOIT_LINE -> Daemon.STATD;
      case CUT_SHORT -> chance(random, 70) ? Daemon.SSHD : Daemon.CRON;
      case NEW_EVENT -> chance(random, 35) ? Daemon.KERNEL : notKernel(random);
      case MISSING_STEP, WRONG_ORDER -> notKernel(random);
      default -> throw new IllegalArgumentException("no " + kind.id() + " in the host log");
    };
  }

  private static Daemon notKernel(SplittableRandom random) {
    return chance(random, 60) ? Daemon.SSHD : chance(random, 60) ? Daemon.CRON : Daemon.SU;
  }

  /** The programs that log. */
  enum Daemon {
    SSHD("sshd"),
    CRON("cron"),
    SU("su"),
    FTPD("ftpd"),
    STATD("rpc.statd"),
    KERNEL("kernel");

    final String component;

    Daemon(String component) {
      this.component = component;
    }
  }
}
