package io.deeplog.jobs.generate;

import static io.deeplog.jobs.generate.Script.between;

import java.util.List;
import java.util.SplittableRandom;

/** The lines that the block store writes about a block. */
final class BlockLines {
  /** Most bytes in a block. */
  static final long FULL_SIZE = 67_108_864;

  private static final int PORT = 50010;

  /**
   * One block and the values of its lines.
   *
   * @param nodes addresses of its three replicas
   * @param size in bytes
   * @param firstSize bytes that the replica that ends first says it received, normally {@code size}
   */
  record Block(long id, List<Integer> nodes, long size, long firstSize) {}

  private BlockLines() {}

  static void receiving(
      Script script, SplittableRandom random, Block block, int source, int replica) {
    int port = between(random, 32_768, 60_999);
    add(
        script,
        random,
        "receiving",
        between(random, 1, 40),
        "store.DataNode$Receiver",
        line ->
            line.text("Receiving block ")
                .block(block.id())
                .text(" src: /")
                .endpoint(source, port)
                .text(" dest: /")
                .endpoint(block.nodes().get(replica), PORT));
  }

  static void retry(Script script, SplittableRandom random, Block block, int replica) {
    script.add(
        "retry",
        between(random, 200, 900),
        "WARN",
        "store.DataNode$Receiver",
        pid(random),
        line ->
            line.text("Connect to /")
                .endpoint(block.nodes().get(replica), PORT)
                .text(" for block ")
                .block(block.id())
                .text(" timed out, trying again"));
  }

  static void terminating(
      Script script, SplittableRandom random, Block block, long gap, int replica) {
    add(
        script,
        random,
        "terminating",
        gap,
        "store.DataNode$Responder",
        line ->
            line.text("Responder ")
                .number(2 - replica)
                .text(" for block ")
                .block(block.id())
                .text(" terminating"));
  }

  static void received(Script script, SplittableRandom random, Block block, long gap, int replica) {
    add(
        script,
        random,
        "received",
        gap,
        "store.DataNode$Receiver",
        line ->
            line.text("Received block ")
                .block(block.id())
                .text(" of size ")
                .number(replica == 0 ? block.firstSize() : block.size())
                .text(" from /")
                .address(block.nodes().get(2 - replica)));
  }

  static void stored(Script script, SplittableRandom random, Block block, long gap, int replica) {
    add(
        script,
        random,
        "stored",
        gap,
        "store.Directory",
        line ->
            line.text("Map updated: ")
                .endpoint(block.nodes().get(replica), PORT)
                .text(" holds ")
                .block(block.id())
                .text(" size ")
                .number(block.size()));
  }

  static void reset(Script script, SplittableRandom random, Block block, int client, long gap) {
    script.add(
        "reset",
        gap,
        "WARN",
        "store.DataNode",
        pid(random),
        line ->
            line.text('/')
                .address(client)
                .text(" closed its connection while reading block ")
                .block(block.id()));
  }

  static void order(Script script, SplittableRandom random, Block block, Block second) {
    add(
        script,
        random,
        "delete_order",
        between(random, 20_000, 240_000),
        "store.Directory",
        line -> {
          line.text("Asking ");
          for (int node : block.nodes()) {
            line.endpoint(node, PORT).text(' ');
          }
          line.text("to delete ").block(block.id());
          if (second != null) {
            line.text(' ').block(second.id);
          }
        });
  }

  static void delete(Script script, SplittableRandom random, Block block) {
    for (int i = 0; i < 3; i++) {
      int volume = between(random, 1, 6);
      int folder = random.nextInt(64);
      add(
          script,
          random,
          "deleted",
          between(random, 100, 3_000),
          "store.DataSet",
          line ->
              line.text("Deleting block ")
                  .block(block.id())
                  .text(" file /data/")
                  .number(volume)
                  .text("/subdir")
                  .number(folder)
                  .text('/')
                  .block(block.id()));
    }
  }

  static Script failure(SplittableRandom random, Block block) {
    int node = block.nodes().get(random.nextInt(3));
    long offset = random.nextLong(FULL_SIZE);
    return switch (random.nextInt(4)) {
      case 0 ->
          error(
              random,
              "store.DataNode$Receiver",
              line ->
                  line.text("IOException in receiver of block ")
                      .block(block.id())
                      .text(": broken pipe to /")
                      .endpoint(node, PORT));
      case 1 ->
          error(
              random,
              "store.Scanner",
              line ->
                  line.text("Checksum mismatch in ")
                      .block(block.id())
                      .text(" at offset ")
                      .number(offset)
                      .text(", replica marked corrupt"));
      case 2 ->
          error(
              random,
              "store.DataSet",
              line ->
                  line.text("No space left on volume for ")
                      .block(block.id())
                      .text(", node /")
                      .address(node)
                      .text(" is now read only"));
      default ->
          error(
              random,
              "store.Directory",
              line ->
                  line.text("Redundant report of unknown replica ")
                      .block(block.id())
                      .text(" by ")
                      .endpoint(node, PORT));
    };
  }

  private static Script error(SplittableRandom random, String component, Step.Body body) {
    return new Script()
        .add("failure", between(random, 5, 500), "ERROR", component, pid(random), body);
  }

  static void add(
      Script script,
      SplittableRandom random,
      String name,
      long gap,
      String component,
      Step.Body body) {
    script.add(name, gap, "INFO", component, pid(random), body);
  }

  private static int pid(SplittableRandom random) {
    return between(random, 13, 3_200);
  }
}
