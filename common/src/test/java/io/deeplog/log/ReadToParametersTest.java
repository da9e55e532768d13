package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.template.Masker;
import io.deeplog.template.Miner;
import io.deeplog.template.MinerOptions;
import io.deeplog.template.Template;
import io.deeplog.template.TemplateMatcher;
import io.deeplog.template.TemplateMiner;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** From bytes to parameters in plain Java: nothing crashes, no line is lost, contents come back. */
final class ReadToParametersTest {
  private static final LogFormats FORMATS = LogFormats.load();
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Of the thread, so that other work does not count; without it all takes some milliseconds. */
  private static final Duration MOST_A_LINE = Duration.ofSeconds(1);

  private static final List<String> PIECES =
      List.of(
          "2015-10-18 18:01:47,978 INFO [main] a.B: ",
          "081109 203615 148 INFO dfs.X: ",
          "Jun  9 06:06:20 combo sshd(pam_unix)[19937]: ",
          "{\"message\":\"x 5\",\"time\":\"2015-10-18T18:01:47Z\"}",
          "\tat a.B.c(B.java:12)\n",
          "\n",
          "\r\n",
          " ",
          "  ",
          "\t",
          "user=bob,",
          "blk_-1608",
          "10.0.0.1:50010",
          "<*>",
          "<*",
          "00 ",
          "a ",
          "5",
          "\"",
          "[",
          "(",
          ":",
          "=",
          "/a/b",
          "\u0000",
          "\u00e9",
          "\ud83d\ude00");

  private static byte[] bytes(Random random, int most, int longest) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int size = random.nextInt(most);
    while (out.size() < size) {
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      int kind = random.nextInt(8);
      if (kind == 0) {
        out.write(random.nextInt(256));
      } else {
        String text = kind == 1 ? piece.repeat(1 + random.nextInt(longest)) : piece;
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  private static long lines(byte[] bytes, LogFormat format) {
    long lines = bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0;
    for (byte b : bytes) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines - (format.hasHeaderLine() && lines > 0 ? 1 : 0);
  }

  private static List<Template> learn(Miner miner, List<String> contents) {
    Masker masker = new Masker(miner.masks());
    List<String> results = new ArrayList<>();
    if (miner.followsOrder()) {
      TemplateMiner all = miner.start(MinerOptions.DEFAULT);
      contents.forEach(content -> all.add(masker.mask(content), 1));
      all.templates().forEach(results::add);
    } else {
      Map<String, Map<String, Long>> leaves = new TreeMap<>();
      for (String content : contents) {
        String masked = masker.mask(content);
        leaves
            .computeIfAbsent(miner.leaf(masked), leaf -> new TreeMap<>())
            .merge(masked, 1L, Long::sum);
      }
      for (Map<String, Long> leaf : leaves.values()) {
        TemplateMiner one = miner.start(MinerOptions.DEFAULT);
        leaf.forEach(one::add);
        one.templates().forEach(results::add);
      }
    }
    return miner.finish(results);
  }

  private static void everythingComesBack(byte[] bytes, String name) {
    LogFormat format = FORMATS.resolve(name, null, List.of("message,time"));
    long before = THREADS.getCurrentThreadCpuTime();
    List<RawLine> entries = EntryReaderTest.read(format, bytes);
    assertThat(entries.stream().mapToLong(EntryReaderTest::linesOf).sum())
        .as("lines of %s", name)
        .isEqualTo(lines(bytes, format));
    List<String> contents = new ArrayList<>();
    for (RawLine entry : entries) {
      assertThat(entry.getContent() == null)
          .as("'%s' is structured or rejected with a reason", entry.getLine())
          .isEqualTo(entry.getReason() != null);
      if (entry.getContent() != null) {
        contents.add(entry.getContent());
      }
    }
    for (Miner miner : Miner.values()) {
      TemplateMatcher matcher = miner.matcher(learn(miner, contents), miner.masks());
      for (String content : contents) {
        TemplateMatcher.Match match = matcher.match(content);
        assertThat(match).as("match of '%s' by %s", content, miner).isNotNull();
        assertThat(match.template().fill(match.params())).isEqualTo(content);
      }
    }
    assertThat(Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - before))
        .as("%s lines as %s", entries.size(), name)
        .isLessThan(MOST_A_LINE.multipliedBy(1 + entries.size()));
  }

  private static String format(Random random) {
    List<String> names = FORMATS.names();
    // Those that take any line as content, or nearly so, reach the miners most.
    return random.nextBoolean()
        ? List.of("iso", "log4j", "linux", "json").get(random.nextInt(4))
        : names.get(random.nextInt(names.size()));
  }

  @Property(seed = "31", tries = 150)
  void randomBytes(@ForAll long seed) {
    Random random = new Random(seed);
    everythingComesBack(bytes(random, 3000, 20), format(random));
  }

  @Property(seed = "32", tries = 15)
  void repetition(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    String head = PIECES.get(random.nextInt(2));
    for (int i = 0; i < 3; i++) {
      String piece =
          PIECES.get(7 + random.nextInt(PIECES.size() - 7))
              + PIECES.get(7 + random.nextInt(PIECES.size() - 7));
      String repeated = piece.repeat((1 << 15) / piece.length());
      text.append(head).append(repeated).append("\n");
      text.append(head).append(repeated).append(" end ").append(i).append("\n");
    }
    everythingComesBack(
        text.toString().getBytes(StandardCharsets.UTF_8),
        head.startsWith("2015") ? "hadoop" : "hdfs");
  }
}
