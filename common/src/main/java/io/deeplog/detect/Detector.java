package io.deeplog.detect;

import io.deeplog.count.CountVectors;
import io.deeplog.count.Vocabulary;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Columns;
import io.deeplog.spark.MlPersistence;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What learns normal sessions. The sessions have the columns of {@link Sessions}; the model appends
 * a column of the detector's name.
 *
 * @param <M> its model
 */
public abstract class Detector<M extends DetectorModel<M>> extends Estimator<M>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1L;

  /** Share of normal sessions that may be flagged, unless it is set. */
  protected static final double FALSE_ALARMS = 0.001;

  private final String uid;
  private final String detector;

  /**
   * A detector.
   *
   * @param detector its name: lower case, words joined by '-'
   */
  protected Detector(String uid, String detector) {
    this.uid = uid;
    this.detector = detector;
  }

  @Override
  public final String uid() {
    return uid;
  }

  /** The detector's name; one that has several algorithms is named by that which is set. */
  public String detector() {
    return detector;
  }

  /** A parameter of the share of normal sessions that may be flagged. */
  protected static DoubleParam falseAlarms(Params parent, String doc) {
    return new DoubleParam(parent, "falseAlarms", doc, ParamValidators.inRange(0, 1, false, false));
  }

  /**
   * Is given the vocabulary that it shares with other detectors; without, it makes its own. One
   * that numbers no templates needs none.
   *
   * @param value of the sessions it will learn from, by {@link CountVectors#vocabulary}
   */
  public void shareVocabulary(Vocabulary value) {}

  // Narrower than Spark's, so that a caller need not know the detector.
  @Override
  public abstract M fit(Dataset<?> sessions);

  /**
   * Whether event counts are all it learns from: then it learns from {@link
   * io.deeplog.sequence.Windows#counts} too, whose entries nobody gathered. So does its model judge
   * them.
   */
  public boolean byCountsAlone() {
    return false;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return appended(schema, byCountsAlone(), detector());
  }

  static StructType appended(StructType schema, boolean byCountsAlone, String detector) {
    return Columns.append(
        schema,
        byCountsAlone ? CountVectors.input(schema) : Sessions.ENTRIES,
        DataTypes.createStructField(Detection.column(detector), Detection.TYPE, true));
  }

  @Override
  public MLWriter write() {
    return MlPersistence.writer(this, null);
  }
}
