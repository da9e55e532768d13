package io.deeplog.detect;

import io.deeplog.count.Vocabulary;
import io.deeplog.spark.Spark;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * A model that judges a session by its keys alone, without looking at other sessions.
 *
 * @param <M> the model itself
 */
public abstract class KeysDetectorModel<M extends KeysDetectorModel<M>> extends DetectorModel<M> {
  private static final long serialVersionUID = 1L;

  private final Vocabulary vocabulary;

  /** A model of a detector of that name, whose keys are those of a vocabulary. */
  protected KeysDetectorModel(String uid, String detector, Vocabulary vocabulary) {
    super(uid, detector);
    this.vocabulary = vocabulary;
  }

  @Override
  public final Vocabulary vocabulary() {
    return vocabulary;
  }

  /**
   * What judges.
   *
   * @param leaveOneOut as if the session judged had not been in the training; only for sessions
   *     that were
   */
  protected abstract SessionScorer scorer(boolean leaveOneOut);

  @Override
  public boolean pooled() {
    return true;
  }

  @Override
  public final Dataset<Row> transform(Dataset<?> sessions) {
    return judged(sessions.toDF(), false);
  }

  @Override
  public final Dataset<Row> transformTraining(Dataset<?> sessions) {
    return judged(sessions.toDF(), true);
  }

  private Dataset<Row> judged(Dataset<Row> sessions, boolean leaveOneOut) {
    Broadcast<SessionScorer> scorer = Spark.broadcast(sessions.sparkSession(), scorer(leaveOneOut));
    return sessions.withColumn(
        Detection.column(detector()),
        functions
            .udf(new Judge(scorer), Detection.TYPE)
            .apply(SessionKeys.column(sessions, vocabulary)));
  }

  private static final class Judge implements UDF1<Seq<Integer>, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<SessionScorer> scorer;

    Judge(Broadcast<SessionScorer> scorer) {
      this.scorer = scorer;
    }

    @Override
    public Row call(Seq<Integer> keys) {
      return scorer
          .value()
          .judge(JavaConverters.seqAsJavaList(keys).stream().mapToInt(Integer::intValue).toArray());
    }
  }
}
