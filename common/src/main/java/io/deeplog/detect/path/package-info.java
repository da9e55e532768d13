/** The path detector: an LSTM over log keys (DeepLog, section 3). */
package io.deeplog.detect.path;
