package io.deeplog.sequence;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.xxhash64;

import io.deeplog.UserException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the sessions that are held out of a training from the others.
 *
 * @param column true for those held out
 * @param how they were chosen, in words
 */
public record HeldOut(Column column, String how) {
  private static final Logger LOG = LoggerFactory.getLogger(HeldOut.class);

  /** Parts of a hash: shares are told to a millionth. */
  private static final long HASHES = 1_000_000;

  /** Which sessions are held out. */
  public enum Order {
    /** The last ones by their start. */
    LAST,
    /** Those whose names hash low: sessions of one time are on both sides. */
    RANDOM;

    /** The name in settings. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The order of a name.
     *
     * @throws UserException when there is none
     */
    public static Order of(String name) {
      return Arrays.stream(values())
          .filter(order -> order.id().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  UserException.usage(
                      "unknown order '"
                          + name
                          + "' (give one of "
                          + Arrays.stream(values()).map(Order::id).collect(Collectors.joining(", "))
                          + ")"));
    }
  }

  /**
   * The last share of the sessions by the time of their first entry, sessions of one time in the
   * order of their files; the same whatever the partitioning. Sessions that have neither times nor
   * places in files are told apart by a hash of their names, with a warning.
   *
   * @param sessions of {@link Sessions#collect}
   * @param share 0 or more, less than 1
   * @param seed of the hash
   */
  public static HeldOut of(Dataset<Row> sessions, double share, Order order, long seed) {
    if (share <= 0) {
      return new HeldOut(lit(false), "none");
    }
    if (order == Order.RANDOM) {
      LOG.warn(
          "sessions are held out at random: those of one time are trained on and held out, which"
              + " flatters the thresholds");
      return random(share, seed, "at random");
    }
    Column first = col(Sessions.ENTRIES).getItem(0);
    Column place = struct(first.getField("source"), first.getField("offset"));
    Row extent =
        sessions.agg(count(lit(1)), count(first.getField("ts")), min(place), max(place)).first();
    if (extent.getLong(1) == 0 && (extent.isNullAt(2) || extent.get(2).equals(extent.get(3)))) {
      LOG.warn("sessions have no time: those held out are chosen by a hash of their names");
      return random(share, seed, "by a hash of their names: they have no time");
    }
    long wanted = Math.round(share * extent.getLong(0));
    if (wanted == 0) {
      return new HeldOut(lit(false), "none");
    }
    List<Column> key =
        List.of(
            first.getField("ts").as("ts"),
            first.getField("source").as("source"),
            first.getField("offset").as("offset"),
            col(Sessions.SESSION).as("session"));
    Column[] names = {
      col("ts").desc(), col("source").desc(), col("offset").desc(), col("session").desc()
    };
    // Not limit: that would gather as many sessions on the driver.
    Row bound =
        sessions
            .select(key.toArray(new Column[0]))
            .orderBy(names)
            .javaRDD()
            .zipWithIndex()
            .filter(row -> row._2 == wanted - 1)
            .keys()
            .first();
    return new HeldOut(notBefore(key, bound), "the last ones");
  }

  private static HeldOut random(double share, long seed, String how) {
    Column hash = pmod(xxhash64(lit(seed), col(Sessions.SESSION)), lit(HASHES));
    return new HeldOut(hash.lt(share * HASHES), how);
  }

  /** Whether a row of columns is not before another in lexicographic order, nulls first. */
  private static Column notBefore(List<Column> columns, Row bound) {
    Column result = lit(true);
    for (int i = columns.size() - 1; i >= 0; i--) {
      Column column = columns.get(i);
      if (bound.isNullAt(i)) {
        result = column.isNotNull().or(result);
      } else {
        Column value = lit(bound.get(i));
        result = column.isNotNull().and(column.gt(value).or(column.equalTo(value).and(result)));
      }
    }
    return result;
  }
}
