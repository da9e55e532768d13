package io.deeplog.template;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Tuple2;

/**
 * Profiles of a part of a log's entries, given as Spark holds them: of most values no more than a
 * hash is needed. What is held is bounded: a profile can come out in several pieces.
 */
final class ProfileParts {
  /** Hashes kept at once: some tens of megabytes. */
  private static final int BUDGET = 2_000_000;

  /** About what a profile takes beside its hashes. */
  private static final int PROFILE = 32;

  private final Map<UTF8String, TemplateProfile> profiles = new HashMap<>();
  private final ParamType.Scan scan = new ParamType.Scan();
  private final Utf8Slices values = new Utf8Slices();
  private UTF8String source = UTF8String.EMPTY_UTF8;
  private String sourceText = "";
  private long held;

  /**
   * Adds an entry.
   *
   * @param id of its template
   * @param micros its time, null when it has none
   * @param params its parameters
   */
  void add(UTF8String id, UTF8String entrySource, long offset, Long micros, ArrayData params) {
    TemplateProfile profile = profiles.get(id);
    if (profile == null) {
      profile = new TemplateProfile();
      profiles.put(id.clone(), profile);
      held += PROFILE;
    }
    if (!source.equals(entrySource)) {
      source = entrySource.clone();
      sourceText = source.toString();
    }
    values.clear();
    for (int i = 0; i < params.numElements(); i++) {
      add(params.getUTF8String(i), values);
    }
    held += profile.add(sourceText, offset, micros, values, scan);
  }

  /** Whether so much is held that it must be handed on. */
  boolean isFull() {
    return held >= BUDGET;
  }

  /** What is held, by the ids of the templates; then nothing is held any more. */
  List<Tuple2<String, byte[]>> drain() {
    List<Tuple2<String, byte[]>> pieces = new ArrayList<>();
    profiles.forEach((id, profile) -> pieces.add(new Tuple2<>(id.toString(), profile.bytes())));
    profiles.clear();
    held = 0;
    return pieces;
  }

  /** Adds a value, without copying it where rows are arrays. */
  private static void add(UTF8String value, Utf8Slices values) {
    if (value.getBaseObject() instanceof byte[] array) {
      int start = (int) (value.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
      values.add(array, start, value.numBytes());
    } else {
      byte[] bytes = value.getBytes();
      values.add(bytes, 0, bytes.length);
    }
  }
}
