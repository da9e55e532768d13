package io.deeplog.model;

import io.deeplog.UserException;
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

/**
 * The detectors there are, in the order in which their evidence is shown, and how their models are
 * loaded. What is not listed is not loaded: a model's files name no class.
 */
public final class Detectors {
  private static final Map<String, Function<String, DetectorModel<?>>> LOADERS =
      new LinkedHashMap<>();

  static {
    LOADERS.put(NewEventDetector.NAME, NewEventModel::load);
    LOADERS.put(LengthDetector.NAME, LengthModel::load);
    LOADERS.put(BigramDetector.NAME, BigramModel::load);
    LOADERS.put(NgramDetector.NAME, NgramModel::load);
    LOADERS.put(PathDetector.NAME, PathDetectorModel::load);
    LOADERS.put(ValueDetector.NAME, ValueDetectorModel::load);
    LOADERS.put(CountDistanceDetector.NAME, CountDistanceModel::load);
    LOADERS.put(CountDetector.NAME, CountDetectorModel::load);
    LOADERS.put(InvariantsDetector.NAME, CountModel::load);
    LOADERS.put(LogClusteringDetector.NAME, CountModel::load);
    LOADERS.put(IsolationForestDetector.NAME, CountModel::load);
    LabelledDetector.NAMES.forEach(name -> LOADERS.put(name, CountModel::load));
  }

  private Detectors() {}

  /** The names of all detectors. */
  public static List<String> names() {
    return List.copyOf(LOADERS.keySet());
  }

  /**
   * Loads a detector's model.
   *
   * @throws UserException when there is no such detector
   */
  static DetectorModel<?> load(String detector, String path) {
    Function<String, DetectorModel<?>> loader = LOADERS.get(detector);
    if (loader == null) {
      throw UserException.input(
          "unknown detector '"
              + detector
              + "' in "
              + path
              + " (this program has "
              + String.join(", ", LOADERS.keySet())
              + ")");
    }
    return loader.apply(path);
  }
}
