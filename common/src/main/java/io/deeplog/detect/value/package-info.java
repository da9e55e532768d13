/**
 * Value models (DeepLog, section 3.2): for every template, what its parameters and the time gap
 * before it normally are.
 */
package io.deeplog.detect.value;
