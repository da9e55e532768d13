package io.deeplog.jobs.generate;

import static io.deeplog.jobs.generate.Script.between;
import static io.deeplog.jobs.generate.Script.chance;

import java.util.List;
import java.util.SplittableRandom;

/** Remote logins: one process, and so one session, for each connection. */
final class SshSessions {
  private static final int SERVER = Population.packed(10, 1, 0, 5);
  private static final List<String> MANDATORY = List.of("accepted", "opened", "closed");

  private SshSessions() {}

  /** Writes a connection, abnormal if a kind is given. */
  static void write(SyslogLines lines, SplittableRandom random, AnomalyKind kind) {
    Population population = lines.population;
    String user = population.user(random);
    int port = population.port(random);
    boolean burst = kind == AnomalyKind.BURST;
    int client = burst ? population.stranger(random) : population.client(random);
    lines.add(
        "connection",
        0,
        line ->
            line.text("Connection from ")
                .address(client)
                .text(" port ")
                .number(port)
                .text(" on ")
                .address(SERVER)
                .text(" port 22"));
    if (burst) {
      SyslogLines guesses = new SyslogLines(random, population, "sshd", lines.pid());
      for (int i = between(random, 30, 60); i > 0; i--) {
        failed(guesses, population.user(random), client, port, between(random, 40, 350));
      }
      lines.script.insert(lines.script.size(), guesses.script, kind);
    } else {
      login(lines, random, user, client, port);
    }
    lines.add(
        "disconnect",
        between(random, 5, 600),
        line -> line.text("Received disconnect from ").address(client).text(" port ").number(port));
    if (kind != null && !burst) {
      change(lines, random, kind, client, port);
    }
  }

  private static void login(
      SyslogLines lines, SplittableRandom random, String user, int client, int port) {
    boolean key = chance(random, 55);
    if (!key) {
      // A user mistypes once or twice, and then gets in.
      int percent = random.nextInt(100);
      for (int i = percent < 30 ? 1 : percent < 45 ? 2 : 0; i > 0; i--) {
        failed(lines, user, client, port, between(random, 2_000, 9_000));
      }
    }
    lines.add(
        "accepted",
        between(random, 300, 9_000),
        line ->
            line.text(key ? "Accepted publickey for " : "Accepted password for ")
                .text(user)
                .text(" from ")
                .address(client)
                .text(" port ")
                .number(port)
                .text(" ssh2"));
    lines.opened(user, "");
    if (chance(random, 15)) {
      lines.add(
          "subsystem",
          between(random, 20, 900),
          line -> line.text("subsystem request for sftp by user ").text(user));
    }
    lines.closed(user, between(random, 5_000, 5_400_000));
  }

  private static void failed(SyslogLines lines, String user, int client, int port, int gap) {
    lines.add(
        "failed",
        gap,
        line ->
            line.text("Failed password for ")
                .text(user)
                .text(" from ")
                .address(client)
                .text(" port ")
                .number(port)
                .text(" ssh2"));
  }

  private static void change(
      SyslogLines lines, SplittableRandom random, AnomalyKind kind, int client, int port) {
    Script script = lines.script;
    switch (kind) {
      case MISSING_STEP -> script.drop(Script.oneOf(random, MANDATORY));
      case WRONG_ORDER -> {
        int second = 1 + random.nextInt(2);
        script.swap(
            script.indexOf(MANDATORY.get(second - 1)), script.indexOf(MANDATORY.get(second)));
      }
      case CUT_SHORT -> script.cut(between(random, 2, script.size() - 2));
      case NEW_EVENT -> {
        SyslogLines odd = new SyslogLines(random, lines.population, "sshd", lines.pid());
        int length = between(random, 100_000, 900_000_000);
        odd.add(
            "protocol_error",
            between(random, 50, 3_000),
            random.nextBoolean()
                ? line -> line.text("error: bad packet length ").number(length)
                : line ->
                    line.text("error: reverse mapping of ")
                        .address(client)
                        .text(" port ")
                        .number(port)
                        .text(" does not map back, possible break-in attempt"));
        script.insert(between(random, 1, script.size() - 1), odd.script, kind);
      }
      default -> throw new IllegalArgumentException("no " + kind.id() + " in remote logins");
    }
  }
}
