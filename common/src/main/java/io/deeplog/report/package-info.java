/**
 * The HTML reports: one self-contained page per run ({@link io.deeplog.report.HtmlReport}) and one
 * that puts several runs side by side ({@link io.deeplog.report.OverviewReport}).
 *
 * <p>Everything shown may come from a log and so from anyone who can make a service log something:
 * the templates escape all of it, control and direction-changing characters are made visible, long
 * text is cut, and the page's content security policy runs no script and loads no resource besides
 * what is written into the page.
 */
package io.deeplog.report;
