package io.deeplog.jobs.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Values of the kinds that programs write into their logs, from one random stream: numbers in
 * bounds, addresses, names, paths, times. Addresses and hosts come from small pools, since a log
 * names few machines often.
 */
final class TypedValues {
  private static final int POOL = 60;
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = LOWER.toUpperCase(Locale.ROOT);
  private static final String DIGITS = "0123456789";
  private static final String[] DIRECTORIES = {
    "/var/lib", "/etc", "/usr/share", "/opt/acme", "/home/svc", "/data/vol1", "/tmp", "/mnt/nfs0"
  };
  private static final String[] NAMES = {
    "main",
    "cache",
    "session",
    "index",
    "report-2019",
    "db_01",
    "tables",
    "user.profile",
    "x11",
    "a"
  };
  private static final String[] ENDINGS = {".conf", ".dat", ".log", "", ".tmp", ".so.1", "/"};
  private static final String[] HOSTS = {"web", "db", "app", "backup", "gw", "mail", "build"};
  private static final String[] DOMAINS = {"example.com", "example.org", "corp.example.net"};
  private static final String[] WORDS = {
    "user", "item", "load", "state", "frame", "region", "timer", "queue", "view", "node"
  };
  private static final String[] UNITS = {"B", "KB", "MB", "GB"};
  private static final String[] CIPHERS = {
    "ECDHE-RSA-AES256-GCM-SHA384", "AES128-SHA", "DHE-RSA-AES128-GCM-SHA256"
  };

  private final SplittableRandom random;
  private final List<String> addresses = new ArrayList<>();
  private final List<String> hosts = new ArrayList<>();

  TypedValues(SplittableRandom random) {
    this.random = random;
    for (int i = 0; i < POOL; i++) {
      addresses.add(
          (random.nextInt(3) == 0 ? "10.0." : between(11, 223) + "." + between(0, 255) + ".")
              + between(0, 255)
              + "."
              + between(1, 254));
      String name = pick(HOSTS);
      hosts.add(
          random.nextInt(4) == 0
              ? name
              : name + (random.nextInt(2) == 0 ? "-" : "") + between(1, 40));
    }
  }

  /**
   * A value.
   *
   * @param type name of the kind, then its bounds, as in {@code int 1 9}
   * @throws IllegalArgumentException if there is no such kind, or it lacks bounds
   */
  String value(String[] type) {
    return switch (type[0]) {
      case "int", "sint" -> String.valueOf(integer(number(type, 1), number(type, 2)));
      case "pad" -> padded(type);
      case "dec", "sdec" -> decimal(number(type, 1), number(type, 2), (int) number(type, 3));
      case "hex" -> text("0123456789abcdef", (int) number(type, 1));
      case "HEX" -> text("0123456789ABCDEF", (int) number(type, 1));
      case "b64" -> text(LOWER + UPPER + DIGITS + "+/", (int) number(type, 1));
      case "letter" -> text("abcd", 1);
      case "SERIAL" -> text(UPPER, 3) + text(DIGITS + UPPER, 8);
      case "ident" -> pick(WORDS) + capital(pick(WORDS));
      case "CAPS" ->
          (pick(WORDS) + (random.nextBoolean() ? "_" + pick(WORDS) : "")).toUpperCase(Locale.ROOT);
      default -> composed(type[0]);
    };
  }

  private String composed(String type) {
    return switch (type) {
      case "ip" -> addresses.get(skewed(addresses.size()));
      case "hostname" -> hosts.get(skewed(hosts.size()));
      case "host" -> hosts.get(skewed(hosts.size())) + "." + pick(DOMAINS);
      case "email" -> pick(WORDS) + "." + text(LOWER, 5) + "@" + pick(DOMAINS);
      case "msgid" -> text(DIGITS, 10) + "." + text("0123456789ABCDEF", 8) + "@" + pick(DOMAINS);
      case "uuid" -> hex(8) + "-" + hex(4) + "-4" + hex(3) + "-a" + hex(3) + "-" + hex(12);
      case "mac" -> String.join(":", hex(2), hex(2), hex(2), hex(2), hex(2), hex(2));
      case "cmac" -> String.join(".", hex(4), hex(4), hex(4));
      case "path" -> path();
      case "srcfile" ->
          capital(pick(WORDS)) + capital(pick(WORDS)) + (random.nextBoolean() ? ".java" : ".c");
      case "url" ->
          "https://api."
              + pick(DOMAINS)
              + "/v2/"
              + pick(WORDS)
              + "s/"
              + between(1, 99_999)
              + (random.nextBoolean() ? "?page=" + between(1, 9) : "");
      case "clock" -> clock(":");
      case "isotime" -> "2019-0" + between(1, 9) + "-" + between(10, 28) + "T" + clock(":") + "Z";
      case "hms" -> two(0, 99) + ":" + two(0, 59) + ":" + two(0, 59);
      case "mmss" -> two(0, 59) + ":" + two(0, 59);
      case "dur" ->
          switch (random.nextInt(3)) {
            case 0 -> decimal(0, 90, 1) + "s";
            case 1 -> between(1, 999) + "ms";
            default -> "00:" + two(0, 59) + ":" + two(0, 59);
          };
      case "size" -> decimal(1, 999, random.nextInt(2)) + " " + UNITS[skewed(UNITS.length)];
      case "cipher" -> pick(CIPHERS);
      case "method" -> pick("GET", "GET", "POST", "PUT", "HEAD", "DELETE");
      case "status" -> pick("200", "200", "200", "304", "404", "500", "302");
      case "jbool" -> pick("true", "false");
      default -> throw new IllegalArgumentException("no kind of value '" + type + "'");
    };
  }

  private String path() {
    return pick(DIRECTORIES)
        + "/"
        + pick(NAMES)
        + (random.nextInt(3) == 0 ? "/" + pick(NAMES) + between(1, 99) : "")
        + pick(ENDINGS);
  }

  private String padded(String[] type) {
    String digits = String.valueOf(integer(number(type, 1), number(type, 2)));
    return "0".repeat(Math.max(0, (int) number(type, 3) - digits.length())) + digits;
  }

  private String decimal(long low, long high, int digits) {
    return String.format(
        Locale.ROOT, "%." + digits + "f", low + random.nextDouble() * (high - low));
  }

  /** Uniform in its logarithm where the bounds are far apart, as sizes and durations are. */
  private long integer(long low, long high) {
    if (low >= 0 && high > 1000L * (low + 1)) {
      double logarithm = random.nextDouble() * Math.log((double) (high + 1) / (low + 1));
      return Math.min(high, (long) ((low + 1) * Math.exp(logarithm)) - 1);
    }
    return random.nextLong(low, high + 1);
  }

  /** An index below a size, small ones more often. */
  int skewed(int size) {
    double u = random.nextDouble();
    return (int) (size * u * u);
  }

  private String clock(String separator) {
    return two(0, 23) + separator + two(0, 59) + separator + two(0, 59);
  }

  private String two(int low, int high) {
    return String.format(Locale.ROOT, "%02d", between(low, high));
  }

  private int between(int low, int high) {
    return random.nextInt(low, high + 1);
  }

  private String hex(int length) {
    return text("0123456789abcdef", length);
  }

  private String text(String alphabet, int length) {
    StringBuilder result = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      result.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return result.toString();
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static long number(String[] type, int place) {
    if (place >= type.length) {
      throw new IllegalArgumentException("the kind '" + String.join(" ", type) + "' lacks a bound");
    }
    return Long.parseLong(type[place]);
  }
}
