package io.deeplog.detect.path;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import io.deeplog.UserException;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.SessionKeys;
import io.deeplog.detect.VocabularyDetector;
import io.deeplog.sequence.Framing;
import io.deeplog.spark.Columns;
import io.deeplog.spark.MlPersistence;
import io.deeplog.spark.Spark;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns the order of log keys by counting which follow which (DeepLog, section 3.1): an n-gram
 * model over the last h keys, {@link NgramCounts}, judged by the rules of the LSTM.
 *
 * <p>It needs seconds where the LSTM needs minutes, and little data. The limits of the rule, g and
 * the cut, are what the wanted share of training sessions exceeds when each is judged by the counts
 * of all others.
 */
public final class NgramDetector extends VocabularyDetector<NgramModel> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(NgramDetector.class);

  /** The detector's name. */
  public static final String NAME = "ngram";

  private static final StructType GRAM =
      new StructType()
          .add("context", DataTypes.createArrayType(DataTypes.IntegerType, false))
          .add("next", DataTypes.IntegerType)
          .add("count", DataTypes.LongType);

  private static final StructType PEAK =
      new StructType()
          .add("rank", DataTypes.IntegerType)
          .add("surprise", DataTypes.DoubleType)
          .add("count", DataTypes.LongType);

  private final IntParam history;
  private final IntParam maxContexts;
  private final IntParam topG;
  private final Param<String> rule;
  private final DoubleParam falseAlarms;

  /** A detector with the default settings. */
  public NgramDetector() {
    this(Identifiable$.MODULE$.randomUID("ngramDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public NgramDetector(String uid) {
    super(uid, NAME);
    history =
        new IntParam(
            this, "history", "log keys of the longest context (h)", ParamValidators.gtEq(0));
    maxContexts =
        new IntParam(
            this,
            "maxContexts",
            "contexts that are kept, the most frequent first",
            ParamValidators.gtEq(1));
    topG = PathDetectorModel.topG(this);
    rule = PathDetectorModel.rule(this);
    falseAlarms = falseAlarms(this, "share of normal sessions that the rule may flag");
    setDefault(history, 3);
    setDefault(maxContexts, 500_000);
    setDefault(rule, PathRule.EITHER.id());
    setDefault(falseAlarms, FALSE_ALARMS);
  }

  /** Log keys of the longest context (h), default 3. */
  public IntParam history() {
    return history;
  }

  /** Contexts that are kept, the most frequent first; default 500,000. */
  public IntParam maxContexts() {
    return maxContexts;
  }

  /** Keys that are normal at a place (g); unless it is set, training sessions choose it. */
  public IntParam topG() {
    return topG;
  }

  /** Decision rule, default either. */
  public Param<String> rule() {
    return rule;
  }

  /** Share of normal sessions that the rule may flag, default 0.001. */
  public DoubleParam falseAlarms() {
    return falseAlarms;
  }

  /** Sets {@link #history()}. */
  public NgramDetector setHistory(int value) {
    set(history, value);
    return this;
  }

  /** Sets {@link #maxContexts()}. */
  public NgramDetector setMaxContexts(int value) {
    set(maxContexts, value);
    return this;
  }

  /** Sets {@link #topG()}. */
  public NgramDetector setTopG(int value) {
    set(topG, value);
    return this;
  }

  /** Sets {@link #rule()}. */
  public NgramDetector setRule(String value) {
    set(rule, PathRule.of(value).id());
    return this;
  }

  /** Sets {@link #falseAlarms()}. */
  public NgramDetector setFalseAlarms(double value) {
    set(falseAlarms, value);
    return this;
  }

  @Override
  public NgramModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> sessions = dataset.toDF();
    Vocabulary vocabulary = vocabulary(sessions);
    if (vocabulary.size() == 0) {
      throw UserException.input("no session to learn from (check --session)");
    }
    Framing framing = new Framing(vocabulary.size(), (int) getOrDefault(history));
    Dataset<Row> sequences = SessionKeys.distinct(sessions, vocabulary).persist();
    try {
      NgramCounts counts = new NgramCounts(framing, followers(sequences, framing));
      PathLimits.Sample sample =
          new PathLimits.Sample(
              leaveOneOut(sequences, counts),
              sequences.filter(col("count").equalTo(1)).count(),
              "training sessions, each judged without itself");
      Integer fixedG = isSet(topG) ? (Integer) get(topG).get() : null;
      double share = (double) getOrDefault(falseAlarms);
      PathRule decision = PathRule.of(getOrDefault(rule));
      PathLimits limits = PathLimits.of(decision, sample, share, fixedG, framing.symbols());
      return copyValues(
          new NgramModel(uid(), vocabulary, counts)
              .setTopG(limits.topG())
              .setThreshold(Detection.rounded(limits.cut()))
              .setCalibration(PathLimits.words(decision, limits, sample, share, fixedG))
              .setParent(this),
          extractParamMap());
    } finally {
      sequences.unpersist();
    }
  }

  private List<NgramCounts.Followers> followers(Dataset<Row> sequences, Framing framing) {
    int most = (int) getOrDefault(maxContexts);
    List<Row> rows =
        sequences
            .flatMap(new Grams(framing), Encoders.row(GRAM))
            .groupBy("context", "next")
            .agg(sum("count").as("count"))
            .groupBy("context")
            .agg(
                sum("count").as("total"),
                sort_array(collect_list(struct(col("next"), col("count")))).as("nexts"))
            .orderBy(col("total").desc(), col("context"))
            .limit(most + 1)
            .collectAsList();
    if (rows.size() > most) {
      LOG.warn("more than {} contexts: the rarest are left to shorter ones", most);
    }
    List<NgramCounts.Followers> result = new ArrayList<>();
    for (Row row : rows.subList(0, Math.min(most, rows.size()))) {
      List<Row> nexts = row.getList(2);
      result.add(
          new NgramCounts.Followers(
              Columns.ints(row, 0),
              nexts.stream().mapToInt(next -> next.getInt(0)).toArray(),
              nexts.stream().mapToLong(next -> next.getLong(1)).toArray()));
    }
    return result;
  }

  /** Every context of every entry, with what came. */
  private record Grams(Framing framing) implements FlatMapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(Row sequence) {
      int[] keys = Columns.ints(sequence, 0);
      List<Row> result = new ArrayList<>();
      for (int i = 0; i < Framing.windows(keys); i++) {
        for (int[] context : NgramCounts.contextsOf(framing.history(keys, i))) {
          result.add(RowFactory.create(context, framing.next(keys, i), sequence.getLong(1)));
        }
      }
      return result.iterator();
    }
  }

  /** The worst entries of each training session by the counts of the others. */
  private Map<PathLimits.Peak, Long> leaveOneOut(Dataset<Row> sequences, NgramCounts counts) {
    Broadcast<NgramCounts> broadcast = Spark.broadcast(sequences.sparkSession(), counts);
    boolean ranked = PathRule.of(getOrDefault(rule)) != PathRule.PROBABILITY && !isSet(topG);
    Map<PathLimits.Peak, Long> peaks = new HashMap<>();
    sequences
        .map(
            (MapFunction<Row, Row>)
                row -> {
                  PathLimits.Peak peak = peak(broadcast.value(), Columns.ints(row, 0), ranked);
                  return RowFactory.create(peak.rank(), peak.surprise(), row.getLong(1));
                },
            Encoders.row(PEAK))
        .groupBy("rank", "surprise")
        .agg(sum("count"))
        .collectAsList()
        .forEach(
            row -> peaks.put(new PathLimits.Peak(row.getInt(0), row.getDouble(1)), row.getLong(2)));
    return peaks;
  }

  /**
   * The worst entries of a session of the training as if it had not been in it. A key that no other
   * session has is left to the new-event detector.
   *
   * @param ranked whether ranks are asked for, which cost a look at all symbols
   */
  private static PathLimits.Peak peak(NgramCounts counts, int[] keys, boolean ranked) {
    double[] surprises = counts.surprises(keys, true);
    int[] ranks = ranked ? counts.ranks(keys, true) : null;
    int rank = 1;
    double surprise = 0;
    for (int i = 0; i < surprises.length; i++) {
      if (surprises[i] < NgramCounts.NEVER) {
        rank = ranked ? Math.max(rank, ranks[i]) : rank;
        surprise = Math.max(surprise, surprises[i]);
      }
    }
    return new PathLimits.Peak(rank, PathLimits.Peak.rounded(surprise));
  }

  @Override
  public NgramDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<NgramDetector> read() {
    return MlPersistence.reader(NgramDetector.class, NgramDetector::new);
  }

  /** Loads a saved detector. */
  public static NgramDetector load(String path) {
    return read().load(path);
  }
}
