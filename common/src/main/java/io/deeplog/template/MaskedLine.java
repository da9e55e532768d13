package io.deeplog.template;

import java.io.Serializable;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;

/** A distinct masked line and how often it came. */
public final class MaskedLine implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of the bean. */
  public static final Encoder<MaskedLine> ENCODER = Encoders.bean(MaskedLine.class);

  private String masked;
  private long count;

  /** The line after {@link Masker#mask}. */
  public String getMasked() {
    return masked;
  }

  public void setMasked(String masked) {
    this.masked = masked;
  }

  /** How many lines gave it. */
  public long getCount() {
    return count;
  }

  public void setCount(long count) {
    this.count = count;
  }
}
