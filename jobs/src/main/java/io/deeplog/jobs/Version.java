package io.deeplog.jobs;

/** The program's version. */
final class Version {
  private Version() {}

  /** As the jar's manifest has it; {@code development} when run from classes. */
  static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
