/**
 * The contract of a detector: a Spark ML model that appends, to sessions, a column of its name that
 * holds its score, its threshold, whether the session is anomalous, and the evidence.
 */
package io.deeplog.detect;
