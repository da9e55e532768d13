package io.deeplog.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.UserException;
import io.deeplog.jobs.generate.Service;
import io.deeplog.jobs.options.Flags;
import io.deeplog.jobs.options.OptionGroup;
import io.deeplog.jobs.options.OutputOptions;
import io.deeplog.jobs.options.TrainingOptions;
import io.deeplog.jobs.pipeline.DetectionRun;
import io.deeplog.jobs.pipeline.ReportStage;
import io.deeplog.report.OverviewReport;
import io.deeplog.spark.Files;
import io.deeplog.spark.Spark;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.kohsuke.args4j.Option;

/** Runs on the made-up logs of test-data. */
public final class DemoCommand implements Command {
  private final DataOption data = new DataOption();
  private final OutputOptions output = new OutputOptions();
  private final TrainingOptions training = new TrainingOptions();

  /** Where the logs are. */
  public static final class DataOption implements OptionGroup {
    @Option(
        name = Flags.DATA,
        metaVar = "DIR",
        usage = "test data as generate writes it (default: DEEPLOG_HOME/test-data)")
    public String directory;

    @Override
    public String heading() {
      return "Data";
    }

    String resolved() {
      if (directory != null) {
        return directory;
      }
      String home = System.getenv("DEEPLOG_HOME");
      return (home == null ? "." : home) + "/test-data";
    }
  }

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String summary() {
    return "runs on made-up logs with known anomalies, to see what it does";
  }

  @Override
  public String description() {
    return """
        Reads:  test-data/{block,vm,syslog}/{train.log,test.log,labels.csv}.
        Writes: what run writes, for each service below OUTPUT/, and an overview:
                OUTPUT/report.html and OUTPUT/summary.json.
        Values are judged too, as by run --values.

          deeplog demo --output out/demo
        """;
  }

  @Override
  public List<OptionGroup> options() {
    return List.of(data, output, training, training.counts);
  }

  @Override
  public void run(boolean dryRun, PrintStream out) {
    SparkSession spark = Spark.session("deeplog demo");
    Files files = Files.of(spark);
    Path directory = files.qualified(output.directory);
    Path source = files.qualified(data.resolved());
    if (!files.exists(source)) {
      throw UserException.input(
          "no test data in "
              + source
              + " (give "
              + Flags.DATA
              + " DIR, or write it with generate)");
    }
    // Some of the known anomalies are slow steps and wrong values.
    training.values = true;
    Map<String, JsonNode> figures = new LinkedHashMap<>();
    for (Service service : Service.values()) {
      out.println(service.id() + ":");
      JsonNode summary = run(service, source, directory).execute(spark, dryRun, out);
      figures.put(service.id(), summary);
    }
    if (dryRun) {
      return;
    }
    Map<String, Object> overview = overview(figures);
    files.writeJson(new Path(directory, DetectionRun.SUMMARY), overview);
    List<OverviewReport.Entry> entries = new ArrayList<>();
    figures.forEach(
        (service, summary) ->
            entries.add(
                new OverviewReport.Entry(
                    service,
                    service + "/" + DetectionRun.REPORT,
                    ReportStage.totals(summary),
                    ReportStage.evaluation(summary),
                    ReportStage.kinds(summary))));
    files.writeText(
        new Path(directory, DetectionRun.REPORT),
        OverviewReport.render(
            "DeepLog demo", Instant.now().truncatedTo(ChronoUnit.SECONDS), entries));
    out.println("overview: " + new Path(directory, DetectionRun.REPORT));
  }

  private RunCommand run(Service service, Path source, Path directory) {
    RunCommand run = new RunCommand(training);
    Path logs = new Path(source, service.id());
    run.paths.train = new String[] {new Path(logs, "train.log").toString()};
    run.paths.input = new String[] {new Path(logs, "test.log").toString()};
    run.labels.file = new Path(logs, "labels.csv").toString();
    run.input.format = service.format();
    switch (service) {
      case BLOCK -> run.session.pattern = "blk_-?\\d+";
      case VM -> run.session.pattern = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
      case SYSLOG -> {
        run.session.fields = "host,component,pid";
        run.input.year = 2025;
      }
    }
    run.output.directory = new Path(directory, service.id()).toString();
    run.output.date = output.date;
    run.output.tableFormat = output.tableFormat;
    run.output.overwrite = output.overwrite;
    return run;
  }

  private static Map<String, Object> overview(Map<String, JsonNode> figures) {
    Map<String, long[]> kinds = new TreeMap<>();
    long lines = 0;
    long sessions = 0;
    long anomalous = 0;
    double seconds = 0;
    for (JsonNode summary : figures.values()) {
      lines += summary.path("lines").asLong();
      sessions += summary.path("sessions").asLong();
      anomalous += summary.path("anomalous_sessions").asLong();
      seconds += summary.path("total_seconds").asDouble();
      ReportStage.kinds(summary)
          .forEach(
              kind -> {
                long[] sum = kinds.computeIfAbsent(kind.kind(), k -> new long[2]);
                sum[0] += kind.found();
                sum[1] += kind.total();
              });
    }
    Map<String, Object> recall = new LinkedHashMap<>();
    Map<String, Object> counts = new LinkedHashMap<>();
    kinds.forEach(
        (kind, sum) -> {
          recall.put(kind, (double) sum[0] / sum[1]);
          counts.put(kind, Map.of("found", sum[0], "total", sum[1]));
        });
    Map<String, Object> overview = new LinkedHashMap<>();
    overview.put("command", "demo");
    overview.put("lines", lines);
    overview.put("sessions", sessions);
    overview.put("anomalous_sessions", anomalous);
    overview.put("recall_per_kind", recall);
    overview.put("sessions_per_kind", counts);
    overview.put("total_seconds", seconds);
    overview.put("services", figures);
    return overview;
  }
}
