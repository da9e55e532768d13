package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.LocalSpark;
import io.deeplog.SparkTest;
import io.deeplog.log.LogReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More lines than a leaf, or the learning, holds at once. */
@SparkTest
final class ManyLinesTest {
  private static String word(int i) {
    StringBuilder word = new StringBuilder();
    for (long rest = i * 7_919L + 26L * 26 * 26 * 26; rest > 0; rest /= 26) {
      word.append((char) ('a' + rest % 26));
    }
    return word.toString();
  }

  @Test
  void aLeafOfTooManyLinesIsMinedInPartsAndPutTogether() {
    LineSample sample = new LineSample();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      // In the order of the text the first part ends among those of the first kind.
      lines.add(
          i < 55_000
              ? "Closed the session of user " + word(i) + " after use"
              : "Opened the session of user " + word(i) + " before dusk");
    }
    lines.forEach(line -> sample.add(line, 1));
    assertThat(sample.size()).isEqualTo(60_000);
    assertThat(lines.stream().map(Miner.AUTO::leaf).distinct()).as("one leaf").hasSize(1);
    assertThat(SampledLearner.mine(sample, Miner.AUTO, MinerOptions.DEFAULT))
        .extracting(Template::text)
        .containsExactly(
            "Closed the session of user <*> after use",
            "Opened the session of user <*> before dusk");
  }

  @Test
  void moreDistinctLinesThanTheBudgetAreLearnedTheSameInAnyParts(SparkSession spark) {
    int lines = LineSample.MOST_LINES + 20_000;
    String word = "translate(md5(cast(id as string)), '0123456789', 'ghijklmnop')";
    Dataset<Row> logs =
        spark
            .range(lines)
            .selectExpr(
                "if(id = 77, 'A rare event that comes once', if(id % 2 = 0,"
                    + " concat('Closed the session of user ', "
                    + word
                    + ", ' after use'), concat('Accepted the request of guest ', "
                    + word
                    + "))) as content");
    List<Template> expected = null;
    for (int partitions : new int[] {2, 17}) {
      Dataset<Row> parts = logs.repartition(partitions).cache();
      TemplateParserModel model =
          LocalSpark.withShufflePartitions(
              spark, partitions, () -> new TemplateParser().fit(parts));
      if (expected == null) {
        expected = model.templates();
        assertThat(model.transform(parts).filter("template_id is null").count()).isZero();
      }
      assertThat(model.templates()).isEqualTo(expected);
      parts.unpersist();
    }
    assertThat(expected)
        .extracting(Template::text)
        .containsExactlyInAnyOrder(
            "A rare event that comes once",
            "Closed the session of user <*> after use",
            "Accepted the request of guest <*>");
  }

  @Test
  void theOrderOfTheFilesDoesNotShow(SparkSession spark, @TempDir Path directory)
      throws IOException {
    List<String> files = new ArrayList<>();
    for (int file = 0; file < 4; file++) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        lines.add(
            String.format(
                "2024-05-01 10:00:%02d,123 INFO [main] a.B: %s %s of part %d",
                i, i % 3 == 0 ? "Closed" : "Opened", word(file * 40 + i), file));
      }
      files.add(Files.write(directory.resolve("f" + file), lines).toString());
    }
    for (Miner miner : Miner.values()) {
      List<String> first = null;
      for (List<Integer> order : List.of(List.of(0, 1, 2, 3), List.of(2, 0, 3, 1))) {
        Dataset<Row> logs =
            new LogReader(spark)
                .format("hadoop")
                .load(order.stream().map(files::get).toArray(String[]::new));
        TemplateParserModel model = new TemplateParser().setMiner(miner.key()).fit(logs);
        List<String> rows =
            model
                .transform(logs)
                .orderBy("source", "offset")
                .selectExpr("concat_ws(' ', source, offset, template_id, cast(params as string))")
                .as(Encoders.STRING())
                .collectAsList();
        assertThat(rows).hasSize(160);
        first = first == null ? rows : first;
        assertThat(rows).as(miner.key()).isEqualTo(first);
      }
    }
  }
}
