/**
 * The only place that knows Spark's internals: session defaults, Spark ML's private persistence,
 * files on Hadoop file systems, writing of tables, job descriptions and progress.
 */
package io.deeplog.spark;
