package io.deeplog.detect.count;

import io.deeplog.count.CountVector;
import io.deeplog.count.CountVectors;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.spark.Spark;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;

/** Judges sessions or windows by a scorer of their counts. */
final class CountJudge implements UDF1<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Stands for the templates outside the vocabulary. */
  static final String OTHERS = "<unknown>";

  private final Broadcast<CountScorer> scorer;
  private final Broadcast<Vocabulary> vocabulary;
  private final double threshold;

  private CountJudge(
      Broadcast<CountScorer> scorer, Broadcast<Vocabulary> vocabulary, double threshold) {
    this.scorer = scorer;
    this.vocabulary = vocabulary;
    this.threshold = threshold;
  }

  /** Appends a detector's column; starts no job. */
  static Dataset<Row> judge(
      Dataset<Row> rows,
      String detector,
      Vocabulary vocabulary,
      boolean oov,
      CountScorer scorer,
      double threshold) {
    CountJudge judge =
        new CountJudge(
            Spark.broadcast(rows.sparkSession(), scorer),
            Spark.broadcast(rows.sparkSession(), vocabulary),
            threshold);
    return rows.withColumn(
        Detection.column(detector),
        functions.udf(judge, Detection.TYPE).apply(CountVectors.column(rows, vocabulary, oov)));
  }

  @Override
  public Row call(Row value) {
    CountVector counts = CountVectors.of(value);
    double score = scorer.value().score(counts);
    if (!(score > threshold)) {
      return Detection.normal(score, threshold);
    }
    CountScorer.Explanation found = scorer.value().explain(counts);
    Row[] contributions =
        found.parts().stream()
            .map(
                part ->
                    RowFactory.create(
                        id(part.column()),
                        part.count(),
                        Detection.rounded(part.expected()),
                        Detection.rounded(part.share())))
            .toArray(Row[]::new);
    return Detection.anomalous(
        score, threshold, Detection.countEvidence(found.reason(), contributions));
  }

  private String id(int column) {
    return column < vocabulary.value().size() ? vocabulary.value().id(column + 1) : OTHERS;
  }
}
