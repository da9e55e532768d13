package io.deeplog.template;

import io.deeplog.Pure;
import java.util.Locale;
import java.util.Map;

/**
 * A parameter read as a quantity in one unit: seconds, bytes, or a plain number.
 *
 * @param value in the kind's unit
 * @param kind what it measures
 */
@Pure
public record Quantity(double value, Kind kind) {
  private static final double KILO = 1024;

  /** Factors of duration units to seconds. */
  private static final Map<String, Double> SECONDS =
      Map.ofEntries(
          Map.entry("ns", 1e-9),
          Map.entry("us", 1e-6),
          Map.entry("\u00b5s", 1e-6),
          Map.entry("ms", 1e-3),
          Map.entry("msec", 1e-3),
          Map.entry("millis", 1e-3),
          Map.entry("milliseconds", 1e-3),
          Map.entry("microseconds", 1e-6),
          Map.entry("minutes", 60.0),
          Map.entry("hours", 3600.0),
          Map.entry("s", 1.0),
          Map.entry("sec", 1.0),
          Map.entry("secs", 1.0),
          Map.entry("second", 1.0),
          Map.entry("seconds", 1.0),
          Map.entry("m", 60.0),
          Map.entry("min", 60.0),
          Map.entry("mins", 60.0),
          Map.entry("h", 3600.0),
          Map.entry("hr", 3600.0),
          Map.entry("d", 86_400.0));

  /** Factors of size units to bytes; logs mean powers of 1024 whatever they write. */
  private static final Map<String, Double> BYTES =
      Map.ofEntries(
          Map.entry("b", 1.0),
          Map.entry("byte", 1.0),
          Map.entry("bytes", 1.0),
          Map.entry("k", KILO),
          Map.entry("kb", KILO),
          Map.entry("kib", KILO),
          Map.entry("mb", KILO * KILO),
          Map.entry("mib", KILO * KILO),
          Map.entry("g", KILO * KILO * KILO),
          Map.entry("gb", KILO * KILO * KILO),
          Map.entry("gib", KILO * KILO * KILO),
          Map.entry("t", KILO * KILO * KILO * KILO),
          Map.entry("tb", KILO * KILO * KILO * KILO),
          Map.entry("tib", KILO * KILO * KILO * KILO));

  /** Longer texts are no quantities; it bounds what reading one costs. */
  private static final int LONGEST = 40;

  /** What a quantity measures. */
  @Pure
  public enum Kind {
    /** A number without a unit that is known. */
    NUMBER,
    /** Seconds. */
    DURATION,
    /** Bytes. */
    SIZE;

    /** A value in words, with a unit that suits it. */
    public String text(double value) {
      return switch (this) {
        case NUMBER -> number(value);
        case DURATION -> duration(value);
        case SIZE -> size(value);
      };
    }

    private static String duration(double seconds) {
      double absolute = Math.abs(seconds);
      if (absolute != 0 && absolute < 1) {
        return number(seconds * 1000) + " ms";
      }
      return absolute < 2 * 3600 ? number(seconds) + " s" : number(seconds / 3600) + " h";
    }

    private static String size(double bytes) {
      String[] units = {"bytes", "kB", "MB", "GB", "TB"};
      double value = bytes;
      int unit = 0;
      while (Math.abs(value) >= KILO && unit < units.length - 1) {
        value /= KILO;
        unit++;
      }
      return number(value) + " " + units[unit];
    }

    private static String number(double value) {
      if (value == Math.rint(value) && Math.abs(value) < 1e15) {
        return String.format(Locale.ROOT, "%d", (long) value);
      }
      double rounded =
          new java.math.BigDecimal(value).round(new java.math.MathContext(3)).doubleValue();
      double absolute = Math.abs(rounded);
      if (absolute >= 100 && absolute < 1e15) {
        return String.format(Locale.ROOT, "%d", Math.round(value));
      }
      return absolute < 1e15 && absolute >= 1e-3
          ? new java.math.BigDecimal(Double.toString(rounded)).stripTrailingZeros().toPlainString()
          : String.format(Locale.ROOT, "%.3g", value);
    }
  }

