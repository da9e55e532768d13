/** Comparing verdicts with labels. */
package io.deeplog.evaluate;
