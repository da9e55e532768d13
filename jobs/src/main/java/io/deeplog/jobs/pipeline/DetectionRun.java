package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.UserException;
import io.deeplog.detect.path.PathDetectorModel;
import io.deeplog.detect.rules.LineRules;
import io.deeplog.evaluate.Evaluation;
import io.deeplog.evaluate.Labels;
import io.deeplog.jobs.options.AlertOptions;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.LabelOptions;
import io.deeplog.jobs.options.ReportOptions;
import io.deeplog.model.ModelStore;
import io.deeplog.model.TrainedModels;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Files;
import io.deeplog.spark.Output;
import io.deeplog.spark.Stages;
import io.deeplog.verdict.Anomalies;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The second half of detect, run and demo: judge, evaluate, report and publish. */
public final class DetectionRun {
  /** The figures of a run, in the output directory and, by date, below {@code reports/}. */
  public static final String SUMMARY = "summary.json";

  /** The page, beside the figures. */
  public static final String REPORT = "report.html";

  /** The table of every entry's verdict. */
  private static final String ENTRIES = "entries";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Stages stages;
  private final Output output;
  private final LineRules rules;
  private final LabelOptions labelOptions;
  private final ReportOptions reportOptions;
  private final AlertOptions alertOptions;

  /** A run into an output. */
  public DetectionRun(
      Stages stages,
      Output output,
      LineRules rules,
      LabelOptions labelOptions,
      ReportOptions reportOptions,
      AlertOptions alertOptions) {
    this.stages = stages;
    this.output = output;
    this.rules = rules;
    this.labelOptions = labelOptions;
    this.reportOptions = reportOptions;
    this.alertOptions = alertOptions;
  }

  /** Tables that a run publishes. */
  public static List<String> tables(AlertOptions options) {
    List<String> tables = new ArrayList<>(DetectStage.TABLES);
    if (options.entries) {
      tables.add(ENTRIES);
    }
    return tables;
  }

  /** The place of a file of one date. */
  public static String ofDate(String date, String file) {
    return "reports/date=" + date + "/" + file;
  }

  /**
   * Judges parsed logs and publishes all tables, the figures and the report.
   *
   * @param summary with what is known before
   * @return the figures
   * @throws UserException when a label names no session, or the quality gate is missed; the results
   *     of a missed gate are published
   */
  public JsonNode run(
      ParseStage.Parsed parsed, ModelStore.Version version, Summary summary, PrintStream out) {
    SparkSession spark = stages.spark();
    DetectStage.Detected detected =
        new DetectStage(stages, output, rules, alertOptions.maxAlerts).run(parsed, version);
    summary.parsed(parsed).detected(detected, version);
    if (alertOptions.entries) {
      stages.run(ENTRIES, "", () -> writeEntries(detected.sessions(), version.models()));
    }
    Dataset<Row> labels = null;
    if (labelOptions.file != null) {
      labels = Labels.read(spark, labelOptions.file);
      summary.evaluated(
          evaluate(
              stages,
              labelOptions.file,
              labels,
              detected.sessions(),
              detected.anomalies(),
              DetectStage.judges(version.models())));
    }
    Dataset<Row> shownLabels = labels;
    String page =
        stages.run(
            "report",
            "",
            () ->
                new ReportStage(
                        spark,
                        new ReportStage.Tables(
                            parsed.structured(),
                            detected.templates(),
                            parsed.rejects(),
                            detected.anomalies(),
                            shownLabels),
                        json(summary.resources(stages.seconds())),
                        reportOptions.maxShown)
                    .render());
    stages.run("publish", output.directory().toString(), output::commit);
    JsonNode figures = json(summary.resources(stages.seconds()));
    publish(Files.of(spark), output.directory(), output.date(), figures, page);
    print(figures, out);
    out.println("report: " + new Path(output.directory(), REPORT));
    gate(figures, labelOptions);
    return figures;
  }

