package io.deeplog.jobs.pipeline;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.unix_timestamp;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeplog.detect.Detection;
import io.deeplog.detect.rules.ObviousLines;
import io.deeplog.log.RawLines;
import io.deeplog.model.Detectors;
import io.deeplog.report.HtmlReport;
import io.deeplog.report.ReportData;
import io.deeplog.sequence.Sessions;
import io.deeplog.verdict.Anomalies;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** From the tables and figures of a run to its report. All it collects is bounded. */
public final class ReportStage {
  private static final long[] BUCKETS = {
    1, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600
  };
  private static final int MOST_BUCKETS = 120;
  private static final int SHOWN_TEMPLATES = 1000;
  private static final int LINES_AROUND = 7;

  /** The tables that a report is made from; labels may be null. */
  public record Tables(
      Dataset<Row> structured,
      Dataset<Row> templates,
      Dataset<Row> rejects,
      Dataset<Row> anomalies,
      Dataset<Row> labels) {}

  private final SparkSession spark;
  private final Tables tables;
  private final JsonNode summary;
  private final int maxShown;
  private final Map<String, String> texts = new HashMap<>();

  /**
   * A report.
   *
   * @param summary the figures, as in summary.json
   * @param maxShown most anomalies to show
   */
  public ReportStage(SparkSession spark, Tables tables, JsonNode summary, int maxShown) {
    this.spark = spark;
    this.tables = tables;
    this.summary = summary;
    this.maxShown = maxShown;
  }

  /** Renders the page. */
  public String render() {
    List<Row> templates =
        tables.templates().orderBy(col("count").desc(), col("template_id")).collectAsList();
    templates.forEach(row -> texts.put(row.getAs("template_id"), row.getAs("template")));
    texts.put(Detection.BEGIN, "the session begins");
    texts.put(Detection.END, "the session ends");
    texts.put(Detection.UNKNOWN, "a template that training never saw");
    List<ReportData.Anomaly> anomalies = anomalies();
    ReportData.Totals totals = totals(summary);
    long lineAnomalies = summary.path("anomalous_lines_outside_sessions").asLong();
    return HtmlReport.render(
        new ReportData(
            "Anomalies in "
                + inputs().stream().map(ReportStage::name).collect(Collectors.joining(", ")),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            summary.path("date").asText(),
            summary.path("model_version").asText(),
            inputs(),
            notes(),
            totals,
            detectors(),
            timeline(totals),
            anomalies,
            totals.anomalousSessions() + lineAnomalies,
            templateRows(templates, totals),
            templates.size(),
            rejects(),
            evaluation(summary),
            kinds(summary),
            stages()));
  }

  private List<String> inputs() {
    List<String> inputs = new ArrayList<>();
    summary.path("inputs").forEach(input -> inputs.add(input.asText()));
    return inputs;
  }

  private static String name(String path) {
    return path.replaceAll("/+$", "").replaceAll(".*/", "");
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    long rejects = summary.path("rejects").asLong();
    if (rejects > 0) {
      notes.add(
          String.format(
              "%,d of %,d lines were rejected; they are kept in the rejects table.",
              rejects, summary.path("lines").asLong()));
    }
    long outside = summary.path("anomalous_lines_outside_sessions").asLong();
    if (outside > 0) {
      notes.add(
          String.format(
              "%,d anomalous line%s outside any session.",
              outside, outside == 1 ? " is" : "s are"));
    }
    summary
        .path("lines_by_rule")
        .fields()
        .forEachRemaining(
            e ->
                notes.add(
                    String.format(
                        "%,d line%s by rule %s.",
                        e.getValue().asLong(), e.getValue().asLong() == 1 ? "" : "s", e.getKey())));
    return notes;
  }

  /** The totals of a summary. */
  public static ReportData.Totals totals(JsonNode summary) {
    return new ReportData.Totals(
        summary.path("lines").asLong() - summary.path("rejects").asLong(),
        summary.path("rejects").asLong(),
        summary.path("templates").asLong(),
        summary.path("new_templates").asLong(),
        summary.path("sessions").asLong(),
        summary.path("anomalous_sessions").asLong(),
        instant(summary.path("first")),
        instant(summary.path("last")));
  }

  private static Instant instant(JsonNode node) {
    return node.isTextual() ? Instant.parse(node.asText()) : null;
  }

