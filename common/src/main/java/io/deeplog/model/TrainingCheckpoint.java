package io.deeplog.model;

import io.deeplog.UserException;
import io.deeplog.nn.AveragingTrainer;
import io.deeplog.spark.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.fs.Path;

/**
 * The state of a training after each epoch, in a directory. The state file is written last and
 * names the networks it belongs to, so that a crash in between leaves the state before.
 */
public final class TrainingCheckpoint implements AveragingTrainer.Checkpoint {
  private static final String STATE = "state.json";

  private final Files files;
  private final Path directory;
  private final TreeMap<String, String> fingerprint;
  private final State state;

  private record State(
      TreeMap<String, String> fingerprint, List<AveragingTrainer.Epoch> epochs, int best) {}

  TrainingCheckpoint(Files files, Path directory, Map<String, String> fingerprint, boolean resume) {
    this.files = files;
    this.directory = directory;
    this.fingerprint = new TreeMap<>(fingerprint);
    Path file = new Path(directory, STATE);
    if (resume && files.exists(file)) {
      state = files.readJson(file, State.class);
      List<String> differences = differences(state.fingerprint, this.fingerprint);
      if (!differences.isEmpty()) {
        throw UserException.usage(
            "the interrupted training in "
                + directory
                + " had "
                + String.join(", ", differences)
                + " (give the same, or leave --resume out to train anew)");
      }
    } else {
      state = new State(this.fingerprint, List.of(), 0);
    }
  }

  private static List<String> differences(Map<String, String> before, Map<String, String> now) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(before.get(name), now.get(name)))
        .map(name -> name + " " + before.get(name) + ", not " + now.get(name))
        .toList();
  }

  private Path network(int epoch) {
    return new Path(directory, "epoch-" + epoch + ".zip");
  }

  @Override
  public void save(List<AveragingTrainer.Epoch> epochs, byte[] last, byte[] bestNetwork) {
    int number = epochs.get(epochs.size() - 1).number();
    int best = best(epochs);
    files.writeBytes(network(number), last);
    files.writeJson(new Path(directory, STATE), new State(fingerprint, List.copyOf(epochs), best));
    for (String name : files.list(directory)) {
      if (name.startsWith("epoch-")
          && !name.equals(network(number).getName())
          && !name.equals(network(best).getName())) {
        files.delete(new Path(directory, name));
      }
    }
  }

  private static int best(List<AveragingTrainer.Epoch> epochs) {
    return epochs.stream()
        .filter(AveragingTrainer.Epoch::best)
        .mapToInt(AveragingTrainer.Epoch::number)
        .max()
        .orElse(0);
  }

  @Override
  public List<AveragingTrainer.Epoch> epochs() {
    return state.epochs;
  }

  @Override
  public byte[] last() {
    return files.readBytes(network(state.epochs.size()));
  }

  @Override
  public byte[] best() {
    return files.readBytes(network(state.best));
  }

  /** Removes the checkpoints, once the model is saved. */
  public void clear() {
    files.delete(directory);
  }
}
