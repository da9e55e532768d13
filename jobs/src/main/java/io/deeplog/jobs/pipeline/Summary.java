package io.deeplog.jobs.pipeline;

import io.deeplog.detect.DetectorModel;
import io.deeplog.detect.rules.ObviousLines;
import io.deeplog.evaluate.Confusion;
import io.deeplog.evaluate.Evaluation;
import io.deeplog.log.LogReader;
import io.deeplog.model.ModelStore;
import io.deeplog.verdict.Anomalies;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The figures of a run, as {@code summary.json} has them. */
public final class Summary {
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Puts a figure. */
  public Summary put(String name, Object value) {
    values.put(name, value);
    return this;
  }

  /** The figures by name. */
  public Map<String, Object> values() {
    return values;
  }

  private static final int MAX_FILES = 100;

  /** Puts the format of every file, of so many at the most, and the share of its head that fits. */
  public Summary formats(LogReader.Input input) {
    List<Map<String, Object>> files = new ArrayList<>();
    Map<String, Double> shares = input.sharesByPath();
    input
        .formatsByPath()
        .forEach(
            (path, format) -> {
              if (files.size() < MAX_FILES) {
                Map<String, Object> file = new LinkedHashMap<>();
                file.put("file", path);
                file.put("format", format.description());
                file.put("timestamp", format.timestampPattern());
                double share = shares.get(path);
                file.put(
                    "share", Double.isNaN(share) ? null : Math.round(share * 10_000) / 10_000.0);
                files.add(file);
              }
            });
    return put("files", files);
  }

  /** Puts the figures of parsing. */
  public Summary parsed(ParseStage.Parsed parsed) {
    Map<String, Object> reasons = new LinkedHashMap<>();
    parsed
        .rejects()
        .groupBy("reason")
        .count()
        .orderBy("reason")
        .collectAsList()
        .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
    return put("lines", parsed.lines())
        .put("entries", parsed.entries())
        .put("rejects", parsed.rejected())
        .put("rejects_by_reason", reasons)
        .put("templates", parsed.templates().templates().size())
        .put("new_templates", parsed.newTemplates().size())
        .put("first", parsed.first() == null ? null : parsed.first().toString())
        .put("last", parsed.last() == null ? null : parsed.last().toString());
  }

  /** Puts the figures of detection. */
  public Summary detected(DetectStage.Detected detected, ModelStore.Version version) {
    Map<String, Long> bySubject = new LinkedHashMap<>();
    Map<String, String> conditions = new LinkedHashMap<>();
    for (DetectorModel<?> detector : version.models().detectors()) {
      bySubject.put(detector.detector(), 0L);
      conditions.put(detector.detector(), detector.condition());
    }
    bySubject.put(ObviousLines.NAME, 0L);
    conditions.put(ObviousLines.NAME, "a line that a rule calls an anomaly");
    bySubject.put(Anomalies.VERDICT, 0L);
    conditions.put(
        Anomalies.VERDICT,
        version.models().verdict().of(DetectStage.judges(version.models())).condition());
    Map<String, Long> byRule = new TreeMap<>();
    // Reasons of lines are as many as the rules; those of sessions are not looked at.
    Column rule = functions.col("evidence.reason");
    for (Row row :
        detected
            .anomalies()
            .filter(Anomalies.FLAGGED)
            .groupBy(
                functions.col("detector"),
                functions.col("subject"),
                functions.when(functions.col("subject").equalTo("line"), rule).as("rule"))
            .count()
            .collectAsList()) {
      long count = row.getLong(3);
      if (!row.getString(1).equals("line")) {
        bySubject.merge(row.getString(0), count, Long::sum);
      } else {
        byRule.merge(row.getString(2), count, Long::sum);
      }
    }
    // A line may be both unknown and obvious.
    long lines =
        detected
            .anomalies()
            .filter(Anomalies.isLineOutsideSessions())
            .select("source", "offset")
            .distinct()
            .count();
    return put("model_version", version.manifest().version())
        .put("training", version.manifest().metrics())
        .put("conditions", conditions)
        .put("sessions", detected.sessions().count())
        .put("anomalous_sessions", bySubject.get(Anomalies.VERDICT))
        .put("anomalous_lines_outside_sessions", lines)
        .put("lines_by_rule", byRule)
        .put("anomalies", bySubject);
  }

  /** Puts the figures of an evaluation. */
  public Summary evaluated(Evaluation evaluation) {
    Map<String, Object> result = new LinkedHashMap<>();
    evaluation.detectors().forEach((name, confusion) -> result.put(name, figures(confusion)));
    Map<String, Object> recall = new LinkedHashMap<>();
    Map<String, Object> kinds = new LinkedHashMap<>();
    evaluation
        .kinds()
        .forEach(
            (kind, found) -> {
              recall.put(kind, found.recall());
              kinds.put(kind, Map.of("found", found.found(), "total", found.total()));
            });
    if (!recall.isEmpty()) {
      result.put("recall_per_kind", recall);
      result.put("sessions_per_kind", kinds);
    }
    result.put("unlabelled_sessions", evaluation.unlabelled());
    return put("evaluation", result);
  }

  private static Map<String, Object> figures(Confusion confusion) {
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("precision", confusion.precision());
    figures.put("recall", confusion.recall());
    figures.put("f1", confusion.f1());
    figures.put("tp", confusion.tp());
    figures.put("fp", confusion.fp());
    figures.put("fn", confusion.fn());
    figures.put("tn", confusion.tn());
    return figures;
  }

  /** Puts seconds by stage and the peak memory of the driver. */
  public Summary resources(Map<String, Double> seconds) {
    Map<String, Object> rounded = new LinkedHashMap<>();
    seconds.forEach((stage, s) -> rounded.put(stage, Math.round(s * 1000) / 1000.0));
    Map<String, Object> memory = new LinkedHashMap<>();
    memory.put("driver_heap", heapPeak() >> 20);
    memory.put("driver_process", processPeak() >> 20);
    return put("seconds", rounded)
        .put(
            "total_seconds",
            Math.round(seconds.values().stream().mapToDouble(s -> s).sum() * 1000) / 1000.0)
        .put("peak_memory_mb", memory);
  }

  /** A bound of the peak of the heap: its pools peak at different times. */
  static long heapPeak() {
    long sum =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getPeakUsage)
            .mapToLong(usage -> usage.getUsed())
            .sum();
    return Math.min(sum, Runtime.getRuntime().maxMemory());
  }

  /** Peak resident set of the process, native memory included; 0 where the system does not tell. */
  private static long processPeak() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
