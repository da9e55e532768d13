package io.deeplog.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the default miner learns from a few lines. */
final class Mined {
  private Mined() {}

  static List<String> templates(String... lines) {
    return learned(lines).stream().map(Template::text).toList();
  }

  static List<Template> learned(String... lines) {
    Masker masker = new Masker(Miner.AUTO.masks());
    Map<String, Long> masked = new TreeMap<>();
    Arrays.stream(lines).forEach(line -> masked.merge(masker.mask(line), 1L, Long::sum));
    LineSample sample = new LineSample();
    masked.forEach(sample::add);
    return SampledLearner.mine(sample, Miner.AUTO, MinerOptions.DEFAULT);
  }

  static String[] repeated(int times, String... lines) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      for (String line : lines) {
        all.add(line.replace("#", Integer.toString(10 + i)));
      }
    }
    return all.toArray(new String[0]);
  }
}
