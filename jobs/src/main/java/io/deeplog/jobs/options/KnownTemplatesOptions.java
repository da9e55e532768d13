package io.deeplog.jobs.options;

import io.deeplog.spark.Output;
import io.deeplog.template.Template;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** Templates of an earlier run. */
public final class KnownTemplatesOptions implements OptionGroup {
  private static final String TABLE = "templates";

  @Option(
      name = Flags.TEMPLATES,
      metaVar = "DIR",
      usage =
          "output of an earlier run: lines are matched with the templates of its newest date first,"
              + " and templates learned only from the others; ids stay as they are")
  public String directory;

  @Override
  public String heading() {
    return "Known templates";
  }

  /**
   * The templates, in the order of their text; none when no directory is given.
   *
   * @throws io.deeplog.UserException when there is no table of templates
   */
  public List<Template> read(SparkSession spark) {
    if (directory == null) {
      return List.of();
    }
    String date = Output.newestDate(spark, directory, TABLE);
    return Output.read(spark, directory, TABLE, date)
        .select("template_id", "template")
        .orderBy("template")
        .collectAsList()
        .stream()
        .map(row -> new Template(row.getString(0), row.getString(1)))
        .toList();
  }
}
