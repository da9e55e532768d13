package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.junit.jupiter.api.Test;

/** The ids that the program this project began with gave real lines, where those are at hand. */
final class GoldenLenmaTest {
  @Test
  void everyLineOfEveryFileHasItsId() throws IOException {
    Path data = Path.of(System.getProperty("deeplog.data", "../../shared/data"));
    assumeTrue(Files.isDirectory(data), "no real logs at " + data + " (-Ddeeplog.data=DIR)");
    List<Path> files;
    try (var list = Files.list(data.resolve("seed/golden"))) {
      files = list.filter(f -> f.toString().endsWith("_structured.csv")).sorted().toList();
    }
    assertThat(files).hasSize(9);
    for (Path file : files) {
      List<String> contents = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      try (CSVParser csv =
          CSVParser.parse(
              file,
              StandardCharsets.UTF_8,
              CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build())) {
        csv.forEach(
            row -> {
              contents.add(row.get("Content"));
              ids.add(row.get("EventId"));
            });
      }
      TemplateMatcher matcher =
          Miner.LENMA.matcher(
              TemplateMatcherTest.learnInOrder(contents, Miner.LENMA), Miner.LENMA.masks());
      List<String> found = new ArrayList<>();
      for (String content : contents) {
        TemplateMatcher.Match match = matcher.match(content);
        assertThat(match).as(content).isNotNull();
        assertThat(match.template().fill(match.params())).isEqualTo(content);
        found.add(match.template().id());
      }
      assertThat(found).as(file.toString()).isEqualTo(ids);
    }
  }
}
