package io.deeplog.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.detect.Detection;
import io.deeplog.detect.Detector;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.detect.rules.LineRules;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.jobs.pipeline.DetectStage;
import io.deeplog.jobs.pipeline.ParseStage;
import io.deeplog.jobs.pipeline.TrainStage;
import io.deeplog.log.LogReader;
import io.deeplog.model.ModelStore;
import io.deeplog.model.TrainedModels;
import io.deeplog.sequence.SessionKey;
import io.deeplog.sequence.WindowRule;
import io.deeplog.spark.Output;
import io.deeplog.spark.Stages;
import io.deeplog.spark.TableFormat;
import io.deeplog.template.TemplateParser;
import io.deeplog.verdict.Combine;
import io.deeplog.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Overlapping windows that are counted are learned and judged as those whose entries are gathered.
 */
class CountedWindowsIT {
  private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant SECOND = Instant.parse("2020-01-02T00:00:00Z");

  @TempDir private Path place;

  /** Finds nothing, but looks at sequences: entries must be gathered for it. */
  private static final class Onlooker extends DetectorModel<Onlooker> {
    private static final long serialVersionUID = 1L;

    Onlooker() {
      super("onlooker", "onlooker");
    }

    @Override
    public String condition() {
      return "never";
    }

    @Override
    protected void write(org.apache.hadoop.fs.Path directory, SparkSession spark) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Dataset<Row> transform(Dataset<?> sessions) {
      return sessions
          .toDF()
          .withColumn(
              "onlooker",
              struct(
                      lit(0.0).as("score"),
                      lit(0.0).as("threshold"),
                      lit(false).as("anomalous"),
                      lit(null).as("evidence"))
                  .cast(Detection.TYPE));
    }

    @Override
    public Onlooker copy(ParamMap extra) {
      return new Onlooker();
    }
  }

  /** Tasks of every minute, but for three quarters of an hour in which nothing happens. */
  private static List<String> tasks(Instant from, int minutes) {
    List<String> lines = new ArrayList<>();
    for (int m = 0; m < minutes; m++) {
      if (m >= 120 && m < 165) {
        continue;
      }
      Instant at = from.plus(Duration.ofMinutes(m));
      lines.add(line(at, "task " + (1000 + m) + " begins"));
      for (int i = 0; i <= m % 3; i++) {
        lines.add(line(at.plusSeconds(5 + i), "task " + (1000 + m) + " reads block " + 17 * i));
      }
      if (m % 10 == 4) {
        lines.add(line(at.plusSeconds(30), "cleanup of " + m + " files done"));
      }
      lines.add(line(at.plusSeconds(50), "task " + (1000 + m) + " ends"));
    }
    return lines;
  }

  private static String line(Instant at, String content) {
    return at + " INFO worker: " + content;
  }

  private Path log(String name, List<String> lines) throws IOException {
    return Files.write(place.resolve(name), lines);
  }

  private static Instant minute(int minute) {
    return SECOND.plus(Duration.ofMinutes(minute));
  }

  private static List<String> rows(Dataset<Row> table) {
    return table.toJSON().collectAsList().stream().sorted().toList();
  }

  @ParameterizedTest
  @CsvSource({"ALIGNED, false", "LEGACY, true"})
  void areLearnedAndJudgedAlike(WindowRule.Kind kind, boolean keepEmpty) throws IOException {
    SparkSession spark = TestSpark.session();
    Path train = log("train.log", tasks(FIRST, 360));
    List<String> lines = tasks(SECOND, 240);
    for (int i = 0; i < 40; i++) {
      lines.add(line(minute(30), "task 1030 reads block " + i));
    }
    lines.add(line(minute(70), "disk failure on unit 7"));
    lines.add(line(minute(71), "disk failure on unit 8"));
    lines.add(line(minute(100), "task 1100 reads block " + "\\x90".repeat(20)));
    // Late by more than a window.
    lines.add(line(minute(5), "cleanup of 5 files done"));
    Path test = log("test.log", lines);

    SessionKey key = SessionKey.byWindow("20m", "5m", List.of()).windows(kind, keepEmpty);
    TrainingOptions options = new TrainingOptions();
    options.detectors = "new-event,length,pca,invariants";
    Stages stages = new Stages(spark);
    LogReader reader = new LogReader(spark).format("iso");
    try (Output output =
            Output.open(
                spark, place.resolve("a").toString(), "d", TableFormat.PARQUET, List.of(), true);
        Output other =
            Output.open(
                spark, place.resolve("b").toString(), "d", TableFormat.PARQUET, List.of(), true)) {
      ParseStage.Parsed learned =
          new ParseStage(stages, output, "train-")
              .run(reader.open(List.of(train.toString())), new TemplateParser(), 0, key);
      ModelStore.Version version =
          new TrainStage(
                  stages, output, new ModelStore(spark, place.resolve("m").toString()), options)
              .run(learned, List.of(), Map.of("session-window", "20m"), "test");

      Dataset<Row> gathered = learned.sessions().cache();
      List<DetectorModel<?>> models = new ArrayList<>();
      for (DetectorModel<?> counted : version.models().detectors()) {
        Detector<?> detector =
            options.detector(counted.detector(), PathDetector.noCheckpoint(), Map.of());
        DetectorModel<?> model = detector.fit(gathered);
        assertThat(model.metrics())
            .as(counted.detector())
            .usingRecursiveComparison()
            .isEqualTo(counted.metrics());
        models.add(model);
      }
      assertThat(version.models().verdict())
          .usingRecursiveComparison()
          .isEqualTo(
              Verdict.fit(Combine.of(options.combine), models, gathered, options.falseAlarms));

      ParseStage.Parsed judged =
          new ParseStage(stages, output, "")
              .run(
                  reader.open(List.of(test.toString())),
                  new TemplateParser()
                      .setKnownTemplates(version.models().templates().generations()),
                  version.models().templates().templates().size(),
                  key);
      DetectStage.Detected counted =
          new DetectStage(stages, output, LineRules.load(), 0).run(judged, version);
      models.add(new Onlooker());
      TrainedModels withOnlooker =
          new TrainedModels(
              version.models().templates(),
              version.models().vocabulary(),
              models,
              version.models().verdict());
      DetectStage.Detected full =
          new DetectStage(stages, other, LineRules.load(), 0)
              .run(judged, new ModelStore.Version(version.manifest(), withOnlooker));

      assertThat(rows(counted.anomalies())).isEqualTo(rows(full.anomalies()));
      assertThat(rows(counted.sessions().drop("template_ids")))
          .isEqualTo(rows(full.sessions().drop("template_ids")));
      assertThat(counted.sessions().filter(col("template_ids").isNotNull()).count()).isZero();
      assertThat(full.sessions().filter(col("template_ids").isNull()).count()).isZero();
      assertThat(counted.sessions().filter("length = 0").isEmpty()).isEqualTo(!keepEmpty);
      // All that the table can hold was there to be compared.
      assertThat(
              counted
                  .anomalies()
                  .filter("subject = 'session'")
                  .select("detector")
                  .distinct()
                  .as(org.apache.spark.sql.Encoders.STRING())
                  .collectAsList())
          .contains("rule", "new-event", "pca", "verdict");
      assertThat(
              counted
                  .anomalies()
                  .filter("detector = 'new-event' and evidence.position is not null")
                  .isEmpty())
          .isFalse();
      gathered.unpersist();
    }
  }
}
