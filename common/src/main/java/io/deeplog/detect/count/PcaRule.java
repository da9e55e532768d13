package io.deeplog.detect.count;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How PCA sets its threshold. */
@Pure
public enum PcaRule {
  /** The Q-statistic. */
  Q,
  /** The score that a share of the training sessions exceeds. */
  QUANTILE,
  /** The larger of both. */
  MAX;

  /**
   * The rule of a name.
   *
   * @throws UserException when there is none
   */
  public static PcaRule of(String name) {
    return Arrays.stream(values())
        .filter(rule -> rule.id().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                UserException.usage(
                    "unknown threshold rule '"
                        + name
                        + "' (give one of "
                        + Arrays.stream(values()).map(PcaRule::id).collect(Collectors.joining(", "))
                        + ")"));
  }

  /** The name in settings. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
