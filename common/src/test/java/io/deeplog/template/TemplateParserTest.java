package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.LocalSpark;
import io.deeplog.SparkTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SparkTest
final class TemplateParserTest {
  private static List<String> lines(int n) {
    Random random = new Random(4);
    List<String> lines = new ArrayList<>();
    String[] users = {"root", "admin", "guest", "oracle", "test", "www", "mail", "nobody"};
    for (int i = 0; i < n; i++) {
      lines.add(
          switch (random.nextInt(5)) {
            case 0 ->
                "Fetching piece part_" + random.nextLong() + " src: /10.0.0." + random.nextInt(256);
            case 1 -> "VM Started in " + random.nextInt(100) + " ms";
            case 2 -> "VM Paused in " + random.nextInt(100) + " ms";
            case 3 -> "Failed password for " + users[random.nextInt(users.length)] + " from here";
            default -> "size " + random.nextInt(10) + " of <*> and  two blanks";
          });
    }
    return lines;
  }

  private static Dataset<Row> dataset(SparkSession spark, List<String> lines, int partitions) {
    return spark.createDataset(lines, Encoders.STRING()).toDF("content").repartition(partitions);
  }

  @Test
  void thePartitioningDoesNotShow(SparkSession spark) {
    List<String> lines = lines(2000);
    List<Template> templates = null;
    Map<String, List<Object>> matches = null;
    for (int partitions : new int[] {1, 3, 17, 200}) {
      Collections.shuffle(lines, new Random(partitions));
      Dataset<Row> logs = dataset(spark, lines, partitions);
      TemplateParserModel model =
          LocalSpark.withShufflePartitions(spark, partitions, () -> new TemplateParser().fit(logs));
      Map<String, List<Object>> found = new TreeMap<>();
      for (Row row : model.transform(logs).collectAsList()) {
        found.put(row.getString(0), List.of(row.getString(1), List.copyOf(row.getList(2))));
      }
      templates = templates == null ? model.templates() : templates;
      matches = matches == null ? found : matches;
      assertThat(model.templates()).isEqualTo(templates);
      assertThat(found).isEqualTo(matches);
    }
    assertThat(templates)
        .extracting(Template::text)
        .containsExactlyInAnyOrder(
            "Fetching piece <*> src: <*>",
            "VM Started in <*> ms",
            "VM Paused in <*> ms",
            "Failed password for <*> from here",
            "size <*> of <*> and  two blanks");
    assertThat(templates)
        .isEqualTo(
            TemplateMatcherTest.learn(lines, Miner.AUTO, MinerOptions.DEFAULT).stream()
                .sorted(java.util.Comparator.comparing(Template::text))
                .toList());
  }

  @Test
  void minersThatFollowTheOrderDoSoWhateverThePartitioning(SparkSession spark) {
    List<String> lines = lines(300);
    Dataset<Row> logs =
        spark
            .createDataset(lines, Encoders.STRING())
            .toDF("content")
            .coalesce(1)
            .selectExpr("content", "'s' as source", "monotonically_increasing_id() as offset")
            .cache();
    for (Miner miner : List.of(Miner.LENMA, Miner.SPELL)) {
      TemplateParser parser = new TemplateParser().setMiner(miner.key());
      TemplateParserModel model = parser.fit(logs.orderBy("content").repartition(5));
      assertThat(model.templates()).isEqualTo(TemplateMatcherTest.learnInOrder(lines, miner));
      assertThat(model.transform(logs).filter("template_id is null").count()).isZero();
      org.assertj.core.api.Assertions.assertThatThrownBy(() -> parser.fit(logs.select("content")))
          .isInstanceOf(io.deeplog.UserException.class)
          .hasMessageContaining("source and offset");
    }
  }

