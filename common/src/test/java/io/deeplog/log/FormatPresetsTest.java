package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.deeplog.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The presets of conf/formats.yaml. */
final class FormatPresetsTest {
  private static final LogFormats FORMATS = LogFormats.load();
  private static final Map<String, Pattern> REGEX = new LinkedHashMap<>();
  private static final Map<String, HeaderLayout> SCANNER = new LinkedHashMap<>();

  static {
    for (String name : FORMATS.names()) {
      FORMATS
          .layouts(name)
          .forEach(
              (layout, compiled) -> {
                REGEX.put(layout, LayoutRegex.of(layout, FORMATS.kinds()));
                SCANNER.put(layout, compiled);
              });
    }
  }

  @Property(seed = "11", tries = 2000)
  void theScannerGivesTheFieldsOfALazyRegex(@ForAll long seed) {
    Random random = new Random(seed);
    SCANNER.forEach(
        (layout, scanner) -> {
          String line = LayoutRegex.line(layout, FORMATS.kinds(), random);
          Matcher matcher = REGEX.get(layout).matcher(line);
          List<String> expected = null;
          if (matcher.matches()) {
            expected = new ArrayList<>();
            for (int i = 1; i <= matcher.groupCount(); i++) {
              expected.add(matcher.group(i));
            }
          }
          int[] spans = scanner.newSpans();
          List<String> fields = null;
          if (scanner.scan(line, spans)) {
            fields = new ArrayList<>();
            for (int i = 0; i < spans.length; i += 2) {
              fields.add(spans[i] < 0 ? null : line.substring(spans[i], spans[i + 1]));
            }
          }
          assertThat(fields).as("%s on '%s'", layout, line).isEqualTo(expected);
        });
  }

