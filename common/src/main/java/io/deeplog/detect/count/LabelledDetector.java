package io.deeplog.detect.count;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.UserException;
import io.deeplog.count.CountVector;
import io.deeplog.count.CountVectors;
import io.deeplog.detect.count.CountStatistics.Counted;
import io.deeplog.detect.count.ForestScorer.Link;
import io.deeplog.detect.count.ForestScorer.Tree;
import io.deeplog.spark.MlPersistence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.classification.DecisionTreeClassifier;
import org.apache.spark.ml.classification.GBTClassificationModel;
import org.apache.spark.ml.classification.GBTClassifier;
import org.apache.spark.ml.classification.LinearSVC;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.DecisionTreeRegressionModel;
import org.apache.spark.ml.tree.ContinuousSplit;
import org.apache.spark.ml.tree.InternalNode;
import org.apache.spark.ml.tree.Node;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;

/**
 * Learns anomalies from labels, by a classifier of Spark ML over event counts. Sessions have a
 * column {@value #LABEL}, true for anomalies; those without a label are left out. Its figures are
 * not to be compared with those of detectors that see normal sessions only.
 */
public final class LabelledDetector extends ScoredDetector {
  private static final long serialVersionUID = 1L;

  /** Column of a training session's label. */
  public static final String LABEL = "anomalous";

  /** Logistic regression, l2, C = 100. */
  public static final String LOGISTIC_REGRESSION = "logistic-regression";

  /** Linear support vector machine, C = 1; l2, as Spark ML has no other. */
  public static final String LINEAR_SVM = "linear-svm";

  /** Decision tree by Gini impurity. */
  public static final String DECISION_TREE = "decision-tree";

  /** Gradient-boosted trees. */
  public static final String BOOSTED_TREES = "boosted-trees";

  /** The names of all. */
  public static final List<String> NAMES =
      List.of(LOGISTIC_REGRESSION, LINEAR_SVM, DECISION_TREE, BOOSTED_TREES);

  private static final double REGRESSION_C = 100;
  private static final double SVM_C = 1;

  /** The hinge loss has no slope to follow at its optimum: closer takes hundreds of small jobs. */
  private static final double SVM_TOLERANCE = 1e-3;

  private static final int TREE_DEPTH = 10;

  /** Sums over the rows repeat whatever the cluster: one partition, of distinct counts. */
  private static final int PARTITIONS = 1;

  private final Param<String> algorithm;

