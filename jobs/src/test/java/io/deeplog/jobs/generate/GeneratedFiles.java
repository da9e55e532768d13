package io.deeplog.jobs.generate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Generated files in memory, and what the tests read out of them. */
final class GeneratedFiles {
  private static final Pattern BLOCK = Pattern.compile("blk_-?\\d+");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern SYSLOG =
      Pattern.compile("^... [ \\d]\\d \\S+ (\\S+) ([^\\[: ]+)\\[(\\d+)\\]: ");

  private GeneratedFiles() {}

  static Map<String, byte[]> testData(long seed) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    TestData.write(
        path ->
            new ByteArrayOutputStream() {
              @Override
              public void close() {
                files.put(path, toByteArray());
              }
            },
        seed);
    return files;
  }

  /** Returns the lines, bytes as Latin-1 characters; a carriage return stays. */
  static List<String> lines(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>();
    int start = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      lines.add(text.substring(start, end));
      start = end + 1;
    }
    return lines;
  }

  /** Returns the names of the sessions that a line belongs to. */
  static List<String> sessions(Service service, String line) {
    if (service == Service.SYSLOG) {
      Matcher matcher = SYSLOG.matcher(line);
      return matcher.find()
          ? List.of(matcher.group(1) + "/" + matcher.group(2) + "/" + matcher.group(3))
          : List.of();
    }
    Pattern key = service == Service.BLOCK ? BLOCK : UUID;
    return key.matcher(line).results().map(result -> result.group()).distinct().toList();
  }

  /** Returns the header's pattern; its first group is the time. */
  static Pattern header(Service service) {
    return Pattern.compile(
        switch (service) {
          case BLOCK -> "^(\\d{6} \\d{6}) \\d+ (?:INFO|WARN|ERROR) store\\.\\w+(?:\\$\\w+)?: .*";
          case VM ->
              "^(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}) (?:INFO|WARN|ERROR)"
                  + " \\[worker-\\d+\\] [a-z.]+: .*";
          case SYSLOG ->
              "^((?:Jan|Feb|Mar|Dec) (?: [1-9]|[1-3]\\d) \\d\\d:\\d\\d:\\d\\d) (?:gate|web\\d+)"
                  + " (?:kernel|[a-z.]+\\[\\d+\\]): .*";
        });
  }
}
