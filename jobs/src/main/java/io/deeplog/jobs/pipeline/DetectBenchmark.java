package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;

import io.deeplog.count.CountVectors;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detection;
import io.deeplog.detect.Detector;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.DistinctSequences;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.evaluate.KeySequences;
import io.deeplog.jobs.options.DetectorChoice;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.sequence.Sessions;
import io.deeplog.spark.Output;
import io.deeplog.spark.Stages;
import io.deeplog.verdict.Anomalies;
import io.deeplog.verdict.Combine;
import io.deeplog.verdict.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Judging sessions, timed detector by detector. */
public final class DetectBenchmark {
  private final Stages stages;
  private final TrainingOptions training;
  private final Path work;

  /** A benchmark that writes below a directory. */
  public DetectBenchmark(Stages stages, TrainingOptions training, Path work) {
    this.stages = stages;
    this.training = training;
    this.work = work;
  }

  /**
   * Trains on the sessions of a file and judges those of another, repeated.
   *
   * @return {@code sessions, heap_mb}, and {@code seconds, sessions_per_s} by detector
   */
  public Map<String, Object> run(String trainFile, String testFile, long sessions) {
    Dataset<Row> train = KeySequences.normal(KeySequences.read(stages.spark(), trainFile)).cache();
    Dataset<Row> test = KeySequences.read(stages.spark(), testFile).cache();
    try {
      List<DetectorModel<?>> models = new ArrayList<>();
      Vocabulary vocabulary = CountVectors.vocabulary(train);
      for (String name : training.choice(DetectorChoice.of(DetectorChoice.DEFAULT)).names()) {
        Detector<?> detector = training.detector(name, PathDetector.noCheckpoint(), Map.of());
        detector.shareVocabulary(vocabulary);
        models.add(stages.run("train-" + name, trainFile, () -> detector.fit(train)));
      }
      Verdict verdict =
          stages.run(
              "train-" + Anomalies.VERDICT,
              trainFile,
              () -> Verdict.fit(Combine.of(training.combine), models, train, training.falseAlarms));
      Dataset<Row> many = repeated(test, sessions);
      Map<String, Double> seconds = new LinkedHashMap<>();
      for (DetectorModel<?> model : models) {
        time(
            model.detector(),
            test,
            many,
            judged -> DistinctSequences.judge(List.of(model), judged),
            seconds);
      }
      time(
          Anomalies.VERDICT,
          test,
          many,
          judged -> verdict.judge(DistinctSequences.judge(models, judged)),
          seconds);
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("sessions", sessions);
      figures.put("heap_mb", Summary.heapPeak() >> 20);
      figures.put("seconds", seconds);
      Map<String, Long> rates = new LinkedHashMap<>();
      seconds.forEach((name, s) -> rates.put(name, Math.round(sessions / s)));
      figures.put("sessions_per_s", rates);
      return figures;
    } finally {
      train.unpersist();
      test.unpersist();
    }
  }

  /** Sessions repeated under other names until they are so many, as a table that is read. */
  private Dataset<Row> repeated(Dataset<Row> test, long sessions) {
    long times = -Math.floorDiv(-sessions, test.count());
    String table = new Path(work, "sessions").toString();
    stages.run(
        "repeat",
        table,
        () ->
            Output.writeParquet(
                test.crossJoin(stages.spark().range(times))
                    .withColumn(Sessions.SESSION, concat_ws("-", col(Sessions.SESSION), col("id")))
                    .drop("id")
                    .limit(Math.toIntExact(sessions)),
                table));
    return stages.spark().read().parquet(table);
  }

  private void time(
      String name,
      Dataset<Row> warmUp,
      Dataset<Row> sessions,
      UnaryOperator<Dataset<Row>> judge,
      Map<String, Double> seconds) {
    stages.run("warm-up-" + name, "", () -> compute(judge.apply(warmUp), name));
    long start = System.nanoTime();
    stages.run("detect-" + name, "", () -> compute(judge.apply(sessions), name));
    seconds.put(name, Math.round((System.nanoTime() - start) / 1e6) / 1e3);
  }

  /** All of a detection, its evidence among it, and nothing else. */
  private static void compute(Dataset<Row> judged, String name) {
    Output.compute(judged.select(Sessions.SESSION, Detection.column(name)));
  }
}
