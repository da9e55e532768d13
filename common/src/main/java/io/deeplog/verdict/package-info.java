/** Combining what the detectors say into one verdict, and the anomalies table with its evidence. */
package io.deeplog.verdict;
