package io.deeplog.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeplog.UserException;
import io.deeplog.detect.rules.ObviousLines;
import io.deeplog.evaluate.Evaluation;
import io.deeplog.evaluate.Labels;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.LabelOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.TablesOptions;
import io.deeplog.jobs.pipeline.DetectionRun;
import io.deeplog.jobs.pipeline.Summary;
import io.deeplog.model.Detectors;
import io.deeplog.spark.Files;
import io.deeplog.spark.Output;
import io.deeplog.spark.Spark;
import io.deeplog.spark.Stages;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Compares anomalies with labels. */
public final class EvaluateCommand implements Command {
  private final TablesOptions tables = new TablesOptions();
  private final LabelOptions labels = new LabelOptions();

  @Override
  public String name() {
    return "evaluate";
  }

  @Override
  public String summary() {
    return "compares detected anomalies with labels";
  }

  @Override
  public String description() {
    return """
        Reads:  TABLES/{sessions,anomalies}/date=DATE/ as detect wrote them, and a label file.
        Writes: the evaluation into TABLES/summary.json; a table to standard output.

          deeplog evaluate --tables out/hdfs --labels labels.csv --min-f1 0.95
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(tables, labels);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    if (labels.file == null) {
      throw UserException.usage("no labels given (give " + Flags.LABELS + " FILE)");
    }
    SparkSession spark = Spark.session("deeplog evaluate");
    String date = tables.date(spark);
    Dataset<Row> sessions = Output.read(spark, tables.directory, "sessions", date);
    Dataset<Row> anomalies = Output.read(spark, tables.directory, "anomalies", date);
    Dataset<Row> truth = Labels.read(spark, labels.file);
    if (dryRun) {
      out.println("would compare the tables of " + date + " with " + truth.count() + " labels");
      return;
    }
    Files files = Files.of(spark);
    Path directory = files.qualified(tables.directory);
    Path ofDate = new Path(directory, DetectionRun.ofDate(date, DetectionRun.SUMMARY));
    Evaluation evaluation =
        DetectionRun.evaluate(
            new Stages(spark),
            labels.file,
            truth,
            sessions,
            anomalies,
            detectors(files, ofDate, anomalies));
    JsonNode evaluated =
        new ObjectMapper().valueToTree(new Summary().evaluated(evaluation).values());
    for (String place : List.of(DetectionRun.ofDate(date, ""), "")) {
      Path file = new Path(directory, place + DetectionRun.SUMMARY);
      if (files.exists(file)
          && files.readJson(file) instanceof ObjectNode figures
          && figures.path("date").asText().equals(date)) {
        figures.set("evaluation", evaluated.path("evaluation"));
        files.writeJson(file, figures);
      }
    }
    DetectionRun.printEvaluation(evaluated, out);
    DetectionRun.gate(evaluated, labels);
  }

  /** Those that judged, by the figures of that date; without them those that found something. */
  private static List<String> detectors(Files files, Path summary, Dataset<Row> anomalies) {
    List<String> judged = new ArrayList<>();
    if (files.exists(summary)) {
      files.readJson(summary).path("anomalies").fieldNames().forEachRemaining(judged::add);
    } else {
      anomalies
          .select("detector")
          .distinct()
          .collectAsList()
          .forEach(row -> judged.add(row.getString(0)));
    }
    return Stream.concat(Detectors.names().stream(), Stream.of(ObviousLines.NAME))
        .filter(judged::contains)
        .toList();
  }
}
