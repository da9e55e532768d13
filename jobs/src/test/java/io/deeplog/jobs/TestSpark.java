package io.deeplog.jobs;

import io.deeplog.spark.Spark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The one Spark session of the tests that run in this process. */
final class TestSpark {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "spark.master", "local[2]",
          "spark.ui.enabled", "false",
          "spark.sql.shuffle.partitions", "2",
          "spark.ui.showConsoleProgress", "false");

  private TestSpark() {}

  /** Starts the session that commands will find; as a launcher, by Spark's settings. */
  static SparkSession session() {
    SETTINGS.forEach(System::setProperty);
    return Spark.session("tests");
  }

  /** A Parquet table of all dates. */
  static Dataset<Row> table(Path output, String table) {
    return session().read().parquet(output.resolve(table).toString());
  }

  /** All rows of a table as text, in an order of their own. */
  static List<String> rows(Path output, String table) {
    return table(output, table).toJSON().collectAsList().stream().sorted().toList();
  }
}
