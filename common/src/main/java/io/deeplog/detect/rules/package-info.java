/** Detectors that need no model but what was seen in training. */
package io.deeplog.detect.rules;
