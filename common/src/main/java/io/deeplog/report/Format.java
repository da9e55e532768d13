package io.deeplog.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers and times as the reports write them, whatever the machine's locale and time zone. */
final class Format {

  private static final String NONE = "–";

  private static final DateTimeFormatter MINUTES = formatter("uuuu-MM-dd HH:mm");
  private static final DateTimeFormatter SECONDS = formatter("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter MILLIS = formatter("uuuu-MM-dd HH:mm:ss.SSS");

  private Format() {}

  private static DateTimeFormatter formatter(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** A score or other quantity of unknown magnitude, to about three digits. */
  static String number(double x) {
    if (Double.isNaN(x)) {
      return NONE;
    }
    if (Double.isInfinite(x)) {
      return x > 0 ? "∞" : "−∞";
    }
    double size = Math.abs(x);
    if (x == Math.rint(x) && size < 1e15) {
      return count((long) x);
    }
    if (size >= 1e9 || size < 0.001) {
      return String.format(Locale.ROOT, "%.2e", x);
    }
    int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%,." + decimals + "f", x);
  }

  static String percent(double share) {
    if (Double.isNaN(share)) {
      return NONE;
    }
    if (share > 0 && share < 0.001) {
      return "<0.1%";
    }
    // Rounding must not make a perfect score of a nearly perfect one.
    if (share > 0.999 && share < 1) {
      return ">99.9%";
    }
    return share == 0 || share == 1
        ? Math.round(share * 100) + "%"
        : String.format(Locale.ROOT, "%.1f%%", share * 100);
  }

  /** Precision, recall and F1, as papers write them. */
  static String ratio(double x) {
    return Double.isNaN(x) ? NONE : String.format(Locale.ROOT, "%.3f", x);
  }

  static String times(double multiple) {
    return multiple >= 100
        ? String.format(Locale.ROOT, "%,.0f×", multiple)
        : String.format(Locale.ROOT, "%.1f×", multiple);
  }

  static String seconds(double seconds) {
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  /** A length of time after "per", in its largest whole unit. */
  static String span(long seconds) {
    if (seconds > 0 && seconds % 86_400 == 0) {
      return unit(seconds / 86_400, "day");
    }
    if (seconds > 0 && seconds % 3_600 == 0) {
      return unit(seconds / 3_600, "hour");
    }
    return seconds > 0 && seconds % 60 == 0
        ? unit(seconds / 60, "minute")
        : unit(seconds, "second");
  }

  private static String unit(long n, String unit) {
    return n == 1 ? unit : count(n) + " " + unit + "s";
  }

  /** With milliseconds only where there are some. */
  static String utc(Instant time) {
    boolean whole = time.equals(time.truncatedTo(ChronoUnit.SECONDS));
    return (whole ? SECONDS : MILLIS).format(time);
  }

  static String utcMinutes(Instant time) {
    return MINUTES.format(time);
  }
}
