package io.deeplog.jobs.generate;

import static io.deeplog.jobs.generate.Script.between;

import java.util.List;
import java.util.SplittableRandom;

/** Cron jobs, changes of user and file transfers in the host log. */
final class OtherDaemons {
  private static final List<String> JOBS =
      List.of(
          "/usr/local/bin/rotate-logs",
          "/usr/local/bin/backup --incremental",
          "/usr/lib/stats/collect 600",
          "/usr/local/bin/sync-time",
          "run-parts /etc/cron.hourly");

  private OtherDaemons() {}

  /** Writes a process, abnormal if a kind is given. */
  static void write(
      SyslogLines lines, SplittableRandom random, SyslogSessions.Daemon daemon, AnomalyKind kind) {
    switch (daemon) {
      case CRON -> cron(lines, random);
      case SU -> su(lines, random);
      case FTPD -> ftp(lines, random);
      default -> throw new IllegalArgumentException("not one of these: " + daemon);
    }
    if (kind != null) {
      change(lines, random, daemon, kind);
    }
  }

  private static void cron(SyslogLines lines, SplittableRandom random) {
    String user = random.nextInt(3) > 0 ? "root" : lines.population.user(random);
    String job = Script.oneOf(random, JOBS);
    lines.opened(user, "");
    lines.add(
        "command",
        between(random, 5, 900),
        line -> line.text('(').text(user).text(") CMD (").text(job).text(')'));
    lines.closed(user, between(random, 200, 180_000));
  }

  private static void su(SyslogLines lines, SplittableRandom random) {
    String user = lines.population.user(random);
    int terminal = random.nextInt(12);
    lines.add(
        "command", 0, line -> line.text("(to root) ").text(user).text(" on pts/").number(terminal));
    lines.opened("root", user);
    lines.closed("root", between(random, 5_000, 3_600_000));
  }

  private static void ftp(SyslogLines lines, SplittableRandom random) {
    String user = lines.population.user(random);
    int client = lines.population.client(random);
    lines.add("connection", 0, line -> line.text("connection from ").address(client));
    lines.add(
        "login",
        between(random, 900, 9_000),
        line -> line.text("login of ").text(user).text(" from ").address(client));
    for (int i = random.nextInt(4); i > 0; i--) {
      int size = 1 << between(random, 8, 28);
      int bytes = size + random.nextInt(size);
      int file = random.nextInt(100_000);
      lines.add(
          "transfer",
          between(random, 500, 120_000),
          line ->
              line.text("sent /pub/set-")
                  .padded(file, 5)
                  .text(".tar.gz, ")
                  .number(bytes)
                  .text(" bytes to ")
                  .address(client));
    }
    lines.add(
        "closed",
        between(random, 500, 60_000),
        line -> line.text("connection of ").text(user).text(" closed"));
  }

  /** Changes a cron job or a change of user; both have three lines, of which two name a session. */
  private static void change(
      SyslogLines lines, SplittableRandom random, SyslogSessions.Daemon daemon, AnomalyKind kind) {
    Script script = lines.script;
    switch (kind) {
      case MISSING_STEP -> script.drop(random.nextBoolean() ? "command" : "opened");
      case WRONG_ORDER -> {
        int first = random.nextInt(2);
        script.swap(first, first + 1);
      }
      case CUT_SHORT -> script.cut(between(random, 1, 2));
      case NEW_EVENT -> {
        SyslogLines odd = new SyslogLines(random, lines.population, daemon.component, lines.pid());
        int code = between(random, 1, 120);
        odd.add(
            "daemon_error",
            between(random, 50, 3_000),
            daemon == SyslogSessions.Daemon.CRON
                ? line -> line.text("error: child failed with exit status ").number(code)
                : line -> line.text("authentication token of root is locked, code ").number(code));
        script.insert(between(random, 1, 2), odd.script, kind);
      }
      default -> throw new IllegalArgumentException("no " + kind.id() + " in " + daemon.component);
    }
  }
}
