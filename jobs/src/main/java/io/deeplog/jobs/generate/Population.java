package io.deeplog.jobs.generate;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The people, machines and files that sessions are about. Small for the test data, so that every
 * name is seen often enough in a few hundred sessions to be known; large for scaled logs, so that
 * their vocabulary grows as a real log's does.
 */
final class Population {
  private static final int NODES = 200;
  private static final String[] HEADS = {
    "an", "ber", "cla", "dor", "ed", "fal", "gre", "hol", "iv", "jo", "kar", "lu", "mi", "nor",
    "os", "pe", "ro", "sa", "ti", "ul"
  };
  private static final String[] TAILS = {
    "na", "tram", "ris", "ken", "win", "mer", "ton", "ger", "rik", "lin", "sen", "vik", "bert",
    "dan", "las", "nie", "sha", "vin", "zel", "mond"
  };
  private static final String[] PROJECTS = {
    "orders", "clicks", "billing", "sensors", "crawl", "ledger", "sessions", "stock"
  };

  private final String[] users;
  private final String[] hosts;
  private final int[] nodes = new int[NODES];
  private final long[] images;

  private Population(int users, int hosts, int images) {
    this.users = new String[users];
    for (int i = 0; i < users; i++) {
      // 127 and 400 have no common divisor, so the first 400 names differ; later ones get a number.
      int pair = i * 127 % 400;
      String name = HEADS[pair % 20] + TAILS[pair / 20];
      this.users[i] = i < 400 ? name : name + i / 400;
    }
    this.hosts = new String[hosts];
    for (int i = 0; i < hosts; i++) {
      this.hosts[i] = i == 0 ? "gate" : "web" + i;
    }
    for (int i = 0; i < NODES; i++) {
      nodes[i] = packed(10, 250, 4 + i / 25 * 3, 11 + i % 25 * 9);
    }
    SplittableRandom fixed = new SplittableRandom(images);
    this.images = fixed.longs(images).toArray();
  }

  /** A dozen users, three hosts, six images. */
  static Population small() {
    return new Population(12, 3, 6);
  }

  /** Five thousand users, two hundred hosts, a thousand images. */
  static Population large() {
    return new Population(5000, 200, 1000);
  }

  /** Returns a user's name; some are far more active than others, none is rarer than one in 40. */
  String user(SplittableRandom random) {
    return random.nextInt(100) < 65
        ? users[random.nextInt(Math.min(6, users.length))]
        : users[random.nextInt(users.length)];
  }

  int hostCount() {
    return hosts.length;
  }

  String host(int index) {
    return hosts[index];
  }

  /** Returns the addresses of three different nodes. */
  List<Integer> threeNodes(SplittableRandom random) {
    int first = random.nextInt(NODES);
    int second = (first + 1 + random.nextInt(NODES - 2)) % NODES;
    int third = random.nextInt(NODES);
    while (third == first || third == second) {
      third = (third + 1) % NODES;
    }
    return List.of(nodes[first], nodes[second], nodes[third]);
  }

  /** Returns the address of some client. */
  int client(SplittableRandom random) {
    return packed(10, 20 + random.nextInt(8), random.nextInt(256), 1 + random.nextInt(254));
  }

  /** Returns an address outside the site. */
  int stranger(SplittableRandom random) {
    return packed(203, 0, 113, 1 + random.nextInt(254));
  }

  /** Returns an ephemeral port. */
  int port(SplittableRandom random) {
    return 32768 + random.nextInt(28232);
  }

  /** Returns the number that names an image. */
  long image(SplittableRandom random) {
    return images[random.nextInt(images.length)];
  }

  String project(SplittableRandom random) {
    return PROJECTS[random.nextInt(PROJECTS.length)];
  }

  static int packed(int a, int b, int c, int d) {
    return a << 24 | b << 16 | c << 8 | d;
  }
}