  @Test
  void everyLineComesBackFromItsTemplate(SparkSession spark) {
    List<String> lines = lines(500);
    TemplateParserModel model = new TemplateParser().fit(dataset(spark, lines, 3));
    Map<String, Template> byId = new TreeMap<>();
    model.templates().forEach(t -> byId.put(t.id(), t));
    List<Row> rows = model.transform(dataset(spark, lines, 2)).collectAsList();
    assertThat(rows).hasSize(500);
    for (Row row : rows) {
      assertThat(byId.get(row.getString(1)).fill(row.getList(2))).isEqualTo(row.getString(0));
    }
  }

  @Test
  void knownTemplatesComeFirstAndStay(SparkSession spark) {
    Template unused = Template.of("zzz <*>");
    Template wide = Template.of("VM <*> in <*> ms");
    TemplateParserModel model =
        new TemplateParser()
            .setKnownTemplates(List.of(unused, wide))
            .fit(dataset(spark, lines(500), 3));
    assertThat(model.templates()).startsWith(unused, wide).doesNotHaveDuplicates();
    assertThat(model.templates())
        .extracting(Template::text)
        .contains("Failed password for <*> from here")
        .doesNotContain("VM Started in <*> ms");
    TemplateParserModel again =
        new TemplateParser()
            .setKnownTemplates(model.templates())
            .fit(dataset(spark, lines(500), 2));
    assertThat(again.templates()).isEqualTo(model.templates());
  }

  private static List<String> ids(TemplateParserModel model, Dataset<Row> logs) {
    return model.transform(logs).orderBy("content").collectAsList().stream()
        .map(row -> row.getString(1))
        .toList();
  }

  @Test
  void aKnownTemplateGoesBeforeANewOneThatIsMoreSpecific(SparkSession spark, @TempDir Path place)
      throws IOException {
    Dataset<Row> logs =
        spark
            .createDataset(
                List.of("VM Started now", "VM Started then", "VM Stopped now"), Encoders.STRING())
            .toDF("content");
    Template first = Template.of("VM <*> now");
    Template second = Template.of("VM Started <*>");
    Template third = Template.of("VM Stopped <*>");
    List<String> oneRun = List.of(second.id(), second.id(), third.id());
    assertThat(ids(new TemplateParserModel("m", List.of(first, second, third)), logs))
        .as("of one run, the most specific")
        .isEqualTo(oneRun);

    TemplateParserModel model =
        new TemplateParserModel(
            "m", Generations.of(List.of(first)).with(List.of(second)).with(List.of(third)));
    List<String> firstKnown = List.of(first.id(), second.id(), first.id());
    assertThat(ids(model, logs)).isEqualTo(firstKnown);
    assertThat(ids(model.copy(new ParamMap()), logs)).as("a copy").isEqualTo(firstKnown);
    String path = place.resolve("model").toString();
    model.write().save(path);
    TemplateParserModel loaded = TemplateParserModel.load(path);
    assertThat(loaded.generations()).isEqualTo(model.generations());
    assertThat(ids(loaded, logs)).as("read again").isEqualTo(firstKnown);

    // As detect does: the model's are known, new ones come behind.
    TemplateParserModel today =
        new TemplateParser()
            .setKnownTemplates(loaded.generations())
            .fit(logs.union(spark.sql("select 'quite another line'")));
    assertThat(today.generations().parts()).hasSize(4);
    assertThat(ids(today, logs)).isEqualTo(firstKnown);
    assertThat(new TemplateParser().fit(logs).generations().parts())
        .as("nothing was known")
        .hasSize(1);
  }

