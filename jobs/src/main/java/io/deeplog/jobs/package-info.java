/** The command line: one class a command, and the one place that exits. */
package io.deeplog.jobs;