  private List<ReportData.DetectorRow> detectors() {
    List<ReportData.DetectorRow> rows = new ArrayList<>();
    summary
        .path("anomalies")
        .fields()
        .forEachRemaining(
            e ->
                rows.add(
                    new ReportData.DetectorRow(
                        e.getKey(),
                        e.getValue().asLong(),
                        summary.path("conditions").path(e.getKey()).asText())));
    return rows;
  }

  private ReportData.Timeline timeline(ReportData.Totals totals) {
    if (totals.first() == null || totals.last() == null) {
      return new ReportData.Timeline(1, List.of());
    }
    long span = ChronoUnit.SECONDS.between(totals.first(), totals.last());
    long seconds = BUCKETS[BUCKETS.length - 1];
    for (long candidate : BUCKETS) {
      if (span / candidate < MOST_BUCKETS) {
        seconds = candidate;
        break;
      }
    }
    Map<Long, Long> lines = byBucket(tables.structured(), seconds);
    Map<Long, Long> found =
        byBucket(
            tables
                .anomalies()
                .filter(
                    col("detector")
                        .equalTo(Anomalies.VERDICT)
                        .or(Anomalies.isLineOutsideSessions())),
            seconds);
    found.keySet().forEach(bucket -> lines.putIfAbsent(bucket, 0L));
    List<ReportData.Bucket> buckets = new ArrayList<>();
    for (Map.Entry<Long, Long> entry : lines.entrySet()) {
      buckets.add(
          new ReportData.Bucket(
              Instant.ofEpochSecond(entry.getKey() * seconds),
              entry.getValue(),
              found.getOrDefault(entry.getKey(), 0L)));
    }
    return new ReportData.Timeline(seconds, buckets);
  }

  private static Map<Long, Long> byBucket(Dataset<Row> rows, long seconds) {
    Map<Long, Long> result = new TreeMap<>();
    rows.filter(col("ts").isNotNull())
        .groupBy(floor(unix_timestamp(col("ts")).divide(seconds)).as("bucket"))
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(row -> result.put(row.getLong(0), row.getLong(1)));
    return result;
  }

  private List<ReportData.Anomaly> anomalies() {
    Dataset<Row> table = tables.anomalies();
    if (!List.of(table.columns()).contains(Anomalies.SURPRISE)) {
      // Of a version before: the scores alone rank sessions.
      table = table.withColumn(Anomalies.SURPRISE, lit(0.0));
    }
    List<Row> alerts =
        table
            .filter(Anomalies.isAlert())
            .orderBy(Anomalies.ranking())
            .limit(maxShown)
            .collectAsList();
    Object[] shown =
        alerts.stream()
            .filter(row -> row.getAs(Sessions.SESSION) != null)
            .map(row -> row.getAs(Sessions.SESSION))
            .toArray();
    Map<String, List<Row>> findings = new HashMap<>();
    tables
        .anomalies()
        .filter(Anomalies.FLAGGED)
        .filter(
            col("detector")
                .notEqual(Anomalies.VERDICT)
                .and(col("subject").equalTo("session"))
                .and(col(Sessions.SESSION).isin(shown)))
        .collectAsList()
        .forEach(
            row ->
                findings
                    .computeIfAbsent(row.getAs(Sessions.SESSION), s -> new ArrayList<>())
                    .add(row));
    Map<String, String> labels = labels(shown);
    Map<String, List<ReportData.RawLine>> lines = lines(shown, findings);
    Map<String, List<Row>> byLine = new LinkedHashMap<>();
    for (Row alert : alerts) {
      if (alert.getAs(Sessions.SESSION) == null) {
        byLine.computeIfAbsent(place(alert), place -> new ArrayList<>()).add(alert);
      }
    }
    List<ReportData.Anomaly> result = new ArrayList<>();
    for (Row alert : alerts) {
      String session = alert.getAs(Sessions.SESSION);
      if (session != null) {
        result.add(
            anomaly(
                result.size() + 1,
                session,
                alert,
                findings.getOrDefault(session, List.of()),
                lines.getOrDefault(session, List.of()),
                labels.get(session)));
      } else if (byLine.get(place(alert)).get(0) == alert) {
        // One that is both unknown and obvious is shown once.
        result.add(
            anomaly(
                result.size() + 1,
                "line outside any session",
                alert,
                byLine.get(place(alert)),
                raw(List.of(alert), Set.of(place(alert))),
                null));
      }
    }
    return result;
  }

  private static String place(Row line) {
    return line.getAs("source") + "@" + line.getAs("offset");
  }

