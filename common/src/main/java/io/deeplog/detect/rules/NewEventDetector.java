package io.deeplog.detect.rules;

import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.SessionKeys;
import io.deeplog.sequence.Framing;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Columns;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/**
 * A template that training never saw is an anomaly by itself. Appends {@code new_event} to
 * sessions; the score is the number of such entries.
 */
public final class NewEventDetector extends Transformer {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "new-event";

  private final String uid;
  private final Vocabulary vocabulary;

  /** A detector of all templates outside a vocabulary. */
  public NewEventDetector(Vocabulary vocabulary) {
    this(Identifiable$.MODULE$.randomUID("newEventDetector"), vocabulary);
  }

  private NewEventDetector(String uid, Vocabulary vocabulary) {
    this.uid = uid;
    this.vocabulary = vocabulary;
  }

  @Override
  public String uid() {
    return uid;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> sessions) {
    Dataset<Row> rows = sessions.toDF();
    return rows.withColumn(
        Detection.column(NAME),
        functions
            .udf(new Judge(), Detection.TYPE)
            .apply(
                SessionKeys.column(rows, vocabulary),
                functions.transform(
                    functions.col(Sessions.ENTRIES), entry -> entry.getField("template_id"))));
  }

  private static final class Judge implements UDF2<Seq<Integer>, Seq<String>, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Row call(Seq<Integer> keys, Seq<String> templateIds) {
      int first = -1;
      int unknown = 0;
      for (int i = 0; i < keys.size(); i++) {
        if (keys.apply(i) == Framing.UNKNOWN) {
          first = first < 0 ? i : first;
          unknown++;
        }
      }
      if (unknown == 0) {
        return Detection.normal(0, 0);
      }
      String reason =
          unknown == 1
              ? "a kind of line that training never saw"
              : unknown + " lines of kinds that training never saw";
      return Detection.anomalous(
          unknown,
          0,
          Detection.entryEvidence(
              first, reason, new String[0], new Row[0], templateIds.apply(first)));
    }
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return Columns.append(
        schema,
        Sessions.ENTRIES,
        DataTypes.createStructField(Detection.column(NAME), Detection.TYPE, true));
  }

  @Override
  public NewEventDetector copy(ParamMap extra) {
    return new NewEventDetector(uid, vocabulary);
  }
}
