package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.col;

import io.deeplog.detect.Detection;
import io.deeplog.detect.count.CountDetector;
import io.deeplog.detect.count.CountDetectorModel;
import io.deeplog.log.LogReader;
import io.deeplog.sequence.SessionKey;
import io.deeplog.spark.Output;
import io.deeplog.spark.Stages;
import io.deeplog.spark.TableFormat;
import io.deeplog.template.TemplateParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The count matrix of a log, and PCA over it, timed beside parsing the log. */
public final class CountsBenchmark {
  private final SparkSession spark;
  private final LogReader reader;
  private final TemplateParser parser;
  private final SessionKey key;
  private final CountDetector detector;
  private final Path work;

  /**
   * A benchmark that writes below a directory.
   *
   * @param key of the matrix's rows
   * @param detector that learns from them
   */
  public CountsBenchmark(
      SparkSession spark,
      LogReader reader,
      TemplateParser parser,
      SessionKey key,
      CountDetector detector,
      Path work) {
    this.spark = spark;
    this.reader = reader;
    this.parser = parser;
    this.key = key;
    this.detector = detector;
    this.work = work;
  }

  /**
   * Parses a log, counts it, learns and judges: {@code lines, rows} (of the matrix), {@code
   * parse_s, counts_s, pca_s, ratio} (of the last two to the parse) and {@code heap_mb}.
   */
  public Map<String, Object> run(Path log) {
    LogReader.Input input = reader.open(List.of(log.toString()));
    Map<String, Object> figures = new LinkedHashMap<>();
    try (Output output =
        Output.open(spark, work.toString(), "none", TableFormat.PARQUET, List.of(), true)) {
      Stages stages = new Stages(spark);
      double[] seconds = new double[3];
      ParseStage.Parsed parsed =
          timed(seconds, 0, () -> new ParseStage(stages, output, "").run(input, parser, 0, key));
      Dataset<Row> counts =
          timed(
              seconds,
              1,
              () ->
                  stages.run(
                      "counts", key.toString(), () -> output.work("counts", parsed.counts())));
      long flagged =
          timed(
              seconds,
              2,
              () ->
                  stages.run(
                      "pca",
                      "",
                      () -> {
                        CountDetectorModel model = detector.fit(counts);
                        return model
                            .transform(counts)
                            .filter(col(Detection.column(CountDetector.NAME) + ".anomalous"))
                            .count();
                      }));
      figures.put("lines", parsed.lines());
      figures.put("templates", parsed.templates().templates().size());
      figures.put("rows", counts.count());
      figures.put("flagged", flagged);
      figures.put("parse_s", rounded(seconds[0]));
      figures.put("counts_s", rounded(seconds[1]));
      figures.put("pca_s", rounded(seconds[2]));
      figures.put("ratio", rounded((seconds[1] + seconds[2]) / seconds[0]));
      figures.put("heap_mb", Summary.heapPeak() >> 20);
    }
    return figures;
  }

  private static <T> T timed(double[] seconds, int at, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    seconds[at] = (System.nanoTime() - start) / 1e9;
    return result;
  }

  private static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
