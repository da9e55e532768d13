package io.deeplog.model;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.ExitCode;
import io.deeplog.Sequences;
import io.deeplog.SparkTest;
import io.deeplog.UserException;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.Detector;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.count.CountDetector;
import io.deeplog.detect.count.CountDetectorModel;
import io.deeplog.detect.count.IsolationForestDetector;
import io.deeplog.detect.nearest.CountDistanceDetector;
import io.deeplog.detect.path.NgramDetector;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.detect.rules.BigramDetector;
import io.deeplog.detect.rules.LengthDetector;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.nn.AveragingTrainer;
import io.deeplog.template.Template;
import io.deeplog.template.TemplateParserModel;
import io.deeplog.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class ModelStoreTest {
  @TempDir private Path directory;

  private static Manifest manifest(String version, int format, String vocabulary) {
    return new Manifest(
        format,
        version,
        "2020-01-01T00:00:00Z",
        "0.1",
        "3.5.5",
        List.of("/in"),
        null,
        null,
        vocabulary,
        Map.of("history", 10),
        Map.of("sessions", 5));
  }

  /** Of models that share nothing. */
  private static Manifest manifest(String version, int format) {
    return manifest(version, format, new Vocabulary(List.of()).version());
  }

  private ModelStore store(SparkSession spark) {
    return new ModelStore(spark, directory.resolve("models").toString());
  }

  @Test
  void versionsAreSavedAndLoaded(SparkSession spark) throws IOException {
    Dataset<Row> sessions = new Sequences().add(20, "a", "x y").dataset(spark);
    TrainedModels models =
        new TrainedModels(
            new TemplateParserModel("p", List.of(Template.of("b <*>"), Template.of("a <*>"))),
            List.of(
                new NewEventDetector().fit(sessions),
                new PathDetector()
                    .setHistory(2)
                    .setLayers(1)
                    .setUnits(4)
                    .setEpochs(1)
                    .fit(sessions),
                new CountDetector().fit(sessions)));
    ModelStore store = store(spark);
    assertThat(store.versions()).isEmpty();
    assertThat(store.save(models, v -> manifest(v, Manifest.FORMAT))).isEqualTo("v0001");
    assertThat(store.save(models, v -> manifest(v, Manifest.FORMAT))).isEqualTo("v0002");
    assertThat(store.versions()).containsExactly("v0001", "v0002");
    assertThat(Files.readString(directory.resolve("models/LATEST"))).isEqualTo("v0002\n");
    assertThat(store.manifest(null).version()).isEqualTo("v0002");
    assertThat(store.manifest("v0001")).isEqualTo(manifest("v0001", Manifest.FORMAT));
    ModelStore.Version loaded = store.load("v0001");
    assertThat(loaded.models().names()).containsExactly("new-event", "lstm", "pca");
    assertThat(loaded.models().templates().templates()).isEqualTo(models.templates().templates());
    Dataset<Row> others = new Sequences().add("s", "x x z").dataset(spark);
    assertThat(loaded.models().judge(others, List.of()).select("new_event", "lstm", "pca").first())
        .isEqualTo(models.judge(others, List.of()).select("new_event", "lstm", "pca").first());
    assertThatThrownBy(() -> store.manifest("v0009"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no model version v0009")
        .hasMessageContaining("v0001, v0002");
  }

  /** Detectors of one training: the vocabulary is that of its sessions, and of all of them. */
  private static TrainedModels sharing(
      SparkSession spark, Vocabulary vocabulary, Detector<?>... detectors) {
    Dataset<Row> sessions = new Sequences().add(20, "a", "x y").dataset(spark);
    List<DetectorModel<?>> models = new ArrayList<>();
    for (Detector<?> detector : detectors) {
      detector.shareVocabulary(vocabulary);
      models.add(detector.fit(sessions));
    }
    return new TrainedModels(
        new TemplateParserModel("p", List.of(Template.of("a <*>"))),
        vocabulary,
        models,
        Verdict.any(models.stream().map(DetectorModel::detector).toList()));
  }

  @Test
  void detectorsShareOneVocabularyThatIsSavedOnce(SparkSession spark) throws IOException {
    Vocabulary vocabulary = new Vocabulary(Map.of("x", 20L, "y", 20L, "rare", 2L, "odd", 0L));
    TrainedModels models =
        sharing(
            spark,
            vocabulary,
            new NewEventDetector(),
            new LengthDetector(),
            new BigramDetector(),
            new NgramDetector(),
            new CountDistanceDetector(),
            new CountDetector().setMinCount(5),
            new IsolationForestDetector());
    ModelStore store = store(spark);
    store.save(models, v -> manifest(v, Manifest.FORMAT, vocabulary.version()));
    Path version = directory.resolve("models/v0001");
    List<String> naming = new ArrayList<>();
    try (Stream<Path> files = Files.walk(version)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains("\"rare\"")) {
          naming.add(version.relativize(file).toString());
        }
      }
    }
    assertThat(naming).containsExactly("vocabulary.json");
    TrainedModels loaded = store.load(null).models();
    assertThat(loaded.vocabulary().version()).isEqualTo(vocabulary.version());
    for (DetectorModel<?> model : loaded.detectors()) {
      if (model.vocabulary() != null) {
        assertThat(model.vocabulary().whole()).as(model.detector()).isSameAs(loaded.vocabulary());
        assertThat(model.vocabulary().ids())
            .as(model.detector())
            .isEqualTo(
                model.detector().equals(CountDetector.NAME)
                    ? List.of("x", "y")
                    : List.of("rare", "x", "y"));
      }
    }
    Dataset<Row> others = new Sequences().add("s", "x x z").add("t", "rare odd").dataset(spark);
    assertThat(loaded.judge(others, List.of()).collectAsList())
        .containsExactlyInAnyOrderElementsOf(models.judge(others, List.of()).collectAsList());
    // It is what the version's is: models of a store do not stand alone, but say what to do.
    assertThatThrownBy(() -> CountDetectorModel.load(version.resolve("detectors/pca").toString()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(vocabulary.version())
        .hasMessageContaining("ModelStore");
  }

  @Test
  void aModelOfAnotherVocabularyIsRefused(SparkSession spark) throws IOException {
    Vocabulary one = new Vocabulary(Map.of("x", 20L, "y", 20L));
    Vocabulary other = new Vocabulary(Map.of("x", 20L, "z", 20L));
    ModelStore store = store(spark);
    store.save(
        sharing(spark, one, new CountDetector()), v -> manifest(v, Manifest.FORMAT, one.version()));
    store.save(
        sharing(spark, other, new CountDetector()),
        v -> manifest(v, Manifest.FORMAT, other.version()));
    Path models = directory.resolve("models");
    Path pca = models.resolve("v0001/detectors/pca/data/vocabulary.json");
    // Written by Hadoop with a checksum beside.
    Files.delete(pca.resolveSibling(".vocabulary.json.crc"));
    Files.writeString(pca, Files.readString(pca).replace(one.version(), other.version()));
    assertThatThrownBy(() -> store.load("v0001"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(one.version())
        .hasMessageContaining(other.version())
        .hasMessageContaining("train again");
    Path shared = models.resolve("v0002/vocabulary.json");
    Files.delete(shared.resolveSibling(".vocabulary.json.crc"));
    Files.copy(models.resolve("v0001/vocabulary.json"), shared, REPLACE_EXISTING);
    Files.deleteIfExists(shared.resolveSibling(".vocabulary.json.crc"));
    assertThatThrownBy(() -> store.load("v0002"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("manifest")
        .hasMessageContaining("train again");
  }

  @Test
  void aVersionThatFailsIsNotThere(SparkSession spark) throws IOException {
    ModelStore store = store(spark);
    assertThatThrownBy(
            () ->
                store.save(
                    new TrainedModels(new TemplateParserModel("p", List.of()), null),
                    v -> manifest(v, Manifest.FORMAT)))
        .isInstanceOf(NullPointerException.class);
    assertThat(store.versions()).isEmpty();
    assertThatThrownBy(() -> store.manifest(null)).isInstanceOf(UserException.class);
  }

  @Test
  void aMissingModelIsAUserError(SparkSession spark) {
    assertThatThrownBy(() -> store(spark).load(null))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no model in")
        .hasMessageContaining("--model")
        .satisfies(e -> assertThat(((UserException) e).exitCode()).isEqualTo(ExitCode.INPUT));
  }

  @Test
  void anotherFormatIsRefused(SparkSession spark) throws IOException {
    Path version = Files.createDirectories(directory.resolve("models/v0001"));
    Files.writeString(directory.resolve("models/LATEST"), "v0001\n");
    Files.writeString(
        version.resolve("manifest.json"),
        "{\"format\": 99, \"version\": \"v0001\", \"codeVersion\": \"9.9\", \"novel\": [1]}");
    assertThatThrownBy(() -> store(spark).manifest(null))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("format 99")
        .hasMessageContaining("9.9");
    Files.writeString(version.resolve("manifest.json"), "{");
    assertThatThrownBy(() -> store(spark).manifest(null))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("not JSON");
  }

  @Test
  void aStoreOfBeforeVocabulariesWereSharedIsRefused(SparkSession spark) throws IOException {
    Path version = Files.createDirectories(directory.resolve("models/v0001"));
    Files.writeString(directory.resolve("models/LATEST"), "v0001\n");
    Files.writeString(
        version.resolve("manifest.json"),
        "{\"format\": 2, \"version\": \"v0001\", \"codeVersion\": \"0.1\"}");
    assertThatThrownBy(() -> store(spark).load(null))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("format 2")
        .hasMessageContaining("train again");
  }

  @Test
  void checkpointsOutliveAProcess(SparkSession spark) {
    ModelStore store = store(spark);
    Map<String, String> print = Map.of("epochs", "30", "input", "a.log");
    TrainingCheckpoint first = store.checkpoint(print, true);
    assertThat(first.epochs()).isEmpty();
    AveragingTrainer.Epoch one = new AveragingTrainer.Epoch(1, 0.5, true, 1);
    AveragingTrainer.Epoch two = new AveragingTrainer.Epoch(2, 0.4, true, 1);
    AveragingTrainer.Epoch three = new AveragingTrainer.Epoch(3, 0.6, false, 1);
    first.save(List.of(one), new byte[] {1}, new byte[] {1});
    first.save(List.of(one, two), new byte[] {2}, new byte[] {2});
    first.save(List.of(one, two, three), new byte[] {3}, new byte[] {2});
    TrainingCheckpoint again = store.checkpoint(print, true);
    assertThat(again.epochs()).containsExactly(one, two, three);
    assertThat(again.last()).containsExactly(3);
    assertThat(again.best()).containsExactly(2);
    assertThat(store.checkpoint(print, false).epochs()).isEmpty();
    Map<String, String> other = Map.of("epochs", "60", "input", "a.log", "workers", "4");
    assertThatThrownBy(() -> store.checkpoint(other, true))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("had epochs 30, not 60, workers null, not 4 (")
        .hasMessageContaining("--resume");
    again.clear();
    assertThat(store.checkpoint(other, true).epochs()).isEmpty();
    assertThat(store.versions()).isEmpty();
  }
}
