package io.deeplog.detect.rules;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.deeplog.count.CountVectors;
import io.deeplog.detect.Detector;
import io.deeplog.spark.MlPersistence;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Learns how long sessions are: a length that no session had is strange. */
public final class LengthDetector extends Detector<LengthModel> {
  private static final long serialVersionUID = 1L;

  /** The detector's name. */
  public static final String NAME = "length";

  /** A detector. */
  public LengthDetector() {
    this(Identifiable$.MODULE$.randomUID("lengthDetector"));
  }

  /** A detector of a uid, as Spark ML makes it when loading. */
  public LengthDetector(String uid) {
    super(uid, NAME);
  }

  @Override
  public boolean byCountsAlone() {
    return true;
  }

  @Override
  public LengthModel fit(Dataset<?> sessions) {
    transformSchema(sessions.schema());
    Dataset<Row> all = sessions.toDF();
    // As many rows as there are lengths: few, whatever the number of sessions.
    List<Row> rows =
        all.groupBy(CountVectors.length(all).as("length"))
            .agg(count(lit(1)).as("count"))
            .orderBy("length")
            .collectAsList();
    int[] lengths = new int[rows.size()];
    boolean[] single = new boolean[rows.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = rows.get(i).getInt(0);
      single[i] = rows.get(i).getLong(1) == 1;
    }
    return new LengthModel(uid(), new SeenLengths(lengths, single)).setParent(this);
  }

  @Override
  public LengthDetector copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Reads what {@link #write} wrote. */
  public static MLReader<LengthDetector> read() {
    return MlPersistence.reader(LengthDetector.class, LengthDetector::new);
  }

  /** Loads a saved detector. */
  public static LengthDetector load(String path) {
    return read().load(path);
  }
}
