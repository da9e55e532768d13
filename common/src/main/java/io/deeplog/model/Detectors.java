package io.deeplog.model;

import io.deeplog.UserException;
import io.deeplog.count.Vocabulary;
import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.count.CountDetector;
import io.deeplog.detect.count.CountDetectorModel;
import io.deeplog.detect.count.CountModel;
import io.deeplog.detect.count.InvariantsDetector;
import io.deeplog.detect.count.IsolationForestDetector;
import io.deeplog.detect.count.LabelledDetector;
import io.deeplog.detect.count.LogClusteringDetector;
import io.deeplog.detect.nearest.CountDistanceDetector;
import io.deeplog.detect.nearest.CountDistanceModel;
import io.deeplog.detect.path.NgramDetector;
import io.deeplog.detect.path.NgramModel;
import io.deeplog.detect.path.PathDetector;
import io.deeplog.detect.path.PathDetectorModel;
import io.deeplog.detect.rules.BigramDetector;
import io.deeplog.detect.rules.BigramModel;
import io.deeplog.detect.rules.LengthDetector;
import io.deeplog.detect.rules.LengthModel;
import io.deeplog.detect.rules.NewEventDetector;
import io.deeplog.detect.rules.NewEventModel;
import io.deeplog.detect.value.ValueDetector;
import io.deeplog.detect.value.ValueDetectorModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.ml.util.MLReader;

/**
 * The detectors there are, in the order in which their evidence is shown, and how their models are
 * read. What is not listed is not loaded: a model's files name no class.
 */
public final class Detectors {
  private static final Map<String, Function<Vocabulary, MLReader<? extends DetectorModel<?>>>>
      READERS = new LinkedHashMap<>();

  static {
    READERS.put(NewEventDetector.NAME, NewEventModel::read);
    READERS.put(LengthDetector.NAME, shared -> LengthModel.read());
    READERS.put(BigramDetector.NAME, BigramModel::read);
    READERS.put(NgramDetector.NAME, NgramModel::read);
    READERS.put(PathDetector.NAME, PathDetectorModel::read);
    READERS.put(ValueDetector.NAME, shared -> ValueDetectorModel.read());
    READERS.put(CountDistanceDetector.NAME, CountDistanceModel::read);
    READERS.put(CountDetector.NAME, CountDetectorModel::read);
    READERS.put(InvariantsDetector.NAME, CountModel::read);
    READERS.put(LogClusteringDetector.NAME, CountModel::read);
    READERS.put(IsolationForestDetector.NAME, CountModel::read);
    LabelledDetector.NAMES.forEach(name -> READERS.put(name, CountModel::read));
  }

  private Detectors() {}

  /** The names of all detectors. */
  public static List<String> names() {
    return List.copyOf(READERS.keySet());
  }

  /**
   * Loads a detector's model.
   *
   * @param shared the vocabulary that it may share with others
   * @throws UserException when there is no such detector
   */
  static DetectorModel<?> load(String detector, String path, Vocabulary shared) {
    Function<Vocabulary, MLReader<? extends DetectorModel<?>>> reader = READERS.get(detector);
    if (reader == null) {
      throw UserException.input(
          "unknown detector '"
              + detector
              + "' in "
              + path
              + " (this program has "
              + String.join(", ", READERS.keySet())
              + ")");
    }
    return reader.apply(shared).load(path);
  }
}
