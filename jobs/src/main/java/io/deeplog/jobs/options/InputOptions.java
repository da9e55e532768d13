package io.deeplog.jobs.options;

import io.deeplog.log.LogReader;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** How raw logs are read. */
public final class InputOptions implements OptionGroup {
  @Option(
      name = Flags.FORMAT,
      metaVar = "FORMAT",
      usage =
          "header format: a preset (hdfs, syslog, log4j) or a layout such as"
              + " '<Date> <Time> <Level>: <Content>' (default: the preset that fits best)")
  public String format;

  @Option(
      name = Flags.TIMESTAMP,
      metaVar = "PATTERN",
      usage = "pattern of the time, e.g. 'yyyy-MM-dd HH:mm:ss' (default: chosen by the input)")
  public String timestamp;

  @Option(
      name = Flags.YEAR,
      metaVar = "YYYY",
      usage = "year in which files without a year in their times start (default: by their dates)")
  public Integer year;

  @Override
  public String heading() {
    return "Reading";
  }

  @Override
  public void validate() {
    OptionGroup.require(
        year == null || (year >= 1970 && year <= 9999), Flags.YEAR, year, "a year of four digits");
  }

  /** A reader of these settings. */
  public LogReader reader(SparkSession spark) {
    return new LogReader(spark)
        .format(format == null ? LogReader.AUTO : format)
        .timestamp(timestamp)
        .year(year);
  }
}
