package io.deeplog.sequence;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** Dataset functions from entries to sessions. */
public final class Sessions {
  /** Column of an entry's sessions: a line can name several. */
  public static final String SESSION = "session";

  /** Column of a session's entries, in order. */
  public static final String ENTRIES = "entries";

  /** Field of an entry's parameters. */
  public static final String PARAMS = "params";

  private static final List<String> HEADER_COLUMNS =
      List.of("level", "component", "host", "pid", "source");

  private static final Column NONE = expr("cast(array() as array<string>)");

  private Sessions() {}

  /**
   * Appends {@code session}, the array of an entry's sessions; empty for an entry without one.
   *
   * @param entries with {@code content, ts} and the header's columns
   * @throws io.deeplog.UserException when too many windows hold an entry
   */
  public static Dataset<Row> assign(Dataset<Row> entries, SessionKey key) {
    return assign(entries, key, entries);
  }

  /**
   * {@link #assign(Dataset, SessionKey)}, where the entries are costly to read twice.
   *
   * @param times the same logs' {@code ts}; read, by a small job, for legacy windows only, which
   *     start at the first entry
   */
  public static Dataset<Row> assign(Dataset<Row> entries, SessionKey key, Dataset<Row> times) {
    key.gathered();
    if (key.kind() == WindowRule.Kind.LEGACY) {
      return entries.withColumn(
          SESSION,
          when(col("ts").isNotNull(), Windows.names(times, key.windowRule())).otherwise(NONE));
    }
    return entries.withColumn(SESSION, column(key));
  }

  private static Column column(SessionKey key) {
    if (key.pattern() != null) {
      return udf(new Identifiers(key.pattern()), DataTypes.createArrayType(DataTypes.StringType))
          .apply(col("content"));
    }
    List<Column> parts = new ArrayList<>();
    Column present = lit(true);
    for (String field : key.fields()) {
      Column part = HEADER_COLUMNS.contains(field) ? col(field) : element_at(col("fields"), field);
      parts.add(part);
      present = present.and(part.isNotNull());
    }
    if (key.step() < key.window()) {
      return overlapping(key, parts, present.and(col("ts").isNotNull()));
    }
    if (key.window() > 0) {
      parts.add(
          expr(
              String.format(
                  "date_format(timestamp_seconds(floor(unix_micros(ts) / %d) * %d),"
                      + " \"yyyy-MM-dd'T'HH:mm:ss'Z'\")",
                  key.window() * 1_000_000L, key.window())));
      present = present.and(col("ts").isNotNull());
    }
    return when(present, array(concat_ws("/", parts.toArray(new Column[0])))).otherwise(NONE);
  }

  /** Every window that holds the entry's time. */
  private static Column overlapping(SessionKey key, List<Column> parts, Column present) {
    Column starts =
        expr(
            String.format(
                "transform(sequence(floor((unix_micros(ts) - %d) / %d) + 1, floor(unix_micros(ts) /"
                    + " %d)), k -> date_format(timestamp_seconds(k * %d),"
                    + " \"yyyy-MM-dd'T'HH:mm:ss'Z'\"))",
                key.window() * 1_000_000L,
                key.step() * 1_000_000L,
                key.step() * 1_000_000L,
                key.step()));
    Column named =
        transform(
            starts,
            start -> {
              List<Column> all = new ArrayList<>(parts);
              all.add(start);
              return concat_ws("/", all.toArray(new Column[0]));
            });
    return when(present, named).otherwise(NONE);
  }

  /** Every distinct match of a pattern, in the order of the text. */
  private static final class Identifiers implements UDF1<String, String[]> {
    private static final long serialVersionUID = 1L;
    private final Pattern pattern;

    Identifiers(Pattern pattern) {
      this.pattern = pattern;
    }

    @Override
    public String[] call(String content) {
      Set<String> found = new LinkedHashSet<>();
      Matcher matcher = pattern.matcher(content);
      while (matcher.find()) {
        if (!matcher.group().isEmpty()) {
          found.add(matcher.group());
        }
      }
      return found.toArray(new String[0]);
    }
  }

  /**
   * Gathers sessions: {@code session, entries}, where entries is an array of {@code ts, source,
   * offset, template_id}, and {@code params} where the entries have them, ordered by time, source
   * and offset.
   *
   * @param entries with {@code session, ts, source, offset, template_id}, perhaps {@code params}
   */
  public static Dataset<Row> collect(Dataset<Row> entries) {
    List<Column> fields =
        new ArrayList<>(List.of(col("ts"), col("source"), col("offset"), col("template_id")));
    if (List.of(entries.columns()).contains(PARAMS)) {
      // Last, and never compared: source and offset differ for any two entries.
      fields.add(col(PARAMS));
    }
    return entries
        .select(
            explode(col(SESSION)).as(SESSION), struct(fields.toArray(new Column[0])).as("entry"))
        .groupBy(SESSION)
        .agg(sort_array(collect_list("entry")).as(ENTRIES));
  }

  /**
   * Gathers sessions as {@link #collect(Dataset)} does, and empty windows where the key keeps them.
   */
  public static Dataset<Row> collect(Dataset<Row> entries, SessionKey key) {
    Dataset<Row> sessions = collect(entries);
    return key == null || !key.keepEmpty()
        ? sessions
        : named(sessions, Windows.all(entries, key.windowRule()));
  }

  /**
   * Gathers some sessions only, as {@link #collect(Dataset)} does; entries of the others stay where
   * they are.
   *
   * @param wanted {@code session}, each once; one without entries is empty
   */
  public static Dataset<Row> collectOnly(Dataset<Row> entries, Dataset<Row> wanted) {
    // Neighbours are in the same windows: which of these are wanted is looked up once for all.
    Dataset<Row> looked =
        entries
            .select(col(SESSION).as("all"))
            .distinct()
            .select(col("all"), explode(col("all")).as(SESSION))
            .join(wanted, SESSION)
            .groupBy("all")
            .agg(collect_list(SESSION).as(SESSION));
    return named(collect(entries.withColumnRenamed(SESSION, "all").join(looked, "all")), wanted);
  }

  /** The sessions of some names, empty ones where there are none. */
  private static Dataset<Row> named(Dataset<Row> sessions, Dataset<Row> names) {
    String type = sessions.schema().apply(ENTRIES).dataType().sql();
    return names
        .join(sessions, new String[] {SESSION}, "left")
        .select(
            col(SESSION),
            coalesce(col(ENTRIES), expr("cast(array() as " + type + ")")).as(ENTRIES));
  }

  /**
   * The sessions table: {@code session, first_ts, last_ts, length, template_ids}.
   *
   * @param sessions of {@link #collect}
   */
  public static Dataset<Row> table(Dataset<Row> sessions) {
    return sessions.select(
        col(SESSION),
        element_at(col(ENTRIES), 1).getField("ts").as("first_ts"),
        element_at(col(ENTRIES), -1).getField("ts").as("last_ts"),
        size(col(ENTRIES)).as("length"),
        templateIds().as("template_ids"));
  }

  /** Column of a session's template ids, in the order of its entries. */
  public static Column templateIds() {
    return transform(col(ENTRIES), entry -> entry.getField("template_id"));
  }
}
