package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Values of one kind in one context give one masked text, whatever the value. */
final class MaskedKindsTest {
  private static final List<String> CONTEXTS =
      List.of("took %s now", "size=%s, next", "(%s) done", "at [%s]: end", "is \"%s\"", "last %s");

  private static void oneText(String context, String value) {
    String masked = new Masker().mask(context.replace("%s", value));
    assertThat(masked).as(value).isEqualTo(context.replace("%s", Masker.WILDCARD));
  }

  @Property(tries = 300)
  void values(@ForAll("contexts") String context, @ForAll("values") String value) {
    oneText(context, value);
  }

  @Provide
  Arbitrary<String> contexts() {
    return Arbitraries.of(CONTEXTS);
  }

  @Provide
  Arbitrary<String> values() {
    Arbitrary<Long> number = Arbitraries.longs().between(-9_000_000_000L, 9_000_000_000L);
    Arbitrary<Integer> small = Arbitraries.integers().between(0, 59);
    Arbitrary<String> hex = Arbitraries.strings().withChars("0123456789abcdef").ofLength(4);
    return Arbitraries.oneOf(
        number.map(String::valueOf),
        number.map(n -> String.format(Locale.ROOT, "%,d", n)),
        number.map(n -> String.format(Locale.ROOT, "%.2f", n / 1000.0)),
        small.map(n -> n + "%"),
        small.map(n -> n + ".5%"),
        small.map(n -> n + "ms"),
        small.map(n -> String.format(Locale.ROOT, "00:%02d", n)),
        small.map(n -> String.format(Locale.ROOT, "%dh%02dm%02ds", n, n, n)),
        small.map(n -> "10.0." + n + "." + n + ":" + (1024 + n)),
        small.map(n -> n + ".5 MB"),
        small.map(n -> "node[" + n + "-" + (n + 3) + "," + (n + 9) + "]"),
        small.map(n -> n + "##" + n + "##" + n),
        number.map(n -> "0x" + Long.toHexString(n)),
        hex.map(h -> h + "." + h + "." + h),
        hex.map(h -> h + h + "-" + h + "-" + h + "-" + h + "-" + h + h + h),
        Arbitraries.of("true", "false", "True", "FALSE"),
        hex.map(h -> "/var/lib/" + h + "/x-1_a.b"));
  }

  @Test
  void boundsAndQuotesAndTruths() {
    oneText("lifetime %s", "<1 sec");
    oneText("lifetime %s", "00:12");
    oneText("color=\"%s\", id", "dark green");
    oneText("color=\"%s\", id", "*alarm*");
    oneText("{\"on\":%s}", "true");
    oneText("over %s with", "TLSv1.2");
    oneText("no file \u2018%s\u2019 here", "my report.txt");
    oneText("named \u201c%s\u201d", "Night shift");
    oneText("no user \u2018%s\u2019 here", "O\u2019Brien");
    assertThat(new Masker().mask("msg=\u201cdisk failed\u201d"))
        .isEqualTo("msg=\u201cdisk failed\u201d");
  }

  @Test
  void timesAsPeopleWriteThem() {
    oneText("checked %s", "3/13/24, 8:50 AM");
    oneText("checked %s: ok", "January 16, 2:45 PM");
    oneText("checked %s", "Mar 13, 2024, 8:50:12\u202fAM");
    oneText("checked at %s, then", "8:50 AM");
    oneText("since %s", "October 1, 2024");
    assertThat(new Masker().mask("Maybe 5, Marchers 6")).isEqualTo("Maybe <*>, Marchers <*>");
    assertThat(new Masker().mask("8:50 AMAZED")).isEqualTo("<*> AMAZED");
  }

  @Test
  void addressesWithTheirProtocolOrInBrackets() {
    oneText("sent to %s.", "udp:10.0.0.53:53");
    oneText("sent to %s.", "10.0.0.53:53");
    oneText("sent to %s.", "[2001:db8::2:1]:443");
    oneText("sent to %s.", "[::]:8080");
    oneText("sent to %s.", "[fe80::1%eth0]:443");
    assertThat(new Masker().mask("[12:30:45]:3 retries")).isEqualTo("[<*>]:<*> retries");
    assertThat(new Masker().mask("from:10.0.0.1 [2001:db8::1] [12:30]:5"))
        .isEqualTo("from:<*> [<*>] [<*>]:<*>");
  }

  @Test
  void namesAndMessagesStay() {
    Masker masker = new Masker();
    for (String line :
        List.of(
            "%LINK-3-UPDOWN: Interface changed",
            "via HTTP/1.1",
            "level=info msg=\"link is up\"",
            "don't stop 'til",
            "a <b> and sshd[pid]",
            "the 1st and eth0")) {
      assertThat(masker.mask(line)).isEqualTo(line);
    }
  }
}
