package io.deeplog.report;

import io.deeplog.report.ReportData.RawLine;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.extension.AbstractExtension;
import io.pebbletemplates.pebble.extension.Filter;
import io.pebbletemplates.pebble.extension.escaper.SafeString;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.pebbletemplates.pebble.template.EvaluationContext;
import io.pebbletemplates.pebble.template.PebbleTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The template engine of the reports: their templates, filters, style, script and policy. */
final class Pages {

  private static final String HERE = "io/deeplog/report/";
  private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/";

  private static final String STYLE = resource(HERE + "report.css");
  private static final String CHART_STYLE = resource(UPLOT + "dist/uPlot.min.css");

  /** uPlot's licence asks for its text to come with copies. */
  private static final String SCRIPT =
      "/*\n"
          + resource(UPLOT + "LICENSE")
          + "*/\n"
          + resource(UPLOT + "dist/uPlot.iife.min.js")
          + "\n"
          + resource(HERE + "report.js");

  private static final PebbleEngine ENGINE =
      new PebbleEngine.Builder()
          .loader(loader())
          .extension(new Filters())
          .strictVariables(true)
          .autoEscaping(true)
          .defaultLocale(Locale.ROOT)
          .build();

  private Pages() {}

  private static ClasspathLoader loader() {
    // Not the thread's context loader: on a cluster that one need not see this jar's resources.
    ClasspathLoader loader = new ClasspathLoader(Pages.class.getClassLoader());
    loader.setPrefix("io/deeplog/report");
    loader.setSuffix(".peb");
    return loader;
  }

  /** Writes a page with the script. */
  static void renderWithScript(String template, Map<String, Object> model, Writer writer)
      throws IOException {
    render(template, model, STYLE + "\n" + CHART_STYLE, SCRIPT, writer);
  }

  /** Writes a page that may run no script at all. */
  static void render(String template, Map<String, Object> model, Writer writer) throws IOException {
    render(template, model, STYLE, "", writer);
  }

  private static void render(
      String template, Map<String, Object> model, String style, String script, Writer writer)
      throws IOException {
    Map<String, Object> all = new HashMap<>(model);
    // The only text besides the chart's JSON that the engine does not escape. It is ours.
    all.put("style", new SafeString(style));
    all.put("script", new SafeString(script));
    all.put(
        "policy",
        "default-src 'none'; img-src data:; style-src "
            + hash(style)
            + "; script-src "
            + (script.isEmpty() ? "'none'" : hash(script))
            + "; base-uri 'none'; form-action 'none'");
    ENGINE.getTemplate(template).evaluate(writer, all, Locale.ROOT);
  }

  private static String hash(String inline) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static String resource(String path) {
    try (InputStream in = Pages.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("Not on the class path: " + path);
      }
      // Browsers hash inline text with line feeds, however it was checked out.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  /**
   * Consecutive lines of one file, so that its path is written once.
   *
   * @param source the file
   * @param lines its lines
   */
  record SourceLines(String source, List<RawLine> lines) {}

  private static List<SourceLines> bySource(List<?> lines) {
    List<SourceLines> groups = new ArrayList<>();
    for (Object each : lines) {
      RawLine line = (RawLine) each;
      if (groups.isEmpty() || !groups.get(groups.size() - 1).source().equals(line.source())) {
        groups.add(new SourceLines(line.source(), new ArrayList<>()));
      }
      groups.get(groups.size() - 1).lines().add(line);
    }
    return groups;
  }

  /** What templates need beyond Pebble's own filters. */
  private static final class Filters extends AbstractExtension {

    @Override
    public Map<String, Filter> getFilters() {
      Map<String, Filter> filters = new HashMap<>();
      filters.put("line", filter(x -> DisplayText.line((String) x)));
      filters.put("template", filter(x -> DisplayText.template((String) x)));
      filters.put("name", filter(x -> DisplayText.name((String) x)));
      filters.put("plain", filter(x -> DisplayText.plain((String) x)));
      filters.put("count", filter(x -> Format.count(((Number) x).longValue())));
      filters.put("number", filter(x -> Format.number(((Number) x).doubleValue())));
      filters.put("percent", filter(x -> Format.percent(((Number) x).doubleValue())));
      filters.put("ratio", filter(x -> Format.ratio(((Number) x).doubleValue())));
      filters.put("times", filter(x -> Format.times(((Number) x).doubleValue())));
      filters.put("seconds", filter(x -> Format.seconds(((Number) x).doubleValue())));
      filters.put("span", filter(x -> Format.span(((Number) x).longValue())));
      filters.put("utc", filter(x -> Format.utc((Instant) x)));
      filters.put("utcMinutes", filter(x -> Format.utcMinutes((Instant) x)));
      filters.put("epoch", filter(x -> Long.toString(((Instant) x).getEpochSecond())));
      filters.put("barWidth", filter(x -> barWidth(((Number) x).doubleValue())));
      filters.put("defined", filter(x -> !Double.isNaN(((Number) x).doubleValue())));
      filters.put("bySource", filter(x -> bySource((List<?>) x)));
      return filters;
    }

    private static String barWidth(double share) {
      double width = Double.isNaN(share) ? 0 : Math.max(0, Math.min(1, share)) * 100;
      return String.format(Locale.ROOT, "%.1f", width);
    }

    private static Filter filter(Function<Object, Object> function) {
      return new Filter() {
        @Override
        public List<String> getArgumentNames() {
          return List.of();
        }

        @Override
        public Object apply(
            Object input,
            Map<String, Object> args,
            PebbleTemplate self,
            EvaluationContext context,
            int lineNumber) {
          return function.apply(input);
        }
      };
    }
  }
}
