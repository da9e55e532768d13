/**
 * Made-up logs of three services, with and without labelled anomalies: the data of the tests and
 * the benchmarks' logs of any size.
 *
 * <p>A {@link io.deeplog.jobs.generate.SessionSource} writes the script of one session, a list of
 * steps with time gaps; an anomaly is a change to a script or to its values. The interleaver plays
 * many scripts at once, in order of time. {@link io.deeplog.jobs.generate.TestData} and {@link
 * io.deeplog.jobs.generate.ScaledLog} differ only in how many scripts they ask for.
 *
 * <p>All output follows from one seed: no clock, locale, time zone or platform setting is read.
 */
package io.deeplog.jobs.generate;
