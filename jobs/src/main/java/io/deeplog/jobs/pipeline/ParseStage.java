package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.deeplog.UserException;
import io.deeplog.log.LogFormats;
import io.deeplog.log.LogReader;
import io.deeplog.sequence.SessionKey;
import io.deeplog.sequence.Sessions;
import io.deeplog.sequence.Windows;
import io.deeplog.spark.Output;
import io.deeplog.spark.Stages;
import io.deeplog.spark.TableFormat;
import io.deeplog.template.Template;
import io.deeplog.template.TemplateParser;
import io.deeplog.template.TemplateParserModel;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.util.LongAccumulator;

/** From raw logs to the structured and rejects tables, and to sessions. */
public final class ParseStage {
  private static final int SHOWN_REJECTS = 3;
  private static final int SHOWN_LENGTH = 120;

  private final Stages stages;
  private final Output output;
  private final String prefix;

  /**
   * Parsed logs.
   *
   * @param templates the known ones and those learned here
   * @param newTemplates those learned here
   * @param structured entries with templates, parameters and sessions
   * @param rejects lines that do not fit
   * @param lines number of all lines, each once
   * @param entries number of the entries, some of them of several lines
   * @param rejected number of the rejects
   * @param first time of the first entry, null when entries have none
   * @param last time of the last entry
   * @param key of the sessions; null when lines have none
   */
  public record Parsed(
      TemplateParserModel templates,
      List<Template> newTemplates,
      Dataset<Row> structured,
      Dataset<Row> rejects,
      long lines,
      long entries,
      long rejected,
      Instant first,
      Instant last,
      SessionKey key) {
    /** How many of the templates were known before. */
    public int known() {
      return templates.templates().size() - newTemplates.size();
    }

    /** Event counts of windows, without gathering their entries; of other sessions, with them. */
    public Dataset<Row> counts() {
      return key.windowRule() == null
          ? sessions()
          : Windows.counts(structured, key.windowRule(), key.keepEmpty());
    }

    /** Sessions with their entries. */
    public Dataset<Row> sessions() {
      return Sessions.collect(structured, key);
    }

    /**
     * Whether {@link #counts()} will do for detectors, and entries of overlapping windows need not
     * be gathered.
     *
     * @param byCountsAlone whether event counts are all that the detectors look at
     */
    public boolean countable(boolean byCountsAlone) {
      return byCountsAlone && key.windowRule() != null;
    }
  }

  /**
   * A stage that writes into an output.
   *
   * @param prefix of the stage and table names, empty for the tables that are published
   */
  public ParseStage(Stages stages, Output output, String prefix) {
    this.stages = stages;
    this.output = output;
    this.prefix = prefix;
  }

  /**
   * Parses.
   *
   * @param parser with the templates known before
   * @param known how many those are
   * @param key of the sessions; null, and windows that can only be counted, leave every line
   *     without one
   * @throws UserException when no line fits the format
   */
  public Parsed run(LogReader.Input input, TemplateParser parser, int known, SessionKey key) {
    LongAccumulator seen = stages.spark().sparkContext().longAccumulator();
    Dataset<Row> lines = input.lines(seen);
    String detail =
        String.format(
            "%d file%s, %,d kB, format %s",
            input.fileCount(),
            input.fileCount() == 1 ? "" : "s",
            input.bytes() / 1024,
            input.formats().stream().map(LogReader.Found::text).collect(Collectors.joining(", ")));
    TemplateParserModel model =
        stages.run(prefix + "learn-templates", detail, () -> parser.fit(input.contents(seen)));
    Dataset<Row> structured =
        stages.run(
            prefix + "parse",
            model.templates().size() + " templates",
            () -> write("structured", structured(lines, model, key)));
    Dataset<Row> rejects =
        stages.run(
            prefix + "rejects",
            "",
            () -> write("rejects", seen.isZero() ? noRejects(lines) : LogReader.rejects(lines)));
    if (prefix.isEmpty() && output.format() == TableFormat.CSV) {
      stages.run(
          "compatible-tables",
          "",
          () -> CompatibleTables.write(output, input, structured, model.templates()));
    }
    long rejected = rejects.count();
    Row span =
        structured
            .agg(min("ts"), max("ts"), count(lit(1)), coalesce(sum(LogReader.lineCount()), lit(0L)))
            .first();
    long accepted = span.getLong(2);
    if (accepted == 0 && rejected > 0) {
      throw nothingFits(input, rejects);
    }
    return new Parsed(
        model,
        model.templates().subList(known, model.templates().size()),
        structured,
        rejects,
        span.getLong(3) + rejected,
        accepted,
        rejected,
        Times.instant(span.get(0)),
        Times.instant(span.get(1)),
        key);
  }

  /** Rejects are rare: when learning, which reads all lines, met none, they are not looked for. */
  private static Dataset<Row> noRejects(Dataset<Row> lines) {
    return lines.sparkSession().createDataFrame(List.of(), LogReader.rejects(lines).schema());
  }

  private Dataset<Row> write(String table, Dataset<Row> rows) {
    return prefix.isEmpty() ? output.table(table, rows) : output.work(prefix + table, rows);
  }

  private static Dataset<Row> structured(
      Dataset<Row> lines, TemplateParserModel model, SessionKey key) {
    Dataset<Row> entries = LogReader.entries(lines);
    Dataset<Row> matched = model.transform(entries);
    return key == null || key.countsOnly()
        ? matched.withColumn(Sessions.SESSION, functions.expr("cast(array() as array<string>)"))
        : Sessions.assign(matched, key, entries);
  }

  private static UserException nothingFits(LogReader.Input input, Dataset<Row> rejects) {
    String examples =
        rejects
            .orderBy("source", "offset")
            .select(col("line"), col("reason"))
            .limit(SHOWN_REJECTS)
            .collectAsList()
            .stream()
            .map(
                row ->
                    "'"
                        + UserException.shown(row.getString(0), SHOWN_LENGTH)
                        + "' ("
                        + row.getString(1)
                        + ")")
            .collect(Collectors.joining(", "));
    String nearest = LogFormats.load().nearest(input.sample());
    return UserException.input(
        "no line fits the format '"
            + input.format().name()
            + "'; the first are "
            + examples
            + (nearest == null
                ? "; no preset fits either (describe the header with --format '<Date> <Time>"
                    + " <Level>: <Content>')"
                : "; nearest preset: " + nearest + " (give --format " + nearest + ")"));
  }
}
