/** Event counts of sessions: the vocabulary, count vectors and their weighting. */
package io.deeplog.count;