  private static Map<String, String> read(LogFormat format, String line) {
    LogFormat.Entry entry = new LogFormat.Entry();
    Map<String, String> fields = new LinkedHashMap<>();
    format.read(
        line, Timestamps.YearRule.startingAt(2005, java.time.Instant.EPOCH), entry, fields::put);
    fields.put("reject", entry.reject == null ? "" : entry.reject.text());
    fields.put("ts", String.valueOf(entry.ts));
    fields.put("content", entry.content);
    return fields;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "hdfs~081109 203615 148 INFO dfs.Node: got it~2008-11-09T20:36:15Z~got it",
        "hadoop~2015-10-18 18:01:47,978 INFO [main] a.b.C: x: y~2015-10-18T18:01:47.978Z~x: y",
        "spark~17/06/09 20:10:40 WARN a.B: x~2017-06-09T20:10:40Z~x",
        "zookeeper~2015-07-29 17:41:44,747 - INFO  [a/0:0:B@774] - out: 3~2015-07-29T17:41:44.747Z~out: 3",
        "bgl~- 1117838570 2005.06.03 R02 2005-06-03-15.42.50.675872 R02 RAS KERNEL INFO x y~2005-06-03T22:42:50.675872Z~x y",
        "bgl~- 1131566461 2005.11.09 R02 2005-11-09-12.01.01.000001 R02 RAS KERNEL INFO x~2005-11-09T20:01:01.000001Z~x",
        "hpc~134681 node-246 unix.hw state 1077804742 1 Component is down~2004-02-26T14:12:22Z~Component is down",
        "thunderbird~- 1131566461 2005.11.09 n1 Nov 9 12:01:01 n1/n1 crond(pam)[2915]: session closed~2005-11-09T20:01:01Z~session closed",
        "thunderbird~- 1131566461 2005.11.09 n1 Nov 9 12:01:01 n1/n1 last message repeated~2005-11-09T20:01:01Z~last message repeated",
        "windows~2016-09-28 04:30:30, Info                  CBS    Loaded Stack v6 with Core: C:\\x~2016-09-28T04:30:30Z~Loaded Stack v6 with Core: C:\\x",
        "linux~Jun  9 06:06:20 combo sshd(pam)[19]: check pass~2005-06-09T06:06:20Z~check pass",
        "android~03-17 16:13:38.811  1702  2395 D Window: x:y=1~2005-03-17T16:13:38.811Z~x:y=1",
        "healthapp~20171223-22:15:29:606|Step_L|30002312|on 3579~2017-12-23T22:15:29.606Z~on 3579",
        "healthapp~20171224-0:7:20:44|Step_L|3|on|x~2017-12-24T00:07:20.044Z~on|x",
        "apache~[Sun Dec 04 04:47:44 2005] [notice] init() ok~2005-12-04T04:47:44Z~init() ok",
        "proxifier~[10.30 16:49:06] a.exe *64 - b:50 open through c~2005-10-30T16:49:06Z~b:50 open through c",
        "openssh~Dec 10 06:55:46 LabSZ sshd[24200]: Invalid user~2005-12-10T06:55:46Z~Invalid user",
        "openstack~nova.log.1 2017-05-16 00:00:00.008 25746 INFO a.b [req-3 - - -] GET /x~2017-05-16T00:00:00.008Z~GET /x",
        "openstack~2017-05-16 00:00:00.008 25746 INFO a.b [-] GET /x~2017-05-16T00:00:00.008Z~GET /x",
        "mac~Jul  1 09:00:55 host com.a.x[1] (com.a.y[2]): Service exited~2005-07-01T09:00:55Z~Service exited",
        "syslog~<13>Jul  1 09:00:55 host app: up~2005-07-01T09:00:55Z~up",
        "syslog~Jul  1 09:00:55 host com.a.x[1] (com.a.y[2]): Service [a]: exited~2005-07-01T09:00:55Z~Service [a]: exited",
        "syslog5424~<34>1 2003-10-11T22:14:15.003Z host su - ID47 - failed for root~2003-10-11T22:14:15.003Z~failed for root",
        "syslog5424~<165>1 2003-08-24T05:14:15.000003-07:00 h app 8710 - [a@1 k=\"v] \"][b] went~2003-08-24T12:14:15.000003Z~went",
        "syslog5424~<165>1 - h app - - - went~null~went",
        "rsyslog~2023-01-02T03:04:05.678901+01:00 host app[12]: x~2023-01-02T02:04:05.678901Z~x",
        "apache-access~1.2.3.4 - bob [10/Oct/2000:13:55:36 -0700] \"GET /a HTTP/1.0\" 200 23~2000-10-10T20:55:36Z~\"GET /a HTTP/1.0\" 200 23",
        "nginx-access~1.2.3.4 - - [10/Oct/2000:13:55:36 +0000] \"GET /a HTTP/1.1\" 200 2 \"-\" \"curl\"~2000-10-10T13:55:36Z~\"GET /a HTTP/1.1\" 200 2 \"-\" \"curl\"",
        "apache-error~[Wed Oct 11 14:32:52.123456 2000] [core:error] [pid 35708:tid 43] [client 7.1.9.7:1] no file~2000-10-11T14:32:52.123456Z~[client 7.1.9.7:1] no file",
        "nginx-error~2023/01/02 03:04:05 [error] 12#34: *5 open() failed~2023-01-02T03:04:05Z~*5 open() failed",
        "log4j~2015-10-18 18:01:47.978 INFO  a.B - x~2015-10-18T18:01:47.978Z~x",
        "log4j~2015-10-18 18:01:47,978 INFO no component here~2015-10-18T18:01:47.978Z~no component here",
        "logback~2015-10-18 18:01:47.978 [main] INFO  c.e.Foo - msg - y~2015-10-18T18:01:47.978Z~msg - y",
        "logback-time~18:01:47.978 [main] INFO  c.e.Foo - msg~null~msg",
        "spring-boot~2023-01-01 12:00:00.123  INFO 12345 --- [           main] c.e.Foo   : msg~2023-01-01T12:00:00.123Z~msg",
        "spring-boot~2023-01-01T12:00:00.123+01:00  INFO 1 --- [app] [main] c.e.Foo : msg~2023-01-01T11:00:00.123Z~msg",
        "iso~2023-01-01T12:00:00.123456789Z ERROR: disk full~2023-01-01T12:00:00.123456789Z~disk full",
        "iso~2023-01-01 12:00:00 disk full~2023-01-01T12:00:00Z~disk full",
        "iso~[2023-01-01 12:00:00,5] [warn] disk full~2023-01-01T12:00:00.500Z~disk full",
        "cri~2016-10-06T00:17:09.669794202Z stdout F  two blanks~2016-10-06T00:17:09.669794202Z~ two blanks",
        "json~{\"@timestamp\":\"2020-01-02T03:04:05Z\",\"message\":\"a b\",\"log\":{\"level\":\"warn\"}}~2020-01-02T03:04:05Z~a b",
        "json~{\"ts\":1577934245.25,\"msg\":\"a b\"}~2020-01-02T03:04:05.250Z~a b",
        "docker~{\"log\":\"a b\\n\",\"stream\":\"stderr\",\"time\":\"2020-01-02T03:04:05.1Z\"}~2020-01-02T03:04:05.100Z~a b"
      })
  void presetsReadTheirLines(String name, String line, String ts, String content) {
    LogFormat format = FORMATS.resolve(name, null, List.of(line));
    assertThat(read(format, line))
        .containsEntry("reject", "")
        .containsEntry("ts", ts)
        .containsEntry("content", content);
    assertThat(FORMATS.resolve(name.toUpperCase(java.util.Locale.ROOT), null, List.of(line)))
        .as("whatever the case")
        .isNotNull();
    LogFormats.Choice choice = FORMATS.best(List.of(line));
    assertThat(choice.share()).isEqualTo(1);
    assertThat(read(choice.format(), line).get("content")).as("auto").isNotNull();
  }

  @Test
  void fieldsOfWebServersAreKeptApart() {
    LogFormat access = FORMATS.resolve("apache-access", null, List.of());
    assertThat(
            read(
                access,
                "www.ex.com:80 10.0.0.1 - bob [10/Oct/2000:13:55:01 -0700] \"GET / x\" 1 2"))
        .containsEntry("VirtualHost", "www.ex.com")
        .containsEntry("Port", "80")
        .containsEntry("host", "10.0.0.1")
        .containsEntry("User", "bob");
    assertThat(read(access, "10.0.0.1 - John Doe [10/Oct/2000:13:55:01 -0700] \"GET / x\" 1 2"))
        .containsEntry("host", "10.0.0.1")
        .containsEntry("User", "John Doe");
    LogFormat error = FORMATS.resolve("apache-error", null, List.of());
    assertThat(
            read(
                error,
                "[Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 35708:tid 4328636416] x"))
        .containsEntry("level", "error")
        .containsEntry("pid", "35708")
        .containsEntry("Tid", "4328636416")
        .containsEntry("Module", "core");
    assertThat(read(error, "[Fri Sep 09 10:42:29.902022 2011] [:error] [pid 35708] x"))
        .containsEntry("level", "error")
        .containsEntry("pid", "35708");
  }

  @Test
  void aHeaderOfSpringBootIsNotOneOfAndroid() {
    String line = "2024-02-29 23:00:28.123  INFO 123 --- [           main] o.s.b.Boot   : Started";
    assertThat(FORMATS.best(List.of(line)).format().description()).isEqualTo("spring-boot");
  }

  @Test
  void aFormatWithinMustBeThereAndBeALeaf() {
    for (String inner : List.of("x", "nosuch", "docker")) {
      String own =
          "formats: {x: {layout: '<Date> <Time> <Content>', timestamp: iso, inner: ["
              + inner
              + "]}}";
      assertThatThrownBy(() -> LogFormats.load().withOwn(own, "own.yaml"))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("own.yaml")
          .hasMessageContaining("'" + inner + "'");
    }
  }

  @Test
  void impossibleDaysAreRejected() {
    LogFormat log4j = FORMATS.resolve("hadoop", null, List.of());
    assertThat(read(log4j, "2023-02-31 10:00:00,000 INFO [main] a.B: x"))
        .containsEntry("reject", "timestamp cannot be read");
    LogFormat hdfs = FORMATS.resolve("hdfs", null, List.of());
    assertThat(read(hdfs, "230231 100000 1 INFO a.B: x"))
        .containsEntry("reject", "timestamp cannot be read");
  }

  @Test
  void aGenericFormatIsTakenOnlyWhereOthersFail() {
    String mostly = "2015-10-18 18:01:47,978 INFO [main] a.B: x";
    List<String> sample = new ArrayList<>(java.util.Collections.nCopies(95, mostly));
    sample.addAll(java.util.Collections.nCopies(5, "2015-10-18 18:01:47,978 hello"));
    assertThat(FORMATS.nearest(sample)).isEqualTo("hadoop");
    assertThat(FORMATS.nearest(List.of("2015-10-18 18:01:47,978 hello"))).isEqualTo("iso");
  }

  private static Path data() {
    Path data = Path.of(System.getProperty("deeplog.data", "../../shared/data"));
    assumeTrue(Files.isDirectory(data), "no real logs at " + data + " (-Ddeeplog.data=DIR)");
    return data;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HDFS", "Hadoop", "Spark", "Zookeeper", "BGL", "Linux", "OpenSSH", "Apache"})
  void readsEveryLineOfLoghub(String system) throws IOException {
    Path folder = data().resolve("loghub_2k/" + system);
    List<String> lines = new ArrayList<>();
    LineDecoder decoder = new LineDecoder();
    try (var in = Files.newInputStream(folder.resolve(system + "_2k.log"))) {
      LineSource source = new LineSource(in, 0, 1 << 20);
      while (source.next()) {
        lines.add(decoder.decode(source.bytes(), source.length()));
      }
    }
    List<String> truth = new ArrayList<>();
    try (CSVParser csv =
        CSVParser.parse(
            folder.resolve(system + "_2k.log_structured.csv"),
            StandardCharsets.UTF_8,
            CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).build())) {
      csv.forEach(row -> truth.add(row.get("Content")));
    }
    assertThat(lines).hasSameSizeAs(truth);
    LogFormat preset = FORMATS.resolve(system, null, lines.subList(0, 500));
    LogFormats.Choice auto = FORMATS.best(lines.subList(0, 500));
    assertThat(auto.share()).isEqualTo(1);
    for (LogFormat format : List.of(preset, auto.format())) {
      for (int i = 0; i < lines.size(); i++) {
        Map<String, String> read = read(format, lines.get(i));
        assertThat(read.get("reject")).as("%s: %s", format.name(), lines.get(i)).isEmpty();
        assertThat(read.get("content"))
            .as("%s: %s", format.name(), lines.get(i))
            .isEqualTo(truth.get(i));
        if (system.equals("BGL")) {
          assertThat(java.time.Instant.parse(read.get("ts")).getEpochSecond())
              .isEqualTo(Long.parseLong(lines.get(i).split(" ", 3)[1]));
        }
      }
    }
  }
}
