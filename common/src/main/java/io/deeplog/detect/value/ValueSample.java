package io.deeplog.detect.value;

import io.deeplog.Pure;
import java.util.List;

/**
 * An entry to learn from.
 *
 * @param time in microseconds, which only orders samples
 * @param tie orders samples of one time
 * @param history values of entries of the same template before it in its session, the oldest first,
 *     as far as they are known
 * @param row its own values
 */
@Pure
public record ValueSample(long time, long tie, List<ValueRow> history, ValueRow row) {}