  private ReportData.Anomaly anomaly(
      int rank,
      String session,
      Row row,
      List<Row> findings,
      List<ReportData.RawLine> lines,
      String label) {
    List<String> order = new ArrayList<>(List.of(ObviousLines.NAME));
    order.addAll(Detectors.names());
    List<Row> sorted =
        findings.stream()
            .sorted(Comparator.comparingInt(f -> order.indexOf(f.<String>getAs("detector"))))
            .toList();
    return new ReportData.Anomaly(
        rank,
        session,
        Times.instant(row.getAs("ts")),
        row.getAs("score"),
        sorted.stream().map(f -> f.<String>getAs("detector")).toList(),
        sorted.stream().map(this::finding).toList(),
        lines,
        label);
  }

  private ReportData.Finding finding(Row row) {
    Row evidence = row.getAs("evidence");
    List<String> history = evidence.getList(evidence.fieldIndex("history"));
    List<ReportData.Expected> expected = new ArrayList<>();
    List<ReportData.Contribution> contributions = new ArrayList<>();
    if (!evidence.isNullAt(evidence.fieldIndex("expected"))) {
      for (Row e : evidence.<Row>getList(evidence.fieldIndex("expected"))) {
        expected.add(new ReportData.Expected(key(e.getString(0)), e.getDouble(1)));
      }
    }
    if (!evidence.isNullAt(evidence.fieldIndex("contributions"))) {
      for (Row c : evidence.<Row>getList(evidence.fieldIndex("contributions"))) {
        contributions.add(
            new ReportData.Contribution(
                key(c.getString(0)), c.getDouble(1), c.getDouble(2), c.getDouble(3)));
      }
    }
    String actual = evidence.getAs("actual");
    return new ReportData.Finding(
        row.getAs("detector"),
        evidence.getAs("reason"),
        row.getAs("score"),
        row.getAs("threshold"),
        history.stream().map(this::key).toList(),
        expected,
        actual == null ? null : key(actual),
        contributions,
        parameters(evidence));
  }

  private static List<ReportData.Parameter> parameters(Row evidence) {
    // Tables of earlier versions have none.
    int at = List.of(evidence.schema().fieldNames()).indexOf("parameters");
    if (at < 0 || evidence.isNullAt(at)) {
      return List.of();
    }
    List<ReportData.Parameter> parameters = new ArrayList<>();
    for (Row p : evidence.<Row>getList(at)) {
      parameters.add(
          new ReportData.Parameter(p.getString(0), p.getString(1), p.getString(2), p.getDouble(3)));
    }
    return parameters;
  }

  private ReportData.Key key(String templateId) {
    return new ReportData.Key(templateId, texts.getOrDefault(templateId, templateId));
  }

  private Map<String, String> labels(Object[] sessions) {
    Map<String, String> result = new HashMap<>();
    if (tables.labels() != null) {
      for (Row row : tables.labels().filter(col(Sessions.SESSION).isin(sessions)).collectAsList()) {
        String kind = row.getAs("kind");
        boolean anomalous = row.getAs("anomalous");
        result.put(
            row.getAs(Sessions.SESSION),
            (anomalous ? "Anomaly" : "Normal")
                + (kind == null || kind.isEmpty() ? "" : " (" + kind + ")"));
      }
    }
    return result;
  }

  /** The lines around the abnormal entries of the shown sessions. */
  private Map<String, List<ReportData.RawLine>> lines(
      Object[] sessions, Map<String, List<Row>> findings) {
    Map<String, List<ReportData.RawLine>> result = new HashMap<>();
    if (sessions.length == 0) {
      return result;
    }
    Set<String> abnormal = new HashSet<>();
    Map<String, Integer> centres = new LinkedHashMap<>();
    findings.forEach(
        (session, rows) -> {
          for (Row row : rows) {
            Row evidence = row.getAs("evidence");
            int position = evidence.fieldIndex("position");
            if (!evidence.isNullAt(position)) {
              abnormal.add(row.getAs("source") + "@" + row.getAs("offset"));
              centres.merge(session, evidence.getInt(position), Math::min);
            }
          }
          centres.putIfAbsent(session, 0);
        });
    List<Row> around =
        centres.entrySet().stream().map(e -> RowFactory.create(e.getKey(), e.getValue())).toList();
    Dataset<Row> wanted =
        spark.createDataFrame(
            around, new StructType().add("wanted", "string").add("centre", "int"));
    WindowSpec inOrder = Window.partitionBy("wanted").orderBy("ts", "source", "offset");
    List<Row> rows =
        tables
            .structured()
            .select(
                explode(col(Sessions.SESSION)).as("wanted"),
                col("source"),
                col("offset"),
                col("ts"),
                col("level"),
                col("content"))
            .join(functions.broadcast(wanted), "wanted")
            .withColumn("position", functions.row_number().over(inOrder).minus(1))
            .filter(functions.abs(col("position").minus(col("centre"))).leq(LINES_AROUND))
            .orderBy("wanted", "position")
            .collectAsList();
    Map<String, List<Row>> bySession =
        rows.stream().collect(Collectors.groupingBy(row -> row.<String>getAs("wanted")));
    bySession.forEach((session, of) -> result.put(session, raw(of, abnormal)));
    return result;
  }

