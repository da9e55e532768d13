package io.deeplog.log;

import java.io.Serializable;
import java.util.Map;

/** A line as the reader gives it: its header fields and content, or the reason of its rejection. */
public final class RawLine implements Serializable {
  private static final long serialVersionUID = 1L;

  private String source;
  private long offset;
  private Long micros;
  private String level;
  private String component;
  private String host;
  private String pid;
  private Map<String, String> fields;
  private String content;
  private String line;
  private String reason;

  /** The file's path. */
  public String getSource() {
    return source;
  }

  public void setSource(String source) {
    this.source = source;
  }

  /** Byte of the line's start, in the uncompressed file. */
  public long getOffset() {
    return offset;
  }

  public void setOffset(long offset) {
    this.offset = offset;
  }

  /** Microseconds since 1970 UTC, null where the format has no time. */
  public Long getMicros() {
    return micros;
  }

  public void setMicros(Long micros) {
    this.micros = micros;
  }

  /** Header field Level, may be null. */
  public String getLevel() {
    return level;
  }

  public void setLevel(String level) {
    this.level = level;
  }

  /** Header field Component, may be null. */
  public String getComponent() {
    return component;
  }

  public void setComponent(String component) {
    this.component = component;
  }

  /** Header field Host, may be null. */
  public String getHost() {
    return host;
  }

  public void setHost(String host) {
    this.host = host;
  }

  /** Header field Pid, may be null. */
  public String getPid() {
    return pid;
  }

  public void setPid(String pid) {
    this.pid = pid;
  }

  /** The other header fields. */
  public Map<String, String> getFields() {
    return fields;
  }

  public void setFields(Map<String, String> fields) {
    this.fields = fields;
  }

  /** What follows the header; null for a reject. */
  public String getContent() {
    return content;
  }

  public void setContent(String content) {
    this.content = content;
  }

  /** The whole line of a reject, else null. */
  public String getLine() {
    return line;
  }

  public void setLine(String line) {
    this.line = line;
  }

  /** Why the line is rejected, null when it is not. */
  public String getReason() {
    return reason;
  }

  public void setReason(String reason) {
    this.reason = reason;
  }
}
