package io.deeplog.detect.path;

import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.sequence.Framing;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Tells an abnormal entry in templates and words. */
record PathEvidence(Vocabulary vocabulary) {
  /**
   * The evidence of an entry.
   *
   * @param position in the session; its length for its end
   * @param rank of what came, 1 for the likeliest
   * @param surprise of what came, -ln p
   * @param history symbols before it
   * @param next the symbol that came
   * @param symbols that were expected, the likeliest first
   * @param probabilities of the same length
   */
  Row of(
      int position,
      int rank,
      double surprise,
      int[] history,
      int next,
      int[] symbols,
      double[] probabilities) {
    List<String> before = new ArrayList<>();
    for (int symbol : history) {
      if (symbol != Framing.PADDING) {
        before.add(name(symbol));
      }
    }
    List<Row> expected = new ArrayList<>();
    for (int i = 0; i < symbols.length; i++) {
      expected.add(RowFactory.create(name(symbols[i]), probabilities[i]));
    }
    String actual = name(next);
    return Detection.entryEvidence(
        position,
        reason(actual, rank, Math.exp(-surprise), probabilities[0]),
        before.toArray(new String[0]),
        expected.toArray(new Row[0]),
        actual);
  }

  private static String reason(String actual, int rank, double probability, double first) {
    if (actual.equals(Detection.UNKNOWN)) {
      return String.format(
          Locale.ROOT,
          "a kind of line that training never saw came here; expected first: %.0f %%",
          100 * first);
    }
    String came = actual.equals(Detection.END) ? "the session ended here" : "this line came here";
    return String.format(
        Locale.ROOT,
        "%s with probability %.2g, the %d%s likeliest; expected first: %.0f %%",
        came,
        probability,
        rank,
        ordinal(rank),
        100 * first);
  }

  private String name(int symbol) {
    int keys = vocabulary.size();
    if (symbol > keys) {
      return symbol == keys + 1 ? Detection.BEGIN : Detection.END;
    }
    return symbol == Framing.UNKNOWN ? Detection.UNKNOWN : vocabulary.id(symbol);
  }

  private static String ordinal(int n) {
    int tens = n % 100;
    if (tens >= 11 && tens <= 13) {
      return "th";
    }
    return switch (n % 10) {
      case 1 -> "st";
      case 2 -> "nd";
      case 3 -> "rd";
      default -> "th";
    };
  }
}
