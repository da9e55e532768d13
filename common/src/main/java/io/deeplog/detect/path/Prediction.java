package io.deeplog.detect.path;

import io.deeplog.Pure;
import io.deeplog.nn.Surprise;
import io.deeplog.sequence.Framing;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** What a network expects next, and how what came compares with it. */
@Pure
final class Prediction {
  /** Symbols that are kept as what was expected. */
  private static final int EXPECTED = 9;

  private final float[] p;
  private final int[] expected;

  /** A prediction of the probabilities of all symbols. */
  Prediction(float[] p) {
    this.p = p;
    expected =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer s) -> -p[s])
                    .thenComparing(Comparator.naturalOrder()))
            .limit(EXPECTED)
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** The likeliest symbols, the likeliest first. */
  int[] expected() {
    return expected;
  }

  /** Their probabilities, rounded. */
  double[] probabilities() {
    return Arrays.stream(expected).mapToDouble(s -> Math.round(p[s] * 1e6) / 1e6).toArray();
  }

  /** The rank of a symbol, 1 for the likeliest; the last for one that training never saw. */
  int rank(int symbol) {
    if (symbol == Framing.UNKNOWN) {
      return p.length;
    }
    int rank = 1;
    for (int other = 0; other < p.length; other++) {
      if (p[other] > p[symbol] || (p[other] == p[symbol] && other < symbol)) {
        rank++;
      }
    }
    return rank;
  }

  /** -ln p of a symbol; one that training never saw is as unlikely as can be. */
  double surprise(int symbol) {
    return symbol == Framing.UNKNOWN ? NgramCounts.NEVER : Surprise.of(p[symbol]);
  }
}
