package io.deeplog.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.UserException;
import io.deeplog.evaluate.Labels;
import io.deeplog.jobs.options.LabelOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.ReportOptions;
import io.deeplog.jobs.options.TablesOptions;
import io.deeplog.jobs.pipeline.DetectionRun;
import io.deeplog.jobs.pipeline.ReportStage;
import io.deeplog.spark.Files;
import io.deeplog.spark.Output;
import io.deeplog.spark.Spark;
import java.io.PrintStream;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Makes the report of tables again. */
public final class ReportCommand implements Command {
  private final TablesOptions tables = new TablesOptions();
  private final LabelOptions labels = new LabelOptions();
  private final ReportOptions report = new ReportOptions();

  @Override
  public String name() {
    return "report";
  }

  @Override
  public String summary() {
    return "makes the HTML report from the tables of detect or run";
  }

  @Override
  public String description() {
    return """
        Reads:  the tables and figures below TABLES, as detect or run wrote them; labels, if given,
                are shown beside the sessions.
        Writes: TABLES/reports/date=DATE/report.html, and TABLES/report.html for the newest date.

          deeplog report --tables out/hdfs --max-shown 500
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(tables, labels, report);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    SparkSession spark = Spark.session("deeplog report");
    Files files = Files.of(spark);
    String date = tables.date(spark);
    Path directory = files.qualified(tables.directory);
    Path figures = new Path(directory, DetectionRun.ofDate(date, DetectionRun.SUMMARY));
    if (!files.exists(figures)) {
      throw UserException.input("no figures " + figures + " (run detect first)");
    }
    ReportStage.Tables read =
        new ReportStage.Tables(
            table(spark, "structured", date),
            table(spark, "templates", date),
            table(spark, "rejects", date),
            table(spark, "anomalies", date),
            labels.file == null ? null : Labels.read(spark, labels.file));
    if (dryRun) {
      out.println("would write the report of " + date + " to " + directory);
      return;
    }
    JsonNode summary = files.readJson(figures);
    String page = new ReportStage(spark, read, summary, report.maxShown).render();
    Path place = new Path(directory, DetectionRun.ofDate(date, DetectionRun.REPORT));
    files.writeText(place, page);
    if (date.equals(Output.newestDate(spark, tables.directory, "anomalies"))) {
      files.writeText(new Path(directory, DetectionRun.REPORT), page);
    }
    out.println("report: " + place);
  }

  private Dataset<Row> table(SparkSession spark, String name, String date) {
    return Output.read(spark, tables.directory, name, date);
  }
}
