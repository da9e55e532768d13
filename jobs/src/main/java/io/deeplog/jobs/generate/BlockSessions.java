package io.deeplog.jobs.generate;

import static io.deeplog.jobs.generate.Script.between;
import static io.deeplog.jobs.generate.Script.chance;
import static io.deeplog.jobs.generate.Script.oneOf;

import io.deeplog.jobs.generate.BlockLines.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Lives of blocks in a distributed store: allocated, written to three nodes, perhaps read, verified
 * and deleted. Some pairs of blocks are deleted by one command, whose line belongs to both.
 */
final class BlockSessions implements SessionSource {
  /**
   * How the three replicas' ends interleave: T responder terminating, V received, S stored in the
   * block map. Few enough to be learnt from some hundred sessions; in all of them the n-th V comes
   * after the n-th T.
   */
  private static final List<String> ENDINGS =
      List.of("TVSTVSTVS", "TVTVTVSSS", "SSSTVTVTV", "TTVVSTVSS");

  private final Population population;

  BlockSessions(Population population) {
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
        AnomalyKind.WRONG_VALUE,
        AnomalyKind.BURST);
  }

  @Override
  public Session next(SplittableRandom random, AnomalyKind kind) {
    if (kind == null && chance(random, 4)) {
      return pair(random);
    }
    Block block = block(random);
    if (kind == AnomalyKind.WRONG_VALUE) {
      long wrong = BlockLines.FULL_SIZE * between(random, 1_000, 90_000);
      block = new Block(block.id(), block.nodes(), block.size(), wrong);
    }
    Script script = new Script();
    write(script, random, block);
    int written = script.size();
    use(script, random, block);
    if (chance(random, 35)) {
      BlockLines.order(script, random, block, null);
      BlockLines.delete(script, random, block);
    }
    if (kind != null) {
      change(script, random, block, kind, written);
    }
    return new Session(List.of("blk_" + block.id()), "", kind, script.steps());
  }

  private Session pair(SplittableRandom random) {
    Block a = block(random);
    Block b = block(random);
    Script left = new Script();
    write(left, random, a);
    use(left, random, a);
    Script right = new Script();
    write(right, random, b);
    use(right, random, b);
    Script script = Script.merge(left, right);
    BlockLines.order(script, random, a, b);
    BlockLines.delete(script, random, a);
    BlockLines.delete(script, random, b);
    return new Session(List.of("blk_" + a.id(), "blk_" + b.id()), "", null, script.steps());
  }

  private Block block(SplittableRandom random) {
    // Most blocks are full; a file's last block has any size, from a few bytes on.
    long size =
        chance(random, 65)
            ? BlockLines.FULL_SIZE
            : 1 + random.nextLong(1L << between(random, 10, 26));
    return new Block(random.nextLong(), population.threeNodes(random), size, size);
  }

  private void write(Script script, SplittableRandom random, Block block) {
    String user = population.user(random);
    String project = population.project(random);
    int day = between(random, 1, 28);
    int part = random.nextInt(4096);
    BlockLines.add(
        script,
        random,
        "allocated",
        0,
        "store.Directory",
        line ->
            line.text("Allocated block ")
                .block(block.id())
                .text(" for /user/")
                .text(user)
                .text('/')
                .text(project)
                .text("/02-")
                .padded(day, 2)
                .text("/part-")
                .padded(part, 5));
    int retryAt = chance(random, 8) ? random.nextInt(2) : -1;
    int source = population.client(random);
    for (int replica = 0; replica < 3; replica++) {
      BlockLines.receiving(script, random, block, source, replica);
      if (replica == retryAt) {
        BlockLines.retry(script, random, block, replica);
        BlockLines.receiving(script, random, block, source, replica);
      }
      source = block.nodes().get(replica);
    }
    int[] seen = new int[3];
    String ending = oneOf(random, ENDINGS);
    for (int i = 0; i < ending.length(); i++) {
      long gap = i == 0 ? between(random, 300, 6_000) : between(random, 2, 200);
      switch (ending.charAt(i)) {
        case 'T' -> BlockLines.terminating(script, random, block, gap, seen[0]++);
        case 'V' -> BlockLines.received(script, random, block, gap, seen[1]++);
        default -> BlockLines.stored(script, random, block, gap, seen[2]++);
      }
    }
  }

  private void use(Script script, SplittableRandom random, Block block) {
    int reads = chance(random, 33) ? between(random, 1, 15) : 0;
    int resetAfter = reads > 0 && chance(random, 15) ? random.nextInt(reads) : -1;
    for (int i = 0; i < reads; i++) {
      int client = population.client(random);
      int node = block.nodes().get(random.nextInt(3));
      BlockLines.add(
          script,
          random,
          "served",
          between(random, 500, 30_000),
          "store.DataNode",
          line ->
              line.address(node)
                  .text(" served block ")
                  .block(block.id())
                  .text(" to /")
                  .address(client));
      if (i == resetAfter) {
        BlockLines.reset(
            script, random, block, population.client(random), between(random, 20, 400));
      }
    }
    if (chance(random, 25)) {
      BlockLines.add(
          script,
          random,
          "verified",
          between(random, 5_000, 90_000),
          "store.Scanner",
          line -> line.text("Verification succeeded for ").block(block.id()));
    }
  }

  private void change(
      Script script, SplittableRandom random, Block block, AnomalyKind kind, int written) {
    boolean deleted = script.has("delete_order");
    switch (kind) {
      case MISSING_STEP -> {
        List<String> steps =
            new ArrayList<>(List.of("allocated", "terminating", "received", "stored"));
        if (deleted) {
          steps.add("delete_order");
        }
        script.drop(oneOf(random, steps));
      }
      case WRONG_ORDER -> {
        int last = script.lastIndexOf("receiving");
        switch (random.nextInt(deleted ? 4 : 3)) {
          case 0 -> script.swap(0, 1);
          case 1 -> script.swap(last, last + 1);
          case 2 -> script.swap(script.indexOf("terminating"), script.indexOf("received"));
          default -> script.swap(script.indexOf("delete_order"), script.indexOf("deleted"));
        }
      }
      case CUT_SHORT -> script.cut(between(random, 2, written - 1));
      case NEW_EVENT ->
          script.insert(between(random, 2, script.size()), BlockLines.failure(random, block), kind);
      case LOOP -> loop(script, random, block);
      case WRONG_VALUE -> script.markAt(script.indexOf("received"), kind);
      case BURST -> {
        Script many = new Script();
        for (int i = between(random, 30, 45); i > 0; i--) {
          BlockLines.reset(
              many, random, block, population.client(random), between(random, 20, 180));
        }
        script.insert(written, many, kind);
      }
      default -> throw new IllegalArgumentException("no " + kind.id() + " in the block store");
    }
  }

  private void loop(Script script, SplittableRandom random, Block block) {
    Script many = new Script();
    boolean retries = random.nextBoolean();
    for (int i = between(random, 16, 22); i > 0; i--) {
      if (retries) {
        BlockLines.retry(many, random, block, 0);
        BlockLines.receiving(many, random, block, block.nodes().get(1), 0);
      } else {
        BlockLines.stored(many, random, block, between(random, 100, 900), i % 3);
      }
    }
    int at = script.indexOf(retries ? "receiving" : "stored") + 1;
    script.insert(at, many, AnomalyKind.LOOP);
  }
}
