package io.deeplog.spark;

import io.deeplog.UserException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** File formats of tables. */
public enum TableFormat {
  /** Columns with their types; the only one that later commands read. */
  PARQUET,
  /** Text; arrays and structs as JSON in their column. */
  CSV,
  /** A JSON object a line. */
  JSON;

  /** What is published beside tables of {@link #CSV}, for users of other tools. */
  public static final List<String> COMPATIBLE = List.of("logparser", "log_value_vector");

  /**
   * The format of a name.
   *
   * @throws UserException when there is none
   */
  public static TableFormat of(String name) {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "unknown table format '"
              + name
              + "' (give one of "
              + Arrays.stream(values()).map(TableFormat::id).collect(Collectors.joining(", "))
              + ")");
    }
  }

  /** The name in settings. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
