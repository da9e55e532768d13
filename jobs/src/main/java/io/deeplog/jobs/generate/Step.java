package io.deeplog.jobs.generate;

/** One line of a session, not yet written. */
final class Step {
  /** Appends a line's content, the part after the header. */
  @FunctionalInterface
  interface Body {
    void appendTo(LineBuffer line);
  }

  /** The type of the line; lines that differ only in values have the same. */
  final String name;

  /** Milliseconds after the session's step before it. */
  final long gapMillis;

  final String level;
  final String component;

  /** Process or thread number, or a negative number for none. */
  final int origin;

  final Body body;

  /** What is abnormal about this very line, or null. */
  final AnomalyKind kind;

  Step(
      String name,
      long gapMillis,
      String level,
      String component,
      int origin,
      Body body,
      AnomalyKind kind) {
    this.name = name;
    this.gapMillis = gapMillis;
    this.level = level;
    this.component = component;
    this.origin = origin;
    this.body = body;
    this.kind = kind;
  }

  Step marked(AnomalyKind newKind) {
    return new Step(name, gapMillis, level, component, origin, body, newKind);
  }

  Step after(long newGapMillis) {
    return new Step(name, newGapMillis, level, component, origin, body, kind);
  }
}
