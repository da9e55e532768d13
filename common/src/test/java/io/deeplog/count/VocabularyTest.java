package io.deeplog.count;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import io.deeplog.detect.count.CountDetector;
import io.deeplog.spark.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class VocabularyTest {
  private static final Vocabulary WHOLE =
      new Vocabulary(Map.of("often", 7L, "rare", 2L, "abnormal", 0L));

  @Test
  void aPartIsNumberedAnewAndKnowsTheWhole() {
    assertThat(WHOLE.ids()).containsExactly("abnormal", "often", "rare");
    assertThat(WHOLE.counts()).containsExactly(0, 7, 2);
    assertThat(WHOLE.atLeast(0)).isSameAs(WHOLE);
    Vocabulary part = WHOLE.atLeast(1);
    assertThat(part.ids()).containsExactly("often", "rare");
    assertThat(part.index("often")).isEqualTo(1);
    assertThat(part.index("abnormal")).isZero();
    assertThat(part.whole()).isSameAs(WHOLE);
    assertThat(part.minCount()).isEqualTo(1);
    assertThat(part.atLeast(3).ids()).containsExactly("often");
    assertThat(part.atLeast(3).whole()).isSameAs(WHOLE);
    // A part of a part is no more than that.
    assertThat(part.atLeast(0).ids()).isEqualTo(part.ids());
  }

  @Test
  void versionsTellIdsAndCountsApart() {
    assertThat(WHOLE.version())
        .isEqualTo(new Vocabulary(Map.of("rare", 2L, "often", 7L, "abnormal", 0L)).version())
        .isNotEqualTo(new Vocabulary(Map.of("rare", 2L, "often", 8L, "abnormal", 0L)).version())
        .isNotEqualTo(WHOLE.atLeast(1).version())
        .matches("[0-9a-f]{12}");
  }

  @Test
  void templatesOfEitherAreCountedTogether() {
    Vocabulary sum = WHOLE.plus(new Vocabulary(Map.of("rare", 1L, "new", 4L)));
    assertThat(sum.ids()).containsExactly("abnormal", "new", "often", "rare");
    assertThat(sum.counts()).containsExactly(0, 4, 7, 3);
  }

  @Test
  void sessionsAndTheirCountsHaveOneVocabulary(SparkSession spark) {
    Dataset<Row> sessions =
        new Sequences().add("a", "x y x").add("b", "z x").dataset(spark).repartition(3);
    Vocabulary all = CountVectors.vocabulary(sessions);
    assertThat(all.ids()).containsExactly("x", "y", "z");
    assertThat(all.counts()).containsExactly(3, 1, 1);
    Vocabulary some = CountVectors.vocabulary(sessions, col("session").equalTo("a"));
    assertThat(some.ids()).containsExactly("x", "y", "z");
    assertThat(some.counts()).containsExactly(2, 1, 0);
    // Lines that fit no template have no id; among counts, whose keys cannot be null, it is empty.
    Dataset<Row> counts = spark.sql("select 'w' as session, map('x', 3L, '', 5L) as counts");
    assertThat(CountVectors.vocabulary(counts).ids()).containsExactly("x");
    assertThat(CountVectors.vocabulary(counts).counts()).containsExactly(3);
    Dataset<Row> without =
        spark.sql(
            "select 's' as session, array(named_struct('template_id', 'x'),"
                + " named_struct('template_id', cast(null as string))) as entries");
    assertThat(CountVectors.vocabulary(without).ids()).containsExactly("x");
  }

  @Test
  void anEstimatorKeepsTheVocabularyItIsGiven(SparkSession spark, @TempDir Path directory)
      throws Exception {
    Dataset<Row> sessions = new Sequences().add(9, "a", "often often new").dataset(spark);
    CountDetector detector = new CountDetector().setMinCount(2);
    detector.setVocabulary(WHOLE);
    assertThat(detector.fit(sessions).vocabulary().ids()).containsExactly("often", "rare");
    assertThat(detector.copy(new org.apache.spark.ml.param.ParamMap()).fit(sessions).vocabulary())
        .extracting(Vocabulary::ids)
        .isEqualTo(List.of("often", "rare"));
    String place = directory.resolve("detector").toString();
    detector.save(place);
    Vocabulary loaded = CountDetector.load(place).fit(sessions).vocabulary();
    assertThat(loaded.ids()).containsExactly("often", "rare");
    assertThat(loaded.whole().version()).isEqualTo(WHOLE.version());
    EventVectorizer vectorizer = new EventVectorizer().setVocabulary(WHOLE).setMinCount(3);
    String columns = directory.resolve("columns").toString();
    vectorizer.fit(sessions).save(columns);
    assertThat(EventVectorizerModel.load(columns).vocabulary().ids()).containsExactly("often");
    // Without one it makes its own.
    assertThat(new CountDetector().fit(sessions).vocabulary().ids())
        .containsExactly("new", "often");
  }

  @Test
  void aChangedFileIsRefused(SparkSession spark, @TempDir Path directory) throws Exception {
    Files files = Files.of(spark);
    org.apache.hadoop.fs.Path place = files.qualified(directory.toString());
    VocabularyFile.write(files, place, WHOLE.atLeast(1), null);
    assertThat(VocabularyFile.read(files, place, null).ids()).containsExactly("often", "rare");
    Path file = directory.resolve(VocabularyFile.NAME);
    java.nio.file.Files.delete(directory.resolve("." + VocabularyFile.NAME + ".crc"));
    java.nio.file.Files.writeString(
        file, java.nio.file.Files.readString(file).replace("often", "oftn"));
    assertThatThrownBy(() -> VocabularyFile.read(files, place, null))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(WHOLE.version())
        .hasMessageContaining("train again");
  }
}
