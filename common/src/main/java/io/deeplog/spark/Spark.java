package io.deeplog.spark;

import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.ColumnarToRowExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.WholeStageCodegenExec;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** The Spark session of a command. */
public final class Spark {
  private static final Map<String, String> DEFAULTS =
      Map.of(
          // Times are UTC everywhere; a session in local time would shift what is shown and parsed.
          "spark.sql.session.timeZone", "UTC",
          "spark.sql.datetime.java8API.enabled", "true",
          "spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS",
          // A line of 1601, as clocks that were never set have it, must not end the run.
          "spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED",
          // Hadoop's marker files carry no data; a table is whole because it was renamed into
          // place.
          "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs", "false");

  private Spark() {}

  /**
   * Gets or creates the session, with the settings the tables rely on. Master, memory and cores are
   * left to whoever submits.
   *
   * @param name the application's name, as the Spark UI shows it
   */
  public static SparkSession session(String name) {
    SparkSession.Builder builder = SparkSession.builder().appName(name);
    DEFAULTS.forEach(builder::config);
    return builder.getOrCreate();
  }

  /** Sends a value to every executor once. */
  public static <T> Broadcast<T> broadcast(SparkSession spark, T value) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(value);
  }

  /** A table of rows as Spark itself holds them, which need no encoder. */
  public static Dataset<Row> rows(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema) {
    return spark.internalCreateDataFrame(rows.rdd(), schema, false);
  }

  /**
   * The rows of a table as Spark itself holds them, which need no decoder. Of a table that is only
   * read, by columns as Parquet has them, they stand where they were read and are not copied. Each
   * must be done with before the iterator is asked whether there is another. Tasks see the
   * session's settings only where a Dataset is made of the result.
   */
  public static JavaRDD<InternalRow> rows(Dataset<?> table) {
    SparkPlan plan = table.queryExecution().executedPlan();
    if (plan instanceof WholeStageCodegenExec stage
        && stage.child() instanceof ColumnarToRowExec read) {
      return read.child().executeColumnar().toJavaRDD().flatMap(ColumnarBatch::rowIterator);
    }
    return table.queryExecution().toRdd().toJavaRDD();
  }
}
