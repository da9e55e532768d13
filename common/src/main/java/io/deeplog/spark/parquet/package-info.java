/**
 * Writing of large tables of texts and numbers as Parquet, in less time than Spark takes. Pages,
 * compression, row groups and footers are Parquet's own; what is done here is to take rows apart
 * and to lay values out in pages.
 */
package io.deeplog.spark.parquet;
