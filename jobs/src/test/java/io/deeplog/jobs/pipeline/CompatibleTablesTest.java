package io.deeplog.jobs.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.log.HeaderText;
import io.deeplog.log.LogFormat;
import io.deeplog.log.LogFormats;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

final class CompatibleTablesTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("level", DataTypes.StringType)
          .add("component", DataTypes.StringType)
          .add("host", DataTypes.StringType)
          .add("pid", DataTypes.StringType)
          .add("fields", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))
          .add("ts", DataTypes.TimestampType)
          .add("content", DataTypes.StringType)
          .add("template_id", DataTypes.StringType)
          .add("template", DataTypes.StringType)
          .add("params", DataTypes.createArrayType(DataTypes.StringType));

  private static List<String> line(String id, String template, Object params) {
    LogFormat format =
        LogFormats.load()
            .resolve("hdfs", null, List.of("081109 203615 148 INFO dfs.DataNode: Closing block 5"));
    Row row =
        new GenericRowWithSchema(
            new Object[] {
              "INFO",
              "dfs.DataNode",
              null,
              "148",
              null,
              Instant.parse("2008-11-09T20:36:15Z"),
              "Closing block 5",
              id,
              template,
              params
            },
            SCHEMA);
    return CompatibleTables.Line.values(row, new HeaderText(format));
  }

  @Test
  void aLineHasItsHeaderContentAndTemplate() {
    assertThat(
            line(
                "e1",
                "Closing block <*>",
                scala.collection.JavaConverters.asScalaBuffer(List.of("5")).toSeq()))
        .containsExactly(
            "081109",
            "203615",
            "148",
            "INFO",
            "dfs.DataNode",
            "Closing block 5",
            "e1",
            "Closing block <*>",
            "['5']");
  }

  @Test
  void aLineWithoutTemplateIsNotLost() {
    assertThat(line(null, null, null)).endsWith("Closing block 5", "", "", "[]");
  }

  @Test
  void listsAreWrittenAsPythonDoes() {
    assertThat(CompatibleTables.pythonList(List.of())).isEqualTo("[]");
    assertThat(CompatibleTables.pythonList(List.of("a", "it's", "c\\d", "e\nf\tg")))
        .isEqualTo("['a', 'it\\'s', 'c\\\\d', 'e\\nf\\tg']");
  }

  @Test
  void filesOfOneNameAreToldApartByTheirPaths() {
    assertThat(CompatibleTables.names(List.of("file:/a/x.log", "file:/b/x.log", "file:/b/y.log")))
        .containsExactly(
            org.assertj.core.api.Assertions.entry("file:/a/x.log", "a_x.log"),
            org.assertj.core.api.Assertions.entry("file:/b/x.log", "b_x.log"),
            org.assertj.core.api.Assertions.entry("file:/b/y.log", "y.log"));
    assertThat(CompatibleTables.names(List.of("file:/a_b/x.log", "file:/a/b/x.log")).values())
        .containsExactly("a_b_x.log", "a_b_x.log_2");
  }

  @Test
  void aListOfPythonHasNoNullCharacters() {
    assertThat(CompatibleTables.pythonList(List.of("a\0b", "it's")))
        .isEqualTo("['a\\x00b', 'it\\'s']");
  }
}
