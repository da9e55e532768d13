package io.deeplog.detect.count;

import io.deeplog.count.Weighting;
import io.deeplog.detect.count.CountStatistics.Counted;
import io.deeplog.detect.count.InvariantsScorer.Invariant;
import io.deeplog.spark.MlPersistence;
import io.deeplog.spark.SymmetricEigen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Learns which linear relations the event counts of normal sessions keep, as "as many opened as
 * closed" (Lou et al., USENIX ATC 2010): the number of relations from MLlib's distributed Gramian,
 * and the relations by a search on the driver over the most frequent distinct counts.
 */
public final class InvariantsDetector extends ScoredDetector {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "invariants";

  /** A sum of coefficients times counts is whole: anything but 0 is a violation. */
  private static final double THRESHOLD = 1e-6;

  /** Most distinct counts that the search looks at. */
  private static final int MOST_ROWS = 20_000;

  /** Above this many templates, only single ones and pairs of a Gramian this size are searched. */
  private static final int MOST_COLUMNS = 2_000;

  private static final int[] SCALES = {1, 2, 3};

  private final DoubleParam support;
  private final DoubleParam epsilon;
  private final IntParam longest;

  /** Names of templates for the relations' words; ids where there is none. */
  private Map<String, String> names = new HashMap<>();

  /** A detector with the default settings. */
  public InvariantsDetector() {
    this(Identifiable$.MODULE$.randomUID("invariantsDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public InvariantsDetector(String uid) {
    super(uid, NAME);
    support =
        new DoubleParam(
            this,
            "support",
            "share of the sessions in which a relation holds",
            ParamValidators.inRange(0, 1, false, true));
    epsilon =
        new DoubleParam(
            this,
            "epsilon",
            "length of a session's part along a direction that counts as none",
            ParamValidators.gt(0));
    longest =
        new IntParam(
            this, "longest", "most templates of a relation", ParamValidators.inRange(1, 5));
    setDefault(support, 0.98);
    setDefault(epsilon, 0.5);
    setDefault(longest, 3);
  }

  /** Share of the sessions in which a relation holds, default 0.98. */
  public DoubleParam support() {
    return support;
  }

  /** Length of a session's part along a direction that counts as none, default 0.5. */
  public DoubleParam epsilon() {
    return epsilon;
  }

  /** Most templates of a relation, default 3. */
  public IntParam longest() {
    return longest;
  }

  /** Sets {@link #support()}. */
  public InvariantsDetector setSupport(double value) {
    set(support, value);
    return this;
  }

  /** Sets {@link #epsilon()}. */
  public InvariantsDetector setEpsilon(double value) {
    set(epsilon, value);
    return this;
  }

  /** Sets {@link #longest()}. */
  public InvariantsDetector setLongest(int value) {
    set(longest, value);
    return this;
  }

  /**
   * Sets what the templates are called in the relations that evidence tells.
   *
   * @param value short texts by template id
   */
  public InvariantsDetector setNames(Map<String, String> value) {
    names = new HashMap<>(value);
    return this;
  }

  @Override
  Learned learn(Dataset<Row> sessions, CountData data) {
    List<Counted> rows = data.first(MOST_ROWS, Counted.BY_SESSIONS);
    boolean dense = data.columns() <= MOST_COLUMNS;
    double[] products = dense ? data.statistics(Weighting.NONE, true).products() : new double[0];
    int dimension = dense ? dimension(data, products) : 0;
    InvariantMiner miner =
        new InvariantMiner(
            products, rows, (double) getOrDefault(support), SCALES, column -> name(data, column));
    // Single templates that never come are found without a Gramian, whatever their number.
    List<Invariant> found =
        miner.mine(data.columns(), dense ? (int) getOrDefault(longest) : 1, Math.max(1, dimension));
    return new Learned(
        new InvariantsScorer(List.copyOf(found)),
        THRESHOLD,
        Map.of("invariants", found.size(), "dimension", dimension));
  }

  private String name(CountData data, int column) {
    if (column >= data.vocabulary().size()) {
      return CountJudge.OTHERS;
    }
    String id = data.vocabulary().id(column + 1);
    return names.getOrDefault(id, id);
  }

  /**
   * The dimension of the invariant space: directions of the smallest variance along which the
   * wanted share of the sessions has next to no part.
   */
  private int dimension(CountData data, double[] packed) {
    int n = data.columns();
    double[] full = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        full[i * n + j] = packed[CountStatistics.packed(i, j)];
      }
    }
    double[][] vectors = SymmetricEigen.of(full, n).vectors();
    double most = (double) getOrDefault(epsilon);
    double[] near = new double[n];
    // Whole numbers: the order of the sum does not matter.
    data.vectors()
        .mapPartitions(new Near(vectors, most))
        .collect()
        .forEach(
            part -> {
              for (int j = 0; j < n; j++) {
                near[j] += part[j];
              }
            });
    int dimension = 0;
    double wanted = (double) getOrDefault(support) * data.sessions();
    while (dimension < n && near[n - 1 - dimension] >= wanted) {
      dimension++;
    }
    return dimension;
  }

  /** Sessions of a partition whose part along each direction is small. */
  private record Near(double[][] vectors, double most)
      implements org.apache.spark.api.java.function.FlatMapFunction<
          java.util.Iterator<Counted>, double[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public java.util.Iterator<double[]> call(java.util.Iterator<Counted> rows) {
      double[] near = new double[vectors.length];
      rows.forEachRemaining(
          row -> {
            int[] indices = row.vector().indices();
            for (int d = 0; d < vectors.length; d++) {
              double part = 0;
              for (int j = 0; j < indices.length; j++) {
                part += vectors[d][indices[j]] * row.vector().counts()[j];
              }
              near[d] += Math.abs(part) < most ? row.sessions() : 0;
            }
          });
      return List.of(near).iterator();
    }
  }

  @Override
  public InvariantsDetector copy(ParamMap extra) {
    InvariantsDetector copy = defaultCopy(extra);
    return copy.setNames(names);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<InvariantsDetector> read() {
    return MlPersistence.reader(InvariantsDetector.class, InvariantsDetector::new);
  }

  /** Loads a saved detector. */
  public static InvariantsDetector load(String path) {
    return read().load(path);
  }
}
