package io.deeplog.jobs.options;

import io.deeplog.log.LogReader;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** How raw logs are read. */
public final class InputOptions implements OptionGroup {
  @Option(
      name = Flags.FORMAT,
      metaVar = "FORMAT",
      usage =
          "format: a preset of conf/formats.yaml whatever the case (hdfs, syslog, json, csv ...),"
              + " several with commas to choose from, or a layout such as"
              + " '<Date> <Time> <Level>: <Content>' (default: auto, for each file the preset that"
              + " fits best)")
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

  @Option(
      name = Flags.FORMATS,
      metaVar = "FILE",
      usage = "formats of your own, laid out like conf/formats.yaml")
  public String formats;

  @Option(
      name = Flags.MESSAGE_FIELD,
      metaVar = "NAME",
      usage = "name or column of the message in JSON and CSV (default: one of the usual names)")
  public String messageField;

  @Option(
      name = Flags.TIME_FIELD,
      metaVar = "NAME",
      usage = "name or column of the time in JSON and CSV (default: one of the usual names)")
  public String timeField;

  @Option(
      name = Flags.MULTILINE,
      metaVar = "RULE",
      usage =
          "lines that belong to the entry before: none, stack-trace (those that look like one) or"
              + " all (those that do not fit) (default: by the format)")
  public String multiline;

  @Override
  public String heading() {
    return "Reading";
  }

  @Override
  public void validate() {
    OptionGroup.require(
        year == null || (year >= 1970 && year <= 9999), Flags.YEAR, year, "a year of four digits");
    OptionGroup.require(
        multiline == null || List.of("none", "stack-trace", "all").contains(multiline),
        Flags.MULTILINE,
        multiline,
        "one of none, stack-trace, all");
  }

  /** A reader of these settings. */
  public LogReader reader(SparkSession spark) {
    return new LogReader(spark)
        .format(format == null ? LogReader.AUTO : format)
        .formats(formats)
        .fields(messageField, timeField, multiline)
        .timestamp(timestamp)
        .year(year);
  }
}
