package io.deeplog.count;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A parameter that holds a vocabulary, for estimators that share one; an estimator without makes
 * its own of what it learns from.
 */
public final class VocabularyParam extends Param<Vocabulary> {
  private static final long serialVersionUID = 1L;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A parameter named vocabulary. */
  public VocabularyParam(Params parent) {
    super(parent, "vocabulary", "template ids that keys and columns stand for; unset: by the data");
  }

  /** The vocabulary that a stage has set, or that of rows to learn from: one action. */
  public Vocabulary orOf(Params stage, Dataset<Row> rows) {
    return stage.isSet(this) ? stage.getOrDefault(this) : CountVectors.vocabulary(rows);
  }

  @Override
  public String jsonEncode(Vocabulary value) {
    try {
      return JSON.writeValueAsString(VocabularyFile.Stored.of(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public Vocabulary jsonDecode(String json) {
    try {
      return JSON.readValue(json, VocabularyFile.Stored.class).vocabulary("a vocabulary");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
