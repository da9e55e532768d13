package io.deeplog;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalTime;
import java.time.Month;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Parsed logs and their windows as loglizer cut them, where they are at hand. */
public final class GoldenWindows {
  private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("MMM", Locale.ENGLISH);

  private final List<Row> entries = new ArrayList<>();
  private final List<int[]> windows = new ArrayList<>();

  private GoldenWindows() {}

  /** The set of a name; the test is skipped, saying so, where it is absent. */
  public static GoldenWindows of(String set) throws IOException {
    Path directory =
        Path.of(System.getProperty("deeplog.data", "../../shared/data"))
            .resolve("seed/golden/windows")
            .resolve(set);
    assumeTrue(
        Files.isDirectory(directory),
        () -> "no golden windows in " + directory.toAbsolutePath() + " (give -Ddeeplog.data=DIR)");
    GoldenWindows golden = new GoldenWindows();
    try (Reader in = Files.newBufferedReader(directory.resolve("structured_log.csv"));
        CSVParser csv =
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build().parse(in)) {
      long latest = Long.MIN_VALUE;
      for (CSVRecord line : csv) {
        latest = Math.max(latest, seconds(line));
        golden.entries.add(RowFactory.create(Instant.ofEpochSecond(latest), line.get("EventId")));
      }
    }
    for (String line : Files.readAllLines(directory.resolve("_sliding_24h_3h.csv"))) {
      String[] pair = line.split(",", -1);
      golden.windows.add(new int[] {Integer.parseInt(pair[0]), Integer.parseInt(pair[1])});
    }
    return golden;
  }

  /**
   * The time by the original's clock, whose months have 30 days. It walks the lines in file order
   * up to the first that is late enough, so that a line out of order has the time of the latest
   * before it.
   */
  private static long seconds(CSVRecord line) {
    int month = Month.from(MONTH.parse(line.get("Month"))).getValue();
    long day = 30L * month + Integer.parseInt(line.get("Date"));
    return 86_400 * day + LocalTime.parse(line.get("Time")).toSecondOfDay();
  }

  /** {@code ts, template_id}, in the order of the logs. */
  public Dataset<Row> entries(SparkSession spark) {
    return spark.createDataFrame(
        entries,
        new StructType()
            .add("ts", DataTypes.TimestampType)
            .add("template_id", DataTypes.StringType));
  }

  /** The template ids, in the order of the logs. */
  public List<String> templateIds() {
    return entries.stream().map(row -> row.getString(1)).toList();
  }

  /** Each window's first entry, and the one after its last. */
  public List<int[]> windows() {
    return windows;
  }
}