  @Test
  void aTemplateTellsWhichKnownOnesItGeneralises() {
    Template narrow = Template.of("VM Started in <*> ms");
    Template other = Template.of("size <*>");
    Template wide = Template.of("VM <*> in <*> ms");
    Generations generations = Generations.of(List.of(narrow, other)).with(List.of(wide));
    assertThat(new TemplateParserModel("m", generations).superseded())
        .isEqualTo(Map.of(wide.id(), List.of(narrow.id())));
    assertThat(
            new TemplateParserModel("m", generations.with(List.of(Template.of("else <*>"))))
                .superseded())
        .as("a later run tells it, too")
        .isEqualTo(Map.of(wide.id(), List.of(narrow.id())));
    assertThat(new TemplateParserModel("m", List.of(narrow, wide)).superseded()).isEmpty();

    // Its ids are not hashes of the text alone.
    Template byMd5 = new Template("0123456789abcdef", "VM <*> in <*> ms");
    TemplateParserModel lenma =
        new TemplateParserModel("m", Generations.of(List.of(narrow)).with(List.of(byMd5)));
    lenma.set(lenma.miner(), Miner.LENMA.key());
    assertThat(lenma.superseded()).isEqualTo(Map.of(byMd5.id(), List.of(narrow.id())));
  }

  @Test
  void newTemplatesHaveIdsOfTheirOwn() {
    Template known = new Template("md5", "a  <*>");
    assertThat(
            TemplateParser.withoutKnown(
                List.of(known, new Template("md5", "a <*>"), new Template("x", "b <*>")),
                List.of(known)))
        .containsExactly(Template.of("a <*>"), new Template("x", "b <*>"));
  }

  @Test
  void linesThatNoTemplateFitsAndNullsStayNull(SparkSession spark) {
    TemplateParserModel model = new TemplateParserModel("m", List.of(Template.of("only <*> this")));
    Dataset<Row> logs =
        spark
            .createDataset(java.util.Arrays.asList("only 5 this", "other", null), Encoders.STRING())
            .toDF("content");
    assertThat(model.transform(logs).collectAsList())
        .extracting(row -> row.getString(1))
        .containsExactly(Template.id("only <*> this"), null, null);
    assertThat(new TemplateParser().fit(logs).templates()).hasSize(2);
  }

  @Test
  void theTableHasARowForEveryTemplate(SparkSession spark) {
    Template unused = Template.of("zzz <*>");
    Template used = Template.of("a <*>");
    Dataset<Row> entries =
        spark.sql(
            "select 's' as source, id as offset, timestamp_seconds(id) as ts,"
                + " array(string(id)) as params, '"
                + used.id()
                + "' as template_id"
                + " from range(5, 8)");
    List<Row> rows =
        Templates.table(
                entries,
                new TemplateParserModel("m", Generations.of(List.of(unused)).with(List.of(used))),
                1)
            .orderBy("template")
            .collectAsList();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).<Long>getAs("count")).isEqualTo(3);
    assertThat(rows.get(0).<String>getAs("example")).isEqualTo("a 5");
    Row parameter = rows.get(0).<Row>getList(rows.get(0).fieldIndex("parameters")).get(0);
    assertThat(parameter.<String>getAs("type")).isEqualTo("integer");
    assertThat(parameter.<Double>getAs("share")).isEqualTo(1);
    assertThat(parameter.<Long>getAs("distinct")).isEqualTo(3);
    assertThat(parameter.<Boolean>getAs("exact")).isTrue();
    assertThat(parameter.<String>getList(4)).containsExactly("5", "6", "7");
    assertThat(rows.get(0).<Boolean>getAs("is_new")).isTrue();
    assertThat(rows.get(0).<Object>getAs("first_seen"))
        .isEqualTo(java.time.Instant.ofEpochSecond(5));
    assertThat(rows.get(1).<Long>getAs("count")).isZero();
    assertThat(rows.get(0).<Integer>getAs("generation")).isEqualTo(1);
    assertThat(rows.get(1).<Boolean>getAs("is_new")).isFalse();
    assertThat(rows.get(1).<Integer>getAs("generation")).isZero();
    assertThat(rows.get(1).<String>getAs("miner")).isEqualTo("auto");
    assertThat(rows.get(1).<String>getList(rows.get(1).fieldIndex("masks")))
        .isEqualTo(Masks.DEFAULT.entries());
  }
}
