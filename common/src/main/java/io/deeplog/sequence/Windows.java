package io.deeplog.sequence;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_entries;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;

import io.deeplog.UserException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** Dataset functions from entries to event counts of time windows. */
public final class Windows {
  /** Column of a window's, or session's, template ids and how often each came. */
  public static final String COUNTS = "counts";

  /** Stands among counted template ids for lines that fit none: a map has no key of null. */
  public static final String NO_TEMPLATE = "";

  private static final long MOST_WINDOWS = 50_000_000L;

  private Windows() {}

  /**
   * Counts templates by windows of event time: {@code session} (the window's name), {@code start,
   * end, length} (number of entries), {@code counts} (map of template id to count) and {@code
   * first_ts, last_ts} (of its entries, null where there is none). An entry lands in its windows by
   * its time, wherever it is in the logs; one without a time in none.
   *
   * <p>Entries are counted by pane and template, and only these counts are given to the windows
   * that overlap. Empty windows and the legacy rule need the first and last time: one small job.
   *
   * @param entries with {@code ts, template_id}
   * @param keepEmpty whether windows without an entry are rows too
   */
  public static Dataset<Row> counts(Dataset<Row> entries, WindowRule rule, boolean keepEmpty) {
    Dataset<Row> timed =
        timed(entries, coalesce(col("template_id"), lit(NO_TEMPLATE)).as("template_id"));
    WindowPlan plan = plan(timed, rule, keepEmpty);
    Dataset<Row> counted =
        timed
            .groupBy(
                udf(new Pane(plan), DataTypes.LongType).apply(col("time")).as("pane"),
                col("template_id"))
            .agg(count(lit(1)).as("n"), min("time").as("first"), max("time").as("last"))
            .select(
                explode(
                        udf(new WindowsOf(plan), DataTypes.createArrayType(DataTypes.LongType))
                            .apply(col("pane")))
                    .as("window"),
                col("template_id"),
                col("n"),
                col("first"),
                col("last"))
            .groupBy("window", "template_id")
            .agg(sum("n").as("n"), min("first").as("first"), max("last").as("last"))
            .groupBy("window")
            .agg(
                sum("n").as("length"),
                min("first").as("first"),
                max("last").as("last"),
                map_from_entries(sort_array(collect_list(struct(col("template_id"), col("n")))))
                    .as(COUNTS));
    if (keepEmpty && plan.lastWindow() >= plan.firstWindow()) {
      counted = withEmpty(counted, plan);
    }
    return counted.select(
        name(rule, plan, col("window")).as(Sessions.SESSION),
        time(new Start(plan), col("window")).as("start"),
        time(new End(plan), col("window")).as("end"),
        col("length"),
        col(COUNTS),
        timestamp_micros(col("first")).as("first_ts"),
        timestamp_micros(col("last")).as("last_ts"));
  }

  /**
   * The columns that detectors look at: a column of theirs may be named as another one is.
   *
   * @param counted of {@link #counts}
   */
  public static Dataset<Row> toJudge(Dataset<Row> counted) {
    return counted.select(Sessions.SESSION, COUNTS);
  }

  /**
   * The sessions table of counted windows: as {@link Sessions#table}, but that {@code template_ids}
   * is null, since nobody gathered the entries.
   *
   * @param counted of {@link #counts}
   */
  public static Dataset<Row> table(Dataset<Row> counted) {
    return counted.select(
        col(Sessions.SESSION),
        col("first_ts"),
        col("last_ts"),
        col("length").cast("int").as("length"),
        expr("cast(null as array<string>)").as("template_ids"));
  }

  private static Dataset<Row> timed(Dataset<Row> entries, Column... others) {
    List<Column> columns = new ArrayList<>(List.of(expr("unix_micros(ts)").as("time")));
    columns.addAll(List.of(others));
    return entries.filter(col("ts").isNotNull()).select(columns.toArray(new Column[0]));
  }

