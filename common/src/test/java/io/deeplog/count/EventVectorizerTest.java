package io.deeplog.count;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import java.util.List;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SparkTest
final class EventVectorizerTest {
  private static List<Vector> vectors(EventVectorizerModel model, Dataset<Row> rows) {
    return model.transform(rows).orderBy("session").select("features").collectAsList().stream()
        .map(row -> row.<Vector>getAs(0))
        .toList();
  }

  private static Dataset<Row> train(SparkSession spark) {
    return new Sequences().add("1", "a a b").add("2", "a").add("3", "a b c").dataset(spark);
  }

  @Test
  void countsByTemplateWithOthersLast(SparkSession spark) {
    Dataset<Row> rows = new Sequences().add("1", "b x a b y x").add("2", "").dataset(spark);
    List<Vector> vectors = vectors(new EventVectorizer().fit(train(spark)), rows);
    assertThat(vectors.get(0)).isInstanceOf(SparseVector.class);
    assertThat(vectors.get(0).toArray()).containsExactly(1, 2, 0, 3);
    assertThat(vectors.get(1).toArray()).containsExactly(0, 0, 0, 0);
    assertThat(
            vectors(new EventVectorizer().setOov(false).fit(train(spark)), rows).get(0).toArray())
        .containsExactly(1, 2, 0);
    // c came once: it is one of the others.
    assertThat(
            vectors(new EventVectorizer().setMinCount(2).fit(train(spark)), train(spark))
                .get(2)
                .toArray())
        .containsExactly(1, 1, 1);
  }

  @Test
  void weighsAndCentresByTraining(SparkSession spark) {
    EventVectorizerModel model =
        new EventVectorizer().setWeighting("tf-idf").setZeroMean(true).fit(train(spark));
    double b = Math.log(3 / (2 + 1e-8));
    double c = Math.log(3 / (1 + 1e-8));
    assertThat(model.idf()[1]).isCloseTo(b, within(1e-12));
    double[] third = vectors(model, train(spark)).get(2).toArray();
    double a = Math.log(3 / (3 + 1e-8));
    assertThat(third[0]).isCloseTo(a - a * 4 / 3, within(1e-12));
    assertThat(third[1]).isCloseTo(b - b * 2 / 3, within(1e-12));
    assertThat(third[2]).isCloseTo(c - c / 3, within(1e-12));
    double[] sums = new double[4];
    for (Vector vector : vectors(model, train(spark))) {
      for (int i = 0; i < 4; i++) {
        sums[i] += vector.apply(i);
      }
    }
    assertThat(sums).containsOnly(new double[] {0}, within(1e-12));
  }

  @Test
  void theMatrixIsATable(SparkSession spark) {
    Dataset<Row> rows = new Sequences().add("1", "b x a b").dataset(spark);
    Dataset<Row> matrix = new EventVectorizer().fit(train(spark)).matrix(rows);
    assertThat(matrix.columns()).containsExactly("session", "a", "b", "c", "others");
    assertThat(matrix.first().mkString(",")).isEqualTo("1,1,2,0,1");
  }

  @Test
  void noSessionsAreAUserError(SparkSession spark) {
    assertThatThrownBy(() -> new EventVectorizer().fit(new Sequences().dataset(spark)))
        .isInstanceOf(UserException.class);
    assertThat(new Vocabulary(List.of("a", "b")).version())
        .isEqualTo(new Vocabulary(List.of("b", "a")).version())
        .isNotEqualTo(new Vocabulary(List.of("a")).version());
  }
}
