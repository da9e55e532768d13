package io.deeplog.jobs.pipeline;

import io.deeplog.detect.rules.LineRules;
import io.deeplog.detect.rules.ObviousLines;
import io.deeplog.model.ModelStore;
import io.deeplog.model.TrainedModels;
import io.deeplog.sequence.Sessions;
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

  /** Judges the sessions and lines of parsed logs. */
  public Detected run(ParseStage.Parsed parsed, ModelStore.Version version) {
    Dataset<Row> templates = writeTemplates(stages, output, parsed);
    Dataset<Row> entries =
        stages.run("sessions", "", () -> output.work("session-entries", parsed.sessions()));
    Dataset<Row> sessions = stages.run("sessions", "write", () -> writeSessions(output, entries));
    TrainedModels models = version.models();
    String name = version.manifest().version();
    Dataset<Row> obvious =
        stages.run(
            "rules",
            "",
            () ->
                output.work(
                    "obvious", ObviousLines.find(parsed.structured(), parsed.rejects(), rules)));
    Dataset<Row> judged =
        stages.run(
            "detect",
            "model " + name,
            () ->
                output.work(
                    "judged",
                    ObviousLines.judge(
                        models.judge(entries, parsed.templates().templates()), obvious)));
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
    return new Detected(parsed, templates, sessions, anomalies);
  }
}
