package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.UserException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HeaderLayoutTest {
  private static final String HDFS = "<Date> <Time> <Pid> <Level> <Component>: <Content>";
  private static final String SYSLOG =
      "<Month> <Day> <Time> <Host> <Component>(\\[<Pid>\\])?: <Content>";
  private static final String LOG4J =
      "<Date> <Time> <Level> (\\[<Thread>\\] )?<Component>: <Content>";

  private static Map<String, String> scan(String layout, String line) {
    HeaderLayout header = HeaderLayout.compile(layout);
    int[] spans = header.newSpans();
    if (!header.scan(line, spans)) {
      return null;
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < header.names().size(); i++) {
      if (spans[2 * i] >= 0) {
        fields.put(header.names().get(i), line.substring(spans[2 * i], spans[2 * i + 1]));
      }
    }
    return fields;
  }

  @Test
  void readsHdfsLines() {
    assertThat(
            scan(
                HDFS,
                "081109 203615 148 INFO dfs.DataNode$PacketResponder: PacketResponder 1 for block"
                    + " blk_38865049064139660 terminating"))
        .containsExactly(
            Map.entry("Date", "081109"),
            Map.entry("Time", "203615"),
            Map.entry("Pid", "148"),
            Map.entry("Level", "INFO"),
            Map.entry("Component", "dfs.DataNode$PacketResponder"),
            Map.entry(
                "Content", "PacketResponder 1 for block blk_38865049064139660 terminating"));
  }

  @Test
  void readsSyslogLinesWithAndWithoutPid() {
    assertThat(
            scan(SYSLOG, "Dec 10 06:55:46 LabSZ sshd[24200]: Invalid user webmaster from 1.2.3.4"))
        .containsEntry("Component", "sshd")
        .containsEntry("Pid", "24200")
        .containsEntry("Host", "LabSZ")
        .containsEntry("Content", "Invalid user webmaster from 1.2.3.4");
    assertThat(scan(SYSLOG, "Jun  9 06:06:20 combo kernel: ACPI: PCI [0xcf] and: more"))
        .containsEntry("Component", "kernel")
        .containsEntry("Day", "9")
        .doesNotContainKey("Pid")
        .containsEntry("Content", "ACPI: PCI [0xcf] and: more");
    assertThat(scan(SYSLOG, "Jun 14 15:16:01 combo sshd(pam_unix)[19939]: check pass"))
        .containsEntry("Component", "sshd(pam_unix)")
        .containsEntry("Pid", "19939");
  }

  @Test
  void componentsMayHoldBlanks() {
    assertThat(scan(SYSLOG, "Jul  1 09:00:55 host com.apple.xpc (launchd job)[12]: Service exited"))
        .containsEntry("Component", "com.apple.xpc (launchd job)")
        .containsEntry("Pid", "12")
        .containsEntry("Content", "Service exited");
    assertThat(scan(SYSLOG, "Jul  1 09:00:55 host network manager: up"))
        .containsEntry("Component", "network manager")
        .containsEntry("Content", "up");
  }

  @Test
  void readsLog4jLinesWithAndWithoutThread() {
    assertThat(scan(LOG4J, "2015-10-18 18:01:47,978 INFO [main] org.apache.Foo: Created: x"))
        .containsEntry("Thread", "main")
        .containsEntry("Component", "org.apache.Foo")
        .containsEntry("Content", "Created: x");
    assertThat(scan(LOG4J, "2015-10-18 18:01:47,978 WARN  org.apache.Foo: Created [x] y: z"))
        .doesNotContainKey("Thread")
        .containsEntry("Level", "WARN")
        .containsEntry("Component", "org.apache.Foo")
        .containsEntry("Content", "Created [x] y: z");
  }

  @Test
  void aLineMayEndInItsHeader() {
    assertThat(scan(HDFS, "081109 203615 148 INFO dfs.DataNode:")).containsEntry("Content", "");
    assertThat(scan(HDFS, "081109 203615 148 INFO dfs.DataNode: ")).containsEntry("Content", "");
    assertThat(scan("<Level>: <Content>", "INFO:\tx")).containsEntry("Content", "x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "081109 203615 148 INFO",
        "081109 203615 148 INFO dfs.DataNode",
        "\tat org.apache.Foo.bar(Foo.java:12)",
        "java.io.IOException: closed"
      })
  void otherLinesDoNotFit(String line) {
    assertThat(scan(HDFS, line)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<Date> <Time>",
        "<Date> <Content> <Level>",
        "<Content> x",
        "<Date><Content>",
        "<Date> <Date> <Content>",
        "<Date> (<Pid> <Content>",
        "<Date> (<Pid>) <Content>",
        "<Date <Content",
        "<> <Content>",
        "",
        "(<Pid>)? (<Content>"
      })
  void badLayoutsAreUserErrors(String layout) {
    assertThatThrownBy(() -> HeaderLayout.compile(layout))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("bad format '" + layout + "': ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", " ", ":", "[", "x ", "x: ", "x [", "\t"})
  void longLinesWithoutAFitCostLittle(String piece) {
    String line = "081109 203615 148 INFO " + piece.repeat((1 << 20) / piece.length());
    for (String layout : List.of(HDFS, SYSLOG, LOG4J, "<A> \\[<B>\\] <Content>")) {
      HeaderLayout header = HeaderLayout.compile(layout);
      Assertions.assertTimeout(
          Duration.ofMillis(500), () -> header.scan(line, header.newSpans()), layout);
    }
  }

  @Provide
  Arbitrary<String> word() {
    return Arbitraries.strings()
        .withCharRange('a', 'z')
        .withCharRange('0', '9')
        .withChars('.', '_', '$', '-')
        .ofMinLength(1)
        .ofMaxLength(12);
  }

  @Provide
  Arbitrary<String> content() {
    return Arbitraries.strings().all().excludeChars(' ', '\t').ofMaxLength(3).flatMap(
        head ->
            Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMaxLength(60)
                .map(tail -> head + (head.isEmpty() ? "" : tail)));
  }

  @Property(seed = "1")
  void renderedLinesScanBack(
      @ForAll("word") String month,
      @ForAll("word") String day,
      @ForAll("word") String time,
      @ForAll("word") String host,
      @ForAll("word") String component,
      @ForAll("word") String pid,
      @ForAll boolean withPid,
      @ForAll("content") String content) {
    String line =
        String.join(" ", month, day, time, host, component)
            + (withPid ? "[" + pid + "]" : "")
            + ": "
            + content;
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("Month", month);
    expected.put("Day", day);
    expected.put("Time", time);
    expected.put("Host", host);
    expected.put("Component", component);
    if (withPid) {
      expected.put("Pid", pid);
    }
    expected.put("Content", content);
    assertThat(scan(SYSLOG, line)).isEqualTo(expected);
  }

  @Property(seed = "2")
  void equalsALazyRegularExpression(@ForAll("headerLike") String line) {
    // A blank of a layout at the line's end needs no blank, as it is documented.
    Map<String, Pattern> patterns =
        Map.of(
            "<A> <B>: <Content>",
            Pattern.compile("(?s)(.+?)[ \t]++(.+?):(?:[ \t]++|(?![ \t])$)(.*)"),
            "<A> \\[<B>\\] <Content>",
            Pattern.compile("(?s)(.+?)[ \t]++\\[(.+?)\\](?:[ \t]++|(?![ \t])$)(.*)"),
            "<A>-<B>:<Content>",
            Pattern.compile("(?s)(.+?)-(.+?):(.*)"));
    patterns.forEach(
        (layout, pattern) -> {
          Matcher matcher = pattern.matcher(line);
          Map<String, String> fields = scan(layout, line);
          // The scan does not go back on a field that fits, as a regex would.
          if (fields != null) {
            assertThat(matcher.matches()).as(layout).isTrue();
            List<String> groups = new ArrayList<>();
            for (int i = 1; i <= matcher.groupCount(); i++) {
              groups.add(matcher.group(i));
            }
            assertThat(List.copyOf(fields.values())).as(layout).isEqualTo(groups);
          } else {
            assertThat(matcher.matches()).as(layout + " on '" + line + "'").isFalse();
          }
        });
  }

  @Provide
  Arbitrary<String> headerLike() {
    return Arbitraries.strings().withChars('a', 'b', ' ', ':', '[', ']', '-').ofMaxLength(14);
  }
}
