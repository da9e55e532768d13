package io.deeplog.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Logs of the block service and parts of them. */
final class BlockLogs {
  /** The pattern of its sessions. */
  static final String SESSION = "blk_-?\\d+";

  private static final Pattern BLOCK = Pattern.compile(SESSION);

  private BlockLogs() {}

  /** Copies all lines of the first sessions of a log. */
  static Path firstSessions(Path log, Path to, int count) throws IOException {
    Set<String> kept = new TreeSet<>();
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      List<String> named = sessions(line);
      if (named.size() == 1 && kept.size() < count) {
        kept.add(named.get(0));
      }
      if (kept.containsAll(named)) {
        lines.add(line);
      }
    }
    return Files.write(to, lines);
  }

  /** The header and the rows of a label file whose sessions are in a log. */
  static List<String> labels(Path labels, Path log) throws IOException {
    Set<String> sessions = sessions(log);
    return Files.readAllLines(labels).stream()
        .filter(
            row ->
                row.startsWith("session,") || sessions.contains(row.substring(0, row.indexOf(','))))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** The sessions of a log. */
  static Set<String> sessions(Path log) throws IOException {
    Set<String> all = new TreeSet<>();
    Files.readAllLines(log).forEach(line -> all.addAll(sessions(line)));
    return all;
  }

  private static List<String> sessions(String line) {
    return BLOCK.matcher(line).results().map(MatchResult::group).distinct().toList();
  }
}
