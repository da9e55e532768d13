/**
 * Reading raw logs: every line with its source and byte offset, its header fields and its time in
 * UTC; lines that do not fit are kept as rejects with a reason.
 */
package io.deeplog.log;
