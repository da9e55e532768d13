package io.deeplog.detect;

import io.deeplog.count.Vocabulary;
import io.deeplog.count.VocabularyParam;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A detector that numbers templates: by the vocabulary it is given, which others may share, or by
 * one of its own.
 *
 * @param <M> its model
 */
public abstract class VocabularyDetector<M extends DetectorModel<M>> extends Detector<M> {
  private static final long serialVersionUID = 1L;

  private final VocabularyParam vocabulary;

  /** A detector of that name. */
  protected VocabularyDetector(String uid, String detector) {
    super(uid, detector);
    vocabulary = new VocabularyParam(this);
  }

  /** The vocabulary, default unset: that of the sessions it learns from. */
  public final VocabularyParam vocabulary() {
    return vocabulary;
  }

  /** Sets {@link #vocabulary()}. */
  public final VocabularyDetector<M> setVocabulary(Vocabulary value) {
    set(vocabulary, value);
    return this;
  }

  @Override
  public final void shareVocabulary(Vocabulary value) {
    setVocabulary(value);
  }

  /**
   * The vocabulary given, or that of the sessions: one action.
   *
   * @param minCount least number of entries of a template; rarer ones are unknown ones
   */
  protected final Vocabulary vocabulary(Dataset<Row> sessions, long minCount) {
    return vocabulary.orOf(this, sessions).atLeast(minCount);
  }

  /** The templates that normal sessions have. */
  protected final Vocabulary vocabulary(Dataset<Row> sessions) {
    return vocabulary(sessions, 1);
  }
}
