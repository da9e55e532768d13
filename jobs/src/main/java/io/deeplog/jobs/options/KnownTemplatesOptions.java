package io.deeplog.jobs.options;

import io.deeplog.UserException;
import io.deeplog.spark.Output;
import io.deeplog.template.Generations;
import io.deeplog.template.Masks;
import io.deeplog.template.Miner;
import io.deeplog.template.Templates;
import java.io.PrintStream;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
              + " and templates learned only from the others; ids stay as they are; with the miner"
              + " and, where no masks are given, the masks of that run")
  public String directory;

  @Override
  public String heading() {
    return "Known templates";
  }

  /**
   * The templates, generation by generation; none when no directory is given. Templates fit only
   * lines that are masked as those they were learned from, and are matched as their miner has them:
   * masks that are not given become those of the earlier run.
   *
   * @param templates how new ones are to be learned
   * @param out where to say whose masks are taken
   * @throws UserException when there is no table of templates, or the earlier run had another miner
   *     or other masks than are given
   */
  public Generations read(SparkSession spark, TemplateOptions templates, PrintStream out) {
    if (directory == null) {
      return Generations.NONE;
    }
    String date = Output.newestDate(spark, directory, TABLE);
    Dataset<Row> table = Output.read(spark, directory, TABLE, date);
    List<String> columns = List.of(table.columns());
    if (!columns.containsAll(List.of("miner", "masks"))) {
      out.println(
          "templates: those of "
              + directory
              + " do not tell their miner and masks (an earlier version's); "
              + templates.miner
              + " is taken for their miner");
    } else {
      table
          .select("miner", "masks")
          .limit(1)
          .collectAsList()
          .forEach(row -> agree(row.getString(0), row.getList(1), templates, out));
    }
    return Templates.generations(table);
  }

  private void agree(String miner, List<String> masks, TemplateOptions templates, PrintStream out) {
    if (!miner.equals(Miner.of(templates.miner).key())) {
      throw UserException.usage(
          "the templates of "
              + directory
              + " are those of the miner "
              + miner
              + ", not of "
              + templates.miner
              + " (give "
              + Flags.MINER
              + " "
              + miner
              + ", or start anew without "
              + Flags.TEMPLATES
              + ")");
    }
    List<String> before = Masks.of(masks).entries();
    if (before.equals(Masks.of(templates.maskEntries()).entries())) {
      return;
    }
    if (templates.masks != null) {
      throw UserException.usage(
          "the templates of "
              + directory
              + " were learned with other masks than those of "
              + templates.masks
              + ": "
              + String.join(", ", before)
              + " (leave "
              + Flags.MASKS
              + " out to go on with these, or start anew without "
              + Flags.TEMPLATES
              + ")");
    }
    templates.setMaskEntries(before);
    out.println("masks: those of " + directory + ": " + String.join(", ", before));
  }
}
