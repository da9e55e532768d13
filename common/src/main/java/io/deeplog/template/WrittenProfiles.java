package io.deeplog.template;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.deeplog.spark.Columns;
import io.deeplog.spark.SideFile;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;

/**
 * What the templates table tells of a log's entries, gathered while these are written: that saves
 * reading all of them again.
 */
public final class WrittenProfiles {
  private final SparkSession spark;
  private final SideFile.Place place;

  /**
   * Profiles to come.
   *
   * @param directory for their files, of these alone; needed until the table is written
   */
  public WrittenProfiles(SparkSession spark, Path directory) {
    this.spark = spark;
    this.place = SideFile.Place.create(spark, directory);
  }

  /**
   * The same entries; whoever computes all of them once has gathered their profiles.
   *
   * @param entries with {@code source, offset, ts, template_id, params}
   */
  public Dataset<Row> gathering(Dataset<Row> entries) {
    return entries.withColumn(
        "template_id",
        Columns.invokedOnce(
            new ProfileTap(place),
            ProfileTap.METHOD,
            DataTypes.StringType,
            col("template_id"),
            col("source"),
            col("offset"),
            coalesce(expr("unix_micros(ts)"), lit(ProfileTap.NO_TIME)),
            col("params")));
  }

  /** The session of the entries. */
  SparkSession spark() {
    return spark;
  }

  /** As {@link TemplateProfiles#merged}. */
  Dataset<Row> of(List<Template> templates) {
    return TemplateProfiles.merged(spark, place.read(spark), templates);
  }
}
