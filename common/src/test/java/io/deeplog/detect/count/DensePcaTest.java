package io.deeplog.detect.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.LocalSpark;
import io.deeplog.Sequences;
import io.deeplog.count.CountVector;
import io.deeplog.count.Vocabulary;
import io.deeplog.count.Weighting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** PCA by MLlib beside a plain dense one, on random count matrices. */
final class DensePcaTest {
  private static final double[] ALPHAS = {0.001, 0.01, 0.05};

  /** Rows of a dense matrix, centred, and its principal components: no library, no Gramian. */
  private static final class Dense {
    private final double[][] x;
    private final double[] values;
    private final double[][] vectors;

    Dense(int[][] counts, Weighting weighting) {
      int n = counts.length;
      int d = counts[0].length;
      x = new double[n][d];
      for (int j = 0; j < d; j++) {
        int column = j;
        double idf =
            Math.log(n / (Arrays.stream(counts).filter(row -> row[column] > 0).count() + 1e-8));
        double mean = 0;
        for (int i = 0; i < n; i++) {
          double count = counts[i][j];
          x[i][j] =
              switch (weighting) {
                case NONE -> count;
                case LOG -> Math.log(1 + count);
                case TF_IDF -> count * idf;
                case SIGMOID -> count == 0 ? 0 : 1 / (1 + Math.exp(-count));
              };
          mean += x[i][j] / n;
        }
        for (double[] row : x) {
          row[j] -= mean;
        }
      }
      double[][] a = new double[d][d];
      double[][] v = new double[d][d];
      for (int j = 0; j < d; j++) {
        v[j][j] = 1;
        for (int k = 0; k < d; k++) {
          for (double[] row : x) {
            a[j][k] += row[j] * row[k] / n;
          }
        }
      }
      rotate(a, v);
      Integer[] order = IntStream.range(0, d).boxed().toArray(Integer[]::new);
      Arrays.sort(order, Comparator.comparingDouble((Integer j) -> -a[j][j]));
      values = Arrays.stream(order).mapToDouble(j -> Math.max(0, a[j][j])).toArray();
      vectors =
          Arrays.stream(order)
              .map(j -> IntStream.range(0, d).mapToDouble(i -> v[i][j]).toArray())
              .toArray(double[][]::new);
    }

    /** Jacobi rotations until nothing is left beside the diagonal. */
    private static void rotate(double[][] a, double[][] v) {
      int d = a.length;
      for (int sweep = 0; sweep < 60; sweep++) {
        for (int p = 0; p < d; p++) {
          for (int q = p + 1; q < d; q++) {
            double angle = Math.atan2(2 * a[p][q], a[q][q] - a[p][p]) / 2;
            double c = Math.cos(angle);
            double s = Math.sin(angle);
            for (int k = 0; k < d; k++) {
              double left = a[k][p];
              a[k][p] = c * left - s * a[k][q];
              a[k][q] = s * left + c * a[k][q];
              left = v[k][p];
              v[k][p] = c * left - s * v[k][q];
              v[k][q] = s * left + c * v[k][q];
            }
            for (int k = 0; k < d; k++) {
              double upper = a[p][k];
              a[p][k] = c * upper - s * a[q][k];
              a[q][k] = s * upper + c * a[q][k];
            }
          }
        }
      }
    }

    /** Where the eigenvalues fall most, so that the subspace is well defined; 0 for nowhere. */
    int components() {
      int best = 0;
      double most = 1.3;
      for (int k = 1; k < values.length; k++) {
        boolean matters = values[k - 1] > 1e-2 * values[0];
        double fall = values[k - 1] / Math.max(values[k], 1e-3 * values[0]);
        if (matters && fall > most) {
          most = fall;
          best = k;
        }
      }
      return best;
    }

    private double along(int row, int component) {
      double sum = 0;
      for (int j = 0; j < values.length; j++) {
        sum += x[row][j] * vectors[component][j];
      }
      return sum;
    }

    double spe(int row, int k) {
      return IntStream.range(k, values.length)
          .mapToDouble(c -> along(row, c) * along(row, c))
          .sum();
    }

    double t2(int row, int k) {
      return IntStream.range(0, k)
          .mapToDouble(c -> along(row, c) * along(row, c) / values[c])
          .sum();
    }
  }

