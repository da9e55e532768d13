package io.deeplog.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the stages of a command one after the other: names them in the Spark UI, tells their
 * progress and remembers their seconds.
 */
public final class Stages {
  private static final Logger LOG = LoggerFactory.getLogger(Stages.class);

  private final SparkSession spark;
  private final List<String> planned = new ArrayList<>();
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /** Stages of one command on a session. */
  public Stages(SparkSession spark) {
    this.spark = spark;
  }

  /** The session the stages run on. */
  public SparkSession spark() {
    return spark;
  }

  /** Announces stages, so that progress can say "2 of 7". */
  public Stages plan(String... stages) {
    planned.addAll(List.of(stages));
    return this;
  }

  /**
   * Runs a stage to its end.
   *
   * @param stage its name, the key of its seconds
   * @param detail what it works on, for the Spark UI and the log; may be empty
   */
  public <T> T run(String stage, String detail, Supplier<T> work) {
    if (!planned.contains(stage)) {
      planned.add(stage);
    }
    String text = detail.isEmpty() ? stage : stage + ": " + detail;
    LOG.info("[{}/{}] {}", planned.indexOf(stage) + 1, planned.size(), text);
    spark.sparkContext().setJobDescription(text);
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      double took = (System.nanoTime() - start) / 1e9;
      seconds.merge(stage, took, Double::sum);
      spark.sparkContext().setJobDescription(null);
      LOG.info(
          "[{}/{}] {} done in {} s",
          planned.indexOf(stage) + 1,
          planned.size(),
          stage,
          String.format(Locale.ROOT, "%.1f", took));
    }
  }

  /** {@link #run(String, String, Supplier)} of work without a result. */
  public void run(String stage, String detail, Runnable work) {
    run(
        stage,
        detail,
        () -> {
          work.run();
          return null;
        });
  }

  /** Seconds per stage, in the order they ran. */
  public Map<String, Double> seconds() {
    return new LinkedHashMap<>(seconds);
  }
}
