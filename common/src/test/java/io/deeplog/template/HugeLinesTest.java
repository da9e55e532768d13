package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lines of a megabyte that repeat what scans and walks might stumble over. */
final class HugeLinesTest {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private static final int LENGTH = 1 << 20;

  /** Of the thread itself, so that a busy machine does not fail it. */
  private static final double MOST_SECONDS_A_LINE = 1;

  private static final List<String> PIECES =
      List.of(
          ("user=bob,|part_-1608 |10.0.0.1:50010|10.0.0.1:50010 |<*>|<*> |<*|00 |a |5|\"|[|(|:|=|/a/b"
                  + "|\u0000|\u00e9|\ud83d\ude00| |\t|a|ab |k=v |\"a\" |[5] |(a) |5,|5:|a:5 |a.b.c"
                  + "|a@b.c |http://x/y |::|1:2:|-|_|a_|0x|ff|1.|1.1|..|C:\\x|\\|'|'a'|k=\"v w\" |{|}"
                  + "|{\"a\":5},|Jul 17 |2015-10-18 |12ms |1,234|%|%20|node[1-2] |5 MB |true |<|>|a-"
                  + "|a.|com.|x.com |, |: |] [|5 a |a b c d e f g h ")
              .split("\\|", -1));

  private static List<Template> learn(Miner miner, List<String> lines) {
    Masker masker = new Masker(miner.masks());
    List<String> results = new ArrayList<>();
    if (miner.followsOrder()) {
      TemplateMiner one = miner.start(MinerOptions.DEFAULT);
      lines.forEach(line -> one.add(masker.mask(line), 1));
      one.templates().forEach(results::add);
      return miner.finish(results);
    }
    LineSample sample = new LineSample();
    lines.forEach(line -> sample.add(masker.mask(line), 1));
    return SampledLearner.mine(sample, miner, MinerOptions.DEFAULT);
  }

  @ParameterizedTest
  @EnumSource(Miner.class)
  void everyLineComesBackInTime(Miner miner) {
    Map<String, Double> slow = new TreeMap<>();
    for (String piece : PIECES) {
      String repeated = piece.repeat(LENGTH / piece.length());
      List<String> lines = List.of(repeated, repeated + " end", "begin " + repeated + "5");
      long before = THREADS.getCurrentThreadCpuTime();
      TemplateMatcher matcher = miner.matcher(learn(miner, lines), miner.masks());
      for (String line : lines) {
        TemplateMatcher.Match match = matcher.match(line);
        assertThat(match).as("a line of '%s'", piece).isNotNull();
        assertThat(match.template().fill(match.params()).equals(line))
            .as("a line of '%s' comes back", piece)
            .isTrue();
      }
      double seconds = (THREADS.getCurrentThreadCpuTime() - before) / 1e9 / lines.size();
      if (seconds > MOST_SECONDS_A_LINE) {
        slow.put(piece, seconds);
      }
    }
    assertThat(slow).isEmpty();
  }
}
