package io.deeplog.jobs.pipeline;

import io.deeplog.evaluate.Labels;
import io.deeplog.log.LogReader;
import io.deeplog.sequence.SessionKey;
import io.deeplog.spark.Output;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** What a dry run tells. */
public final class Plan {
  private final PrintStream out;

  /** A plan on a stream. */
  public Plan(PrintStream out) {
    this.out = out;
  }

  /** Tells an input. */
  public Plan input(String option, LogReader.Input input) {
    out.printf(
        Locale.ROOT,
        "%s: %d files, %,d kB, format %s%s%n",
        option.substring(2),
        input.fileCount(),
        input.bytes() / 1024,
        input.formats().stream().map(LogReader.Found::text).collect(Collectors.joining(", ")),
        input.timestampPattern() == null ? "" : ", times '" + input.timestampPattern() + "'");
    input.unread().forEach(unread -> out.println("warning: " + unread));
    return this;
  }

  /** Tells how sessions are made. */
  public Plan sessions(SessionKey key) {
    out.println("sessions: by " + key);
    return this;
  }

  /** Tells a line of its own. */
  public Plan line(String text) {
    out.println(text);
    return this;
  }

  /** Reads labels to check them, if there are any. */
  public Plan labels(SparkSession spark, String file) {
    if (file != null) {
      out.println("labels: " + Labels.read(spark, file).count() + " in " + file);
    }
    return this;
  }

  /** Tells where tables would go. */
  public Plan tables(Output output, List<String> tables) {
    out.println(
        "would write "
            + String.join(", ", tables)
            + " of date "
            + output.date()
            + " to "
            + output.directory());
    return this;
  }
}
