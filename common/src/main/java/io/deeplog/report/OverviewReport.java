package io.deeplog.report;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A page that puts the reports of several services side by side and links to them. */
public final class OverviewReport {

  private OverviewReport() {}

  /**
   * A service.
   *
   * @param name its name
   * @param link its report, as a URL relative to the overview
   * @param totals its counts
   * @param evaluation quality against labels; empty without labels
   * @param recallPerKind recall by kind of labelled anomaly; empty without labels
   */
  public record Entry(
      String name,
      String link,
      ReportData.Totals totals,
      List<ReportData.EvaluationRow> evaluation,
      List<ReportData.KindRecall> recallPerKind) {

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if the link is not a relative URL
     */
    public Entry {
      requireNonNull(name, "name");
      requireNonNull(totals, "totals");
      evaluation = List.copyOf(evaluation);
      recallPerKind = List.copyOf(recallPerKind);
      // Escaping would not make a script of another scheme harmless.
      URI uri = URI.create(link);
      if (uri.isAbsolute() || uri.getRawAuthority() != null || link.startsWith("//")) {
        throw new IllegalArgumentException("Not a relative URL: " + link);
      }
    }
  }

  /**
   * Renders an overview.
   *
   * @param title its title
   * @param generatedAt when it was made
   * @param entries the services, in the order shown
   * @return the page, the same for the same data
   */
  public static String render(String title, Instant generatedAt, List<Entry> entries) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("title", title);
    model.put("generatedAt", generatedAt);
    model.put("entries", List.copyOf(entries));
    model.put("lines", entries.stream().mapToLong(e -> e.totals().lines()).sum());
    model.put("sessions", entries.stream().mapToLong(e -> e.totals().sessions()).sum());
    model.put("anomalous", entries.stream().mapToLong(e -> e.totals().anomalousSessions()).sum());
    StringWriter page = new StringWriter();
    try {
      Pages.render("overview", model, page);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot render the overview", e);
    }
    return page.toString();
  }
}
