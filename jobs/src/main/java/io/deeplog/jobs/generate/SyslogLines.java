package io.deeplog.jobs.generate;

import static io.deeplog.jobs.generate.Script.between;

import java.util.SplittableRandom;

/** The lines that one process writes to the host log, and its script so far. */
final class SyslogLines {
  final Script script = new Script();
  final Population population;

  private final SplittableRandom random;
  private final String component;
  private final int pid;

  /**
   * An empty script of one process.
   *
   * @param pid process number, or a negative number for none
   */
  SyslogLines(SplittableRandom random, Population population, String component, int pid) {
    this.random = random;
    this.population = population;
    this.component = component;
    this.pid = pid;
  }

  int pid() {
    return pid;
  }

  /** Adds a line; the header of this layout has no level. */
  void add(String name, long gapMillis, Step.Body body) {
    script.add(name, gapMillis, "", component, pid, body);
  }

  /** Adds the line of a session that the login library opens. */
  void opened(String user, String by) {
    add(
        "opened",
        between(random, 5, 900),
        line ->
            line.text("pam_unix(")
                .text(component)
                .text(":session): session opened for user ")
                .text(user)
                .text(" by ")
                .text(by)
                .text("(uid=0)"));
  }

  /** Adds the line of the session's end, after the given time. */
  void closed(String user, int gapMillis) {
    add(
        "closed",
        gapMillis,
        line ->
            line.text("pam_unix(")
                .text(component)
                .text(":session): session closed for user ")
                .text(user));
  }

  /**
   * Writes a run of the status daemon.
   *
   * @param exploit which form of attack it meets, or a negative number for none
   */
  void statd(int exploit) {
    int state = between(random, 3, 4_000);
    add("version", 0, line -> line.text("version 1.3 starting"));
    add(
        "state_read",
        between(random, 10, 1_500),
        line -> line.text("state directory /var/lib/statd/sm opened, state ").number(state));
    if (exploit >= 0) {
      Script attack = Exploits.lines(random, component, pid, exploit);
      script.insert(script.size(), attack, AnomalyKind.EXPLOIT_LINE);
    } else {
      for (int i = random.nextInt(3); i > 0; i--) {
        int peer = population.client(random);
        add(
            "notified",
            between(random, 1_000, 600_000),
            line -> line.text("notified ").address(peer).text(" of state ").number(state));
      }
    }
    add("stopping", between(random, 60_000, 7_200_000), line -> line.text("stopping on signal 15"));
  }

  /** Returns one kernel line: normal, or such as no normal log has. */
  static Script kernel(SplittableRandom random, AnomalyKind kind) {
    SyslogLines lines = new SyslogLines(random, null, "kernel", -1);
    int number = between(random, 1, 9);
    int address = random.nextInt();
    if (kind != null) {
      Script odd = new Script();
      boolean sniffing = random.nextBoolean();
      lines.add(
          sniffing ? "promiscuous" : "protection_fault",
          0,
          sniffing
              ? line -> line.text("device eth0 entered promiscuous mode")
              : line ->
                  line.text("traps: statd general protection ip:")
                      .hex(address & 0xFFFF_FFFFL)
                      .text(" error:")
                      .number(number));
      odd.insert(0, lines.script, kind);
      return odd;
    }
    switch (random.nextInt(4)) {
      case 0 ->
          lines.add("link_up", 0, line -> line.text("eth0: link is up at 1000 Mbps, full duplex"));
      case 1 ->
          lines.add(
              "usb", 0, line -> line.text("usb 1-2: new high-speed device number ").number(number));
      case 2 ->
          lines.add(
              "mounted",
              0,
              line -> line.text("fs (sda").number(number).text("): mounted in ordered mode"));
      default ->
          lines.add(
              "throttled",
              0,
              line ->
                  line.text("cpu")
                      .number(number)
                      .text(": clock throttled, events ")
                      .number((address >>> 8) % 5_000));
    }
    return lines.script;
  }
}
