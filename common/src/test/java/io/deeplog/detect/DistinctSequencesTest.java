package io.deeplog.detect;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.detect.rules.BigramDetector;
import io.deeplog.detect.rules.LengthDetector;
import io.deeplog.sequence.Sessions;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

@SparkTest
final class DistinctSequencesTest {
  private static List<Row> rows(Dataset<Row> judged) {
    return judged
        .select(Sessions.SESSION, Sessions.ENTRIES, "length", "bigram")
        .orderBy(Sessions.SESSION)
        .collectAsList();
  }

  @Test
  void everySessionIsJudgedAsByItself(SparkSession spark) {
    Dataset<Row> sessions =
        new Sequences()
            .add(4, "t", "a b c")
            .add("u", "a c")
            .add("v", "ab c")
            .add("none", "")
            .dataset(spark)
            // A line without a template, alone and at the end.
            .unionByName(
                new Sequences()
                    .add("alone", "x")
                    .add("last", "a b c x")
                    .dataset(spark)
                    .withColumn(
                        Sessions.ENTRIES,
                        expr(
                            "transform(entries, e -> named_struct('ts', e.ts, 'source', e.source,"
                                + " 'offset', e.offset, 'template_id',"
                                + " nullif(e.template_id, 'x')))")));
    Dataset<Row> train = new Sequences().add(5, "t", "a b c").dataset(spark);
    DetectorModel<?> ofLength = new LengthDetector().fit(train);
    DetectorModel<?> ofPairs = new BigramDetector().fit(train);
    assertThat(rows(DistinctSequences.judge(List.of(ofLength, ofPairs), sessions)))
        .hasSize(9)
        .isEqualTo(rows(ofPairs.transform(ofLength.transform(sessions))));
    assertThat(rows(DistinctSequences.judgeTraining(List.of(ofLength, ofPairs), train)))
        .isEqualTo(rows(ofPairs.transformTraining(ofLength.transformTraining(train))));
  }
}
