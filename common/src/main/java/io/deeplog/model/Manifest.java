package io.deeplog.model;

import io.deeplog.Pure;
import java.util.List;
import java.util.Map;

/**
 * What a model version is.
 *
 * @param format of the directory; a reader refuses one it does not know
 * @param version the directory's name
 * @param createdAt ISO 8601, UTC
 * @param codeVersion of DeepLog
 * @param sparkVersion of Spark
 * @param inputs paths it was trained on
 * @param firstEntry time of the first entry trained on, ISO 8601, UTC; null when entries have none
 * @param lastEntry time of the last entry trained on
 * @param vocabulary version of the one that its detectors share
 * @param settings options by name that detection must share, and those of training
 * @param metrics sessions, templates and the like, by name; those of a detector below its name
 */
@Pure
public record Manifest(
    int format,
    String version,
    String createdAt,
    String codeVersion,
    String sparkVersion,
    List<String> inputs,
    String firstEntry,
    String lastEntry,
    String vocabulary,
    Map<String, Object> settings,
    Map<String, Object> metrics) {
  /** The format this code writes. */
  public static final int FORMAT = 3;
}
