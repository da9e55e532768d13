package io.deeplog.jobs.options;

import io.deeplog.UserException;
import io.deeplog.detect.rules.LineRules;
import io.deeplog.spark.Files;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** Rules that lines are held against. */
public final class RuleOptions implements OptionGroup {
  @Option(
      name = Flags.RULES,
      metaVar = "FILE",
      usage = "rules of your own for obvious lines, laid out like conf/rules.yaml")
  public String file;

  @Override
  public String heading() {
    return "Rules";
  }

  /**
   * The rules of the jar with those of the file.
   *
   * @throws UserException when the file is missing or wrong
   */
  public LineRules rules(SparkSession spark) {
    LineRules rules = LineRules.load();
    if (file == null) {
      return rules;
    }
    Files files = Files.of(spark);
    Path path = files.qualified(file);
    if (!files.exists(path)) {
      throw UserException.input("no file of rules " + file + " (check " + Flags.RULES + ")");
    }
    return rules.withOwn(files.readText(path), file);
  }
}