  /**
   * Writes the verdict of every entry.
   *
   * @throws UserException when no network of the model judges
   */
  private Dataset<Row> writeEntries(Dataset<Row> sessions, TrainedModels models) {
    PathDetectorModel network =
        models.detectors().stream()
            .filter(PathDetectorModel.class::isInstance)
            .map(PathDetectorModel.class::cast)
            .findFirst()
            .orElseThrow(
                () ->
                    UserException.usage(
                        "no log-key network judges (leave "
                            + Flags.ENTRIES
                            + " out, or train with "
                            + Flags.DETECTORS
                            + " lstm among others)"));
    return output.table(
        ENTRIES,
        network.entries(
            sessions.select(
                col(Sessions.SESSION),
                transform(col("template_ids"), id -> struct(id.as("template_id")))
                    .as(Sessions.ENTRIES))));
  }

  /**
   * Checks labels against sessions and compares them with anomalies.
   *
   * @param detectors names of those that judged, without the verdict
   */
  public static Evaluation evaluate(
      Stages stages,
      String file,
      Dataset<Row> labels,
      Dataset<Row> sessions,
      Dataset<Row> anomalies,
      List<String> detectors) {
    List<String> judges = new ArrayList<>(detectors);
    judges.add(Anomalies.VERDICT);
    return stages.run(
        "evaluate",
        file,
        () -> {
          Labels.check(labels, sessions, file);
          return Evaluation.of(sessions, anomalies.filter(Anomalies.FLAGGED), labels, judges);
        });
  }

  private static JsonNode json(Summary summary) {
    return JSON.valueToTree(summary.values());
  }

  /** Writes figures and page, by date and as the newest. */
  public static void publish(
      Files files, Path directory, String date, JsonNode figures, String page) {
    for (String place : List.of(ofDate(date, ""), "")) {
      files.writeJson(new Path(directory, place + SUMMARY), figures);
      files.writeText(new Path(directory, place + REPORT), page);
    }
  }

  /** Prints figures for a person. */
  public static void print(JsonNode figures, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%,d lines (%,d rejected), %,d templates (%,d new), %,d sessions, %,d of them anomalous%n",
        figures.path("lines").asLong(),
        figures.path("rejects").asLong(),
        figures.path("templates").asLong(),
        figures.path("new_templates").asLong(),
        figures.path("sessions").asLong(),
        figures.path("anomalous_sessions").asLong());
    List<String> counts = new ArrayList<>();
    figures
        .path("anomalies")
        .fields()
        .forEachRemaining(e -> counts.add(e.getKey() + " " + e.getValue().asLong()));
    out.println("anomalies: " + String.join(", ", counts));
    printEvaluation(figures, out);
  }

  /** Prints the evaluation of figures, if there is one. */
  public static void printEvaluation(JsonNode figures, PrintStream out) {
    if (figures.path("evaluation").isMissingNode()) {
      return;
    }
    out.printf(
        "%-14s %9s %9s %9s %8s %8s %8s %8s%n",
        "detector", "precision", "recall", "F1", "TP", "FP", "FN", "TN");
    ReportStage.evaluation(figures)
        .forEach(
            row ->
                out.printf(
                    Locale.ROOT,
                    "%-14s %9.4f %9.4f %9.4f %8d %8d %8d %8d%n",
                    row.detector(),
                    row.precision(),
                    row.recall(),
                    row.f1(),
                    row.tp(),
                    row.fp(),
                    row.fn(),
                    row.tn()));
    ReportStage.kinds(figures)
        .forEach(k -> out.printf("  %-14s %d of %d found%n", k.kind(), k.found(), k.total()));
  }

  /**
   * Holds figures against the wanted quality.
   *
   * @throws UserException when it is missed
   */
  public static void gate(JsonNode figures, LabelOptions options) {
    double f1 = figures.path("evaluation").path(Anomalies.VERDICT).path("f1").asDouble();
    if (options.minF1 != null && f1 < options.minF1) {
      throw UserException.qualityGate(
          String.format(
              Locale.ROOT,
              "the verdict's F1 %.4f is below %s %s",
              f1,
              Flags.MIN_F1,
              options.minF1));
    }
  }
}
