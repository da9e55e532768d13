package io.deeplog.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * A file of names and bytes that a task writes beside its rows, for what it learns of them in
 * passing: accumulators would bring all of that to the driver at once. A task that is tried again
 * leaves one file all the same: each attempt writes under a name of its own, which becomes the
 * task's when the attempt has ended well.
 */
public final class SideFile {
  private final Path attempt;
  private final Path whole;
  private final Configuration configuration;
  private SequenceFile.Writer writer;

  private SideFile(Place place, TaskContext task) {
    this.attempt = new Path(place.directory, "_attempt-" + task.taskAttemptId());
    this.whole = new Path(place.directory, String.format("part-%05d", task.partitionId()));
    this.configuration = place.configuration.value().value();
  }

  /**
   * The file of the task that runs.
   *
   * @param last appends what is left, when the task has seen all of its rows; not called when it
   *     fails
   */
  public static SideFile ofTask(Place place, Runnable last) {
    TaskContext task = TaskContext.get();
    SideFile file = new SideFile(place, task);
    TaskCompletionListener end = context -> file.end(context, last);
    task.addTaskCompletionListener(end);
    return file;
  }

  /** Appends a name and its bytes. */
  public void append(String name, byte[] bytes) {
    try {
      if (writer == null) {
        writer =
            SequenceFile.createWriter(
                configuration,
                SequenceFile.Writer.file(attempt),
                SequenceFile.Writer.keyClass(Text.class),
                SequenceFile.Writer.valueClass(BytesWritable.class));
      }
      writer.append(new Text(name), new BytesWritable(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end(TaskContext task, Runnable last) {
    boolean well = !task.isFailed() && !task.isInterrupted();
    try {
      if (well) {
        last.run();
      }
      if (writer != null) {
        writer.close();
        if (well) {
          Files.of(configuration).replace(attempt, whole);
        } else {
          Files.of(configuration).delete(attempt);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Where the files of all tasks of a job are; what is shipped to executors.
   *
   * @param directory of these files alone
   */
  public record Place(String directory, Broadcast<SerializableConfiguration> configuration)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /** A new directory. */
    public static Place create(SparkSession spark, Path directory) {
      Configuration configuration = Files.of(spark).configuration();
      try {
        directory.getFileSystem(configuration).mkdirs(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return new Place(
          directory.toString(),
          Spark.broadcast(spark, new SerializableConfiguration(configuration)));
    }

    /** What the tasks have written, in any order. */
    public JavaRDD<Tuple2<String, byte[]>> read(SparkSession spark) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      JavaRDD<Tuple2<String, byte[]>> pieces =
          context
              .sequenceFile(directory, Text.class, BytesWritable.class)
              // The reader fills the same two objects again and again.
              .map(
                  piece ->
                      new Tuple2<>(
                          piece._1.toString(),
                          Arrays.copyOf(piece._2.getBytes(), piece._2.getLength())));
      // Thousands of small files must not become thousands of tasks.
      int most = 4 * context.defaultParallelism();
      return pieces.getNumPartitions() > most ? pieces.coalesce(most) : pieces;
    }
  }
}