  /** A decision tree. */
  public LabelledDetector() {
    this(Identifiable$.MODULE$.randomUID("labelledDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public LabelledDetector(String uid) {
    super(uid, DECISION_TREE);
    algorithm = new Param<>(this, "algorithm", "classifier, one of " + String.join(", ", NAMES));
    setDefault(algorithm, DECISION_TREE);
  }

  /** The classifier, one of {@link #NAMES}, and the detector's name; default decision-tree. */
  public Param<String> algorithm() {
    return algorithm;
  }

  /**
   * Sets {@link #algorithm()}.
   *
   * @throws UserException when there is none of that name
   */
  public LabelledDetector setAlgorithm(String value) {
    if (!NAMES.contains(value)) {
      throw UserException.usage(
          "unknown classifier '" + value + "' (give one of " + String.join(", ", NAMES) + ")");
    }
    set(algorithm, value);
    return this;
  }

  /** Templates that only anomalous sessions have tell these from others. */
  @Override
  long minCount() {
    return 0;
  }

  @Override
  Learned learn(Dataset<Row> sessions, CountData data) {
    if (!Arrays.asList(sessions.columns()).contains(LABEL)) {
      throw UserException.input(
          "detector '" + detector() + "' learns from labels, and there are none (give them)");
    }
    Dataset<Row> rows =
        sessions
            .filter(col(LABEL).isNotNull())
            .select(
                CountVectors.column(sessions, data.vocabulary(), true).as("vector"),
                col(LABEL).cast("double").as("label"))
            .groupBy("vector.indices", "vector.counts", "label")
            .count()
            .coalesce(PARTITIONS)
            .sortWithinPartitions("indices", "counts", "label")
            .select(
                udf(new Features(data.columns()), SQLDataTypes.VectorType())
                    .apply(org.apache.spark.sql.functions.struct("indices", "counts"))
                    .as("features"),
                col("label"),
                col("count").cast("double").as("weight"))
            .cache();
    try {
      Map<String, Object> figures = new LinkedHashMap<>();
      for (Row row : rows.groupBy("label").sum("weight").orderBy("label").collectAsList()) {
        figures.put(row.getDouble(0) > 0 ? "anomalous_sessions" : "normal_sessions", row.get(1));
      }
      if (figures.size() < 2) {
        throw UserException.input(
            "detector '"
                + detector()
                + "' needs labels of normal and of anomalous sessions; there are only "
                + (figures.isEmpty() ? "none" : String.join("", figures.keySet()))
                + " (train on logs that hold both)");
      }
      double sessionsLabelled =
          figures.values().stream().mapToDouble(n -> ((Number) n).doubleValue()).sum();
      double[] usual = CountData.medians(data.first(20_000, Counted.BY_SESSIONS), data.columns());
      return new Learned(scorer(rows, sessionsLabelled, usual), 0.5, figures);
    } finally {
      rows.unpersist();
    }
  }

  private CountScorer scorer(Dataset<Row> rows, double sessions, double[] usual) {
    switch (detector()) {
      case LOGISTIC_REGRESSION -> {
        LogisticRegressionModel model =
            new LogisticRegression()
                .setRegParam(1 / (REGRESSION_C * sessions))
                .setWeightCol("weight")
                .fit(rows);
        return new LinearScorer(model.coefficients().toArray(), model.intercept(), usual);
      }
      case LINEAR_SVM -> {
        LinearSVCModel model =
            new LinearSVC()
                .setRegParam(1 / (SVM_C * sessions))
                .setTol(SVM_TOLERANCE)
                .setWeightCol("weight")
                .fit(rows);
        return new LinearScorer(model.coefficients().toArray(), model.intercept(), usual);
      }
      case DECISION_TREE -> {
        Node root =
            new DecisionTreeClassifier()
                .setMaxDepth(TREE_DEPTH)
                .setSeed(1)
                .setWeightCol("weight")
                .fit(rows)
                .rootNode();
        return forest(List.of(tree(root, true)), new double[] {1}, Link.NONE, usual);
      }
      default -> {
        GBTClassificationModel model =
            new GBTClassifier().setSeed(1).setWeightCol("weight").fit(rows);
        List<Tree> trees = new ArrayList<>();
        for (DecisionTreeRegressionModel tree : model.trees()) {
          trees.add(tree(tree.rootNode(), false));
        }
        // Spark's margin is half of the log odds.
        double[] weights = Arrays.stream(model.treeWeights()).map(w -> 2 * w).toArray();
        return forest(trees, weights, Link.LOGISTIC, usual);
      }
    }
  }

  private static ForestScorer forest(
      List<Tree> trees, double[] weights, Link link, double[] usual) {
    return new ForestScorer(
        trees, weights, link, 1, usual, "event counts like those of anomalies", null);
  }

  /** A tree of Spark ML as ours: models are saved as data, not as classes. */
  private static Tree tree(Node root, boolean probability) {
    ForestScorer.Builder builder = new ForestScorer.Builder();
    add(builder, root, probability);
    return builder.build();
  }

  private static int add(ForestScorer.Builder builder, Node node, boolean probability) {
    int at = builder.add();
    if (node instanceof InternalNode inner) {
      // Counts are numbers: there are no categorical splits.
      ContinuousSplit split = (ContinuousSplit) inner.split();
      int left = add(builder, inner.leftChild(), probability);
      int right = add(builder, inner.rightChild(), probability);
      builder.split(at, split.featureIndex(), split.threshold(), left, right);
    } else if (probability) {
      double[] stats = node.impurityStats().stats();
      builder.leaf(at, stats[1] / (stats[0] + stats[1]));
    } else {
      builder.leaf(at, node.prediction());
    }
    return at;
  }

  private static final class Features implements UDF1<Row, Vector> {
    private static final long serialVersionUID = 1L;
    private final int columns;

    Features(int columns) {
      this.columns = columns;
    }

    @Override
    public Vector call(Row value) {
      CountVector counts = CountVectors.of(value);
      return Vectors.sparse(
          columns, counts.indices(), Arrays.stream(counts.counts()).asDoubleStream().toArray());
    }
  }

  @Override
  public String detector() {
    return getOrDefault(algorithm);
  }

  @Override
  public LabelledDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<LabelledDetector> read() {
    return MlPersistence.reader(LabelledDetector.class, LabelledDetector::new);
  }

  /** Loads a saved detector. */
  public static LabelledDetector load(String path) {
    return read().load(path);
  }
}
