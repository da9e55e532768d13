package io.deeplog.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverviewReportTest {

  @Test
  void linksToEachReport() {
    String page = OverviewReport.render("Demo", ReportFixture.GENERATED, ReportFixture.entries());

    assertThat(page)
        .contains("href=\"checkout-service/report.html\"")
        .contains("href=\"quiet-service/report.html\"")
        .contains("<b>143</b> of 48,523 sessions are anomalous")
        .contains("missing_step")
        .contains("No labels were given, so precision and recall are unknown.")
        .contains("script-src &#39;none&#39;")
        .doesNotContain("<script", "http://", "https://");
    assertThat(OverviewReport.render("Demo", ReportFixture.GENERATED, ReportFixture.entries()))
        .isEqualTo(page);
  }

  @Test
  void textIsEscaped() {
    String hostile = "\"><script>alert(1)</script>";
    String page =
        OverviewReport.render(
            hostile,
            ReportFixture.GENERATED,
            List.of(
                new OverviewReport.Entry(
                    hostile,
                    "a'b/report.html",
                    ReportFixture.empty().totals(),
                    ReportFixture.of(hostile).evaluation(),
                    ReportFixture.of(hostile).recallPerKind())));

    assertThat(page)
        .contains("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;")
        .contains("href=\"a&#39;b/report.html\"")
        .doesNotContain("<script");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "javascript:alert(1)",
        "https://example.org/",
        "//example.org/x",
        "a b\"",
        "\\\\x"
      })
  void onlyRelativeLinks(String link) {
    assertThatThrownBy(
            () ->
                new OverviewReport.Entry(
                    "x", link, ReportFixture.empty().totals(), List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noEntries() {
    assertThat(OverviewReport.render("Demo", ReportFixture.GENERATED, List.of()))
        .contains("No service was analysed.");
  }
}
