package io.deeplog.detect;

import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.md5;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;

import io.deeplog.count.CountVectors;
import io.deeplog.sequence.Sessions;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Judges sessions by several detectors, each distinct sequence of log keys once: of the half
 * million sessions of a day few thousand differ in their keys.
 */
public final class DistinctSequences {
  private static final String SEQUENCE = "_sequence";
  private static final String IDS = "_sequence_ids";
  private static final String TEMPLATES = Sessions.ENTRIES + ".template_id";

  /** Stands in no template id. */
  private static final String SEPARATOR = "\u0001";

  private DistinctSequences() {}

  /**
   * Appends the column of every detector to sessions.
   *
   * @param sessions of {@link Sessions#collect}, or, if all need no more, of {@link
   *     io.deeplog.sequence.Windows#counts}
   */
  public static Dataset<Row> judge(List<DetectorModel<?>> models, Dataset<Row> sessions) {
    return judge(models, sessions, DetectorModel::transform);
  }

  /** The same of the sessions of the training: {@link DetectorModel#transformTraining}. */
  public static Dataset<Row> judgeTraining(List<DetectorModel<?>> models, Dataset<Row> sessions) {
    return judge(models, sessions, DetectorModel::transformTraining);
  }

  private static Dataset<Row> judge(
      List<DetectorModel<?>> models,
      Dataset<Row> sessions,
      BiFunction<DetectorModel<?>, Dataset<Row>, Dataset<Row>> transform) {
    // Counts have no sequence, and overlapping windows are hardly ever equal.
    List<DetectorModel<?>> ofKeys =
        models.stream()
            .filter(model -> model.byKeysAlone() && !CountVectors.hasCounts(sessions.schema()))
            .toList();
    Dataset<Row> judged = sessions;
    if (!ofKeys.isEmpty()) {
      Dataset<Row> distinct =
          sessions
              .select(col(TEMPLATES).as(IDS))
              .distinct()
              .select(
                  name(col(IDS)).as(SEQUENCE),
                  transform(col(IDS), id -> struct(id.as("template_id"))).as(Sessions.ENTRIES));
      for (DetectorModel<?> model : ofKeys) {
        distinct = transform.apply(model, distinct);
      }
      judged =
          sessions
              .withColumn(SEQUENCE, name(col(TEMPLATES)))
              .join(distinct.drop(Sessions.ENTRIES), SEQUENCE)
              .drop(SEQUENCE);
    }
    for (DetectorModel<?> model : models) {
      if (!ofKeys.contains(model)) {
        judged = transform.apply(model, judged);
      }
    }
    return judged;
  }

  /** A short name to join by. The number of ids tells none from one that is empty. */
  private static Column name(Column ids) {
    Column text = concat_ws(SEPARATOR, size(ids).cast("string"), array_join(ids, SEPARATOR, ""));
    return md5(text.cast("binary"));
  }
}
