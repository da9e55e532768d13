package io.deeplog.report;

import io.deeplog.report.ReportData.Anomaly;
import io.deeplog.report.ReportData.Bucket;
import io.deeplog.report.ReportData.Contribution;
import io.deeplog.report.ReportData.DetectorRow;
import io.deeplog.report.ReportData.EvaluationRow;
import io.deeplog.report.ReportData.Expected;
import io.deeplog.report.ReportData.Finding;
import io.deeplog.report.ReportData.KindRecall;
import io.deeplog.report.ReportData.RawLine;
import io.deeplog.report.ReportData.RejectRow;
import io.deeplog.report.ReportData.StageTime;
import io.deeplog.report.ReportData.TemplateRow;
import io.deeplog.report.ReportData.Timeline;
import io.deeplog.report.ReportData.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Reports for the tests: a realistic one, an empty one, and one whose every text is hostile. */
final class ReportFixture {

  static final Instant DAY = Instant.parse("2024-03-12T00:00:00Z");
  static final Instant GENERATED = Instant.parse("2024-03-13T05:12:44Z");

  private static final String SOURCE =
      "hdfs://namenode/logs/checkout/2024-03-12/checkout-7f9c-app.log.gz";

  private static final List<String> TEMPLATES =
      List.of(
          "Received request <*> from <*>",
          "Cart <*> loaded with <*> items in <*> ms",
          "Reserving stock for order <*> at warehouse <*>",
          "Stock reserved for order <*>",
          "Calling payment provider <*> with timeout <*> ms",
          "Payment <*> authorised after <*> ms",
          "Order <*> confirmed",
          "Sent confirmation mail for order <*> to <*>",
          "Response <*> sent in <*> ms",
          "Payment provider <*> timed out after <*> ms, retry <*> of <*>",
          "Circuit breaker <*> opened after <*> failures",
          "java.sql.SQLTransientConnectionException: HikariPool-<*> - Connection is not available,"
              + " request timed out after <*>ms (total=<*>, active=<*>, idle=<*>, waiting=<*>)",
          "Releasing stock of order <*>",
          "Session <*> expired",
          "Cache miss for key <*>, loading from <*>");

  private ReportFixture() {}

  private static ReportData.Key key(int i) {
    return new ReportData.Key("T" + (i + 1), TEMPLATES.get(i % TEMPLATES.size()));
  }

