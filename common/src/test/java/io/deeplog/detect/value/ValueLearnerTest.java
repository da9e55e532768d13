package io.deeplog.detect.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

final class ValueLearnerTest {
  private static final int HISTORY = 10;

  /** Samples of a stream: each has those before it as history. */
  private static List<ValueSample> stream(int n, IntFunction<String[]> params) {
    List<ValueSample> samples = new ArrayList<>();
    List<ValueRow> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      ValueRow row = new ValueRow(i == 0 ? Double.NaN : 1, params.apply(i));
      samples.add(new ValueSample(i, 0, List.copyOf(rows.subList(Math.max(0, i - 40), i)), row));
      rows.add(row);
    }
    return samples;
  }

  private static ValueLearner.Learned learn(List<ValueSample> samples) {
    return new ValueLearner(TemplateText.NONE, HISTORY, null).learn(samples);
  }

  private static Finding judge(
      ValueLearner.Learned learned, List<ValueRow> past, String... params) {
    ValueModel.Run run = learned.model().start();
    past.forEach(run::next);
    return run.next(new ValueRow(1, params));
  }

  /** Durations of a heavy tail, sizes of two kinds, users of three, and a request number. */
  private static String[] mixed(Random random, int i) {
    return new String[] {
      String.format(java.util.Locale.ROOT, "%.2f", Math.exp(random.nextGaussian() * 0.3)) + "s",
      random.nextInt(3) > 0 ? "64MB" : random.nextInt(2000) + "kB",
      List.of("root", "www", "mail").get(random.nextInt(3)),
      Integer.toString(7000 + i),
      "ok",
      Integer.toHexString(random.nextInt()) + "z"
    };
  }

  @Test
  void farOutValuesRareAndChangedOnesAreSurprising() {
    Random random = new Random(3);
    ValueLearner.Learned learned = learn(stream(2000, i -> mixed(random, i)));
    assertThat(judge(learned, List.of(), "1.1s", "64MB", "www", "9999", "ok", "q").surprise())
        .isLessThan(2);
    Finding slow = judge(learned, List.of(), "48.1s", "64MB", "www", "9999", "ok", "q");
    assertThat(slow.surprise()).isGreaterThan(9);
    assertThat(slow.reason()).startsWith("value 1 was 48.1 s, expected ").contains(" to ");
    assertThat(slow.gaussian()).isGreaterThan(3.3);
    Finding large = judge(learned, List.of(), "1s", "64GB", "www", "9999", "ok", "q");
    assertThat(large.surprise()).isGreaterThan(9);
    assertThat(large.reason()).startsWith("value 2 was 64 GB, expected ");
    Finding user = judge(learned, List.of(), "1s", "64MB", "toor", "9999", "ok", "q");
    assertThat(user.surprise()).isGreaterThan(9);
    assertThat(user.reason()).isEqualTo("value 3 was 'toor', which is none of the 3 known");
    Finding changed = judge(learned, List.of(), "1s", "64MB", "www", "9999", "failed", "q");
    assertThat(changed.surprise()).isGreaterThan(9);
    assertThat(changed.reason())
        .isEqualTo("value 5 was 'failed', and has always been 'ok' in 2,000 lines");
    Finding text = judge(learned, List.of(), "never", "64MB", "www", "9999", "ok", "q");
    assertThat(text.reason()).isEqualTo("value 1 was 'never', and has always been a number");
  }

  @Test
  void identifiersAndCountersAreIgnoredAndSaidToBe() {
    Random random = new Random(4);
    List<ValueColumn> columns = learn(stream(500, i -> mixed(random, i))).model().columns();
    assertThat(columns.get(4).note()).isEqualTo("a counter: it only goes up");
    assertThat(columns.get(6).note()).startsWith("an identifier: ").endsWith("in 500 lines");
    assertThat(columns.get(5).note()).isEqualTo("never varied");
    assertThat(columns.get(1).note()).isNull();
  }

  @Test
  void aDriftOfValuesThatAreNormalAloneIsSurprising() {
    Random random = new Random(5);
    IntFunction<String[]> normal =
        i ->
            new String[] {String.format(java.util.Locale.ROOT, "%.3f", 50 + random.nextGaussian())};
    ValueLearner.Learned learned = learn(stream(2000, normal));
    List<ValueRow> shifted = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      shifted.add(new ValueRow(1, new String[] {"52." + i}));
    }
    assertThat(judge(learned, List.of(), "52.2").surprise()).isLessThan(4);
    Finding drift = judge(learned, shifted, "52.2");
    assertThat(drift.surprise()).isGreaterThan(7);
    assertThat(drift.reason()).startsWith("value 1 has been high for some time, now 52.2");
  }

  @Test
  void aValueIsComparedWithWhatItsHistoryPredictsWhereThatIsBetter() {
    Random random = new Random(6);
    double[] level = {0};
    IntFunction<String[]> walk =
        i -> {
          level[0] = 0.995 * level[0] + random.nextGaussian();
          return new String[] {String.format(java.util.Locale.ROOT, "%.3f", 100 + level[0])};
        };
    List<ValueSample> samples = stream(3000, walk);
    ValueLearner.Learned learned = learn(samples);
    assertThat(learned.model().columns().get(1).predictor()).isEqualTo(ValueColumn.Predictor.CARRY);
    List<ValueRow> high = Collections.nCopies(5, new ValueRow(1, new String[] {"107"}));
    double near = judge(learned, high, "106").surprise();
    double far = judge(learned, high, "95").surprise();
    assertThat(near).isLessThan(4);
    assertThat(far).isGreaterThan(near + 4);
  }

  @Test
  void whatDoesNotStayNearItsMedianIsComparedWithTheValuesBefore() {
    Random random = new Random(9);
    IntFunction<String[]> moved =
        i -> {
          double level = (i < 750 ? 50 : 60) + random.nextGaussian();
          return new String[] {String.format(java.util.Locale.ROOT, "%.3f", level)};
        };
    ValueLearner.Learned learned = learn(stream(1000, moved));
    ValueColumn column = learned.model().columns().get(1);
    assertThat(column.note()).startsWith("does not stay near its median");
    assertThat(column.value()).isNull();
    assertThat(column.tests()).isEqualTo(2);
    for (int level : new int[] {50, 60}) {
      List<ValueRow> before =
          Collections.nCopies(10, new ValueRow(1, new String[] {String.valueOf(level)}));
      assertThat(judge(learned, before, level + ".5").surprise()).isLessThan(4);
      assertThat(judge(learned, before, "85").surprise()).isGreaterThan(8);
    }
    List<ValueRow> low = Collections.nCopies(10, new ValueRow(1, new String[] {"50"}));
    assertThat(judge(learned, low, "60").surprise()).isGreaterThan(4);
  }

  @Test
  void fewLinesHaveRobustIntervalsAndSaySo() {
    ValueLearner.Learned three = learn(stream(3, i -> new String[] {"1"}));
    assertThat(three.model().judges()).isFalse();
    assertThat(three.note()).isEqualTo("only 3 lines: values are not judged");
    assertThat(judge(three, List.of(), "999")).isEqualTo(Finding.NONE);
    ValueLearner.Learned nine =
        learn(stream(9, i -> new String[] {1.9 + i * 0.16 + "s", i % 3 == 0 ? "a" : "b"}));
    assertThat(nine.note())
        .isEqualTo("only 9 lines: robust intervals (median and MAD) and rare texts alone");
    Finding slow = judge(nine, List.of(), "48.1s", "a");
    assertThat(slow.surprise()).isGreaterThan(8);
    assertThat(slow.reason()).startsWith("value 1 was 48.1 s, expected ");
    assertThat(judge(nine, List.of(), "4s", "a").surprise()).isLessThan(4);
    assertThat(judge(nine, List.of(), "2s", "c").surprise()).isBetween(0.1, 4.0);
    assertThat(learn(stream(60, i -> new String[] {i % 7 + ".5"})).note())
        .isEqualTo("only 59 lines have others before them: robust intervals alone");
  }

  @Test
  void theFewerLinesTheWiderTheInterval() {
    Random random = new Random(21);
    for (int n : new int[] {5, 9, 15, 29}) {
      int above = 0;
      for (int t = 0; t < 200; t++) {
        ValueLearner.Learned learned =
            learn(stream(n, i -> new String[] {String.valueOf((float) random.nextGaussian())}));
        for (int i = 0; i < 100; i++) {
          Finding next = judge(learned, List.of(), String.valueOf((float) random.nextGaussian()));
          above += next.surprise() > Math.log(1000) ? 1 : 0;
        }
      }
      assertThat(above).as("of 20,000 after %d lines", n).isLessThanOrEqualTo(20);
    }
  }

  @Test
  void aConstantThatVariesIsAnAnomalyWhetherTextOrNumber() {
    ValueLearner.Learned learned =
        learn(stream(20, i -> new String[] {"strict", "7", "64MB", i % 2 == 0 ? "8kB" : "8192B"}));
    List<ValueColumn> columns = learned.model().columns();
    for (int j = 1; j < columns.size(); j++) {
      assertThat(columns.get(j).note()).isEqualTo("never varied");
    }
    assertThat(judge(learned, List.of(), "strict", "7", "64MB", "8kB").surprise()).isZero();
    String[][] changed = {
      {"lax", "7", "64MB", "8kB"}, {"strict", "8", "64MB", "8kB"},
      {"strict", "7", "65MB", "8kB"}, {"strict", "7", "64MB", "9kB"}
    };
    for (String[] params : changed) {
      assertThat(judge(learned, List.of(), params).surprise()).isGreaterThan(12);
    }
    assertThat(judge(learned, List.of(), "strict", "8", "64MB", "8kB").reason())
        .isEqualTo("value 2 was '8', and has always been '7' in 20 lines");
    // Fewer lines do not show that it never does.
    ValueLearner.Learned few = learn(stream(10, i -> new String[] {"strict", "7"}));
    assertThat(judge(few, List.of(), "lax", "7").surprise()).isBetween(3.0, 7.0);
  }

  @Test
  void numbersThatAllDifferAreIdentifiersUnlessTheyMeasure() {
    Random random = new Random(22);
    List<Integer> drawn = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      drawn.add(i * 7 + 1000);
    }
    Collections.shuffle(drawn, random);
    List<ValueColumn> columns =
        learn(
                stream(
                    500,
                    i ->
                        new String[] {
                          Integer.toString(random.nextInt(900_000_000)),
                          drawn.get(i).toString(),
                          Long.toString(Math.round(1e6 * Math.exp(random.nextGaussian()))),
                          Long.toString(random.nextInt(900_000_000)) + "B",
                          Integer.toString(random.nextInt(300))
                        }))
            .model()
            .columns();
    assertThat(columns.get(1).note()).isEqualTo("an identifier: all values differ");
    assertThat(columns.get(2).note()).isEqualTo("an identifier: all values differ");
    for (int j = 3; j <= 5; j++) {
      assertThat(columns.get(j).role()).as("value " + j).isEqualTo(ValueColumn.Role.NUMBER);
    }
  }

  @Test
  void codesAreTextsAndCountsAreNumbers() {
    Random random = new Random(23);
    ValueLearner.Learned learned =
        learn(
            stream(
                1000,
                i ->
                    new String[] {
                      List.of("200", "200", "304", "404").get(random.nextInt(4)),
                      Integer.toString(1 + random.nextInt(4)),
                      Integer.toString((int) (-1.5 * Math.log(1 - random.nextDouble())))
                    }));
    List<ValueColumn> columns = learned.model().columns();
    assertThat(columns.get(1).role()).isEqualTo(ValueColumn.Role.CATEGORY);
    assertThat(columns.get(2).role()).isEqualTo(ValueColumn.Role.CATEGORY);
    assertThat(columns.get(3).role()).isEqualTo(ValueColumn.Role.NUMBER);
    Finding code = judge(learned, List.of(), "503", "1", "0");
    assertThat(code.surprise()).isGreaterThan(9);
    assertThat(code.reason()).isEqualTo("value 1 was '503', which is none of the 3 known");
  }

  /** Of the original's "99.9 %" bound a third of the honest errors lay outside. */
  @Test
  void theGaussianIntervalsHoldTheSharesOfHonestErrorsThatTheySay() {
    Random random = new Random(24);
    double[] level = {0};
    List<IntFunction<String[]>> kinds =
        List.of(
            i -> new String[] {String.valueOf((float) (50 + random.nextGaussian()))},
            i -> {
              level[0] = 0.9 * level[0] + random.nextGaussian();
              return new String[] {String.valueOf((float) level[0])};
            });
    for (IntFunction<String[]> kind : kinds) {
      ValueLearner.Learned learned = learn(stream(4000, kind));
      ValueModel.Run run = learned.model().start();
      int n = 50_000;
      int[] outside = new int[3];
      for (int i = 0; i < n; i++) {
        double off = run.next(new ValueRow(1, kind.apply(i))).gaussian();
        outside[0] += off > ValueInterval.of("98").deviations() ? 1 : 0;
        outside[1] += off > ValueInterval.of("99").deviations() ? 1 : 0;
        outside[2] += off > ValueInterval.of("99.9").deviations() ? 1 : 0;
      }
      assertThat(outside[0] / (double) n).isBetween(0.015, 0.025);
      assertThat(outside[1] / (double) n).isBetween(0.007, 0.013);
      assertThat(outside[2] / (double) n).isBetween(0.0005, 0.0016);
    }
  }

  @Test
  void everyValueThatStandsOutHasItsShareOfTheSurprise() {
    Random random = new Random(25);
    ValueLearner.Learned learned = learn(stream(2000, i -> mixed(random, i)));
    Finding found = judge(learned, List.of(), "48.1s", "64GB", "www", "9999", "ok", "q");
    assertThat(found.parts()).hasSize(2);
    assertThat(found.parts()).extracting(Finding.Part::value).contains("48.1 s", "64 GB");
    Finding.Part first = found.parts().get(0);
    assertThat(found.share(first)).isBetween(0.5, 0.95);
    assertThat(found.share(first) + found.share(found.parts().get(1)))
        .isCloseTo(1, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(first.expected()).contains(" to ");
    assertThat(judge(learned, List.of(), "1s", "64MB", "www", "9999", "ok", "q").parts()).isEmpty();
  }

  @Test
  void theOrderOfTheSamplesDoesNotMatter() {
    Random random = new Random(7);
    List<ValueSample> samples = stream(400, i -> mixed(random, i));
    List<ValueColumn> columns = learn(samples).model().columns();
    Collections.shuffle(samples, random);
    assertThat(learn(samples).model().columns()).isEqualTo(columns);
  }

  @Test
  void normalValuesOfAnyTailExceedASurpriseAsOftenAsItSays() {
    Random random = new Random(8);
    List<java.util.function.DoubleSupplier> kinds =
        List.of(
            random::nextDouble,
            random::nextGaussian,
            () -> -Math.log(random.nextDouble()),
            () -> Math.pow(random.nextDouble(), -0.5),
            () -> random.nextInt(6));
    for (java.util.function.DoubleSupplier kind : kinds) {
      IntFunction<String[]> params = i -> new String[] {String.valueOf((float) kind.getAsDouble())};
      ValueLearner.Learned learned = learn(stream(4000, params));
      int above = 0;
      int n = 20_000;
      for (int i = 0; i < n; i++) {
        above += judge(learned, List.of(), params.apply(0)).surprise() > Math.log(1000) ? 1 : 0;
      }
      assertThat(above).isLessThan(3 * n / 1000);
    }
  }

  @Test
  void aNumberThatGetsStuckIsSurprisingThoughItsValueIsUsual() {
    Random random = new Random(8);
    // Mostly nothing, for some lines at a time, as of a disk that is idle now and then.
    int[] value = {0};
    ValueLearner.Learned learned =
        learn(
            stream(
                800,
                i -> {
                  if (random.nextInt(8) == 0) {
                    value[0] = random.nextInt(3) == 0 ? random.nextInt(90_000) : 0;
                  }
                  return new String[] {Integer.toString(value[0])};
                }));
    ValueModel.Run run = learned.model().start();
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      findings.add(run.next(new ValueRow(1, new String[] {"0"})));
    }
    assertThat(findings.subList(0, 30)).allMatch(f -> f.surprise() < 4);
    assertThat(findings.get(511).surprise()).isGreaterThan(9);
    assertThat(findings.get(511).reason())
        .startsWith("value 1 was 0 512 times in a row, expected another one within ");
    assertThat(findings.stream().filter(f -> f.surprise() > 4).count()).isLessThan(5);
    ValueModel.Run changing = learned.model().start();
    double most = 0;
    for (int i = 0; i < 512; i++) {
      most =
          Math.max(
              most,
              changing
                  .next(new ValueRow(1, new String[] {i % 20 == 0 ? "20000" : "0"}))
                  .surprise());
    }
    assertThat(most).isLessThan(7);
  }
}
