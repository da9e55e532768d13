package io.deeplog.detect;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a detector says of a session: {@code score, threshold, anomalous, evidence}. Evidence of a
 * session that is not anomalous is for review.
 *
 * <p>Evidence is {@code position} (of the entry in the session; its length means its end; null when
 * it is the session as a whole), {@code reason} (a sentence), {@code history} (template ids before
 * the entry), {@code expected} (template ids with probabilities), {@code actual} (what came),
 * {@code contributions} (the templates that carry the score: count, expected count, share) and
 * {@code parameters} (the values that carry it: name, value and what was expected in words, share).
 */
public final class Detection {
  /** Stands for the begin of a session among template ids. */
  public static final String BEGIN = "<begin>";

  /** Stands for the end of a session among template ids. */
  public static final String END = "<end>";

  /** Stands for any template that a model does not know. */
  public static final String UNKNOWN = "<unknown>";

  private static final StructType EXPECTED =
      new StructType()
          .add("template_id", DataTypes.StringType)
          .add("probability", DataTypes.DoubleType);

  private static final StructType CONTRIBUTION =
      new StructType()
          .add("template_id", DataTypes.StringType)
          .add("count", DataTypes.DoubleType)
          .add("expected", DataTypes.DoubleType)
          .add("share", DataTypes.DoubleType);

  private static final StructType PARAMETER =
      new StructType()
          .add("parameter", DataTypes.StringType)
          .add("value", DataTypes.StringType)
          .add("expected", DataTypes.StringType)
          .add("share", DataTypes.DoubleType);

  /** Type of the evidence. */
  public static final StructType EVIDENCE =
      new StructType()
          .add("position", DataTypes.IntegerType)
          .add("reason", DataTypes.StringType)
          .add("history", DataTypes.createArrayType(DataTypes.StringType))
          .add("expected", DataTypes.createArrayType(EXPECTED))
          .add("actual", DataTypes.StringType)
          .add("contributions", DataTypes.createArrayType(CONTRIBUTION))
          .add("parameters", DataTypes.createArrayType(PARAMETER));

  /** Type of a detector's column. */
  public static final StructType TYPE =
      new StructType()
          .add("score", DataTypes.DoubleType)
          .add("threshold", DataTypes.DoubleType)
          .add("anomalous", DataTypes.BooleanType)
          .add("evidence", EVIDENCE);

  private static final int SIGNIFICANT_DIGITS = 9;

  private Detection() {}

  /** The column of a detector. */
  public static String column(String detector) {
    return detector.replace('-', '_');
  }

  /**
   * Evidence that is a reason alone.
   *
   * @param position of the entry in the session, or null
   */
  public static Column evidence(Column position, Column reason) {
    return struct(
            position.as("position"),
            reason.as("reason"),
            array().as("history"),
            lit(null).as("expected"),
            lit(null).as("actual"),
            lit(null).as("contributions"),
            lit(null).as("parameters"))
        .cast(EVIDENCE);
  }

  /** A session that is normal to a detector. */
  public static Row normal(double score, double threshold) {
    return RowFactory.create(rounded(score), rounded(threshold), false, null);
  }

  /** A session that is normal to a detector, but has something to look at. */
  public static Row review(double score, double threshold, Row evidence) {
    return RowFactory.create(rounded(score), rounded(threshold), false, evidence);
  }

  /** A session that is anomalous to a detector. */
  public static Row anomalous(double score, double threshold, Row evidence) {
    return RowFactory.create(rounded(score), rounded(threshold), true, evidence);
  }

  /**
   * Evidence of an entry and what was expected in its place.
   *
   * @param position of the entry; null where only its template is known
   * @param expected rows of {@code template_id, probability}, the likeliest first
   */
  public static Row entryEvidence(
      Integer position, String reason, String[] history, Row[] expected, String actual) {
    return RowFactory.create(position, reason, history, expected, actual, new Row[0], new Row[0]);
  }

  /**
   * Evidence of an entry's values.
   *
   * @param parameters rows of {@code parameter, value, expected, share}, the largest share first
   */
  public static Row valueEvidence(
      int position, String reason, String[] history, String actual, Row[] parameters) {
    return RowFactory.create(position, reason, history, new Row[0], actual, new Row[0], parameters);
  }

  /**
   * Evidence of a session's counts.
   *
   * @param contributions rows of {@code template_id, count, expected, share}, the largest first
   */
  public static Row countEvidence(String reason, Row[] contributions) {
    return RowFactory.create(
        null, reason, new String[0], new Row[0], null, contributions, new Row[0]);
  }

  /**
   * Rounds to nine significant digits: the last ones of a floating-point sum are noise, and tables
   * are compared.
   */
  public static double rounded(double value) {
    if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
      return value;
    }
    return new java.math.BigDecimal(value)
        .round(new java.math.MathContext(SIGNIFICANT_DIGITS))
        .doubleValue();
  }
}
