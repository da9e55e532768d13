package io.deeplog.template;

import io.deeplog.Pure;
import io.deeplog.UserException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Which values are masked: some of the built-in kinds, found by one scan, and regular expressions
 * of the user's, which go first, in their order.
 *
 * @param builtin kinds that are on
 * @param custom of the user, by name
 */
@Pure
public record Masks(Set<Mask> builtin, List<Custom> custom) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** All built-in kinds and nothing else. */
  public static final Masks DEFAULT = new Masks(EnumSet.allOf(Mask.class), List.of());

  /** Nothing is masked. */
  public static final Masks NONE = new Masks(EnumSet.noneOf(Mask.class), List.of());

  /** A mask of the user's: every match is a value. */
  @Pure
  public record Custom(String name, Pattern pattern) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Copies. */
  public Masks {
    builtin = builtin.isEmpty() ? EnumSet.noneOf(Mask.class) : EnumSet.copyOf(builtin);
    custom = List.copyOf(custom);
  }

  /**
   * Masks from their entries: a built-in kind's name, or {@code name: regex}.
   *
   * @throws UserException when a name or a regular expression is wrong
   */
  public static Masks of(List<String> entries) {
    Set<Mask> builtin = EnumSet.noneOf(Mask.class);
    List<Custom> custom = new ArrayList<>();
    for (String entry : entries) {
      int colon = entry.indexOf(": ");
      if (colon < 0) {
        builtin.add(builtin(entry.trim()));
        continue;
      }
      String name = entry.substring(0, colon).trim();
      String regex = entry.substring(colon + 2);
      try {
        custom.add(new Custom(name, Pattern.compile(regex)));
      } catch (PatternSyntaxException e) {
        throw UserException.usage(
            "mask '"
                + name
                + "': bad regular expression '"
                + regex
                + "': "
                + e.getDescription()
                + " at position "
                + e.getIndex());
      }
    }
    return new Masks(builtin, custom);
  }

  private static Mask builtin(String name) {
    for (Mask mask : Mask.values()) {
      if (mask.key().equals(name.toLowerCase(Locale.ROOT))) {
        return mask;
      }
    }
    throw UserException.usage(
        "no built-in mask '"
            + name
            + "' (there are "
            + Arrays.stream(Mask.values()).map(Mask::key).collect(Collectors.joining(", "))
            + "; a mask of your own needs a regex)");
  }

  /** What {@link #of} reads. */
  public List<String> entries() {
    List<String> result = new ArrayList<>();
    custom.forEach(mask -> result.add(mask.name + ": " + mask.pattern.pattern()));
    builtin.forEach(mask -> result.add(mask.key()));
    return result;
  }

  /** The entries, a line each. */
  public String text() {
    return String.join("\n", entries());
  }

  /** What {@link #text} wrote. */
  public static Masks ofText(String text) {
    return text.isEmpty() ? NONE : of(List.of(text.split("\n", -1)));
  }
}
