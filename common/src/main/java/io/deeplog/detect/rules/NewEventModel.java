package io.deeplog.detect.rules;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.map_values;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.count.CountVectors;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.DetectorModel;
import io.deeplog.sequence.Sessions;
import io.deeplog.sequence.Windows;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF2;
import scala.collection.Iterator;
import scala.collection.Seq;

/**
 * Appends {@code new_event} to sessions; the score is the number of entries never seen before. Of
 * counts the evidence cannot tell which of them was the first.
 */
public final class NewEventModel extends DetectorModel<NewEventModel> {
  private static final long serialVersionUID = 1L;

  private static final String FILE = "templates.json";

  private final Vocabulary vocabulary;
  private final Set<String> single;

  /**
   * A model.
   *
   * @param vocabulary templates of the training
   * @param single those that one session only had
   */
  NewEventModel(String uid, Vocabulary vocabulary, Set<String> single) {
    super(uid, NewEventDetector.NAME);
    this.vocabulary = vocabulary;
    this.single = single;
  }

  @Override
  public String condition() {
    return "a template that no session of the training had";
  }

  @Override
  public boolean byCountsAlone() {
    return true;
  }

  @Override
  public Vocabulary vocabulary() {
    return vocabulary;
  }

  @Override
  public Dataset<Row> transform(Dataset<?> sessions) {
    return judged(sessions.toDF(), Set.copyOf(vocabulary.ids()));
  }

  @Override
  public Dataset<Row> transformTraining(Dataset<?> sessions) {
    return judged(
        sessions.toDF(),
        vocabulary.ids().stream()
            .filter(id -> !single.contains(id))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static Dataset<Row> judged(Dataset<Row> rows, Set<String> templates) {
    Broadcast<Set<String>> known = Spark.broadcast(rows.sparkSession(), templates);
    Column found =
        CountVectors.hasCounts(rows.schema())
            ? udf(new JudgeCounts(known), Detection.TYPE)
                .apply(map_keys(col(Windows.COUNTS)), map_values(col(Windows.COUNTS)))
            : udf(new JudgeEntries(known), Detection.TYPE).apply(Sessions.templateIds());
    return rows.withColumn(Detection.column(NewEventDetector.NAME), found);
  }

  /**
   * What is said of a session.
   *
   * @param unknown number of its entries whose template is not known
   * @param position of the first of them, null when that is not known
   * @param templateId of the first of them
   */
  private static Row detection(long unknown, Integer position, String templateId) {
    if (unknown == 0) {
      return Detection.normal(0, 0);
    }
    String reason =
        unknown == 1
            ? "a kind of line that training never saw"
            : unknown + " lines of kinds that training never saw";
    return Detection.anomalous(
        (double) unknown,
        0,
        Detection.entryEvidence(position, reason, new String[0], new Row[0], templateId));
  }

  private static final class JudgeEntries implements UDF1<Seq<String>, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Set<String>> known;

    JudgeEntries(Broadcast<Set<String>> known) {
      this.known = known;
    }

    @Override
    public Row call(Seq<String> templateIds) {
      Integer position = null;
      String template = null;
      int unknown = 0;
      Iterator<String> ids = templateIds.iterator();
      for (int i = 0; ids.hasNext(); i++) {
        String id = ids.next();
        if (id == null || !known.value().contains(id)) {
          if (position == null) {
            position = i;
            template = id;
          }
          unknown++;
        }
      }
      return detection(unknown, position, template);
    }
  }

  private static final class JudgeCounts implements UDF2<Seq<String>, Seq<Long>, Row> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<Set<String>> known;

    JudgeCounts(Broadcast<Set<String>> known) {
      this.known = known;
    }

    @Override
    public Row call(Seq<String> templateIds, Seq<Long> counts) {
      TreeSet<String> templates = new TreeSet<>();
      long unknown = 0;
      for (int i = 0; i < templateIds.size(); i++) {
        if (!known.value().contains(templateIds.apply(i))) {
          templates.add(templateIds.apply(i));
          unknown += counts.apply(i);
        }
      }
      templates.remove(Windows.NO_TEMPLATE);
      return detection(unknown, null, templates.isEmpty() ? null : templates.first());
    }
  }

  @Override
  public NewEventModel copy(ParamMap extra) {
    return copyValues(new NewEventModel(uid(), vocabulary, single), extra).setParent(parent());
  }

  /** What the model is beside its vocabulary. */
  private record Stored(TreeSet<String> single) {}

  @Override
  protected void write(Path directory, SparkSession spark) {
    Files.of(spark).writeJson(new Path(directory, FILE), new Stored(new TreeSet<>(single)));
  }

  /** Reads what {@link #write()} wrote. */
  public static MLReader<NewEventModel> read() {
    return read(null);
  }

  /** Reads what {@link #writeSharing} wrote. */
  public static MLReader<NewEventModel> read(Vocabulary shared) {
    return reader(
        NewEventModel.class,
        shared,
        (uid, directory, files, vocabulary) -> {
          Stored stored = files.readJson(new Path(directory, FILE), Stored.class);
          return new NewEventModel(uid, vocabulary, Set.copyOf(stored.single));
        });
  }

  /** Loads a saved model. */
  public static NewEventModel load(String path) {
    return read().load(path);
  }
}
