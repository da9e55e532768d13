package io.deeplog.report;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;

/**
 * What a report of one run shows. Lists are copied and must hold no nulls; components are non-null
 * unless said otherwise. All text may come from logs as it is: the report makes it safe to show.
 *
 * @param title what was analysed, for example the service's name
 * @param generatedAt when the report was made
 * @param date the day or range analysed, as the user gave it; may be empty
 * @param modelVersion the model that scored the sessions; may be empty
 * @param inputs paths that were read
 * @param notes what a reader has to know before trusting the numbers, such as "27 lines were
 *     rejected"
 * @param totals the counts at the top of the page
 * @param detectors what each detector found
 * @param timeline lines and anomalies over time; without buckets where lines have no timestamps
 * @param anomalies the anomalies to show, by rank; may be cut
 * @param anomaliesTotal how many anomalies there are
 * @param templates the templates to show, by falling count; may be cut
 * @param templatesTotal how many templates there are
 * @param rejects lines that could not be parsed, by reason
 * @param evaluation quality against labels; empty without labels
 * @param recallPerKind recall by kind of labelled anomaly; empty without labels
 * @param stages how long each stage of the run took
 */
public record ReportData(
    String title,
    Instant generatedAt,
    String date,
    String modelVersion,
    List<String> inputs,
    List<String> notes,
    Totals totals,
    List<DetectorRow> detectors,
    Timeline timeline,
    List<Anomaly> anomalies,
    long anomaliesTotal,
    List<TemplateRow> templates,
    long templatesTotal,
    List<RejectRow> rejects,
    List<EvaluationRow> evaluation,
    List<KindRecall> recallPerKind,
    List<StageTime> stages) {

  /** Copies the lists. */
  public ReportData {
    requireNonNull(title, "title");
    requireNonNull(generatedAt, "generatedAt");
    requireNonNull(date, "date");
    requireNonNull(modelVersion, "modelVersion");
    inputs = List.copyOf(inputs);
    notes = List.copyOf(notes);
    requireNonNull(totals, "totals");
    detectors = List.copyOf(detectors);
    requireNonNull(timeline, "timeline");
    anomalies = List.copyOf(anomalies);
    templates = List.copyOf(templates);
    rejects = List.copyOf(rejects);
    evaluation = List.copyOf(evaluation);
    recallPerKind = List.copyOf(recallPerKind);
    stages = List.copyOf(stages);
  }

  /**
   * Counts of the whole run.
   *
   * @param lines lines that were parsed
   * @param rejects lines that could not be parsed
   * @param templates different templates seen
   * @param newTemplates templates the model did not know
   * @param sessions sessions scored
   * @param anomalousSessions sessions at least one detector found anomalous
   * @param first earliest timestamp; null if no line has one
   * @param last latest timestamp; null if no line has one
   */
  public record Totals(
      long lines,
      long rejects,
      long templates,
      long newTemplates,
      long sessions,
      long anomalousSessions,
      Instant first,
      Instant last) {

    /**
     * The share of sessions found anomalous.
     *
     * @return a fraction; NaN without sessions
     */
    public double anomalousShare() {
      return sessions == 0 ? Double.NaN : (double) anomalousSessions / sessions;
    }
  }

  /**
   * What one detector found.
   *
   * @param detector the detector's name
   * @param anomalies sessions it found anomalous
   * @param threshold from where on it calls something anomalous, in words; may be empty
   */
  public record DetectorRow(String detector, long anomalies, String threshold) {}

  /**
   * Lines and anomalies over time.
   *
   * @param bucketSeconds length of each bucket
   * @param buckets by rising start; buckets without lines may be left out
   */
  public record Timeline(long bucketSeconds, List<Bucket> buckets) {

    /** Copies the list. */
    public Timeline {
      buckets = List.copyOf(buckets);
    }
  }

  /**
   * One span of time.
   *
   * @param start its start
   * @param lines lines in it
   * @param anomalies anomalies that start in it
   */
  public record Bucket(Instant start, long lines, long anomalies) {}

  /**
   * An anomalous session.
   *
   * @param rank its place, from 1; unique in a report
   * @param session the session's id
   * @param ts when the first abnormal line came; null if unknown
   * @param score what the ranking is by
   * @param detectors the detectors that found it
   * @param findings why, the most telling first
   * @param lines raw lines around the finding, in order
   * @param label what the labels say about the session; null without labels
   */
  public record Anomaly(
      int rank,
      String session,
      Instant ts,
      double score,
      List<String> detectors,
      List<Finding> findings,
      List<RawLine> lines,
      String label) {

    /** Copies the lists. */
    public Anomaly {
      detectors = List.copyOf(detectors);
      findings = List.copyOf(findings);
      lines = List.copyOf(lines);
    }

    /**
     * How far over its threshold the clearest finding is.
     *
     * @return the highest {@link Finding#excess()}; NaN if no finding has one
     */
    public double excess() {
      return findings.stream()
          .mapToDouble(Finding::excess)
          .filter(Double::isFinite)
          .max()
          .orElse(Double.NaN);
    }
  }

  /**
   * Why a detector found a session anomalous.
   *
   * @param detector the detector's name
   * @param reason a plain sentence
   * @param score the detector's score
   * @param threshold what the score is compared with; NaN if the detector has none
   * @param history the templates before the abnormal line, oldest first; may be empty
   * @param expected what the model expected next, likeliest first; may be empty
   * @param actual what came; null if the finding is not about one line
   * @param contributions the templates a count finding is about, largest share first; may be empty
   * @param parameters the values a finding is about, largest share first; may be empty
   */
  public record Finding(
      String detector,
      String reason,
      double score,
      double threshold,
      List<Key> history,
      List<Expected> expected,
      Key actual,
      List<Contribution> contributions,
      List<Parameter> parameters) {

    /** A finding that is not about values. */
    public Finding(
        String detector,
        String reason,
        double score,
        double threshold,
        List<Key> history,
        List<Expected> expected,
        Key actual,
        List<Contribution> contributions) {
      this(detector, reason, score, threshold, history, expected, actual, contributions, List.of());
    }

    /** Copies the lists. */
    public Finding {
      history = List.copyOf(history);
      expected = List.copyOf(expected);
      contributions = List.copyOf(contributions);
      parameters = List.copyOf(parameters);
    }

    /**
     * The score as a multiple of the threshold. Only a score above the threshold has one: where low
     * scores are the abnormal ones, a multiple would say the opposite of what is meant.
     *
     * @return at least 1, or NaN
     */
    public double excess() {
      double ratio = threshold > 0 ? score / threshold : Double.NaN;
      return ratio >= 1 && Double.isFinite(ratio) ? ratio : Double.NaN;
    }
  }

  /**
   * A log template.
   *
   * @param templateId its id
   * @param template its text, with {@code <*>} for the variable parts
   */
  public record Key(String templateId, String template) {}

  /**
   * A template the model expected.
   *
   * @param key the template
   * @param probability how likely it was, 0 to 1
   */
  public record Expected(Key key, double probability) {}

  /**
   * A template's part in a count finding.
   *
   * @param key the template
   * @param count how often it came in the session
   * @param expected how often it usually comes in a session like this
   * @param share its share of the squared prediction error, 0 to 1
   */
  public record Contribution(Key key, double count, double expected, double share) {}

  /**
   * A value's part in a finding.
   *
   * @param name of the parameter
   * @param value that it had, in words
   * @param expected what is usual, in words
   * @param share its share of the surprise, 0 to 1
   */
  public record Parameter(String name, String value, String expected, double share) {}

  /**
   * A line as it stands in the log.
   *
   * @param source the file
   * @param offset where in the file; negative if unknown
   * @param ts its timestamp; null if it has none
   * @param level its level; null if it has none
   * @param text the line
   * @param anomalous whether a finding is about this line
   */
  public record RawLine(
      String source, long offset, Instant ts, String level, String text, boolean anomalous) {}

  /**
   * A template of the run.
   *
   * @param templateId its id
   * @param template its text, with {@code <*>} for the variable parts
   * @param count lines of it
   * @param share its share of all lines, 0 to 1
   * @param example one of its lines; may be empty
   * @param isNew whether the model did not know it
   */
  public record TemplateRow(
      String templateId,
      String template,
      long count,
      double share,
      String example,
      boolean isNew) {}

  /**
   * Lines that could not be parsed.
   *
   * @param reason why
   * @param count how many
   * @param example one of them; may be empty
   */
  public record RejectRow(String reason, long count, String example) {}

  /**
   * A detector's quality against labels.
   *
   * @param detector the detector's name
   * @param precision share of found sessions that are labelled; NaN if none was found
   * @param recall share of labelled sessions that were found; NaN if none is labelled
   * @param f1 their harmonic mean; NaN if undefined
   * @param tp labelled and found
   * @param fp found, not labelled
   * @param fn labelled, not found
   * @param tn neither
   */
  public record EvaluationRow(
      String detector,
      double precision,
      double recall,
      double f1,
      long tp,
      long fp,
      long fn,
      long tn) {}

  /**
   * Recall for one kind of labelled anomaly.
   *
   * @param kind the kind
   * @param found sessions of it that were found
   * @param total sessions of it
   */
  public record KindRecall(String kind, long found, long total) {

    /**
     * The share that was found.
     *
     * @return a fraction; NaN if there is none of the kind
     */
    public double recall() {
      return total == 0 ? Double.NaN : (double) found / total;
    }
  }

  /**
   * How long a stage took.
   *
   * @param stage its name
   * @param seconds its duration
   */
  public record StageTime(String stage, double seconds) {}
}