  static ReportData realistic() {
    Random random = new Random(7);
    List<Anomaly> anomalies = new ArrayList<>();
    long[] perBucket = new long[48];
    for (int rank = 1; rank <= 40; rank++) {
      int bucket =
          rank % 3 == 0
              ? random.nextInt(48)
              : Math.min(47, Math.max(0, (int) (29 + random.nextGaussian() * 1.5)));
      perBucket[bucket]++;
      anomalies.add(anomaly(rank, DAY.plusSeconds(bucket * 1800L + random.nextInt(1800)), random));
    }
    List<Bucket> buckets = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      long lines =
          (long) (21_000 + 15_000 * Math.sin((i - 16) / 48.0 * 2 * Math.PI)) + random.nextInt(3000);
      buckets.add(new Bucket(DAY.plusSeconds(i * 1800L), lines, perBucket[i]));
    }
    List<TemplateRow> templates = new ArrayList<>();
    long total = buckets.stream().mapToLong(Bucket::lines).sum();
    for (int i = 0; i < 60; i++) {
      long count = Math.max(1, (long) (total * 0.22 * Math.pow(0.8, i)));
      String text = TEMPLATES.get(i % TEMPLATES.size()) + (i < 15 ? "" : " [worker-<*>]");
      templates.add(
          new TemplateRow(
              "T" + (i + 1),
              text,
              count,
              (double) count / total,
              "2024-03-12 10:00:00,123 INFO " + text.replace("<*>", "42"),
              i > 54));
    }
    return new ReportData(
        "checkout-service",
        GENERATED,
        "2024-03-12",
        "2024-03-11T02:00Z-4f1c9a",
        List.of("hdfs://namenode/logs/checkout/2024-03-12/*.log.gz"),
        List.of(
            "27 lines were rejected; see the end of the page.",
            "5 templates are new. If a release went out today, train the model again."),
        new Totals(total, 27, 60, 5, 48_213, 143, DAY.plusMillis(311), DAY.plusSeconds(86_391)),
        List.of(
            new DetectorRow("path", 96, "next template not among the 9 likeliest"),
            new DetectorRow("count", 61, "SPE > 12.41 (α = 0.001)"),
            new DetectorRow("new-template", 12, "any template unknown to the model")),
        new Timeline(1800, buckets),
        anomalies,
        143,
        templates,
        60,
        List.of(
            new RejectRow("no timestamp", 19, "\u0000\u0007garbage \u001b[31mred\u001b[0m text"),
            new RejectRow("line too long", 8, "x".repeat(12_000))),
        List.of(
            new EvaluationRow("path", 0.9479, 0.8922, 0.9192, 91, 5, 11, 48_106),
            new EvaluationRow("count", 0.8852, 0.5294, 0.6626, 54, 7, 48, 48_104),
            new EvaluationRow("new-template", Double.NaN, 0, Double.NaN, 0, 0, 102, 48_111),
            new EvaluationRow("any", 0.6993, 0.9804, 0.8163, 100, 43, 2, 48_068)),
        List.of(
            new KindRecall("missing_step", 41, 42),
            new KindRecall("retry_storm", 30, 30),
            new KindRecall("wrong_order", 18, 19),
            new KindRecall("slow_dependency", 3, 11)),
        List.of(
            new StageTime("read and parse", 74.2),
            new StageTime("path detector", 212.8),
            new StageTime("count detector", 18.35),
            new StageTime("report", 0.9)));
  }

  private static Anomaly anomaly(int rank, Instant ts, Random random) {
    List<Finding> findings = new ArrayList<>();
    List<String> detectors = new ArrayList<>();
    double score = 60.0 / (rank + 1) + 1;
    if (rank % 5 != 2) {
      detectors.add("path");
      int at = 2 + random.nextInt(4);
      List<ReportData.Key> history = new ArrayList<>();
      for (int i = 0; i < Math.min(at + 1, 6); i++) {
        history.add(key(i));
      }
      int came = 9 + random.nextInt(5);
      findings.add(
          new Finding(
              "path",
              "After “"
                  + key(at).template()
                  + "”, “"
                  + key(came).template()
                  + "” came, which the model gives a chance of 0.02%.",
              8.5 * score / 3,
              4.2,
              history,
              List.of(
                  new Expected(key(at + 1), 0.913),
                  new Expected(key(14), 0.064),
                  new Expected(key(13), 0.011),
                  new Expected(key(8), 0.0004)),
              key(came),
              List.of()));
    }
    if (rank % 5 == 2 || rank % 4 == 1) {
      detectors.add("count");
      findings.add(
          new Finding(
              "count",
              "The session has 14 lines of T10 where about 0 are usual, and none of T7.",
              12.41 * (1 + score / 4),
              12.41,
              List.of(),
              List.of(),
              null,
              List.of(
                  new Contribution(key(9), 14, 0.03, 0.871),
                  new Contribution(key(6), 0, 1.01, 0.082),
                  new Contribution(key(4), 5, 1.2, 0.041))));
    }
    if (rank % 9 == 0) {
      detectors.add("new-template");
      findings.add(
          new Finding(
              "new-template",
              "The model does not know the template T58.",
              1,
              Double.NaN,
              List.of(),
              List.of(),
              new ReportData.Key("T58", TEMPLATES.get(11)),
              List.of()));
    }
    List<RawLine> lines = new ArrayList<>();
    int abnormal = 3;
    for (int i = 0; i < 7; i++) {
      String text =
          i == abnormal
              ? "ERROR [http-nio-8080-exec-7] c.s.PaymentClient - Payment provider stripe-eu timed"
                  + " out after 30000 ms, retry 3 of 3\n"
                  + "java.net.SocketTimeoutException: Read timed out\n"
                  + "\tat java.base/java.net.SocketInputStream.read(SocketInputStream.java:189)\n"
                  + "\tat com.shop.payment.PaymentClient.authorise(PaymentClient.java:88)"
              : "INFO [http-nio-8080-exec-7] c.s.Checkout - "
                  + TEMPLATES
                      .get(i)
                      .replaceFirst("<\\*>", "ord-" + rank + "f3")
                      .replace("<*>", "12");
      lines.add(
          new RawLine(
              i < 6 ? SOURCE : SOURCE.replace("7f9c", "b21d"),
              18_220_114L + rank * 91_000L + i * 143L,
              i == 5 ? null : ts.plus(Duration.ofMillis((i - abnormal) * 137L)),
              i == abnormal ? "ERROR" : i == 5 ? null : "INFO",
              text,
              i == abnormal));
    }
    return new Anomaly(
        rank,
        String.format("req-%08x-%04x", random.nextInt(), random.nextInt(65_536)),
        rank == 12 ? null : ts,
        score,
        detectors,
        findings,
        lines,
        rank % 7 == 0
            ? "Normal"
            : "Anomaly (" + (rank % 2 == 0 ? "missing_step" : "retry_storm") + ")");
  }

  static ReportData empty() {
    return new ReportData(
        "quiet-service",
        GENERATED,
        "",
        "",
        List.of(),
        List.of(),
        new Totals(1200, 0, 3, 0, 310, 0, null, null),
        List.of(),
        new Timeline(3600, List.of()),
        List.of(),
        0,
        List.of(),
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** A report with a text in every place that takes one. */
  static ReportData of(String text) {
    ReportData.Key key = new ReportData.Key(text, text);
    return new ReportData(
        text,
        GENERATED,
        text,
        text,
        List.of(text, text, text, text),
        List.of(text),
        new Totals(10, 1, 1, 1, 2, 1, DAY, DAY.plusSeconds(60)),
        List.of(new DetectorRow(text, 1, text)),
        new Timeline(60, List.of(new Bucket(DAY, 10, 1))),
        List.of(
            new Anomaly(
                1,
                text,
                DAY,
                3,
                List.of(text),
                List.of(
                    new Finding(
                        text,
                        text,
                        3,
                        1,
                        List.of(key),
                        List.of(new Expected(key, 0.5)),
                        key,
                        List.of(new Contribution(key, 1, 2, 0.5)))),
                List.of(new RawLine(text, 0, DAY, text, text, true)),
                text)),
        1,
        List.of(new TemplateRow(text, text, 1, 1, text, true)),
        1,
        List.of(new RejectRow(text, 1, text)),
        List.of(new EvaluationRow(text, 1, 1, 1, 1, 0, 0, 1)),
        List.of(new KindRecall(text, 1, 1)),
        List.of(new StageTime(text, 1)));
  }

  static List<OverviewReport.Entry> entries() {
    ReportData busy = realistic();
    ReportData quiet = empty();
    return List.of(
        new OverviewReport.Entry(
            busy.title(),
            "checkout-service/report.html",
            busy.totals(),
            busy.evaluation(),
            busy.recallPerKind()),
        new OverviewReport.Entry(
            quiet.title(),
            "quiet-service/report.html",
            quiet.totals(),
            quiet.evaluation(),
            quiet.recallPerKind()));
  }
}
