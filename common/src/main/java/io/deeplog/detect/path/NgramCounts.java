package io.deeplog.detect.path;

import io.deeplog.Pure;
import io.deeplog.sequence.Framing;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often which symbol followed which contexts of up to h symbols, and the probabilities that
 * follow from it.
 *
 * <p>The estimates of a context and of all shorter ones are interpolated (Witten and Bell, IEEE
 * Transactions on Information Theory 1991): with c(w) the times that w followed a context, n their
 * sum and t the number of different w, p(w) = (c(w) + t p'(w)) / (n + t), where p' is the estimate
 * of the context without its first symbol, and 1 / symbols before the empty one.
 */
@Pure
public final class NgramCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Surprise of a symbol that training never saw: that of the least positive float. */
  static final double NEVER = -Math.log(Float.MIN_NORMAL);

  private final Framing framing;
  private final Map<String, Followers> contexts = new HashMap<>();

  /**
   * What followed a context.
   *
   * @param context symbols
   * @param symbols that followed, ascending
   * @param counts of the same length
   */
  public record Followers(int[] context, int[] symbols, long[] counts) implements Serializable {
    private static final long serialVersionUID = 1L;

    long total() {
      return Arrays.stream(counts).sum();
    }

    long count(int symbol) {
      int at = Arrays.binarySearch(symbols, symbol);
      return at < 0 ? 0 : counts[at];
    }
  }

  /** Counts of a framing, whose history is the longest context. */
  public NgramCounts(Framing framing, List<Followers> followers) {
    this.framing = framing;
    followers.forEach(f -> contexts.put(key(f.context(), 0), f));
  }

  /** How sessions are framed. */
  public Framing framing() {
    return framing;
  }

  /** All contexts, in no order. */
  public List<Followers> followers() {
    return List.copyOf(contexts.values());
  }

  /** The contexts of a history, the empty one first, then longer and longer ones. */
  static int[][] contextsOf(int[] history) {
    int longest = 0;
    while (longest < history.length && history[history.length - 1 - longest] != Framing.PADDING) {
      longest++;
    }
    int[][] result = new int[longest + 1][];
    for (int k = 0; k <= longest; k++) {
      result[k] = Arrays.copyOfRange(history, history.length - k, history.length);
    }
    return result;
  }

  /** Symbols from a place on as text, two characters each, which hashes well and compares fast. */
  private static String key(int[] symbols, int from) {
    char[] text = new char[2 * (symbols.length - from)];
    for (int i = from; i < symbols.length; i++) {
      text[2 * (i - from)] = (char) (symbols[i] >>> 15);
      text[2 * (i - from) + 1] = (char) (symbols[i] & 0x7fff);
    }
    return new String(text);
  }

  /**
   * The surprise, -ln p, of every entry of a session and of its end.
   *
   * @param leaveOneOut as if the session had not been in the training
   */
  public double[] surprises(int[] session, boolean leaveOneOut) {
    Map<String, Map<Integer, Integer>> own = leaveOneOut ? own(session) : Map.of();
    double[] result = new double[session.length + 1];
    for (int i = 0; i <= session.length; i++) {
      result[i] = surprise(framing.history(session, i), framing.next(session, i), own);
    }
    return result;
  }

  /**
   * The ranks, 1 for the likeliest, of every entry of a session and of its end; that of a key that
   * training never saw is the last, as it is to the network.
   *
   * @param leaveOneOut as if the session had not been in the training
   */
  public int[] ranks(int[] session, boolean leaveOneOut) {
    Map<String, Map<Integer, Integer>> own = leaveOneOut ? own(session) : Map.of();
    int[] result = new int[session.length + 1];
    for (int i = 0; i <= session.length; i++) {
      double[] p = probabilities(framing.history(session, i), own);
      int next = framing.next(session, i);
      result[i] = next == Framing.UNKNOWN ? p.length : rank(p, next);
    }
    return result;
  }

  private static int rank(double[] p, int symbol) {
    int rank = 1;
    for (int other = 0; other < p.length; other++) {
      rank += p[other] > p[symbol] || (p[other] == p[symbol] && other < symbol) ? 1 : 0;
    }
    return rank;
  }

  /** What a session adds to the counts: of every context, how often which symbol came. */
  private Map<String, Map<Integer, Integer>> own(int[] session) {
    Map<String, Map<Integer, Integer>> own = new HashMap<>();
    for (int i = 0; i <= session.length; i++) {
      int next = framing.next(session, i);
      for (int[] context : contextsOf(framing.history(session, i))) {
        own.computeIfAbsent(key(context, 0), k -> new HashMap<>()).merge(next, 1, Integer::sum);
      }
    }
    return own;
  }

  private double surprise(int[] history, int next, Map<String, Map<Integer, Integer>> own) {
    double p = 1.0 / framing.symbols();
    for (int from = history.length; from >= 0; from--) {
      if (from < history.length && history[from] == Framing.PADDING) {
        break;
      }
      String key = key(history, from);
      Followers followers = contexts.get(key);
      if (followers == null) {
        // Pruned, or never seen; longer ones were not seen either.
        break;
      }
      Map<Integer, Integer> mine = own.getOrDefault(key, Map.of());
      long count = followers.count(next) - mine.getOrDefault(next, 0);
      if (from == history.length && count == 0) {
        return NEVER;
      }
      Rest rest = rest(followers, mine);
      if (rest.total == 0) {
        break;
      }
      p = (count + rest.kinds * p) / (rest.total + rest.kinds);
    }
    return -Math.log(p);
  }

  /** What of a context is left without a session: entries, and different symbols. */
  private record Rest(long total, int kinds) {}

  private static Rest rest(Followers followers, Map<Integer, Integer> mine) {
    long total = followers.total();
    int kinds = followers.symbols().length;
    for (Map.Entry<Integer, Integer> entry : mine.entrySet()) {
      total -= entry.getValue();
      kinds -= followers.count(entry.getKey()) == entry.getValue() ? 1 : 0;
    }
    return new Rest(total, kinds);
  }

  /** The probability of every symbol after a history. */
  public double[] probabilities(int[] history) {
    return probabilities(history, Map.of());
  }

  private double[] probabilities(int[] history, Map<String, Map<Integer, Integer>> own) {
    double[] p = new double[framing.symbols()];
    Arrays.fill(p, 1.0 / p.length);
    for (int[] context : contextsOf(history)) {
      String key = key(context, 0);
      Followers followers = contexts.get(key);
      if (followers == null) {
        break;
      }
      Map<Integer, Integer> mine = own.getOrDefault(key, Map.of());
      Rest rest = rest(followers, mine);
      if (rest.total == 0) {
        break;
      }
      double all = rest.total + rest.kinds;
      for (int symbol = 0; symbol < p.length; symbol++) {
        p[symbol] = rest.kinds * p[symbol] / all;
      }
      for (int i = 0; i < followers.symbols().length; i++) {
        int symbol = followers.symbols()[i];
        p[symbol] += (followers.counts()[i] - mine.getOrDefault(symbol, 0)) / all;
      }
    }
    return p;
  }
}
