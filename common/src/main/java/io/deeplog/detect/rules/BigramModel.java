package io.deeplog.detect.rules;

import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.KeysDetectorModel;
import io.deeplog.detect.SessionScorer;
import io.deeplog.sequence.Framing;
import io.deeplog.spark.Files;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Appends {@code bigram} to sessions; the score is the number of entries after a strange one. */
public final class BigramModel extends KeysDetectorModel<BigramModel> {
  private static final long serialVersionUID = 1L;

  private static final String FILE = "pairs.json";

  private final SeenPairs seen;

  BigramModel(String uid, Vocabulary vocabulary, SeenPairs seen) {
    super(uid, BigramDetector.NAME, vocabulary);
    this.seen = seen;
  }

  @Override
  public String condition() {
    return "a template after another that it never followed in the training";
  }

  @Override
  protected SessionScorer scorer(boolean leaveOneOut) {
    return new Scorer(vocabulary(), seen, leaveOneOut);
  }

  private record Scorer(Vocabulary vocabulary, SeenPairs seen, boolean leaveOneOut)
      implements SessionScorer {
    private static final long serialVersionUID = 1L;

    @Override
    public Row judge(int[] keys) {
      int[] unseen = seen.unseen(keys, leaveOneOut);
      if (unseen.length == 0) {
        return Detection.normal(0, 0);
      }
      int at = unseen[0];
      String before = at == 0 ? Detection.BEGIN : name(keys[at - 1]);
      String actual = at == keys.length ? Detection.END : name(keys[at]);
      String first;
      if (at == 0) {
        first = "a session never began with this line";
      } else if (at == keys.length) {
        first = "a session never ended after this line";
      } else {
        first = "this line never came right after the one before it";
      }
      String reason =
          unseen.length == 1 ? first : first + "; " + unseen.length + " such places in the session";
      return Detection.anomalous(
          unseen.length,
          0,
          Detection.entryEvidence(at, reason, new String[] {before}, new Row[0], actual));
    }

    private String name(int key) {
      return key == Framing.UNKNOWN ? Detection.UNKNOWN : vocabulary.id(key);
    }
  }

  @Override
  public BigramModel copy(ParamMap extra) {
    return copyValues(new BigramModel(uid(), vocabulary(), seen), extra).setParent(parent());
  }

  @Override
  protected void write(Path directory, SparkSession spark) {
    Files.of(spark).writeJson(new Path(directory, FILE), seen);
  }

  /** Reads what {@link #write()} wrote. */
  public static MLReader<BigramModel> read() {
    return read(null);
  }

  /** Reads what {@link #writeSharing} wrote. */
  public static MLReader<BigramModel> read(Vocabulary shared) {
    return reader(
        BigramModel.class,
        shared,
        (uid, directory, files, vocabulary) -> {
          SeenPairs seen = files.readJson(new Path(directory, FILE), SeenPairs.class);
          return new BigramModel(uid, vocabulary, seen);
        });
  }

  /** Loads a saved model. */
  public static BigramModel load(String path) {
    return read().load(path);
  }
}
