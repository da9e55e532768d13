package io.deeplog.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeplog.report.ReportData.Bucket;
import io.deeplog.report.ReportData.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The chart of lines and anomalies over time, twice: as data for the interactive chart and as bars
 * for the drawing that is shown without JavaScript and on paper.
 *
 * @param bars the drawing
 * @param json the data, as JSON that is safe inside a {@code script} element
 * @param maxLines the most lines in a bucket
 * @param maxAnomalies the most anomalies in a bucket
 */
record TimelineChart(List<Bar> bars, String json, long maxLines, long maxAnomalies) {

  static final int WIDTH = 1_000;
  static final int HEIGHT = 160;

  /** More bars than this would be thinner than a pixel. */
  private static final int MAX_BARS = 500;

  /**
   * A bucket's two bars, as SVG lengths.
   *
   * @param x left edge
   * @param width width
   * @param linesY top of the bar for lines
   * @param linesHeight its height
   * @param anomaliesY top of the bar for anomalies
   * @param anomaliesHeight its height
   */
  record Bar(
      String x,
      String width,
      String linesY,
      String linesHeight,
      String anomaliesY,
      String anomaliesHeight) {}

  /** What the page's script reads; columns, since that is what the chart library takes. */
  private record Data(
      long bucketSeconds,
      List<Long> times,
      List<Long> lines,
      List<Long> anomalies,
      List<Marker> sessions) {}

  private record Marker(int rank, long time, String session) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  static TimelineChart of(Timeline timeline, List<ReportData.Anomaly> anomalies) {
    List<Bucket> buckets = timeline.buckets();
    List<Bucket> drawn = merge(buckets, timeline.bucketSeconds());
    long maxDrawnLines = drawn.stream().mapToLong(Bucket::lines).max().orElse(0);
    long maxDrawnAnomalies = drawn.stream().mapToLong(Bucket::anomalies).max().orElse(0);
    return new TimelineChart(
        bars(drawn, width(buckets, timeline.bucketSeconds()), maxDrawnLines, maxDrawnAnomalies),
        json(timeline, anomalies),
        maxDrawnLines,
        maxDrawnAnomalies);
  }

  private static long width(List<Bucket> buckets, long bucketSeconds) {
    long step = Math.max(1, bucketSeconds);
    if (buckets.isEmpty()) {
      return step;
    }
    long first = buckets.get(0).start().getEpochSecond();
    long last = buckets.get(buckets.size() - 1).start().getEpochSecond();
    long slots = (last - first) / step + 1;
    return step * ((slots + MAX_BARS - 1) / MAX_BARS);
  }

  private static List<Bucket> merge(List<Bucket> buckets, long bucketSeconds) {
    List<Bucket> merged = new ArrayList<>();
    if (buckets.isEmpty()) {
      return merged;
    }
    long width = width(buckets, bucketSeconds);
    long first = buckets.get(0).start().getEpochSecond();
    for (Bucket bucket : buckets) {
      long slot = (bucket.start().getEpochSecond() - first) / width;
      int end = merged.size() - 1;
      if (end >= 0 && (merged.get(end).start().getEpochSecond() - first) / width == slot) {
        Bucket before = merged.get(end);
        merged.set(
            end,
            new Bucket(
                before.start(),
                before.lines() + bucket.lines(),
                before.anomalies() + bucket.anomalies()));
      } else {
        merged.add(bucket);
      }
    }
    return merged;
  }

  private static List<Bar> bars(
      List<Bucket> buckets, long barSeconds, long maxLines, long maxAnomalies) {
    List<Bar> bars = new ArrayList<>();
    if (buckets.isEmpty()) {
      return bars;
    }
    long first = buckets.get(0).start().getEpochSecond();
    long last = buckets.get(buckets.size() - 1).start().getEpochSecond();
    double scale = (double) WIDTH / (last - first + barSeconds);
    for (Bucket bucket : buckets) {
      double lines = height(bucket.lines(), maxLines, HEIGHT * 0.95);
      // Half as high, so that the two kinds of bars do not pass for one scale.
      double anomalies = height(bucket.anomalies(), maxAnomalies, HEIGHT * 0.5);
      bars.add(
          new Bar(
              decimal((bucket.start().getEpochSecond() - first) * scale),
              decimal(Math.max(0.5, barSeconds * scale * 0.9)),
              decimal(HEIGHT - lines),
              decimal(lines),
              decimal(HEIGHT - anomalies),
              decimal(anomalies)));
    }
    return bars;
  }

  private static double height(long value, long max, double full) {
    return value == 0 ? 0 : Math.max(1, full * value / max);
  }

  private static String decimal(double x) {
    return String.format(Locale.ROOT, "%.1f", x);
  }

  private static String json(Timeline timeline, List<ReportData.Anomaly> anomalies) {
    List<Bucket> buckets = timeline.buckets();
    List<Marker> markers = new ArrayList<>();
    for (ReportData.Anomaly anomaly : anomalies) {
      if (anomaly.ts() != null) {
        markers.add(
            new Marker(
                anomaly.rank(),
                anomaly.ts().getEpochSecond(),
                DisplayText.plain(anomaly.session())));
      }
    }
    Data data =
        new Data(
            timeline.bucketSeconds(),
            buckets.stream().map(b -> b.start().getEpochSecond()).toList(),
            buckets.stream().map(Bucket::lines).toList(),
            buckets.stream().map(Bucket::anomalies).toList(),
            markers);
    try {
      return escape(JSON.writeValueAsString(data));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write the chart's data", e);
    }
  }

  /** Outside of strings JSON has none of these characters, so each may be written as an escape. */
  static String escape(String json) {
    return json.replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029");
  }
}
