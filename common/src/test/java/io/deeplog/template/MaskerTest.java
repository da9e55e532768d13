package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MaskerTest {
  private final Masker masker = new Masker();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "Starting task job_-1608999687919862906 src: /10.250.19.102:54106|Starting task <*> src: <*>",
        "size 67,108,864 bytes.|size <*> bytes.",
        "took 1.5s, then 20 ms|took <*>, then <*> ms",
        "delta=-5 gain=+3.5|delta=<*> gain=<*>",
        "eth0 up, ssh2 down|eth0 up, ssh2 down",
        "user root from 192.168.0.1 port 22|user root from <*> port <*>",
        "open /var/log/messages: done|open <*>: done",
        "GET https://example.org/a/b?page ok|GET <*> ok",
        "GET https://example.org/a?b=1&c= ok|GET <*> ok",
        "GET https://example.org/a?b=c&d=e. ok|GET <*>. ok",
        "instance 7f1c2ab4-93d7-4f4c-9d75-1e2b8f3a5c6d started|instance <*> started",
        "copy file:/tmp/a/b to x:/c|copy file:<*> to x:<*>",
        "1+2 a+3 c++|<*> a+<*> c++",
        "literal <*> here|literal <*> here",
        "at 2008-11-09T20:36:15.123Z|at <*>",
        "no values at all|no values at all",
        "(code 0x1f)|(code <*>)"
      })
  void masks(String content, String expected) {
    assertThat(masker.mask(content)).isEqualTo(expected);
  }

  @Test
  void placesGiveTheLineBack() {
    String content = "a 5 b 1,234 c";
    masker.mask(content);
    assertThat(masker.count()).isEqualTo(2);
    assertThat(content.substring(masker.start(0), masker.end(0))).isEqualTo("5");
    assertThat(content.substring(masker.start(1), masker.end(1))).isEqualTo("1,234");
  }

  @Test
  void theTailOfAHugeLineIsOneValue() {
    String content = "word ".repeat(200_000);
    String masked = masker.mask(content);
    assertThat(masked.length()).isLessThan(Masker.MAX_MASKED + 10);
    assertThat(masked).endsWith("word <*>");
  }

  /** Places that a value can stand in. */
  @Provide
  Arbitrary<String> context() {
    return Arbitraries.of(
        "%s",
        "value %s",
        "%s came",
        "x=%s y",
        "[%s]",
        "got (%s), done",
        "len: %s.",
        "a %s, b",
        "\"%s\" q",
        "<%s> r",
        "k:%s",
        "from %s: ok",
        "{a=%s}",
        "'%s'",
        "last %s!",
        "p|%s|q",
        "%s;");
  }

  private void oneText(String context, String a, String b) {
    String first = masker.mask(String.format(context, a));
    String second = masker.mask(String.format(context, b));
    assertThat(second).as("'%s' and '%s' in '%s'", a, b, context).isEqualTo(first);
  }

  @Provide
  Arbitrary<String> blockId() {
    return Arbitraries.longs().filter(n -> n <= -1_000_000 || n >= 1_000_000).map(n -> "job_" + n);
  }

  @Property(seed = "1")
  void blockIds(
      @ForAll("context") String context, @ForAll("blockId") String a, @ForAll("blockId") String b) {
    oneText(context, a, b);
  }

  @Provide
  Arbitrary<String> address() {
    Arbitrary<Integer> octet = Arbitraries.integers().between(0, 255);
    return Combinators.combine(
            octet, octet, octet, octet, Arbitraries.integers().between(1, 65535).injectNull(0.5))
        .as(
            (a, b, c, d, port) ->
                a + "." + b + "." + c + "." + d + (port == null ? "" : ":" + port));
  }

  @Property(seed = "2")
  void addressesWithAndWithoutPort(
      @ForAll("context") String context, @ForAll("address") String a, @ForAll("address") String b) {
    oneText(context, a, b);
    oneText(context, "/" + a, "/" + b);
  }

  @Provide
  Arbitrary<String> number() {
    Arbitrary<String> digits =
        Arbitraries.longs()
            .between(0, 1_000_000_000_000L)
            .flatMap(
                n ->
                    Arbitraries.of(
                        String.valueOf(n), String.format(java.util.Locale.ROOT, "%,d", n)));
    Arbitrary<String> decimals =
        Arbitraries.integers().between(0, 9999).map(n -> "." + n).injectNull(0.5);
    return Combinators.combine(Arbitraries.of("", "-", "+"), digits, decimals)
        .as((sign, n, d) -> sign + n + (d == null ? "" : d));
  }

  @Property(seed = "3")
  void numbers(
      @ForAll("context") String context, @ForAll("number") String a, @ForAll("number") String b) {
    oneText(context, a, b);
  }

  @Provide
  Arbitrary<String> path() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('A', 'Z')
        .withCharRange('0', '9')
        .withChars('.', '_', '-', '+', '@', '%')
        .ofMinLength(1)
        .ofMaxLength(8)
        .filter(name -> !name.matches("[.]+"))
        .list()
        .ofMinSize(2)
        .ofMaxSize(6)
        .map(names -> "/" + String.join("/", names))
        .filter(p -> p.matches(".*[A-Za-z0-9_]"));
  }

  @Property(seed = "4")
  void paths(
      @ForAll("context") String context, @ForAll("path") String a, @ForAll("path") String b) {
    oneText(context, a, b);
  }

  @Property(seed = "5")
  void uuids(
      @ForAll("context") String context,
      @ForAll long a,
      @ForAll long b,
      @ForAll long c,
      @ForAll long d) {
    oneText(context, uuid(a, b), uuid(c, d));
  }

  /** A UUID of version 4; its version is a digit, which tells it from a word. */
  private static String uuid(long high, long low) {
    return new UUID((high & ~0xf000L) | 0x4000L, (low & ~(3L << 62)) | (2L << 62)).toString();
  }

  @Provide
  Arbitrary<String> hex() {
    Arbitrary<String> digits =
        Arbitraries.strings()
            .withCharRange('0', '9')
            .withCharRange('a', 'f')
            .ofMinLength(8)
            .ofMaxLength(40);
    return Combinators.combine(Arbitraries.of(false, true), Arbitraries.of("", "0x"), digits)
        .as((upper, prefix, d) -> prefix + (upper ? d.toUpperCase(java.util.Locale.ROOT) : d));
  }

  @Property(seed = "6")
  void hexadecimals(
      @ForAll("context") String context, @ForAll("hex") String a, @ForAll("hex") String b) {
    oneText(context, a, b);
  }

  @Provide
  Arbitrary<String> duration() {
    Arbitrary<String> simple =
        Combinators.combine(
                Arbitraries.integers().between(0, 100_000),
                Arbitraries.of("", ".5", ".25", ".001"),
                Arbitraries.of("ns", "us", "µs", "ms", "s", "sec", "m", "min", "h", "d"))
            .as((n, d, unit) -> n + d + unit);
    Arbitrary<String> parts =
        Combinators.combine(
                Arbitraries.integers().between(0, 99), Arbitraries.integers().between(0, 59))
            .as((h, m) -> h + "h" + m + "m" + "5s");
    Arbitrary<String> clock =
        Combinators.combine(
                Arbitraries.integers().between(0, 99), Arbitraries.integers().between(0, 59))
            .as((h, m) -> String.format("%d:%02d:%02d.123", h, m, m));
    return Arbitraries.oneOf(simple, parts, clock);
  }

  @Property(seed = "7")
  void durations(
      @ForAll("context") String context,
      @ForAll("duration") String a,
      @ForAll("duration") String b) {
    oneText(context, a, b);
  }
}
