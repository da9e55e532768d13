package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.io.Serializable;

/**
 * The values of an entry.
 *
 * @param gap seconds since the previous entry of the session, NaN for the first or without times
 * @param params as texts, in the order of the template
 */
@Pure
public record ValueRow(double gap, String[] params) implements Serializable {
  private static final long serialVersionUID = 1L;
}