  /** Entries as they stand in their files, or their content where a file cannot be entered. */
  private List<ReportData.RawLine> raw(List<Row> rows, Set<String> abnormal) {
    Map<String, Map<Long, String>> texts = new HashMap<>();
    RawLines files = new RawLines(spark);
    rows.stream()
        .collect(Collectors.groupingBy(row -> row.<String>getAs("source")))
        .forEach(
            (source, of) ->
                texts.put(
                    source,
                    files.read(source, of.stream().map(r -> r.<Long>getAs("offset")).toList())));
    List<ReportData.RawLine> result = new ArrayList<>();
    List<String> columns = List.of(rows.get(0).schema().fieldNames());
    for (Row row : rows) {
      String source = row.getAs("source");
      long offset = row.getAs("offset");
      String content = columns.contains("content") ? row.getAs("content") : "";
      result.add(
          new ReportData.RawLine(
              source,
              offset,
              Times.instant(row.getAs("ts")),
              columns.contains("level") ? row.getAs("level") : null,
              texts.get(source).getOrDefault(offset, content),
              abnormal.contains(source + "@" + offset)));
    }
    return result;
  }

  private List<ReportData.TemplateRow> templateRows(List<Row> rows, ReportData.Totals totals) {
    return rows.stream()
        .limit(SHOWN_TEMPLATES)
        .map(
            row -> {
              long n = row.getAs("count");
              String example = row.getAs("example");
              return new ReportData.TemplateRow(
                  row.getAs("template_id"),
                  row.getAs("template"),
                  n,
                  totals.lines() == 0 ? 0 : (double) n / totals.lines(),
                  example == null ? "" : example,
                  row.getAs("is_new"));
            })
        .toList();
  }

  private List<ReportData.RejectRow> rejects() {
    return tables
        .rejects()
        .groupBy("reason")
        .agg(
            count(lit(1)).as("n"),
            min(struct(col("source"), col("offset"), col("line"))).as("first"))
        .orderBy(col("n").desc())
        .collectAsList()
        .stream()
        .map(
            row ->
                new ReportData.RejectRow(
                    row.getString(0), row.getLong(1), row.getStruct(2).getString(2)))
        .toList();
  }

  /** The evaluation of a summary, a row a detector; empty without labels. */
  public static List<ReportData.EvaluationRow> evaluation(JsonNode summary) {
    List<ReportData.EvaluationRow> rows = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : summary.path("evaluation").properties()) {
      JsonNode e = entry.getValue();
      if (e.has("f1")) {
        rows.add(
            new ReportData.EvaluationRow(
                entry.getKey(),
                e.path("precision").asDouble(),
                e.path("recall").asDouble(),
                e.path("f1").asDouble(),
                e.path("tp").asLong(),
                e.path("fp").asLong(),
                e.path("fn").asLong(),
                e.path("tn").asLong()));
      }
    }
    return rows;
  }

  /** Recall by kind of a summary; empty without labels of kinds. */
  public static List<ReportData.KindRecall> kinds(JsonNode summary) {
    List<ReportData.KindRecall> rows = new ArrayList<>();
    summary
        .path("evaluation")
        .path("sessions_per_kind")
        .fields()
        .forEachRemaining(
            e ->
                rows.add(
                    new ReportData.KindRecall(
                        e.getKey(),
                        e.getValue().path("found").asLong(),
                        e.getValue().path("total").asLong())));
    return rows;
  }

  private List<ReportData.StageTime> stages() {
    List<ReportData.StageTime> rows = new ArrayList<>();
    summary
        .path("seconds")
        .fields()
        .forEachRemaining(
            e -> rows.add(new ReportData.StageTime(e.getKey(), e.getValue().asDouble())));
    return rows;
  }
}
