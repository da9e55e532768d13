/**
 * DeepLog on Spark: finds the anomalous lines, sessions and parameter values in logs, without
 * labels.
 *
 * <p>This package holds only what every layer needs: the errors a user can cause, and the marker of
 * classes that know nothing of Spark.
 */
package io.deeplog;
