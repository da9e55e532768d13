package io.deeplog.jobs.generate;

import static io.deeplog.jobs.generate.Script.between;

import java.util.SplittableRandom;

/** The lines that the virtual machine service writes about an instance, and their script so far. */
final class VmLines {
  private static final String[] DISK_FOLDERS = {"/var/lib/vmd/instances/", "/var/lib/vmd/images/"};

  final Script script = new Script();

  private final SplittableRandom random;
  private final String id;
  private final int worker;

  /**
   * An empty script of one instance.
   *
   * @param id the instance's UUID
   */
  VmLines(SplittableRandom random, String id) {
    this.random = random;
    this.id = id;
    this.worker = between(random, 1, 48);
  }

  void requested(String user, int client) {
    add(
        "requested",
        0,
        "api.server",
        line ->
            line.text("Create request for instance ")
                .text(id)
                .text(" by ")
                .text(user)
                .text(" from ")
                .address(client));
  }

  void claimed(long memory, long disk, int cpus, int node) {
    add(
        "claimed",
        between(random, 20, 400),
        "compute.claims",
        line ->
            line.text("Claimed memory ")
                .number(memory)
                .text(" MB, disk ")
                .number(disk)
                .text(" GB, vcpus ")
                .number(cpus)
                .text(" for instance ")
                .text(id)
                .text(" on cn-")
                .padded(node, 3));
  }

  void noAddress(int gap) {
    script.add(
        "network_retry",
        gap,
        "WARN",
        "network.agent",
        worker,
        line -> line.text("No free address for instance ").text(id).text(", trying again"));
  }

  void bound(int address) {
    add(
        "network_bound",
        between(random, 200, 1_500),
        "network.agent",
        line -> line.text("Bound address ").address(address).text(" to instance ").text(id));
  }

  void fetching(long image, int megabytes) {
    add(
        "image_fetching",
        between(random, 10, 200),
        "image.cache",
        line ->
            image(line.text("Fetching image "), image)
                .text(" of ")
                .number(megabytes)
                .text(" MB for instance ")
                .text(id));
  }

  void diskCreated(long image) {
    add(
        "disk_created",
        between(random, 300, 4_000),
        "image.cache",
        line -> image(line.text("Created disk of instance ").text(id).text(" from "), image));
  }

  void spawned(int hundredths) {
    add(
        "spawned",
        hundredths * 10L,
        "compute.driver",
        line ->
            line.text("Instance ")
                .text(id)
                .text(" spawned in ")
                .hundredths(hundredths)
                .text(" seconds"));
  }

  void built(int hundredths) {
    add(
        "built",
        between(random, 5, 60),
        "compute.manager",
        line ->
            line.text("Took ").hundredths(hundredths).text(" seconds to build instance ").text(id));
  }

  void destroyed(int hundredths) {
    add(
        "destroyed",
        hundredths * 10L,
        "compute.driver",
        line ->
            line.text("Instance ")
                .text(id)
                .text(" destroyed in ")
                .hundredths(hundredths)
                .text(" seconds"));
  }

  void filesDeleted() {
    add(
        "files_deleted",
        between(random, 50, 900),
        "compute.driver",
        line -> line.text("Deleted files ").text(DISK_FOLDERS[0]).text(id));
  }

  void released(int address, int hundredths) {
    add(
        "address_released",
        hundredths * 10L,
        "network.agent",
        line ->
            line.text("Released address ")
                .address(address)
                .text(" of instance ")
                .text(id)
                .text(" in ")
                .hundredths(hundredths)
                .text(" seconds"));
  }

  void terminating(String user) {
    add(
        "terminating",
        between(random, 60_000, 900_000),
        "compute.manager",
        line -> line.text("Terminating instance ").text(id).text(" on request of ").text(user));
  }

  void suspended(long memory, int hundredths) {
    add(
        "suspended",
        between(random, 30_000, 600_000),
        "compute.manager",
        line ->
            line.text("Suspended instance ")
                .text(id)
                .text(", ")
                .number(memory)
                .text(" MB written in ")
                .hundredths(hundredths)
                .text(" seconds"));
  }

  void resizing(long memory, long disk) {
    add(
        "resizing",
        between(random, 30_000, 600_000),
        "compute.manager",
        line ->
            line.text("Resizing instance ")
                .text(id)
                .text(" to memory ")
                .number(memory)
                .text(" MB, disk ")
                .number(disk)
                .text(" GB"));
  }

  void snapshotDone(int megabytes, int hundredths) {
    add(
        "snapshot_done",
        hundredths * 10L,
        "image.cache",
        line ->
            line.text("Snapshot of instance ")
                .text(id)
                .text(" stored, ")
                .number(megabytes)
                .text(" MB in ")
                .hundredths(hundredths)
                .text(" seconds"));
  }

  /** Adds a line that holds the instance's name between two texts and no other value. */
  void plain(String name, int gap, String component, String before, String after) {
    add(name, gap, component, line -> line.text(before).text(id).text(after));
  }

  /** Adds one of the lines that no normal instance has. */
  void failure() {
    int code = between(random, 1, 125);
    Step.Body body =
        switch (random.nextInt(4)) {
          case 0 ->
              line ->
                  line.text("Hypervisor connection lost while handling ")
                      .text(id)
                      .text(", exit code ")
                      .number(code);
          case 1 -> line -> line.text("Instance ").text(id).text(" found in unknown power state");
          case 2 -> line -> line.text("Quota check failed: ").text(id).text(" is owned by nobody");
          default ->
              line ->
                  line.text("Disk image of ")
                      .text(id)
                      .text(" is corrupt: ")
                      .number(code)
                      .text(" clusters leaked");
        };
    script.add("failure", between(random, 5, 2_000), "ERROR", "compute.manager", worker, body);
  }

  private void add(String name, long gap, String component, Step.Body body) {
    script.add(name, gap, "INFO", component, worker, body);
  }

  private static LineBuffer image(LineBuffer line, long image) {
    return line.text(DISK_FOLDERS[1]).hex(image);
  }
}
