package io.deeplog.detect.rules;

import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.SessionKeys;
import io.deeplog.sequence.Framing;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Files;
import io.deeplog.spark.MlPersistence;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.functions;
import scala.collection.Seq;

/** Appends {@code new_event} to sessions; the score is the number of entries never seen before. */
public final class NewEventModel extends DetectorModel<NewEventModel> {
  private static final long serialVersionUID = 1L;

  private static final String FILE = "templates.json";

  private final List<String> templates;
  private final List<String> single;

  /**
   * A model.
   *
   * @param templates of the training
   * @param single those that one session only had
   */
  NewEventModel(String uid, List<String> templates, List<String> single) {
    super(uid, NewEventDetector.NAME);
    this.templates = templates;
    this.single = single;
  }

  @Override
  public String condition() {
    return "a template that no session of the training had";
  }

  @Override
  public Dataset<Row> transform(Dataset<?> sessions) {
    return judged(sessions.toDF(), new Vocabulary(templates));
  }

  @Override
  public Dataset<Row> transformTraining(Dataset<?> sessions) {
    return judged(
        sessions.toDF(),
        new Vocabulary(templates.stream().filter(t -> !single.contains(t)).toList()));
  }

  private static Dataset<Row> judged(Dataset<Row> rows, Vocabulary vocabulary) {
    return rows.withColumn(
        Detection.column(NewEventDetector.NAME),
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
  public NewEventModel copy(ParamMap extra) {
    return copyValues(new NewEventModel(uid(), templates, single), extra).setParent(parent());
  }

  /** What the model is. */
  private record Stored(List<String> templates, List<String> single) {}

  @Override
  public MLWriter write() {
    return MlPersistence.writer(
        this,
        (directory, spark) ->
            Files.of(spark).writeJson(new Path(directory, FILE), new Stored(templates, single)));
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<NewEventModel> read() {
    return MlPersistence.reader(
        NewEventModel.class,
        (String uid, String directory, SparkSession spark) -> {
          Stored stored = Files.of(spark).readJson(new Path(directory, FILE), Stored.class);
          return new NewEventModel(uid, stored.templates, stored.single);
        });
  }

  /** Loads a saved model. */
  public static NewEventModel load(String path) {
    return read().load(path);
  }
}
