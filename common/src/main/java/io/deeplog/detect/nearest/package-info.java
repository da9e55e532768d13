/** Distance of a session's event counts to those of the training. */
package io.deeplog.detect.nearest;
