package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;

import io.deeplog.detect.rules.LineRules;
import io.deeplog.detect.rules.ObviousLines;
import io.deeplog.model.ModelStore;
import io.deeplog.model.TrainedModels;
import io.deeplog.sequence.Sessions;
import io.deeplog.sequence.Windows;
import io.deeplog.spark.Output;
import io.deeplog.spark.Stages;
import io.deeplog.template.Template;
import io.deeplog.template.Templates;
import io.deeplog.verdict.Anomalies;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** From parsed logs and a model to the tables of anomalies, sessions and templates. */
public final class DetectStage {
  /** Tables that detection publishes, with those of parsing. */
  public static final List<String> TABLES =
      List.of("structured", "templates", "rejects", "sessions", "anomalies");

  private final Stages stages;
  private final Output output;
  private final LineRules rules;
  private final int maxAlerts;

  /** The tables as read back. */
  public record Detected(
      ParseStage.Parsed parsed,
      Dataset<Row> templates,
      Dataset<Row> sessions,
      Dataset<Row> anomalies) {}

  /**
   * A stage that writes into an output and holds lines against rules.
   *
   * @param maxAlerts most alerts of a day; 0 for any number
   */
  public DetectStage(Stages stages, Output output, LineRules rules, int maxAlerts) {
    this.stages = stages;
    this.output = output;
    this.rules = rules;
    this.maxAlerts = maxAlerts;
  }

  /** The templates table of parsed logs. */
  public static Dataset<Row> writeTemplates(
      Stages stages, Output output, ParseStage.Parsed parsed) {
    return stages.run(
        "templates",
        "",
        () ->
            output.table(
                "templates",
                Templates.table(parsed.structured(), parsed.templates(), parsed.known())));
  }

  /** The sessions table, and the sessions with their entries that it is made from. */
  public static Dataset<Row> writeSessions(Output output, Dataset<Row> sessions) {
    return output.table("sessions", Sessions.table(sessions));
  }

  private static List<String> known(TrainedModels models) {
    return models.templates().templates().stream().map(Template::id).toList();
  }

  /** Names of what judges sessions: the rules, and the detectors of a model. */
  public static List<String> judges(TrainedModels models) {
    List<String> names = new ArrayList<>(List.of(ObviousLines.NAME));
    names.addAll(models.names());
    return names;
  }

  /**
   * Sessions to judge.
   *
   * @param sessions the table of all of them
   * @param entries those that may be in the table of anomalies, with their entries
   */
  private record Gathered(Dataset<Row> sessions, Dataset<Row> entries) {}

  private Gathered gathered(ParseStage.Parsed parsed) {
    Dataset<Row> entries =
        stages.run("sessions", "", () -> output.work("session-entries", parsed.sessions()));
    return new Gathered(
        stages.run("sessions", "write", () -> writeSessions(output, entries)), entries);
  }

  /**
   * Windows judged by their counts; entries are gathered of those only that turn out to be worth a
   * look, for the evidence.
   */
  private Gathered counted(ParseStage.Parsed parsed, TrainedModels models, Dataset<Row> obvious) {
    Dataset<Row> windows =
        stages.run("sessions", "event counts alone", () -> output.work("windows", parsed.counts()));
    Dataset<Row> sessions =
        stages.run("sessions", "write", () -> output.table("sessions", Windows.table(windows)));
    Dataset<Row> found =
        Anomalies.notable(
                models.judge(Windows.toJudge(windows), parsed.templates().templates()),
                models.verdict())
            .select(Sessions.SESSION)
            .union(
                obvious
                    .filter(col("anomaly"))
                    .select(explode(col(Sessions.SESSION)).as(Sessions.SESSION)))
            .distinct();
    Dataset<Row> entries =
        stages.run(
            "sessions",
            "entries of those worth a look",
            () ->
                output.work(
                    "session-entries",
                    Sessions.collectOnly(parsed.structured(), output.work("found", found))));
    return new Gathered(sessions, entries);
  }

  /** Judges the sessions and lines of parsed logs. */
  public Detected run(ParseStage.Parsed parsed, ModelStore.Version version) {
    Dataset<Row> templates = writeTemplates(stages, output, parsed);
    TrainedModels models = version.models();
    String name = version.manifest().version();
    Dataset<Row> obvious =
        stages.run(
            "rules",
            "",
            () ->
                output.work(
                    "obvious", ObviousLines.find(parsed.structured(), parsed.rejects(), rules)));
    Gathered gathered =
        parsed.countable(models.byCountsAlone())
            ? counted(parsed, models, obvious)
            : gathered(parsed);
    Dataset<Row> judged =
        stages.run(
            "detect",
            "model " + name,
            () ->
                output.work(
                    "judged",
                    ObviousLines.judge(
                        models.judge(gathered.entries, parsed.templates().templates()), obvious)));
    Dataset<Row> anomalies =
        stages.run(
            "anomalies",
            "",
            () ->
                output.table(
                    "anomalies",
                    Anomalies.of(
                        judged,
                        parsed.structured(),
                        obvious,
                        models.verdict().of(judges(models)),
                        known(models),
                        rules.firstSeen(),
                        maxAlerts,
                        name)));
    return new Detected(parsed, templates, gathered.sessions, anomalies);
  }
}
