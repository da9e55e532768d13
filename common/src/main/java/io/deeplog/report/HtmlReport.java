package io.deeplog.report;

import io.pebbletemplates.pebble.extension.escaper.SafeString;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The report of one run: a single HTML page that needs no other file and no network, and no
 * JavaScript for reading it.
 */
public final class HtmlReport {

  /** Templates in the page's table; the rest is folded away below it. */
  private static final int TEMPLATES_SHOWN = 50;

  private HtmlReport() {}

  /**
   * Renders a report.
   *
   * @param data what to show
   * @return the page, the same for the same data
   */
  public static String render(ReportData data) {
    StringWriter page = new StringWriter();
    try {
      render(data, page);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot render the report", e);
    }
    return page.toString();
  }

  /**
   * Renders a report.
   *
   * @param data what to show
   * @param writer where to write the page, which declares itself as UTF-8; it is not closed
   * @throws IOException if writing fails
   */
  public static void render(ReportData data, Writer writer) throws IOException {
    TimelineChart chart = TimelineChart.of(data.timeline(), data.anomalies());
    int shown = Math.min(TEMPLATES_SHOWN, data.templates().size());
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("title", data.title());
    model.put("generatedAt", data.generatedAt());
    model.put("data", data);
    model.put("chart", chart);
    model.put("chartJson", new SafeString(chart.json()));
    model.put("templatesShown", data.templates().subList(0, shown));
    model.put("templatesFolded", data.templates().subList(shown, data.templates().size()));
    Pages.renderWithScript("report", model, writer);
  }
}