  /**
   * Reads a parameter: a number with sign, thousands, decimals and exponent; with a unit behind it,
   * perhaps after a blank, a duration or size, also one of several parts (1h2m3s) or with colons
   * (01:02:03).
   *
   * @return null when it is no quantity but a text
   */
  public static Quantity of(String text) {
    if (text == null || text.isEmpty() || text.length() > LONGEST) {
      return null;
    }
    if (text.indexOf(':') > 0) {
      return clock(text);
    }
    int end = numberEnd(text, 0);
    if (end == 0) {
      return null;
    }
    double number = number(text, 0, end);
    if (Double.isNaN(number)) {
      return null;
    }
    if (end == text.length()) {
      return new Quantity(number, Kind.NUMBER);
    }
    if (text.charAt(end) == '%' && end == text.length() - 1) {
      return new Quantity(number, Kind.NUMBER);
    }
    if (text.charAt(end) == ' ' && end + 1 < text.length()) {
      // One blank before the unit, as in 64 MB.
      end++;
    }
    int unitEnd = unitEnd(text, end);
    String unit = text.substring(end, unitEnd).toLowerCase(Locale.ROOT);
    if (unitEnd == text.length()) {
      // A capital M alone is a size, a small one a duration.
      boolean mega = text.charAt(end) == 'M' && unitEnd == end + 1;
      Double bytes = mega ? Double.valueOf(KILO * KILO) : BYTES.get(unit);
      if (bytes != null) {
        return new Quantity(number * bytes, Kind.SIZE);
      }
    }
    return parts(text, number, end);
  }

  /** Whether a word is a unit; letters that stand alone for much else are not taken for one. */
  public static boolean isUnit(String word) {
    String unit = word.toLowerCase(Locale.ROOT);
    return unit.equals("s")
        || (unit.length() > 1 && (SECONDS.containsKey(unit) || BYTES.containsKey(unit)));
  }

  /** A duration of one or more numbers with units. */
  private static Quantity parts(String text, double first, int firstEnd) {
    double sum = 0;
    double number = first;
    int end = firstEnd;
    while (true) {
      int unitEnd = unitEnd(text, end);
      Double seconds = SECONDS.get(text.substring(end, unitEnd).toLowerCase(Locale.ROOT));
      if (seconds == null) {
        return null;
      }
      sum += number * seconds;
      if (unitEnd == text.length()) {
        return new Quantity(sum, Kind.DURATION);
      }
      end = numberEnd(text, unitEnd);
      number = end == unitEnd ? Double.NaN : number(text, unitEnd, end);
      if (Double.isNaN(number)) {
        return null;
      }
    }
  }

  /** Hours, minutes and seconds with colons; two parts are ambiguous (an address and its port). */
  private static Quantity clock(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 3) {
      return null;
    }
    double seconds = 0;
    for (String part : parts) {
      int end = numberEnd(part, 0);
      if (part.isEmpty() || end != part.length() || !Character.isDigit(part.charAt(0))) {
        return null;
      }
      double number = number(part, 0, end);
      if (Double.isNaN(number)) {
        return null;
      }
      seconds = seconds * 60 + number;
    }
    return new Quantity(seconds, Kind.DURATION);
  }

  private static int unitEnd(String text, int start) {
    int end = start;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Where a number ends that starts at a place; the place itself when none does. */
  private static int numberEnd(String text, int start) {
    int i = start;
    if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      i++;
    }
    int digits = i;
    boolean dot = false;
    while (i < text.length()) {
      char c = text.charAt(i);
      boolean decimal = c == '.' && !dot;
      boolean thousands = c == ',' && !dot && i > digits && threeDigits(text, i + 1);
      if (!isDigit(c) && !decimal && !thousands) {
        break;
      }
      dot |= decimal;
      i++;
    }
    if (i == digits || (i == digits + 1 && dot)) {
      return start;
    }
    return exponentEnd(text, i);
  }

  private static int exponentEnd(String text, int mantissa) {
    if (mantissa >= text.length() || Character.toLowerCase(text.charAt(mantissa)) != 'e') {
      return mantissa;
    }
    int i = mantissa + 1;
    if (i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+')) {
      i++;
    }
    int digits = i;
    while (i < text.length() && isDigit(text.charAt(i))) {
      i++;
    }
    return i > digits ? i : mantissa;
  }

  private static boolean threeDigits(String text, int start) {
    return start + 3 <= text.length()
        && isDigit(text.charAt(start))
        && isDigit(text.charAt(start + 1))
        && isDigit(text.charAt(start + 2))
        && (start + 3 == text.length() || !isDigit(text.charAt(start + 3)));
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static double number(String text, int start, int end) {
    try {
      double value = Double.parseDouble(text.substring(start, end).replace(",", ""));
      return Double.isInfinite(value) ? Double.NaN : value;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
