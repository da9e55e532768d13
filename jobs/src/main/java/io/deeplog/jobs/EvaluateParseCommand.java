package io.deeplog.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeplog.UserException;
import io.deeplog.evaluate.ParsingEvaluation;
import io.deeplog.evaluate.ParsingScore;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.InputOptions;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.SettingsByLog;
import io.deeplog.jobs.options.TemplateOptions;
import io.deeplog.jobs.options.TruthOptions;
import io.deeplog.log.LogReader;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Parses a log whose true templates are known, and tells how well. */
public final class EvaluateParseCommand implements Command {
  /** Parsed templates shown under a true one. */
  private static final int SHOWN_PARSED = 4;

  /** Wrong templates shown of one log, and of each log of a directory. */
  private static final int SHOWN_OF_ONE = 10;

  private static final int SHOWN_OF_EACH = 3;

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
                Loghub has them); without --input, the contents in that file. Of a directory of
                such files each, for a table with their average.
        Writes: grouping and parsing accuracy and the worst templates to standard output; the
                figures to the file of --json.

          deeplog evaluate-parse --input X_2k.log --format hdfs --truth X_2k.log_structured.csv
          deeplog evaluate-parse --truth loghub_2k --miner drain
          deeplog evaluate-parse --truth loghub_2k --settings-by-log conf/benchmark-drain.yaml
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(truth, input, templates);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    SparkSession spark = Spark.session("deeplog evaluate-parse");
    Files files = Files.of(spark);
    Map<String, String> truths = truths(files);
    if (truths.size() > 1 && truth.input != null) {
      throw UserException.usage(
          Flags.INPUT + " is the log of one truth; " + truth.file + " has " + truths.size());
    }
    SettingsByLog byLog =
        truth.settingsByLog == null
            ? null
            : SettingsByLog.parse(
                files.readText(files.inputs(truth.settingsByLog).get(0).getPath()),
                truth.settingsByLog);
    ObjectNode json = new ObjectMapper().createObjectNode();
    List<ParsingScore> scores = new ArrayList<>();
    for (Map.Entry<String, String> named : truths.entrySet()) {
      TemplateOptions settings = byLog == null ? templates : byLog.of(named.getKey());
      Dataset<Row> contents = contents(spark, named.getValue());
      if (dryRun) {
        out.println(
            "would compare the templates of " + contents.count() + " lines of " + named.getKey());
        continue;
      }
      ParsingScore score = ParsingEvaluation.score(contents, settings.parser());
      scores.add(score);
      json.putPOJO(named.getKey(), score);
      if (truths.size() == 1) {
        print(score, out);
      } else {
        out.println(row(named.getKey(), List.of(score)));
      }
    }
    if (dryRun) {
      return;
    }
    if (truths.size() > 1) {
      out.println(row("average", scores));
      List<String> names = List.copyOf(truths.keySet());
      for (int i = 0; i < names.size(); i++) {
        printWorst(names.get(i), scores.get(i), SHOWN_OF_EACH, out);
      }
    }
    if (truth.json != null) {
      files.writeJson(
          files.qualified(truth.json),
          truths.size() > 1 ? json : new ObjectMapper().valueToTree(scores.get(0)));
    }
  }

  private Dataset<Row> contents(SparkSession spark, String file) {
    Dataset<Row> rows = ParsingEvaluation.truth(spark, file);
    if (truth.sample != null) {
      rows =
          rows.orderBy(functions.xxhash64(functions.col("LineId")), functions.col("LineId"))
              .limit(truth.sample);
    }
    if (truth.input == null) {
      return ParsingEvaluation.ownContent(rows, file);
    }
    return ParsingEvaluation.join(lines(spark, rows.count()), rows);
  }

  /**
   * The lines of the log. A truth has a row for every line, those of stack traces too, so that they
   * are not joined to entries unless the user says so, or the truth has fewer rows than that.
   */
  private Dataset<Row> lines(SparkSession spark, long rows) {
    if (input.multiline != null) {
      return lines(spark);
    }
    input.multiline = "none";
    Dataset<Row> apart = lines(spark);
    input.multiline = null;
    return apart.count() == rows ? apart : lines(spark);
  }

  private Dataset<Row> lines(SparkSession spark) {
    LogReader.Input log = input.reader(spark).open(List.of(truth.input));
    if (log.fileCount() != 1) {
      throw UserException.input(
          truth.input + " has " + log.fileCount() + " files; a truth is that of one log");
    }
    return log.lines()
        .select(
            functions.col("source"),
            functions.col("offset"),
            functions
                .when(functions.col("reason").isNull(), functions.col("content"))
                .as("content"));
  }

  /** The files of true templates by the names of their logs; of two for one log the corrected. */
  private Map<String, String> truths(Files files) {
    List<FileStatus> found = files.inputs(truth.file);
    if (found.size() == 1) {
      return Map.of(found.get(0).getPath().getName(), truth.file);
    }
    Map<String, String> result = new TreeMap<>();
    List<String> suffixes =
        truth.uncorrected
            ? List.of("_structured.csv")
            : List.of("_structured.csv", "_structured_corrected.csv");
    for (String suffix : suffixes) {
      for (FileStatus file : found) {
        String name = file.getPath().getName();
        if (name.endsWith(suffix)) {
          result.put(name.substring(0, name.length() - suffix.length()), file.getPath().toString());
        }
      }
    }
    if (result.isEmpty()) {
      throw UserException.input(
          "no file X_structured.csv or X_structured_corrected.csv in " + truth.file);
    }
    return result;
  }

  /** Several logs' averages, each log with the same weight. */
  private static String row(String name, List<ParsingScore> scores) {
    ToDoubleFunction<ToDoubleFunction<ParsingScore>> average =
        figure -> scores.stream().mapToDouble(figure).average().orElse(0);
    return String.format(
        Locale.ROOT,
        "%-24s %5.0f of %5.0f templates  GA %.4f  FGA %.4f  PA %.4f  FTA %.4f",
        name,
        average.applyAsDouble(ParsingScore::templates),
        average.applyAsDouble(ParsingScore::trueTemplates),
        average.applyAsDouble(ParsingScore::groupingAccuracy),
        average.applyAsDouble(ParsingScore::groupingF1),
        average.applyAsDouble(ParsingScore::parsingAccuracy),
        average.applyAsDouble(ParsingScore::templateF1));
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
    printWorst("", score, SHOWN_OF_ONE, out);
  }

  /** Prints the wrong templates with most lines, and how many there are. */
  private void printWorst(String name, ParsingScore score, int shown, PrintStream out) {
    int most = Math.min(truth.maxShown == null ? shown : truth.maxShown, score.worst().size());
    if (most == 0) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "%n%sthe worst %,d of %,d wrong templates:%n",
        name.isEmpty() ? "" : name + ", ",
        most,
        score.worst().size());
    score.worst().stream()
        .limit(most)
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
    return UserException.shown(text, SHOWN_LENGTH);
  }
}
