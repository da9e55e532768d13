package io.deeplog.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.UserException;
import io.deeplog.evaluate.ParsingEvaluation;
import io.deeplog.evaluate.ParsingScore;
import io.deeplog.jobs.options.InputOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.TemplateOptions;
import io.deeplog.jobs.options.TruthOptions;
import io.deeplog.log.LogReader;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Parses a log whose true templates are known, and tells how well. */
public final class EvaluateParseCommand implements Command {
  /** Parsed templates shown under a true one. */
  private static final int SHOWN_PARSED = 4;

  private static final int SHOWN_LENGTH = 160;

  private final TruthOptions truth = new TruthOptions();
  private final InputOptions input = new InputOptions();
  private final TemplateOptions templates = new TemplateOptions();

  @Override
  public String name() {
    return "evaluate-parse";
  }

  @Override
  public String summary() {
    return "compares parsed templates with true ones";
  }

  @Override
  public String description() {
    return """
        Reads:  a log and the CSV file of its true templates (LineId, Content, EventTemplate, as
                Loghub has them); without --input, the contents in that file.
        Writes: grouping and parsing accuracy and the worst templates to standard output; the
                figures to the file of --json.

          deeplog evaluate-parse --input X_2k.log --format hdfs --truth X_2k.log_structured.csv
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(truth, input, templates);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    SparkSession spark = Spark.session("deeplog evaluate-parse");
    Dataset<Row> rows = ParsingEvaluation.truth(spark, truth.file);
    Dataset<Row> contents;
    if (truth.input == null) {
      contents = ParsingEvaluation.ownContent(rows, truth.file);
    } else {
      LogReader.Input log = input.reader(spark).open(List.of(truth.input));
      if (log.fileCount() != 1) {
        throw UserException.input(
            truth.input + " has " + log.fileCount() + " files; a truth is that of one log");
      }
      contents =
          ParsingEvaluation.join(
              log.lines()
                  .select(
                      functions.col("source"),
                      functions.col("offset"),
                      functions
                          .when(functions.col("reason").isNull(), functions.col("content"))
                          .as("content")),
              rows);
    }
    if (dryRun) {
      out.println("would compare the templates of " + rows.count() + " lines");
      return;
    }
    ParsingScore score = ParsingEvaluation.score(contents, templates.parser());
    print(score, out);
    if (truth.json != null) {
      Files files = Files.of(spark);
      Path file = files.qualified(truth.json);
      files.writeJson(file, new ObjectMapper().valueToTree(score));
    }
  }

  private void print(ParsingScore score, PrintStream out) {
    out.printf(
        Locale.ROOT,
        "%,d lines, %,d templates, %,d true templates%n" + "GA %.4f  FGA %.4f  PA %.4f  FTA %.4f%n",
        score.lines(),
        score.templates(),
        score.trueTemplates(),
        score.groupingAccuracy(),
        score.groupingF1(),
        score.parsingAccuracy(),
        score.templateF1());
    score.worst().stream()
        .limit(truth.maxShown)
        .forEach(
            wrong -> {
              out.printf(
                  Locale.ROOT,
                  "%n%,d lines, %s%n  true   %s%n",
                  wrong.lines(),
                  wrong.grouped()
                      ? "grouped right"
                      : wrong.others() == 0
                          ? "split in " + wrong.parsed().size()
                          : String.format(
                              Locale.ROOT, "mixed with %,d other lines", wrong.others()),
                  shortened(wrong.truth()));
              wrong.parsed().stream()
                  .limit(SHOWN_PARSED)
                  .forEach(
                      parsed ->
                          out.println(
                              "  parsed "
                                  + (parsed.text() == null
                                      ? "(no template)"
                                      : shortened(parsed.text()))));
            });
  }

  private static String shortened(String text) {
    return text.length() <= SHOWN_LENGTH ? text : text.substring(0, SHOWN_LENGTH) + "...";
  }
}
