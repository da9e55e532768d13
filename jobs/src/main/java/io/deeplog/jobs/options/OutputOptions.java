package io.deeplog.jobs.options;

import io.deeplog.spark.Output;
import io.deeplog.spark.TableFormat;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** Where tables go. */
public final class OutputOptions implements OptionGroup {
  @Option(name = Flags.OUTPUT, metaVar = "DIR", required = true, usage = "directory of the tables")
  public String directory;

  @Option(
      name = Flags.DATE,
      metaVar = "YYYY-MM-DD",
      usage = "date of the run, the tables' partition; today in UTC unless given")
  public String date = LocalDate.now(ZoneOffset.UTC).toString();

  @Option(
      name = Flags.TABLE_FORMAT,
      metaVar = "FORMAT",
      usage = "parquet, csv or json; csv writes logparser's files and log_value_vector too")
  public String tableFormat = TableFormat.PARQUET.id();

  @Option(name = Flags.OVERWRITE, usage = "replace the tables of this date")
  public boolean overwrite;

  @Override
  public String heading() {
    return "Output";
  }

  @Override
  public void validate() {
    OptionGroup.require(Flags.TABLE_FORMAT, () -> TableFormat.of(tableFormat));
    OptionGroup.require(isDate(date), Flags.DATE, date, "a date such as 2026-01-31");
  }

  /** Whether a text is a date of the calendar. */
  static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /**
   * Opens the output; fails when tables of the date are there and may not be replaced, and when it
   * is in an input.
   */
  public Output open(SparkSession spark, List<String> tables, List<String> inputs) {
    TableFormat format = TableFormat.of(tableFormat);
    List<String> all = new ArrayList<>(tables);
    if (format == TableFormat.CSV) {
      all.addAll(TableFormat.COMPATIBLE);
    }
    Output output = Output.open(spark, directory, date, format, all, overwrite);
    output.requireOutside(inputs);
    return output;
  }
}
