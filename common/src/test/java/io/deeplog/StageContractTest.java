package io.deeplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.count.EventVectorizer;
import io.deeplog.detect.count.CountDetector;
import io.deeplog.detect.count.InvariantsDetector;
import io.deeplog.detect.count.IsolationForestDetector;
import io.deeplog.detect.count.LabelledDetector;
import io.deeplog.detect.count.LogClusteringDetector;
import io.deeplog.detect.nearest.CountDistanceDetector;
import io.deeplog.detect.path.NgramDetector;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.detect.rules.BigramDetector;
import io.deeplog.detect.rules.LengthDetector;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.detect.value.ValueDetector;
import io.deeplog.template.TemplateParser;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Spark ML expects of every estimator and its model. */
@SparkTest
final class StageContractTest {
  @TempDir private Path directory;

  /**
   * An estimator, a parameter that is not at its default (null when it has none), and the data it
   * learns from.
   */
  private record Case(Estimator<?> estimator, String changed, boolean sessions) {
    Dataset<Row> data(SparkSession spark) {
      if (sessions) {
        return new Sequences()
            .add(20, "a", "x y z")
            .add(20, "b", "x z z y")
            .dataset(spark)
            // For those that learn from labels.
            .withColumn(
                LabelledDetector.LABEL, org.apache.spark.sql.functions.expr("session like 'b%'"));
      }
      return spark
          .createDataset(
              List.of("took 5 ms", "took 6 ms", "user root in", "user 7 in"), Encoders.STRING())
          .toDF("content");
    }

    @Override
    public String toString() {
      return estimator.getClass().getSimpleName();
    }
  }

  private static final List<Case> CASES =
      List.of(
          new Case(
              new TemplateParser().setSimilarity(0.6).setParamsCol("values"), "similarity", false),
          new Case(
              new EventVectorizer().setWeighting("tf-idf").setZeroMean(true), "zeroMean", true),
          new Case(new NewEventDetector(), null, true),
          new Case(new LengthDetector(), null, true),
          new Case(new BigramDetector(), null, true),
          new Case(new CountDistanceDetector().setMaxVectors(7), "maxVectors", true),
          new Case(new NgramDetector().setHistory(2), "history", true),
          new Case(new ValueDetector().setNetworks(false).setSamples(50), "samples", true),
          new Case(new CountDetector().setVariance(0.7), "variance", true),
          new Case(new InvariantsDetector().setSupport(0.9), "support", true),
          new Case(new LogClusteringDetector().setMaxDistance(0.1), "maxDistance", true),
          new Case(new IsolationForestDetector().setTrees(7), "trees", true),
          new Case(
              new LabelledDetector().setAlgorithm(LabelledDetector.LOGISTIC_REGRESSION),
              "algorithm",
              true),
          new Case(
              new PathDetector()
                  .setCell("simple-rnn")
                  .setHistory(2)
                  .setUnits(4)
                  .setEpochs(1)
                  .setTopG(2),
              "topG",
              true));

  /** Models are fitted once: tests only read them. */
  private static final Map<Case, Model<?>> FITTED = new HashMap<>();

  static List<Case> cases() {
    return CASES;
  }

  private static Model<?> fitted(Case c, SparkSession spark) {
    return FITTED.computeIfAbsent(c, k -> c.estimator.fit(c.data(spark)));
  }

  private static Map<String, Object> values(Params stage) {
    Map<String, Object> values = new TreeMap<>();
    for (Param<?> param : stage.params()) {
      values.put(param.name(), stage.get(param).isDefined() ? stage.get(param).get() : "default");
    }
    return values;
  }

  private static List<String> rows(Dataset<Row> dataset) {
    List<String> rows = new ArrayList<>();
    dataset.collectAsList().forEach(row -> rows.add(row.toString()));
    rows.sort(null);
    return rows;
  }

  private Object saveAndLoad(Object stage, String name) throws Exception {
    String path = directory.resolve(name).toString();
    ((MLWritable) stage).write().save(path);
    assertThatThrownBy(() -> ((MLWritable) stage).write().save(path))
        .as("a saved stage is not overwritten unasked")
        .isInstanceOf(IOException.class);
    Method load = stage.getClass().getMethod("load", String.class);
    return load.invoke(null, path);
  }

  /** Unless they are set, g is chosen on normal sessions, and the vocabulary is theirs. */
  private static final Set<String> LEARNED = Set.of("topG", "vocabulary");

