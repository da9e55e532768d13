package io.deeplog.template;

import io.deeplog.Pure;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the lines of one template are: how many, from when to when, the first of them, and a {@link
 * ParamProfile} for each wildcard. The same in whatever order and parts the lines come.
 */
@Pure
final class TemplateProfile {
  private long count;
  private Long first;
  private Long last;

  /** Null before the first line. */
  private String source;

  private long offset;
  private List<String> firstParams = List.of();
  private final List<ParamProfile> params = new ArrayList<>();

  /**
   * Adds a line.
   *
   * @param micros its time, may be null
   * @param values of its wildcards
   * @return what the profile grew by, in hashes kept
   */
  int add(String lineSource, long lineOffset, Long micros, Utf8Slices values, ParamType.Scan scan) {
    count++;
    span(micros, micros);
    if (isEarlier(lineSource, lineOffset)) {
      source = lineSource;
      offset = lineOffset;
      firstParams = values.texts();
    }
    int grown = 0;
    for (int i = 0; i < values.size(); i++) {
      if (i == params.size()) {
        params.add(new ParamProfile());
        // About what an empty profile takes.
        grown += 64;
      }
      grown += params.get(i).add(values, i, scan);
    }
    return grown;
  }

  private boolean isEarlier(String lineSource, long lineOffset) {
    if (source == null) {
      return true;
    }
    int order = lineSource.equals(source) ? 0 : lineSource.compareTo(source);
    return order < 0 || (order == 0 && lineOffset < offset);
  }

  private void span(Long from, Long to) {
    if (from != null) {
      first = first == null || from < first ? from : first;
      last = last == null || to > last ? to : last;
    }
  }

  /** Adds what another has seen. */
  void merge(TemplateProfile other) {
    count += other.count;
    span(other.first, other.last);
    if (other.source != null && isEarlier(other.source, other.offset)) {
      source = other.source;
      offset = other.offset;
      firstParams = other.firstParams;
    }
    for (int i = 0; i < other.params.size(); i++) {
      if (i == params.size()) {
        params.add(new ParamProfile());
      }
      params.get(i).merge(other.params.get(i));
    }
  }

  /** The number of lines. */
  long count() {
    return count;
  }

  /** The first time in microseconds, null when no line has one. */
  Long first() {
    return first;
  }

  /** The last time in microseconds, null when no line has one. */
  Long last() {
    return last;
  }

  /** Parameters of the line that comes first by source and offset. */
  List<String> firstParams() {
    return firstParams;
  }

  /** One for every wildcard. */
  List<ParamProfile> params() {
    return params;
  }

  /** For {@link #read}. */
  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(count);
      out.writeBoolean(first != null);
      if (first != null) {
        out.writeLong(first);
        out.writeLong(last);
      }
      text(out, source == null ? "" : source);
      out.writeLong(offset);
      out.writeInt(firstParams.size());
      for (String param : firstParams) {
        text(out, param);
      }
      out.writeInt(params.size());
      for (ParamProfile profile : params) {
        profile.write(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** A profile with lines from its {@link #bytes}. */
  static TemplateProfile read(byte[] bytes) {
    TemplateProfile profile = new TemplateProfile();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      profile.count = in.readLong();
      if (in.readBoolean()) {
        profile.first = in.readLong();
        profile.last = in.readLong();
      }
      String source = text(in);
      profile.source = profile.count == 0 ? null : source;
      profile.offset = in.readLong();
      int values = in.readInt();
      profile.firstParams = new ArrayList<>(values);
      for (int i = 0; i < values; i++) {
        profile.firstParams.add(text(in));
      }
      int wildcards = in.readInt();
      for (int i = 0; i < wildcards; i++) {
        profile.params.add(ParamProfile.read(in));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return profile;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
