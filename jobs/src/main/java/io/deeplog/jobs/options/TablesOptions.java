package io.deeplog.jobs.options;

import io.deeplog.spark.Output;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** Tables that an earlier command wrote. */
public final class TablesOptions implements OptionGroup {
  @Option(
      name = Flags.TABLES,
      metaVar = "DIR",
      required = true,
      usage = "directory of the tables, the --output of detect or run")
  public String directory;

  @Option(
      name = Flags.DATE,
      metaVar = "YYYY-MM-DD",
      usage = "date of the tables (default: the newest)")
  public String date;

  @Override
  public String heading() {
    return "Tables";
  }

  @Override
  public void validate() {
    OptionGroup.require(
        date == null || OutputOptions.isDate(date), Flags.DATE, date, "a date such as 2026-01-31");
  }

  /** The date given, or the newest there is. */
  public String date(SparkSession spark) {
    return date == null ? Output.newestDate(spark, directory, "anomalies") : date;
  }
}
