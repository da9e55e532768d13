package io.deeplog;

import io.deeplog.spark.Spark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;

/** The local session of the tests. */
public final class LocalSpark {
  private LocalSpark() {}

  /** The session, made when first asked for; it ends with the process. */
  public static synchronized SparkSession session() {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.sql.shuffle.partitions", "4");
    System.setProperty("spark.driver.host", "127.0.0.1");
    System.setProperty("spark.sql.warehouse.dir", "target/warehouse");
    return Spark.session("tests");
  }

  /** Works with another number of shuffle partitions. */
  public static <T> T withShufflePartitions(SparkSession spark, int partitions, Supplier<T> work) {
    return with(spark, "spark.sql.shuffle.partitions", String.valueOf(partitions), work);
  }

  /** Works with a setting of the session changed. */
  public static <T> T with(SparkSession spark, String key, String value, Supplier<T> work) {
    scala.Option<String> before = spark.conf().getOption(key);
    spark.conf().set(key, value);
    try {
      return work.get();
    } finally {
      if (before.isDefined()) {
        spark.conf().set(key, before.get());
      } else {
        spark.conf().unset(key);
      }
    }
  }

  /** Descriptions of the jobs that some work starts. */
  public static List<String> jobsOf(SparkSession spark, Runnable work) {
    List<String> jobs = new ArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onJobStart(SparkListenerJobStart start) {
            synchronized (jobs) {
              jobs.add("job " + start.jobId());
            }
          }
        };
    drain(spark);
    spark.sparkContext().addSparkListener(listener);
    try {
      work.run();
      drain(spark);
    } finally {
      spark.sparkContext().removeSparkListener(listener);
    }
    return jobs;
  }

  private static void drain(SparkSession spark) {
    try {
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
