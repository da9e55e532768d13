package io.deeplog.jobs;

import io.deeplog.evaluate.KeySequences;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.SequenceOptions;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.jobs.pipeline.SequenceData;
import io.deeplog.jobs.pipeline.SequenceEvaluation;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import io.deeplog.spark.Stages;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Compares all detectors on files of key sequences. */
public final class EvaluateSequencesCommand implements Command {
  private static final String JSON = "evaluation.json";
  private static final String MARKDOWN = "evaluation.md";

  private final SequenceOptions sequences = new SequenceOptions();
  private final TrainingOptions training = new TrainingOptions();

  @Override
  public String name() {
    return "evaluate-sequences";
  }

  @Override
  public String summary() {
    return "compares all detectors on labelled sequences of log keys";
  }

  @Override
  public String description() {
    return """
        Reads:  sessions of log keys: a line a session, keys separated by spaces; or session, label
                and keys separated by tabs; or CSV of keys and label, or with a header. Labels are
                used for the figures, and by the detectors that are marked as supervised.
        Writes: OUTPUT/evaluation.json and OUTPUT/evaluation.md: a row a detector and one of the
                verdict, for all sessions, for distinct ones, and for those shorter than the history.

          deeplog evaluate-sequences --train normal.txt --test test.tsv --anomaly-rate 0.03 \\
              --output out/sequences
          deeplog evaluate-sequences --train labelled.csv --train-share 0.5 --output out/sequences
          deeplog evaluate-sequences --train normal.csv --train-share 0.5 --test abnormal.csv \\
              --test-label anomaly --output out/sequences
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(sequences, training, training.counts);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    SparkSession spark = Spark.session("deeplog evaluate-sequences");
    if (dryRun) {
      SequenceData data = SequenceData.read(spark, sequences, training.seed);
      out.printf(
          Locale.ROOT,
          "would learn from %,d sessions and judge %,d%n",
          KeySequences.normal(data.train()).count(),
          data.test().count());
      return;
    }
    Stages stages = new Stages(spark);
    SequenceEvaluation.Result result = new SequenceEvaluation(stages, sequences, training).run();
    Files files = Files.of(spark);
    Path directory = files.qualified(sequences.output);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("data", result.data());
    json.put("detectors", result.rows());
    json.put("settings", training.toMap());
    json.put("seconds", stages.seconds());
    files.writeJson(new Path(directory, JSON), json);
    String markdown = markdown(result);
    files.writeText(new Path(directory, MARKDOWN), markdown);
    out.print(markdown);
    out.println("figures: " + new Path(directory, JSON));
  }

  private static String markdown(SequenceEvaluation.Result result) {
    StringBuilder text = new StringBuilder("# Detectors on key sequences\n\n");
    result
        .data()
        .forEach(
            (name, value) ->
                text.append("- ")
                    .append(name.replace('_', ' '))
                    .append(": ")
                    .append(value)
                    .append('\n'));
    text.append(
        "\nThresholds come from the training sessions alone. Precision, F1 and AUPRC are for the"
            + " anomaly rate above, where one is given.\n");
    List<Map<String, Object>> rows = rows(result, false);
    table(text, "All sessions", rows, null);
    table(text, "Distinct sessions", rows, "deduplicated");
    table(text, "Sessions shorter than the history", rows, "short_sessions");
    table(text, "The other sessions", rows, "without_short_sessions");
    List<Map<String, Object>> supervised = rows(result, true);
    if (!supervised.isEmpty()) {
      table(
          text,
          "Supervised: learned from labels, not to be compared with the above",
          supervised,
          null);
      table(text, "Supervised, distinct sessions", supervised, "deduplicated");
    }
    return text.toString();
  }

  private static List<Map<String, Object>> rows(
      SequenceEvaluation.Result result, boolean supervised) {
    return result.rows().stream()
        .filter(row -> row.get(SequenceEvaluation.SUPERVISED).equals(supervised))
        .toList();
  }

  @SuppressWarnings("unchecked")
  private static void table(
      StringBuilder text, String title, List<Map<String, Object>> rows, String part) {
    text.append("\n## ").append(title).append("\n\n");
    text.append("| detector | precision | recall | F1 | AUPRC | false alarms per 1,000 |");
    text.append(part == null ? " training s | sessions/s |\n" : "\n");
    text.append("|---|---|---|---|---|---|").append(part == null ? "---|---|\n" : "\n");
    for (Map<String, Object> row : rows) {
      Map<String, Object> figures = part == null ? row : (Map<String, Object>) row.get(part);
      String spread =
          figures.containsKey("f1_least")
              ? String.format(
                  Locale.ROOT,
                  " +- %.4f (%.4f - %.4f)",
                  number(figures, "f1_deviation"),
                  number(figures, "f1_least"),
                  number(figures, "f1_most"))
              : "";
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.4f | %.4f | %.4f%s | %.4f | %.2f |",
              row.get("detector"),
              number(figures, "precision"),
              number(figures, "recall"),
              number(figures, "f1"),
              spread,
              number(figures, "auprc"),
              number(figures, "false_alarms_per_1000")));
      text.append(
          part == null
              ? String.format(
                  Locale.ROOT,
                  " %.1f | %s |%n",
                  number(row, "train_seconds"),
                  row.get("sessions_per_second"))
              : "\n");
    }
  }

  private static double number(Map<String, Object> figures, String name) {
    return ((Number) figures.get(name)).doubleValue();
  }
}
