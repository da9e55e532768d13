package io.deeplog.detect.path;

import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.KeysDetectorModel;
import io.deeplog.detect.SessionScorer;
import io.deeplog.sequence.Framing;
import io.deeplog.spark.Files;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Appends {@code ngram} to sessions: the surprise of their most surprising entry, and their first
 * abnormal entry as evidence.
 */
public final class NgramModel extends KeysDetectorModel<NgramModel> {
  private static final long serialVersionUID = 1L;

  private static final int EXPECTED = 9;
  private static final String FILE = "ngrams.json";

  private final NgramCounts counts;
  private final IntParam topG;
  private final Param<String> rule;
  private final DoubleParam threshold;
  private final Param<String> calibration;

  NgramModel(String uid, Vocabulary vocabulary, NgramCounts counts) {
    super(uid, NgramDetector.NAME, vocabulary);
    this.counts = counts;
    topG = PathDetectorModel.topG(this);
    rule = PathDetectorModel.rule(this);
    threshold =
        new DoubleParam(this, "threshold", "surprise, -ln p, above which an entry is abnormal");
    calibration = PathDetectorModel.calibration(this);
    setDefault(topG, PathLimits.PAPER_G);
    setDefault(calibration, "");
    setDefault(rule, PathRule.PROBABILITY.id());
  }

  @Override
  public String condition() {
    return PathRule.of(getOrDefault(rule))
        .condition((int) getOrDefault(topG), (double) getOrDefault(threshold));
  }

  @Override
  public Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("threshold", getOrDefault(threshold));
    metrics.put("top_g", getOrDefault(topG));
    metrics.put("calibration", getOrDefault(calibration));
    metrics.put("contexts", counts.followers().size());
    return metrics;
  }

  /** Keys that are normal at a place (g). */
  public IntParam topG() {
    return topG;
  }

  /** Decision rule. */
  public Param<String> rule() {
    return rule;
  }

  /** Surprise, -ln p, above which an entry is abnormal. */
  public DoubleParam threshold() {
    return threshold;
  }

  /** How g and the threshold were chosen, in words. */
  public Param<String> calibration() {
    return calibration;
  }

  NgramModel setCalibration(String value) {
    set(calibration, value);
    return this;
  }

  /** Sets {@link #topG()}. */
  public NgramModel setTopG(int value) {
    set(topG, value);
    return this;
  }

  /** Sets {@link #rule()}. */
  public NgramModel setRule(String value) {
    set(rule, PathRule.of(value).id());
    return this;
  }

  /** Sets {@link #threshold()}. */
  public NgramModel setThreshold(double value) {
    set(threshold, value);
    return this;
  }

  @Override
  protected SessionScorer scorer(boolean leaveOneOut) {
    return new Scorer(
        vocabulary(),
        counts,
        PathRule.of(getOrDefault(rule)),
        (int) getOrDefault(topG),
        (double) getOrDefault(threshold),
        leaveOneOut);
  }

  private record Scorer(
      Vocabulary vocabulary,
      NgramCounts counts,
      PathRule rule,
      int topG,
      double threshold,
      boolean leaveOneOut)
      implements SessionScorer {
    private static final long serialVersionUID = 1L;

    @Override
    public Row judge(int[] keys) {
      double[] surprises = counts.surprises(keys, leaveOneOut);
      double score = Arrays.stream(surprises).max().orElse(0);
      // Ranks cost a look at all symbols: only where the rule asks for them.
      int[] ranks = rule == PathRule.PROBABILITY ? null : counts.ranks(keys, leaveOneOut);
      for (int i = 0; i < surprises.length; i++) {
        int rank = ranks == null ? 1 : ranks[i];
        if (rule.abnormal(rank, surprises[i], topG, threshold)) {
          return Detection.anomalous(score, threshold, evidence(keys, i, surprises[i]));
        }
      }
      return Detection.normal(score, threshold);
    }

    private static List<Integer> ranked(double[] p) {
      return IntStream.range(0, p.length)
          .boxed()
          .sorted(
              Comparator.comparingDouble((Integer s) -> -p[s])
                  .thenComparing(Comparator.naturalOrder()))
          .toList();
    }

    private Row evidence(int[] keys, int position, double surprise) {
      Framing framing = counts.framing();
      int[] history = framing.history(keys, position);
      double[] p = counts.probabilities(history);
      List<Integer> ranked = ranked(p);
      int next = framing.next(keys, position);
      int[] symbols = ranked.stream().limit(EXPECTED).mapToInt(Integer::intValue).toArray();
      return new PathEvidence(vocabulary)
          .of(
              position,
              ranked.indexOf(next) + 1,
              surprise,
              history,
              next,
              symbols,
              Arrays.stream(symbols).mapToDouble(s -> Detection.rounded(p[s])).toArray());
    }
  }

  @Override
  public NgramModel copy(ParamMap extra) {
    return copyValues(new NgramModel(uid(), vocabulary(), counts), extra).setParent(parent());
  }

  /** What the model is beside its parameters. */
  private record Stored(int history, List<NgramCounts.Followers> followers) {}

  @Override
  protected void write(Path directory, SparkSession spark) {
    Files.of(spark)
        .writeJson(
            new Path(directory, FILE),
            new Stored(
                counts.framing().history(),
                counts.followers().stream()
                    .sorted((a, b) -> Arrays.compare(a.context(), b.context()))
                    .toList()));
  }

  /** Reads what {@link #write()} wrote. */
  public static MLReader<NgramModel> read() {
    return read(null);
  }

  /** Reads what {@link #writeSharing} wrote. */
  public static MLReader<NgramModel> read(Vocabulary shared) {
    return reader(
        NgramModel.class,
        shared,
        (uid, directory, files, vocabulary) -> {
          Stored stored = files.readJson(new Path(directory, FILE), Stored.class);
          return new NgramModel(
              uid,
              vocabulary,
              new NgramCounts(new Framing(vocabulary.size(), stored.history), stored.followers));
        });
  }

  /** Loads a saved model. */
  public static NgramModel load(String path) {
    return read().load(path);
  }
}
