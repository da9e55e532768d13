package io.deeplog.count;

import io.deeplog.UserException;
import io.deeplog.spark.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * How a vocabulary is saved: whole, or, where several models share one that is saved beside them,
 * by its version alone.
 */
public final class VocabularyFile {
  /** The file's name. */
  public static final String NAME = "vocabulary.json";

  private VocabularyFile() {}

  /**
   * What the file holds.
   *
   * @param version of the whole vocabulary
   * @param minCount what makes the part of it that is meant, see {@link Vocabulary#atLeast}
   * @param templates ids of the whole vocabulary; null when it is saved elsewhere
   * @param counts how often each came
   */
  record Stored(String version, long minCount, List<String> templates, long[] counts) {
    static Stored of(Vocabulary vocabulary) {
      Vocabulary whole = vocabulary.whole();
      return new Stored(whole.version(), vocabulary.minCount(), whole.ids(), whole.counts());
    }

    /** The vocabulary meant, once it is known to be the one that was saved. */
    Vocabulary vocabulary(String place) {
      Map<String, Long> byId = new HashMap<>();
      for (int i = 0; i < templates.size(); i++) {
        byId.put(templates.get(i), counts[i]);
      }
      return checked(new Vocabulary(byId), place);
    }

    private Vocabulary checked(Vocabulary whole, String place) {
      if (!whole.version().equals(version)) {
        throw UserException.input(
            place
                + " is of the vocabulary "
                + version
                + ", and found is "
                + whole.version()
                + " (its files were changed or mixed with those of another model: train again)");
      }
      return whole.atLeast(minCount);
    }
  }

  /**
   * Saves a vocabulary in a directory.
   *
   * @param shared what is saved elsewhere, and will be given to {@link #read}; may be null
   */
  public static void write(Files files, Path directory, Vocabulary vocabulary, Vocabulary shared) {
    Stored stored = Stored.of(vocabulary);
    boolean elsewhere = shared != null && shared.version().equals(stored.version);
    files.writeJson(
        new Path(directory, NAME),
        elsewhere ? new Stored(stored.version, stored.minCount, null, null) : stored);
  }

  /**
   * Reads what {@link #write} saved.
   *
   * @param shared as given there
   * @throws UserException when it is of another vocabulary than the one given
   */
  public static Vocabulary read(Files files, Path directory, Vocabulary shared) {
    Stored stored = files.readJson(new Path(directory, NAME), Stored.class);
    if (stored.templates != null) {
      return stored.vocabulary(directory.toString());
    }
    if (shared == null) {
      throw UserException.input(
          directory
              + " shares the vocabulary "
              + stored.version
              + " with other models (load all of them, by ModelStore)");
    }
    return stored.checked(shared, directory.toString());
  }
}
