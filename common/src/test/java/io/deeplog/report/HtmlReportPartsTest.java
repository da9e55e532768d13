package io.deeplog.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeplog.report.DisplayText.Piece;
import io.deeplog.report.ReportData.Bucket;
import io.deeplog.report.ReportData.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlReportPartsTest {

  @Test
  void neitherSurrogatePairsNorWildcardsAreCutInHalf() {
    assertThat(DisplayText.line("x".repeat(1_999) + "😀y"))
        .containsExactly(
            new Piece("literal", "x".repeat(1_999)), new Piece("more", "… (3 more characters)"));
    assertThat(DisplayText.template("x".repeat(1_999) + "<*>"))
        .containsExactly(new Piece("literal", "x".repeat(1_999)), new Piece("wildcard", "<*>"));
    assertThat(DisplayText.line("")).isEmpty();
  }

  @Test
  void onlyLogLinesKeepLineBreaks() {
    assertThat(DisplayText.line("a\n\tb\r"))
        .containsExactly(new Piece("literal", "a\n\tb"), new Piece("control", "\\x0D"));
    assertThat(DisplayText.plain("a\nb")).isEqualTo("a\\x0Ab");
    assertThat(DisplayText.plain("👩‍💻 é שלום")).isEqualTo("👩‍💻 é שלום");
  }

  @Test
  void numbers() {
    assertThat(Format.number(1_234_567.8)).isEqualTo("1,234,568");
    assertThat(Format.number(12.345)).isEqualTo("12.35");
    assertThat(Format.number(-0.0123)).isEqualTo("-0.012");
    assertThat(Format.number(0.00001234)).isEqualTo("1.23e-05");
    assertThat(Format.number(Double.NaN)).isEqualTo("–");
    assertThat(Format.number(Double.POSITIVE_INFINITY)).isEqualTo("∞");
    assertThat(Format.percent(0.99999)).isEqualTo(">99.9%");
    assertThat(Format.percent(0.00001)).isEqualTo("<0.1%");
    assertThat(Format.percent(1)).isEqualTo("100%");
    assertThat(Format.seconds(59.97)).isEqualTo("1 min 00 s");
    assertThat(Format.seconds(3_723)).isEqualTo("1 h 02 min");
    assertThat(Format.span(7_200)).isEqualTo("2 hours");
    assertThat(Format.span(86_400)).isEqualTo("day");
    assertThat(Format.utc(Instant.parse("2024-03-12T10:00:00.5Z")))
        .isEqualTo("2024-03-12 10:00:00.500");
  }

  @Test
  void longTimelinesAreDrawnWithFewerBarsAndKeepTheirSums() {
    List<Bucket> buckets = new ArrayList<>();
    for (int i = 0; i < 10_080; i++) {
      buckets.add(new Bucket(ReportFixture.DAY.plusSeconds(i * 60L), 2, i % 2));
    }
    TimelineChart chart = TimelineChart.of(new Timeline(60, buckets), List.of());

    assertThat(chart.bars()).hasSize(480);
    assertThat(chart.maxLines()).isEqualTo(42);
    assertThat(chart.maxAnomalies()).isEqualTo(11);
    assertThat(chart.json()).contains("\"bucketSeconds\":60");
  }

  @Test
  void scoresBelowTheThresholdAreNoMultipleOfIt() {
    assertThat(finding(0.01, 0.05).excess()).isNaN();
    assertThat(finding(6, 2).excess()).isEqualTo(3);
    assertThat(finding(6, 0).excess()).isNaN();
    assertThat(finding(6, Double.NaN).excess()).isNaN();
    assertThat(finding(Double.POSITIVE_INFINITY, 2).excess()).isNaN();
  }

  private static ReportData.Finding finding(double score, double threshold) {
    return new ReportData.Finding(
        "path", "why", score, threshold, List.of(), List.of(), null, List.of());
  }
}
