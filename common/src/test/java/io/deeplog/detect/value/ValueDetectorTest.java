package io.deeplog.detect.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.detect.Detection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

@SparkTest
final class ValueDetectorTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("session", DataTypes.StringType)
          .add(
              "entries",
              DataTypes.createArrayType(
                  ((StructType)
                          ((ArrayType) Sequences.SCHEMA.apply("entries").dataType()).elementType())
                      .add("params", DataTypes.createArrayType(DataTypes.StringType))));

  private final Random random = new Random(1);
  private final List<Row> rows = new ArrayList<>();

  /** A session of five entries a second apart, then one of another kind after a gap. */
  private void session(String name, double gap, String... lastParams) {
    List<Row> entries = new ArrayList<>();
    double time = 1000.0 * rows.size();
    for (int i = 0; i < 5; i++) {
      time += 0.5 + random.nextDouble();
      entries.add(entry(time, "step", String.valueOf(20 + random.nextInt(10)) + "ms"));
    }
    entries.add(entry(time + gap, "end", lastParams));
    rows.add(RowFactory.create(name, entries.toArray(new Row[0])));
  }

  private Row entry(double time, String template, String... params) {
    return RowFactory.create(
        Instant.ofEpochMilli((long) (time * 1000)),
        "file:/log",
        (long) (time * 1000),
        template,
        params);
  }

  private Dataset<Row> training(SparkSession spark) {
    for (int i = 0; i < 300; i++) {
      session("n" + i, 2 + random.nextDouble(), 1000 + random.nextInt(100) + "kB", "ok");
    }
    return spark.createDataFrame(rows, SCHEMA);
  }

  private static ValueDetector detector() {
    return new ValueDetector().setNetworks(false).setFalseAlarms(0.001);
  }

  @Test
  void sessionsWithAbnormalValuesAreFlaggedWithTheValueAndWhatWasExpected(SparkSession spark) {
    ValueDetectorModel model = detector().fit(training(spark));
    rows.clear();
    session("normal", 2.5, "1050kB", "ok");
    session("slow", 600, "1050kB", "ok");
    session("large", 2.5, "90GB", "ok");
    session("changed", 2.5, "1050kB", "failed");
    Dataset<Row> judged = model.transform(spark.createDataFrame(rows, SCHEMA));
    assertThat(Sequences.flagged(judged, "normal", "value")).isFalse();
    assertThat(reason(judged, "slow")).startsWith("the time gap was 600 s, expected ");
    assertThat(reason(judged, "large")).startsWith("value 1 was 90 GB, expected ");
    assertThat(reason(judged, "changed")).startsWith("value 2 was 'failed', and has always");
  }

  private static String reason(Dataset<Row> judged, String session) {
    assertThat(Sequences.flagged(judged, session, "value")).as(session).isTrue();
    Row detection = Sequences.detection(judged, session, "value");
    Row evidence = detection.getAs("evidence");
    assertThat(evidence.<Integer>getAs("position")).isEqualTo(5);
    assertThat(evidence.<String>getAs("actual")).isEqualTo("end");
    assertThat(detection.<Double>getAs("score")).isGreaterThan(detection.getAs("threshold"));
    return evidence.getAs("reason");
  }

  @Test
  void thePartitioningDoesNotMatterAndNetworksRepeat(SparkSession spark) {
    Dataset<Row> sessions = training(spark);
    ValueDetector detector = new ValueDetector().setEpochs(1).setUnits(2).setSamples(200);
    ValueDetectorModel model = detector.fit(sessions.repartition(1));
    ValueDetectorModel other = detector.fit(sessions.repartition(7));
    assertThat(other.metrics()).isEqualTo(model.metrics());
    assertThat(column(other, sessions)).isEqualTo(column(model, sessions));
  }

  private static List<Row> column(ValueDetectorModel model, Dataset<Row> sessions) {
    return model
        .transform(sessions)
        .orderBy("session")
        .select(Detection.column(ValueDetector.NAME))
        .collectAsList();
  }

  @Test
  void theWantedShareOfNormalSessionsIsFlagged(SparkSession spark) {
    ValueDetectorModel model = detector().setFalseAlarms(0.01).fit(training(spark));
    rows.clear();
    Dataset<Row> judged = model.transform(training(spark));
    assertThat(judged.filter("value.anomalous").count()).isLessThanOrEqualTo(9);
    assertThat(judged.filter("value.evidence is not null").count()).isBetween(1L, 90L);
    assertThat(model.notes()).containsKey("end");
  }
}
