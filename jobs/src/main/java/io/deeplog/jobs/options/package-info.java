/** Groups of options that commands share, and their parsing. */
package io.deeplog.jobs.options;
