package io.deeplog.detect.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SparkTest
final class NewEventDetectorTest {
  @Test
  void flagsTemplatesThatTrainingNeverSaw(SparkSession spark) {
    NewEventModel model =
        new NewEventDetector().fit(new Sequences().add("t", "b a").dataset(spark));
    Dataset<Row> judged =
        model.transform(
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
}
