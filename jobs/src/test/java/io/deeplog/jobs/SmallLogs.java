package io.deeplog.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Small generated logs with labels, and the command lines that work on them. */
final class SmallLogs {
  static final String SESSION = BlockLogs.SESSION;
  static final String SCRIPT = "<script>alert(1)</script>";
  static final String DATE = "2026-03-09";
  static final List<String> TABLES =
      List.of("structured", "templates", "rejects", "sessions", "anomalies");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A network that learns in seconds; how well is not the point here. */
  private static final List<String> QUICK =
      List.of(
          ("--validation 0.2 --epochs 2 --units 8 --layers 1 --history 4 --batch-size 256"
                  + " --averaging-frequency 20")
              .split(" ", -1));

  final Path place;
  final Path train;
  final Path test;
  final Path labels;
  private final Map<String, String> logsBefore;

  /** Generates the logs below a directory. */
  SmallLogs(Path directory) throws IOException {
    place = Files.createDirectory(directory.resolve("with space"));
    Path data = place.resolve("data");
    Cli.run("generate", "--seed", "7", "--output", data.toString()).succeeded();
    Path logs = Files.createDirectory(place.resolve("logs"));
    train = BlockLogs.firstSessions(data.resolve("block/train.log"), logs.resolve("train.log"), 60);
    test = BlockLogs.firstSessions(data.resolve("block/test.log"), logs.resolve("test.log"), 40);
    String exploit =
        "260309 203531 17 WARN store.DataNode$Receiver: Odd name " + SCRIPT + " in blk_4711";
    Files.writeString(test, Files.readString(test) + exploit + "\nno header at all\n");
    labels = place.resolve("labels.csv");
    List<String> rows = BlockLogs.labels(data.resolve("block/labels.csv"), test);
    rows.add("blk_4711,Anomaly,exploit_line");
    Files.write(labels, rows);
    logsBefore = Trees.of(logs);
  }

  /** Checks that the logs are as they were, and that nothing half-written lies about. */
  void assertUntouched() {
    assertThat(Trees.of(place.resolve("logs"))).isEqualTo(logsBefore);
    assertThat(Trees.named(place, ".staging")).isEmpty();
    assertThat(Trees.named(place, ".new-")).isEmpty();
  }

  /** A command line of several parts. */
  static String[] words(List<String> first, String... more) {
    return Stream.concat(first.stream(), Arrays.stream(more)).toArray(String[]::new);
  }

  /** Training and detecting in one go. */
  String[] run(Path output, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("run", "--train", train.toString(), "--input", test.toString(), "--format"));
    args.addAll(List.of("hdfs", "--session", SESSION, "--output", output.toString()));
    args.addAll(List.of("--date", DATE));
    args.addAll(QUICK);
    return words(args, more);
  }

  /** Detecting by the models of a store. */
  String[] detect(Path models, Path output, String... more) {
    return words(
        List.of("detect", "--input", test.toString(), "--model", models.toString()),
        words(List.of("--output", output.toString(), "--date", DATE), more));
  }

  /** Training all detectors. */
  String[] trainInto(Path store, String... more) {
    return words(
        Stream.concat(
                Stream.of("train", "--input", train.toString(), "--model", store.toString()),
                Stream.concat(Stream.of("--session", SESSION), QUICK.stream()))
            .toList(),
        more);
  }

  /** Training the network alone. */
  String[] trainNetworkInto(Path store, String... more) {
    return trainInto(store, words(List.of("--detectors", "lstm"), more));
  }

  /** A file of JSON. */
  static JsonNode json(Path file) throws IOException {
    return JSON.readTree(Files.readString(file));
  }

  /** Writes a file. */
  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number of a file's lines. */
  static long lines(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long lines = bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0;
    for (byte b : bytes) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines;
  }
}