  @ParameterizedTest
  @MethodSource("cases")
  void estimatorsAreCopiedSavedAndLoaded(Case c) throws Exception {
    Estimator<?> estimator = c.estimator;
    if (c.changed != null) {
      assertThat(values(estimator)).doesNotContainEntry(c.changed, "default");
    }
    Estimator<?> copy = estimator.copy(new ParamMap());
    assertThat(copy).isNotSameAs(estimator).hasSameClassAs(estimator);
    assertThat(copy.uid()).isEqualTo(estimator.uid());
    assertThat(values(copy)).isEqualTo(values(estimator));
    Params loaded = (Params) saveAndLoad(estimator, "estimator");
    assertThat(loaded.uid()).isEqualTo(estimator.uid());
    assertThat(values(loaded)).isEqualTo(values(estimator));
    assertThat(estimator.getClass().getConstructor().newInstance().uid())
        .isNotEqualTo(estimator.getClass().getConstructor().newInstance().uid());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void parametersAreDocumentedAndHaveDefaults(Case c) {
    for (Param<?> param : c.estimator.params()) {
      assertThat(param.doc()).as(param.name()).isNotBlank();
      assertThat(c.estimator.getDefault(param).isDefined())
          .as(param.name())
          .isEqualTo(!LEARNED.contains(param.name()));
      assertThat(c.estimator.getParam(param.name())).isSameAs(param);
    }
    if (c.changed != null) {
      assertThat(c.estimator.explainParams()).contains(c.changed);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void modelsAreCopiedSavedAndLoaded(Case c, SparkSession spark) throws Exception {
    Dataset<Row> data = c.data(spark);
    Model<?> model = fitted(c, spark);
    assertThat(model.parent()).isSameAs(c.estimator);
    assertThat(model.uid()).isEqualTo(c.estimator.uid());
    List<String> expected = rows(model.transform(data));
    assertThat(expected).hasSize((int) data.count());

    Model<?> copy = (Model<?>) model.copy(new ParamMap());
    assertThat(copy).isNotSameAs(model);
    assertThat(copy.parent()).isSameAs(c.estimator);
    assertThat(values(copy)).isEqualTo(values(model));
    assertThat(rows(copy.transform(data))).isEqualTo(expected);

    Model<?> loaded = (Model<?>) saveAndLoad(model, "model");
    assertThat(loaded.uid()).isEqualTo(model.uid());
    assertThat(values(loaded)).isEqualTo(values(model));
    assertThat(rows(loaded.transform(data))).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void transformStartsNoJobAndAppends(Case c, SparkSession spark) {
    Dataset<Row> data = c.data(spark);
    Model<?> model = fitted(c, spark);
    List<Dataset<Row>> result = new ArrayList<>();
    assertThat(LocalSpark.jobsOf(spark, () -> result.add(model.transform(data)))).isEmpty();
    List<String> names = Arrays.asList(model.transformSchema(data.schema()).fieldNames());
    assertThat(result.get(0).columns()).containsExactlyInAnyOrderElementsOf(names);
    assertThat(names).startsWith(data.columns());
    assertThat(Arrays.asList(c.estimator.transformSchema(data.schema()).fieldNames()))
        .isEqualTo(names);
    for (PipelineStage stage : List.of(c.estimator, model)) {
      assertThatThrownBy(() -> stage.transformSchema(result.get(0).schema()))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("is there already");
      assertThatThrownBy(() -> stage.transformSchema(spark.range(1).schema()))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("no column");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void pipelinesAreSavedAndLoaded(boolean sessions, SparkSession spark) throws IOException {
    // All that read the same data are one pipeline: they must bear each other's columns too.
    List<Case> together = CASES.stream().filter(c -> c.sessions == sessions).toList();
    Dataset<Row> data = together.get(0).data(spark);
    Pipeline pipeline =
        new Pipeline()
            .setStages(together.stream().map(Case::estimator).toArray(PipelineStage[]::new));
    String saved = directory.resolve("pipeline").toString();
    pipeline.save(saved);
    PipelineModel model = Pipeline.load(saved).fit(data);
    String savedModel = directory.resolve("pipeline-model").toString();
    model.save(savedModel);
    Dataset<Row> loaded = PipelineModel.load(savedModel).transform(data);
    Dataset<Row> expected = data;
    for (Case c : together) {
      expected = fitted(c, spark).transform(expected);
    }
    assertThat(loaded.columns()).isEqualTo(expected.columns());
    assertThat(rows(loaded)).isEqualTo(rows(expected));
  }
}
