package io.deeplog.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.UserException;
import io.deeplog.count.Vocabulary;
import io.deeplog.count.VocabularyFile;
import io.deeplog.detect.DetectorModel;
import io.deeplog.spark.Files;
import io.deeplog.template.TemplateParserModel;
import io.deeplog.verdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.SparkSession;

/**
 * Versions of models in a directory: {@code v0001/{manifest.json, verdict.json, vocabulary.json,
 * templates, detectors/NAME}}, and the file {@code LATEST} that names the newest and is written
 * last. A version is written beside its place and renamed, so that it is whole or not there. Its
 * detectors share one vocabulary, and name its version: they load with no other.
 */
public final class ModelStore {
  private static final String LATEST = "LATEST";
  private static final String MANIFEST = "manifest.json";
  private static final String TEMPLATES = "templates";
  private static final String VERDICT = "verdict.json";
  private static final String DETECTORS = "detectors";

  private final Files files;
  private final Path directory;

  /** A version as loaded. */
  public record Version(Manifest manifest, TrainedModels models) {}

  /** The store in a directory, which need not exist yet. */
  public ModelStore(SparkSession spark, String directory) {
    this.files = Files.of(spark);
    this.directory = files.qualified(directory);
  }

  /** The store's directory. */
  public Path directory() {
    return directory;
  }

  /** Versions there are, oldest first. */
  public List<String> versions() {
    return files.list(directory).stream()
        .filter(name -> name.matches("v\\d+"))
        .sorted(Comparator.comparingInt(name -> Integer.parseInt(name.substring(1))))
        .toList();
  }

  /**
   * Saves models as the next version and makes it the latest.
   *
   * @param manifest given the version's name
   * @return the version's name
   */
  public String save(TrainedModels models, Function<String, Manifest> manifest) {
    List<String> versions = versions();
    int last =
        versions.isEmpty() ? 0 : Integer.parseInt(versions.get(versions.size() - 1).substring(1));
    String version = String.format(Locale.ROOT, "v%04d", last + 1);
    Path temporary = new Path(directory, ".new-" + UUID.randomUUID());
    save(models.templates().write(), new Path(temporary, TEMPLATES));
    for (DetectorModel<?> detector : models.detectors()) {
      save(
          detector.writeSharing(models.vocabulary()),
          new Path(temporary, DETECTORS + "/" + detector.detector()));
    }
    VocabularyFile.write(files, temporary, models.vocabulary(), null);
    files.writeJson(new Path(temporary, VERDICT), models.verdict());
    files.writeJson(new Path(temporary, MANIFEST), manifest.apply(version));
    files.replace(temporary, new Path(directory, version));
    files.writeText(new Path(directory, LATEST), version + "\n");
    return version;
  }

  private static void save(MLWriter model, Path path) {
    try {
      model.save(path.toString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * The manifest of a version.
   *
   * @param version its name, or null for the latest
   * @throws UserException when it is not there or of another format
   */
  public Manifest manifest(String version) {
    Path latest = new Path(directory, LATEST);
    if (version == null && !files.exists(latest)) {
      throw UserException.input(
          "no model in " + directory + " (train one first, or give another --model)");
    }
    String name = version == null ? files.readText(latest).trim() : version;
    Path file = new Path(directory, name + "/" + MANIFEST);
    if (!files.exists(file)) {
      throw UserException.input(
          "no model version "
              + name
              + " in "
              + directory
              + " (there are: "
              + String.join(", ", versions())
              + ")");
    }
    // The format first: the manifest of another one need not look like this one's.
    JsonNode json = files.readJson(file);
    int format = json.path("format").asInt();
    if (format != Manifest.FORMAT) {
      throw UserException.input(
          "model "
              + file.getParent()
              + " has format "
              + format
              + ", this program reads "
              + Manifest.FORMAT
              + " (train again, or use the version of DeepLog that wrote it: "
              + json.path("codeVersion").asText("unknown")
              + ")");
    }
    return files.readJson(file, Manifest.class);
  }

  /**
   * Loads a version.
   *
   * @param version its name, or null for the latest
   * @throws UserException when it is not there or of another format
   */
  public Version load(String version) {
    Manifest manifest = manifest(version);
    Path place = new Path(directory, manifest.version());
    Path detectors = new Path(place, DETECTORS);
    Vocabulary vocabulary = VocabularyFile.read(files, place, null);
    if (!vocabulary.version().equals(manifest.vocabulary())) {
      throw UserException.input(
          place
              + " has the vocabulary "
              + vocabulary.version()
              + ", not "
              + manifest.vocabulary()
              + " as its manifest says (its files were changed: train again)");
    }
    List<String> saved = files.list(detectors);
    List<DetectorModel<?>> loaded = new ArrayList<>();
    Comparator<String> order =
        Comparator.comparingInt((String name) -> Detectors.names().indexOf(name));
    for (String name : saved.stream().sorted(order).toList()) {
      loaded.add(Detectors.load(name, new Path(detectors, name).toString(), vocabulary));
    }
    return new Version(
        manifest,
        new TrainedModels(
            TemplateParserModel.load(new Path(place, TEMPLATES).toString()),
            vocabulary,
            loaded,
            files.readJson(new Path(place, VERDICT), Verdict.class)));
  }

  /**
   * Where an unfinished training keeps its checkpoints.
   *
   * @param fingerprint what tells a training from others, by name
   * @param resume whether to go on with one
   * @throws UserException when the one to go on with was another, with what differs
   */
  public TrainingCheckpoint checkpoint(Map<String, String> fingerprint, boolean resume) {
    return new TrainingCheckpoint(files, new Path(directory, ".training"), fingerprint, resume);
  }
}
