package io.deeplog.detect.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.LocalSpark;
import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import io.deeplog.count.Vocabulary;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SparkTest
final class NewEventDetectorTest {
  private final NewEventDetector detector = new NewEventDetector(new Vocabulary(List.of("a", "b")));

  @Test
  void flagsTemplatesThatTrainingNeverSaw(SparkSession spark) {
    Dataset<Row> judged =
        detector.transform(
            new Sequences()
                .add("known", "a b a")
                .add("one", "a b x")
                .add("two", "y a x")
                .dataset(spark));
    assertThat(Sequences.flagged(judged, "known", NewEventDetector.NAME)).isFalse();
    Row one = Sequences.detection(judged, "one", NewEventDetector.NAME);
    assertThat(one.<Boolean>getAs("anomalous")).isTrue();
    assertThat(one.<Double>getAs("score")).isEqualTo(1);
    Row evidence = one.getAs("evidence");
    assertThat(evidence.<Integer>getAs("position")).isEqualTo(2);
    assertThat(evidence.<String>getAs("actual")).isEqualTo("x");
    Row two = Sequences.detection(judged, "two", NewEventDetector.NAME);
    assertThat(two.<Double>getAs("score")).isEqualTo(2);
    assertThat(two.<Row>getAs("evidence").<String>getAs("actual")).isEqualTo("y");
    assertThat(two.<Row>getAs("evidence").<String>getAs("reason")).startsWith("2 lines");
  }

  @Test
  void isAStage(SparkSession spark) {
    Dataset<Row> sessions = new Sequences().add("s", "a x").dataset(spark);
    assertThat(LocalSpark.jobsOf(spark, () -> detector.transform(sessions))).isEmpty();
    assertThat(detector.transformSchema(sessions.schema()))
        .isEqualTo(detector.transform(sessions).schema());
    assertThat(detector.copy(new ParamMap()).uid()).isEqualTo(detector.uid());
    assertThatThrownBy(() -> detector.transformSchema(detector.transform(sessions).schema()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("'new_event' is there already");
    assertThatThrownBy(() -> detector.transformSchema(sessions.drop("entries").schema()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no column 'entries'");
  }
}
