package io.deeplog.verdict;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.deeplog.detect.Detection;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.DistinctSequences;
import io.deeplog.detect.TailThreshold;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.detect.rules.ObviousLines;
import io.deeplog.spark.Spark;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * How detectors are combined, with what was learned for it from normal sessions.
 *
 * <p>A session's surprise to a detector is -ln of the share of training sessions that score as high
 * when each is judged as if it had not been in the training ({@link Tail}). For {@link
 * Combine#WEIGHTED}, the surprises of the pooled detectors are added up (Fisher's combination of
 * tail probabilities). They depend on each other, so the sum's threshold is not taken from a
 * chi-squared distribution but from the sums of the training sessions themselves, without those
 * that another detector would have flagged.
 *
 * @param combine how
 * @param detectors names, in the order in which their evidence is shown
 * @param tails of detectors, those without one add nothing to a score; and, by the name {@value
 *     Anomalies#VERDICT}, that of the sum of all surprises
 * @param pooled names of detectors whose surprises are added up
 * @param corroborators of a detector that does not decide by itself, those of which one must agree,
 *     if any of them judges
 * @param threshold the sum of surprises that is normal
 */
public record Verdict(
    Combine combine,
    List<String> detectors,
    Map<String, Tail> tails,
    List<String> pooled,
    Map<String, List<String>> corroborators,
    double threshold)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Digits of a score that tails tell apart: few enough to bound their number. */
  private static final MathContext DIGITS = new MathContext(3, RoundingMode.HALF_UP);

  /** A verdict of detectors that all decide by themselves. */
  public static Verdict any(List<String> detectors) {
    return new Verdict(Combine.ANY, detectors, Map.of(), List.of(), Map.of(), 0);
  }

  /** The same verdict of other detectors: those it did not learn of decide by themselves. */
  public Verdict of(List<String> names) {
    return new Verdict(combine, names, tails, pooled, corroborators, threshold);
  }

  /**
   * The verdict of some of the detectors it learned of. A sum that lacks some of what was added up
   * has no threshold: then each decides by itself.
   */
  public Verdict only(List<String> names) {
    return combine == Combine.WEIGHTED && !names.containsAll(pooled)
        ? new Verdict(Combine.ANY, names, tails, List.of(), Map.of(), 0)
        : of(names);
  }

  /**
   * Learns from the sessions of the training.
   *
   * @param models trained on them
   * @param falseAlarms share of normal sessions that may be flagged, half of it by the sum
   */
  public static Verdict fit(
      Combine combine, List<DetectorModel<?>> models, Dataset<Row> sessions, double falseAlarms) {
    List<String> names = models.stream().map(DetectorModel::detector).toList();
    List<String> pooled =
        models.stream().filter(DetectorModel::pooled).map(DetectorModel::detector).toList();
    Map<String, List<String>> corroborators = new LinkedHashMap<>();
    for (DetectorModel<?> model : models) {
      if (!model.corroboratedBy().isEmpty()) {
        corroborators.put(model.detector(), model.corroboratedBy());
      }
    }
    Dataset<Row> judged = DistinctSequences.judgeTraining(models, sessions);
    Column alone = lit(false);
    Map<String, Column> scores = new LinkedHashMap<>();
    for (String name : names) {
      if (!pooled.contains(name)) {
        alone = alone.or(flagged(name));
      }
      scores.put(name, udf(new Rounded(), DataTypes.DoubleType).apply(detection(name, "score")));
    }
    Column[] columns =
        scores.entrySet().stream()
            .map(e -> e.getValue().as(Detection.column(e.getKey())))
            .toArray(Column[]::new);
    Dataset<Row> rest = judged.filter(alone.equalTo(false)).select(columns);
    rest = rest.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Map<String, Tail> tails = new LinkedHashMap<>();
      for (String name : names) {
        tails.put(name, Tail.of(counts(rest, col(Detection.column(name)))));
      }
      Verdict verdict = new Verdict(combine, names, tails, pooled, corroborators, 0);
      // Rounded, so that there are few; up, so that none exceeds its own threshold.
      Finish few = x -> Math.ceil(x * 100) / 100;
      ScoreColumn score = name -> col(Detection.column(name));
      Map<Double, Long> sums = counts(rest, verdict.sum(rest, pooled, score, few));
      tails.put(Anomalies.VERDICT, Tail.of(counts(rest, verdict.sum(rest, names, score, few))));
      // The other half of the share is left to the detectors that decide by themselves.
      double threshold =
          sums.isEmpty() ? Double.MAX_VALUE : TailThreshold.quantile(sums, falseAlarms / 2);
      return new Verdict(combine, names, tails, pooled, corroborators, threshold);
    } finally {
      rest.unpersist();
    }
  }

  private static Map<Double, Long> counts(Dataset<Row> rows, Column value) {
    Map<Double, Long> counts = new HashMap<>();
    rows.groupBy(value.as("value"))
        .count()
        .collectAsList()
        .forEach(row -> counts.put(row.getDouble(0), row.getLong(1)));
    return counts;
  }

  private static final class Rounded implements UDF1<Double, Double> {
    private static final long serialVersionUID = 1L;

    @Override
    public Double call(Double score) {
      return rounded(score);
    }
  }

  /** A score with few digits. */
  static double rounded(Double score) {
    if (score == null || score == 0 || score.isNaN()) {
      return 0;
    }
    return score.isInfinite() ? score : new BigDecimal(score).round(DIGITS).doubleValue();
  }

  /** Where a detector's score is. */
  @FunctionalInterface
  private interface ScoreColumn {
    Column of(String detector);
  }

  /** What is done to a sum. */
  @FunctionalInterface
  private interface Finish extends Serializable {
    double of(double sum);
  }

  private Column sum(Dataset<Row> rows, List<String> names, ScoreColumn score, Finish finish) {
    Broadcast<Verdict> broadcast = Spark.broadcast(rows.sparkSession(), this);
    Column sum = lit(0.0);
    for (String name : names) {
      if (tails.containsKey(name)) {
        sum =
            sum.plus(
                udf(new Surprise(broadcast, name), DataTypes.DoubleType).apply(score.of(name)));
      }
    }
    return udf((UDF1<Double, Double>) finish::of, DataTypes.DoubleType).apply(sum);
  }

  private static final class Surprise implements UDF1<Double, Double> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Verdict> verdict;
    private final String detector;

    Surprise(Broadcast<Verdict> verdict, String detector) {
      this.verdict = verdict;
      this.detector = detector;
    }

    @Override
    public Double call(Double score) {
      return verdict.value().tails.get(detector).surprise(rounded(score));
    }
  }

  /** The sum of surprises of the pooled detectors. */
  Column pooledSurprise(Dataset<Row> judged) {
    return sum(judged, pooled, name -> detection(name, "score"), Detection::rounded);
  }

  /** The sum of surprises of all detectors. */
  Column surprise(Dataset<Row> judged) {
    return sum(judged, detectors, name -> detection(name, "score"), Detection::rounded);
  }

  /**
   * Appends {@code verdict}: a struct of {@code score}, that of {@link Anomalies}, and {@code
   * anomalous}.
   *
   * @param judged sessions with the columns of the detectors
   */
  public Dataset<Row> judge(Dataset<Row> judged) {
    return judged.withColumn(
        Anomalies.VERDICT, struct(strength(judged).as("score"), anomalous(judged).as("anomalous")));
  }

  /** The detectors that judge of those by which another one is corroborated. */
  private List<String> corroborating(String name) {
    return corroborators.getOrDefault(name, List.of()).stream()
        .filter(detectors::contains)
        .toList();
  }

  /** Whether a detector's say stands by itself, there being no other to ask, or another agrees. */
  private Column corroborated(String name) {
    Column agreed = null;
    for (String other : corroborating(name)) {
      agreed = agreed == null ? flagged(other) : agreed.or(flagged(other));
    }
    return agreed == null ? lit(true) : agreed;
  }

  /**
   * Whether a session is anomalous. What a rule calls obvious is, whatever the others say: no
   * detector learned to see the same, and would have to agree.
   */
  Column anomalous(Dataset<Row> judged) {
    Column any = lit(false);
    Column all = lit(!learned().isEmpty());
    Column alone = lit(false);
    for (String name : detectors) {
      any = any.or(flagged(name));
      all = name.equals(ObviousLines.NAME) ? all : all.and(flagged(name));
      if (!pooled.contains(name)) {
        alone = alone.or(flagged(name).and(corroborated(name)));
      }
    }
    return switch (combine) {
      case ANY, CASCADE -> any;
      case ALL -> all.or(obvious());
      case WEIGHTED -> alone.or(pooledSurprise(judged).gt(threshold));
    };
  }

  /** The detectors that learned: all but the rules. */
  private List<String> learned() {
    return detectors.stream().filter(name -> !name.equals(ObviousLines.NAME)).toList();
  }

  /** Whether a session has a line that a rule calls an anomaly. */
  private Column obvious() {
    return detectors.contains(ObviousLines.NAME) ? flagged(ObviousLines.NAME) : lit(false);
  }

  /**
   * -ln of the probability that a normal session is as surprising to all detectors together, by
   * what the training's sessions were, each left out; infinite where a rule applies. What is beyond
   * all of them is equal, and told apart by {@link #strength} only.
   */
  Column improbability(Dataset<Row> judged) {
    Column learned = tails.containsKey(Anomalies.VERDICT) ? surpriseOfSum(judged) : most(judged);
    return when(obvious(), lit(Double.POSITIVE_INFINITY)).otherwise(learned);
  }

  private Column surpriseOfSum(Dataset<Row> judged) {
    Broadcast<Verdict> broadcast = Spark.broadcast(judged.sparkSession(), this);
    return udf(
            (UDF1<Double, Double>)
                sum -> broadcast.value().tails.get(Anomalies.VERDICT).surprise(sum),
            DataTypes.DoubleType)
        .apply(surprise(judged));
  }

  /** Of a model that did not learn the sum: the most surprising to one of the detectors. */
  private Column most(Dataset<Row> judged) {
    Column most = lit(0.0);
    for (String name : detectors) {
      most = greatest(most, improbability(judged, name));
    }
    return most;
  }

  /** -ln of the probability that a normal session has as high a score of a detector. */
  Column improbability(Dataset<Row> judged, String name) {
    return name.equals(ObviousLines.NAME)
        ? when(flagged(name), lit(Double.POSITIVE_INFINITY)).otherwise(0.0)
        : sum(judged, List.of(name), n -> detection(n, "score"), Detection::rounded);
  }

  /**
   * That of a line outside any session whose template training never saw: as of a session in which
   * nothing else is strange.
   */
  double improbabilityOfNewEvent() {
    if (tails.containsKey(NewEventDetector.NAME)) {
      return tails.get(NewEventDetector.NAME).surprise(1);
    }
    return tails.containsKey(Anomalies.VERDICT) ? tails.get(Anomalies.VERDICT).beyond() : 0;
  }

  /**
   * The sum of the surprises of all detectors, and 1 - threshold / score of those that flag a
   * session.
   */
  Column strength(Dataset<Row> judged) {
    Column strength = surprise(judged);
    for (String name : detectors) {
      Column share =
          coalesce(detection(name, "threshold").divide(detection(name, "score")), lit(0.0));
      strength =
          strength.plus(
              when(flagged(name), greatest(lit(0.0), lit(1.0).minus(share))).otherwise(0.0));
    }
    return strength;
  }

  static Column flagged(String detector) {
    return coalesce(detection(detector, "anomalous"), lit(false));
  }

  static Column detection(String detector, String field) {
    return col(Detection.column(detector) + "." + field);
  }

  /** When a session is anomalous, in words. */
  public String condition() {
    return switch (combine) {
      case ANY -> "any of the detectors";
      case ALL -> "all of " + String.join(", ", learned()) + "; or a rule";
      case CASCADE -> Cascade.condition(detectors);
      case WEIGHTED -> {
        String alone =
            detectors.stream()
                .filter(d -> !pooled.contains(d))
                .map(
                    d ->
                        corroborating(d).isEmpty()
                            ? d
                            : d + " with " + String.join(" or ", corroborating(d)))
                .collect(Collectors.joining(", "));
        String summed =
            String.format(
                java.util.Locale.ROOT,
                "the summed surprise of %s > %.1f",
                String.join(", ", pooled),
                threshold);
        yield pooled.isEmpty() ? alone : alone.isEmpty() ? summed : alone + ", or " + summed;
      }
    };
  }
}
