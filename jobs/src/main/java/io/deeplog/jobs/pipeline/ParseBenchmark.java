package io.deeplog.jobs.pipeline;

import io.deeplog.log.LogReader;
import io.deeplog.spark.Output;
import io.deeplog.spark.Stages;
import io.deeplog.spark.TableFormat;
import io.deeplog.template.TemplateParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Parsing, timed beside a plain copy of the same lines. */
public final class ParseBenchmark {
  private static final List<String> TABLES = List.of("structured", "templates", "rejects");

  private final SparkSession spark;
  private final LogReader reader;
  private final TemplateParser parser;
  private final Path work;

  /** A benchmark that writes below a directory. */
  public ParseBenchmark(SparkSession spark, LogReader reader, TemplateParser parser, Path work) {
    this.spark = spark;
    this.reader = reader;
    this.parser = parser;
    this.work = work;
  }

  /** Copies and parses a log: {@code lines, parse_s, copy_s, ratio, lines_per_s, heap_mb}. */
  public Map<String, Object> run(Path log) {
    LogReader.Input input = reader.open(List.of(log.toString()));
    double copy =
        timed(output -> Output.writeParquet(input.unparsed(), output.plain("copy").toString()));
    long[] lines = new long[1];
    Map<String, Double> seconds = new LinkedHashMap<>();
    double parse =
        timed(
            output -> {
              Stages stages = new Stages(spark);
              ParseStage.Parsed parsed =
                  new ParseStage(stages, output, "").run(input, parser, 0, null);
              DetectStage.writeTemplates(stages, output, parsed);
              lines[0] = parsed.lines();
              seconds.putAll(stages.seconds());
            });
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("lines", lines[0]);
    figures.put("parse_s", rounded(parse));
    figures.put("copy_s", rounded(copy));
    figures.put("ratio", rounded(parse / copy));
    figures.put("lines_per_s", Math.round(lines[0] / parse));
    figures.put("heap_mb", Summary.heapPeak() >> 20);
    seconds.replaceAll((stage, s) -> rounded(s));
    figures.put("stages_s", seconds);
    return figures;
  }

  private double timed(Consumer<Output> work) {
    long start = System.nanoTime();
    try (Output output =
        Output.open(spark, this.work.toString(), "none", TableFormat.PARQUET, TABLES, true)) {
      work.accept(output);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
