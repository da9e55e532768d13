package io.deeplog.jobs;

import io.deeplog.detect.value.ValueDetector;
import io.deeplog.jobs.generate.ValueSystems;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.ValueOptions;
import io.deeplog.jobs.pipeline.ValueData;
import io.deeplog.jobs.pipeline.ValueEvaluation;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Compares the value models with simple rules, where the abnormal values are known. */
public final class EvaluateValuesCommand implements Command {
  private final ValueOptions options = new ValueOptions();

  @Override
  public String name() {
    return "evaluate-values";
  }

  @Override
  public String summary() {
    return "compares the value models with simple rules on known wrong values";
  }

  @Override
  public String description() {
    return """
        Reads:  series (CSV: timestamp, value) whose abnormal windows are known, each point taken
                for a log line; or, without --series, nothing: it generates logs with wrong values.
        Writes: OUTPUT/values.md and OUTPUT/values.json: events found and false alarms per 1,000
                lines of the value models, of the same with Gaussian bounds, of three standard
                deviations and of median absolute deviations, at their own thresholds and at equal
                false alarms.

          deeplog evaluate-values --output out/values
          deeplog evaluate-values --series nab/realAWSCloudwatch/*.csv \\
              --windows nab/labels/combined_windows.json --output out/nab
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(options);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    SparkSession spark = Spark.session("deeplog evaluate-values");
    Files files = Files.of(spark);
    Path directory = files.qualified(options.output);
    if (dryRun) {
      out.println(
          "would compare on "
              + (options.series.length == 0
                  ? "two generated logs of " + options.lines + " lines of " + options.system
                  : options.series.length + " series")
              + " and write values.md and values.json to "
              + directory);
      return;
    }
    ValueData data =
        options.series.length == 0
            ? ValueData.generated(
                spark,
                directory,
                ValueSystems.ALL.get(options.system).apply(options.seed),
                options.lines)
            : ValueData.series(spark, List.of(options.series), options.windows, options.trainShare);
    ValueDetector detector =
        new ValueDetector().setSeed(options.seed).setNetworks(!options.noNetworks);
    ValueEvaluation.Result result = new ValueEvaluation(detector, options.falseAlarms).run(data);
    String page = result.comparison().markdown();
    out.print(page);
    files.writeText(new Path(directory, "values.md"), page);
    Map<String, Object> figures = new LinkedHashMap<>(result.comparison().figures());
    figures.put("model", result.model());
    files.writeJson(new Path(directory, "values.json"), figures);
  }
}
