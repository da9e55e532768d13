package io.deeplog.jobs.generate;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The made-up services whose logs can be generated. */
public enum Service {
  /** A distributed block store; a session is one block. */
  BLOCK("hdfs"),
  /** A virtual machine service; a session is one instance's life. */
  VM("log4j"),
  /** A host log with logins, cron jobs and break-in attempts; a session is one process. */
  SYSLOG("syslog");

  private final String format;

  Service(String format) {
    this.format = format;
  }

  /** Returns the name used in commands and folder names, lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the name of the header layout: {@code hdfs}, {@code log4j} or {@code syslog}. */
  public String format() {
    return format;
  }

  /**
   * Returns the service of an {@link #id()}.
   *
   * @throws IllegalArgumentException if there is none; the message names the value and the choices
   */
  public static Service of(String id) {
    for (Service service : values()) {
      if (service.id().equals(id)) {
        return service;
      }
    }
    throw new IllegalArgumentException(
        "no service '"
            + id
            + "'; choose one of "
            + Arrays.stream(values()).map(Service::id).collect(Collectors.joining(", ")));
  }
}