  private static int[][] counts(int sessions, int columns, Random random) {
    int[][] counts = new int[sessions][columns];
    for (int[] row : counts) {
      int common = random.nextInt(4);
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextInt(4) == 0 ? 0 : random.nextInt(2 + j) + (j % 2) * common;
      }
      // The variances differ, so that the eigenvalues are apart.
      row[0] = row[0] * (1 + common);
    }
    return counts;
  }

  private static Dataset<Row> dataset(int[][] counts) {
    Sequences sequences = new Sequences();
    for (int i = 0; i < counts.length; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < counts[i].length; j++) {
        text.append(("t" + j + " ").repeat(counts[i][j]));
      }
      sequences.add("s" + i, text.toString().trim());
    }
    return sequences.dataset(LocalSpark.session());
  }

  @Property(seed = "1", tries = 16, edgeCases = EdgeCasesMode.NONE)
  void scoresAreThoseOfADenseMatrix(
      @ForAll @IntRange(min = 10, max = 60) int sessions,
      @ForAll @IntRange(min = 2, max = 9) int columns,
      @ForAll Weighting weighting,
      @ForAll boolean hotelling,
      @ForAll @IntRange(min = 0, max = 2) int alpha,
      @ForAll @IntRange(min = 1, max = 9) int partitions,
      @ForAll long seed) {
    int[][] counts = counts(sessions, columns, new Random(seed));
    Assume.that(Arrays.stream(counts).allMatch(row -> Arrays.stream(row).sum() > 0));
    Dense dense = new Dense(counts, weighting);
    int k = dense.components();
    Assume.that(k > 0);
    double c = QStatistic.critical(ALPHAS[alpha]);
    double q = QStatistic.threshold(dense.values, k, c);
    double scale = Math.max(1, dense.values[0]);
    Dataset<Row> data = dataset(counts).repartition(partitions);
    CountDetectorModel model =
        new CountDetector()
            .setWeighting(weighting.id())
            .setComponents(k)
            .setAlpha(ALPHAS[alpha])
            .setHotelling(hotelling)
            .setRule("q")
            // So that the limit of T2 is that of chi-squared: half of the rows are below it.
            .setFalseAlarms(0.5)
            .fit(data);
    assertThat(model.components()).isEqualTo(k);
    assertThat(model.qStatistic()).isCloseTo(q, within(1e-9 * scale));
    double limit = (double) model.getOrDefault(model.threshold());
    double wanted = Math.max(q, 1e-6 * Arrays.stream(dense.values).sum());
    // The threshold is kept with nine digits.
    assertThat(limit).isCloseTo(wanted, within(1e-9 * scale + 5e-9 * wanted));
    List<Row> rows =
        model.transform(data).selectExpr("int(substr(session, 2))", "pca.score").collectAsList();
    assertThat(rows).hasSize(sessions);
    for (Row row : rows) {
      int i = row.getInt(0);
      double expected = dense.spe(i, k);
      double[] centred = model.pca().centred(vector(counts, i));
      assertThat(PcaModel.spe(model.pca().residual(centred)))
          .isCloseTo(expected, within(1e-9 * scale));
      assertThat(model.pca().t2(centred))
          .isCloseTo(dense.t2(i, k), within(1e-9 * Math.max(1, dense.t2(i, k))));
      if (hotelling) {
        expected = Math.max(expected, dense.t2(i, k) / QStatistic.chiSquared(k, c) * limit);
      }
      // Scores are shown to nine digits.
      assertThat(row.getDouble(1)).isCloseTo(expected, within(1e-9 * scale + 5e-9 * expected));
    }
  }

  /** A row's counts, of the templates that come at all: those are the vocabulary. */
  private static CountVector vector(int[][] counts, int row) {
    List<String> vocabulary = new ArrayList<>();
    Map<String, Long> own = new HashMap<>();
    for (int j = 0; j < counts[row].length; j++) {
      int column = j;
      if (Arrays.stream(counts).anyMatch(other -> other[column] > 0)) {
        vocabulary.add("t" + j);
        own.put("t" + j, (long) counts[row][j]);
      }
    }
    return CountVector.of(own, new Vocabulary(vocabulary), true);
  }
}
