/** The steps that commands are made of: parse, train, detect, report. */
package io.deeplog.jobs.pipeline;
