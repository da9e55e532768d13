package io.deeplog.detect.rules;

import static org.apache.spark.sql.functions.sum;

import io.deeplog.count.Vocabulary;
import io.deeplog.detect.SessionKeys;
import io.deeplog.detect.VocabularyDetector;
import io.deeplog.spark.Columns;
import io.deeplog.spark.MlPersistence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Learns which template may follow which, and begin or end a session. */
public final class BigramDetector extends VocabularyDetector<BigramModel> {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "bigram";

  private static final StructType PAIR =
      new StructType().add("pair", DataTypes.LongType).add("count", DataTypes.LongType);

  /** A detector. */
  public BigramDetector() {
    this(Identifiable$.MODULE$.randomUID("bigramDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public BigramDetector(String uid) {
    super(uid, NAME);
  }

  @Override
  public BigramModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    Dataset<Row> sessions = dataset.toDF();
    Vocabulary vocabulary = vocabulary(sessions);
    int keys = vocabulary.size();
    // At most the square of the number of templates, whatever the number of sessions.
    List<Row> rows =
        SessionKeys.distinct(sessions, vocabulary)
            .flatMap(new Pairs(keys), Encoders.row(PAIR))
            .groupBy("pair")
            .agg(sum("count").as("count"))
            .orderBy("pair")
            .collectAsList();
    long[] pairs = new long[rows.size()];
    boolean[] single = new boolean[rows.size()];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = rows.get(i).getLong(0);
      single[i] = rows.get(i).getLong(1) == 1;
    }
    return new BigramModel(uid(), vocabulary, new SeenPairs(keys, pairs, single)).setParent(this);
  }

  private record Pairs(int keys) implements FlatMapFunction<Row, Row> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Row> call(Row sequence) {
      List<Row> result = new ArrayList<>();
      for (long pair : SeenPairs.of(Columns.ints(sequence, 0), keys)) {
        result.add(RowFactory.create(pair, sequence.getLong(1)));
      }
      return result.iterator();
    }
  }

  @Override
  public BigramDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<BigramDetector> read() {
    return MlPersistence.reader(BigramDetector.class, BigramDetector::new);
  }

  /** Loads a saved detector. */
  public static BigramDetector load(String path) {
    return read().load(path);
  }
}
