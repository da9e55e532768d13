package io.deeplog.template;

import io.deeplog.Pure;
import java.util.Locale;

/** The kinds of values that are told by their look alone, as {@code conf/masks.yaml} names them. */
@Pure
public enum Mask {
  /** Dates and times, ISO, by slashes or with names of months: {@code Jul 17 09:21:12 2005}. */
  TIMESTAMP,
  /** Anything with a scheme: {@code https://a/b?c=d}. */
  URL,
  /** {@code name@host.tld}. */
  EMAIL,
  /** {@code 550e8400-e29b-41d4-a716-446655440000}. */
  UUID,
  /** Six pairs of hexadecimal digits. */
  MAC,
  /** IPv4 and IPv6, with a host's name before and a port or prefix length behind. */
  IP,
  /** Host names by their top-level domain, {@code localhost:port}. */
  HOST,
  /** Absolute paths of Unix and Windows. */
  PATH,
  /** Eight or more hexadecimal digits, and what follows an at sign as objects' hashes do. */
  HEX,
  /** Numbers with a unit of bytes behind a blank: {@code 2.5 KB}. */
  SIZE,
  /** Quoted values of keys, {@code title="Daily report"}, but of keys such as {@code msg}. */
  QUOTED,
  /** {@code true} and {@code false}, and with capitals. */
  BOOLEAN,
  /** Words of letters and digits that look made by a machine: {@code job_-160899}. */
  IDENTIFIER,
  /** Numbers with sign, decimals, thousands and a unit glued to them; groups of them. */
  NUMBER;

  /** The name in the settings: lower case. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
