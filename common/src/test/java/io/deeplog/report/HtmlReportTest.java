package io.deeplog.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlReportTest {

  private static final Pattern JSON =
      Pattern.compile("<script type=\"application/json\" id=\"chart-data\">(.*?)</script>");

  private static final String OWN_SCRIPT = "(?s)<script>.*?</script>";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<script>alert(1)</script>",
        "</script><script>alert(1)//",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "--><!--<svg/onload=alert(1)>",
        "{{ 7 * 7 }}{% include 'x' %}",
        "&lt;b&gt;",
      })
  void textIsEscapedEverywhere(String hostile) {
    String page = HtmlReport.render(ReportFixture.of(hostile));

    String escaped =
        hostile
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
            .replace("'", "&#39;");
    assertThat(page).contains("<bdi>" + escaped + "</bdi>").contains("<title>" + escaped);
    Matcher json = JSON.matcher(page);
    assertThat(json.find()).isTrue();
    assertThat(json.group(1))
        .contains("\"sessions\":[{")
        .doesNotContainPattern("[<>&\u2028\u2029]");
    String markup = json.replaceFirst("").replaceFirst(OWN_SCRIPT, "");
    assertThat(markup)
        .doesNotContain("<script", "<img", "<svg/", "<!--", "' onmouseover", "&lt;b>")
        .doesNotContainPattern("<[^>]*\\son[a-z]+=");
    if (!escaped.equals(hostile)) {
      assertThat(markup).doesNotContain(hostile);
    }
  }

  @Test
  void wildcardsAreMarkedInTemplatesOnly() {
    String page = HtmlReport.render(ReportFixture.of("a<*>b"));

    assertThat(page)
        .contains("<bdi>a<span class=\"wildcard\">&lt;*&gt;</span>b</bdi>")
        .contains("<div><bdi>a&lt;*&gt;b</bdi></div>");
  }

  @Test
  void nothingIsLoadedFromElsewhere() {
    String page = HtmlReport.render(ReportFixture.realistic());

    assertThat(page)
        .doesNotContain("//cdn", "@import", "url(", "<link rel=\"stylesheet\"", " src=")
        .containsOnlyOnce("<link rel=\"icon\" href=\"data:,\">");
    assertThat(Pattern.compile("https?://[^\\s\"'<)]+").matcher(page).results())
        .extracting(match -> match.group())
        .containsOnly("https://github.com/leeoniya/uPlot");
    assertThat(page).containsPattern("/\\*! https://github.com/leeoniya/uPlot");
  }

  @Test
  void policyAllowsExactlyTheStyleAndScriptOfThePage() throws Exception {
    String page = HtmlReport.render(ReportFixture.realistic());

    assertThat(page)
        .contains("default-src &#39;none&#39;")
        .contains("style-src &#39;sha256-" + sha256(between(page, "<style>", "</style>")))
        .contains("script-src &#39;sha256-" + sha256(between(page, "<script>", "</script>")))
        .doesNotContain("unsafe-inline")
        .doesNotContain(" style=");
    assertThat(between(page, "<script>", "</script>"))
        .contains("The MIT License", "var uPlot=", "new uPlot(");
  }

  @Test
  void longTextIsCut() {
    String page = HtmlReport.render(ReportFixture.of("x".repeat(10_000_000)));

    assertThat(page.length()).isLessThan(250_000);
    assertThat(page)
        .contains("<span class=\"more\">… (9,998,000 more characters)</span>")
        .doesNotContain("x".repeat(2_001));
  }

  @Test
  void controlAndDirectionCharactersAreVisible() {
    String page =
        HtmlReport.render(
            ReportFixture.of("a\u0000b\u001b[31m\u202Etxt.exe\u2066\u200F\uD800 \u0085"));

    assertThat(page)
        .contains(
            "a<span class=\"control\">\\x00</span>b<span class=\"control\">\\x1B</span>[31m"
                + "<span class=\"control\">U+202E</span>txt.exe<span class=\"control\">U+2066</span>"
                + "<span class=\"control\">U+200F</span><span class=\"control\">U+D800</span> "
                + "<span class=\"control\">\\x85</span>")
        .doesNotContainPattern("[\u0000\u001b\u0085\u200f\u202e\u2066]");
    assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(page)).isTrue();
  }

  @Test
  void emptyStatesSayWhy() {
    assertThat(HtmlReport.render(ReportFixture.empty()))
        .contains("No anomaly found in 310 sessions.")
        .contains("No chart: no line has a timestamp that could be read.")
        .contains("No labels were given, so precision and recall are unknown.")
        .contains("Every line could be parsed.")
        .contains("No detector ran.")
        .doesNotContain("id=\"filter\"", "id=\"chart\"");
  }

  @Test
  void showsNumbersAndTimesAlikeEverywhere() {
    String page = HtmlReport.render(ReportFixture.realistic());

    assertThat(page)
        .contains("<b>143</b> of 48,213 sessions are anomalous.")
        .contains("2024-03-12 00:00:00.311</time> to ")
        .contains("Generated</dt><dd><time datetime=\"2024-03-13T05:12:44Z\">2024-03-13 05:12:44<")
        .contains("The first 40 of 143 anomalies.")
        .contains("<span>97.6%</span>")
        .contains("<td class=\"n\">0.948</td>")
        .contains("<td class=\"n\">3 min 33 s</td>")
        .contains("Per 30 minutes, UTC.");
    assertThat(page.split("<details class=\"anomaly\"", -1)).hasSize(41);
    assertThat(Pattern.compile("<details class=\"anomaly\"[^>]* open>").matcher(page).results())
        .hasSize(3);
    assertThat(page).contains("<summary>10 more</summary>");
  }

  @Test
  void sameDataSamePage() throws IOException {
    StringWriter written = new StringWriter();
    HtmlReport.render(ReportFixture.realistic(), written);

    assertThat(HtmlReport.render(ReportFixture.realistic())).isEqualTo(written.toString());
  }

  @Test
  void noTemplateTurnsEscapingOff() throws IOException {
    for (String name : List.of("base", "macros", "report", "overview")) {
      try (InputStream in = HtmlReport.class.getResourceAsStream(name + ".peb")) {
        assertThat(in).isNotNull();
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
            .doesNotContainPattern("\\|\\s*raw\\b")
            .doesNotContain("autoescape");
      }
    }
  }

  private static String between(String page, String start, String end) {
    int from = page.indexOf(start) + start.length();
    return page.substring(from, page.indexOf(end, from));
  }

  private static String sha256(String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    // As the attribute has it.
    return Base64.getEncoder().encodeToString(digest) + "&#39;";
  }
}