  /**
   * Names of the windows that hold an entry's {@code ts}, an array.
   *
   * @param times the same logs' {@code ts}, read for where legacy windows start
   */
  static Column names(Dataset<Row> times, WindowRule rule) {
    WindowPlan plan = plan(timed(times), rule, false);
    Column windows =
        udf(new WindowsOf(plan), DataTypes.createArrayType(DataTypes.LongType))
            .apply(udf(new Pane(plan), DataTypes.LongType).apply(expr("unix_micros(ts)")));
    return transform(windows, window -> name(rule, plan, window));
  }

  /**
   * Names of all windows, {@code session}, from the first entry's to the last one's.
   *
   * @param times {@code ts} of the logs
   */
  static Dataset<Row> all(Dataset<Row> times, WindowRule rule) {
    WindowPlan plan = plan(timed(times), rule, true);
    return range(times.sparkSession(), plan)
        .select(name(rule, plan, col("window")).as(Sessions.SESSION));
  }

  private static Dataset<Row> range(SparkSession spark, WindowPlan plan) {
    long windows = Math.max(0, plan.lastWindow() - plan.firstWindow() + 1);
    if (windows > MOST_WINDOWS) {
      throw UserException.usage(
          windows + " windows between the first and the last entry (drop the empty ones)");
    }
    return spark
        .range(plan.firstWindow(), plan.firstWindow() + windows)
        .withColumnRenamed("id", "window");
  }

  private static Dataset<Row> withEmpty(Dataset<Row> counted, WindowPlan plan) {
    return range(counted.sparkSession(), plan)
        .join(counted, "window", "left")
        .select(
            col("window"),
            col("first"),
            col("last"),
            expr("coalesce(length, 0L)").as("length"),
            expr("coalesce(counts, cast(map() as map<string,bigint>))").as(COUNTS));
  }

  private static WindowPlan plan(Dataset<Row> timed, WindowRule rule, boolean keepEmpty) {
    boolean legacy = rule.kind() == WindowRule.Kind.LEGACY;
    if (!legacy && !keepEmpty) {
      return WindowPlan.aligned(rule);
    }
    Row span = timed.agg(min("time"), max("time")).head();
    if (span.isNullAt(0)) {
      return legacy
          ? WindowPlan.legacy(rule, 0, 0, 0)
          : WindowPlan.aligned(rule, 0, -rule.length());
    }
    long first = span.getLong(0);
    long last = span.getLong(1);
    if (!legacy) {
      return WindowPlan.aligned(rule, first, last);
    }
    long firstEnd =
        timed
            .filter(col("time").lt(first + rule.length() * 1_000_000L))
            .agg(max("time"))
            .head()
            .getLong(0);
    return WindowPlan.legacy(rule, first, firstEnd, last);
  }

  /** Aligned windows have the names that {@link Sessions#assign} gives them. */
  private static Column name(WindowRule rule, WindowPlan plan, Column window) {
    return rule.kind() == WindowRule.Kind.LEGACY
        ? format_string("window-%06d", window)
        : date_format(time(new Start(plan), window), "yyyy-MM-dd'T'HH:mm:ss'Z'");
  }

  private static Column time(UDF1<Long, Long> micros, Column window) {
    return timestamp_micros(udf(micros, DataTypes.LongType).apply(window));
  }

  private record Pane(WindowPlan plan) implements UDF1<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long call(Long time) {
      return plan.pane(time);
    }
  }

  private record WindowsOf(WindowPlan plan) implements UDF1<Long, long[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public long[] call(Long pane) {
      return plan.windows(pane).toArray();
    }
  }

  private record Start(WindowPlan plan) implements UDF1<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long call(Long window) {
      return plan.start(window);
    }
  }

  private record End(WindowPlan plan) implements UDF1<Long, Long> {
    private static final long serialVersionUID = 1L;

    @Override
    public Long call(Long window) {
      return plan.end(window);
    }
  }
}
