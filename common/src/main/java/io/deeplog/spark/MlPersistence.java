package io.deeplog.spark;

import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * Saving and loading of Spark ML stages written in Java. Spark keeps these calls private to Scala;
 * they are gathered here because their signatures change with Spark's versions.
 */
public final class MlPersistence {
  private MlPersistence() {}

  /** Writes what a stage has beside its parameters. */
  @FunctionalInterface
  public interface DataWriter {
    /** Writes below an existing directory. */
    void write(String directory, SparkSession spark);
  }

  /** Makes a stage from its uid and what {@link DataWriter} wrote. */
  @FunctionalInterface
  public interface DataReader<T> {
    /** Reads below a stage's directory. */
    T read(String uid, String directory, SparkSession spark);
  }

  /**
   * A writer of a stage: its parameters as Spark ML writes them, its data below {@code data/}.
   *
   * @param data null when the parameters are all there is
   */
  public static MLWriter writer(Params stage, DataWriter data) {
    return new StageWriter(stage, data);
  }

  /** The reader that belongs to {@link #writer}. */
  public static <T extends Params> MLReader<T> reader(Class<T> type, DataReader<T> data) {
    return new StageReader<>(type, data);
  }

  /** The reader of a stage whose parameters are all there is, made from its uid. */
  public static <T extends Params> MLReader<T> reader(Class<T> type, Function<String, T> stage) {
    return reader(type, (uid, directory, spark) -> stage.apply(uid));
  }

  private static final class StageWriter extends MLWriter {
    private final Params stage;
    private final DataWriter data;

    StageWriter(Params stage, DataWriter data) {
      this.stage = stage;
      this.data = data;
    }

    @Override
    public void saveImpl(String path) {
      SparkSession spark = sparkSession();
      SparkContext context = spark.sparkContext();
      DefaultParamsWriter.saveMetadata(stage, path, context, Option.empty(), Option.empty());
      if (data != null) {
        data.write(path + "/data", spark);
      }
    }
  }

  private static final class StageReader<T extends Params> extends MLReader<T> {
    private final Class<T> type;
    private final DataReader<T> data;

    StageReader(Class<T> type, DataReader<T> data) {
      this.type = type;
      this.data = data;
    }

    @Override
    public T load(String path) {
      SparkSession spark = sparkSession();
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader$.MODULE$.loadMetadata(path, spark.sparkContext(), type.getName());
      T stage = data.read(metadata.uid(), path + "/data", spark);
      metadata.getAndSetParams(stage, Option.empty());
      return stage;
    }
  }
}
