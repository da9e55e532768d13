package io.deeplog.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TemplateProfileTest {
  private static final ParamType.Scan SCAN = new ParamType.Scan();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 | INTEGER",
        "-17 | INTEGER",
        "+3 | INTEGER",
        "1,234,567 | INTEGER",
        "-1,234 | INTEGER",
        "0.25 | DECIMAL",
        "-.5 | DECIMAL",
        "1e9 | DECIMAL",
        "45% | DECIMAL",
        "12ms | DURATION",
        "1h2m3s | DURATION",
        "01:02:03 | DURATION",
        "64KB | SIZE",
        "512 MB | SIZE",
        "2005-07-17 09:21:12 | TIMESTAMP",
        "Jul 17 09:21:12 | TIMESTAMP",
        "10.251.42.84 | IP",
        "/10.251.42.84:50010 | IP",
        "fe80::1 | IP",
        "00:1a:2b:3c:4d:5e | MAC",
        "db7.example.com | HOST",
        "http://a.b/c?d=1 | URL",
        "root@example.com | EMAIL",
        "/var/log/app.log | PATH",
        "true | BOOLEAN",
        "0x1f | HEX_NUMBER",
        "deadbeef01 | HEX_NUMBER",
        "job_-1608999687919862906 | ID",
        "eth0 | ID",
        "user-17 | ID",
        "root | WORD",
        "NameSystem.addBlock | WORD",
        "two words | TEXT",
        "'' | EMPTY",
      })
  void typesAreToldByTheText(String text, ParamType type) {
    assertThat(SCAN.of(text)).as(text).isEqualTo(type);
  }

  @Property(tries = 1000)
  void everyTextHasAType(@ForAll String text) {
    assertThat(SCAN.of(text)).isNotNull();
  }

  @Test
  void theUnitMayStandInTheTemplate() {
    assertThat(TemplateProfiles.typeWithUnit(ParamType.INTEGER, " ms"))
        .isEqualTo(ParamType.DURATION);
    assertThat(TemplateProfiles.typeWithUnit(ParamType.DECIMAL, "s, then"))
        .isEqualTo(ParamType.DURATION);
    assertThat(TemplateProfiles.typeWithUnit(ParamType.INTEGER, " bytes from <*>"))
        .isEqualTo(ParamType.SIZE);
    assertThat(TemplateProfiles.typeWithUnit(ParamType.INTEGER, " b tree"))
        .isEqualTo(ParamType.INTEGER);
    assertThat(TemplateProfiles.typeWithUnit(ParamType.INTEGER, " ms2"))
        .isEqualTo(ParamType.INTEGER);
    assertThat(TemplateProfiles.typeWithUnit(ParamType.WORD, " ms")).isEqualTo(ParamType.WORD);
    assertThat(TemplateProfiles.typeWithUnit(ParamType.INTEGER, "")).isEqualTo(ParamType.INTEGER);
  }

  @Test
  void distinctCountsAreExactThenNearlySo() {
    for (int n : new int[] {0, 1, 1024, 1025, 3000, 200_000}) {
      DistinctValues values = new DistinctValues();
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < n; i++) {
          byte[] value = ("a value " + i).getBytes(UTF_8);
          values.add(DistinctValues.hash(value, 2, value.length - 2), 0);
        }
      }
      assertThat(values.isExact()).isEqualTo(n <= 1024);
      assertThat((double) values.count()).isCloseTo(n, within(n <= 1024 ? 0 : n * 0.1));
    }
  }

  /** A line's place in the log, and the values of its two wildcards. */
  private record Line(int number, List<String> values) {}

  private static TemplateProfile profile(List<Line> lines) {
    TemplateProfile profile = new TemplateProfile();
    lines.forEach(
        line ->
            profile.add(
                "f" + line.number % 3,
                line.number,
                1000L - line.number,
                slices(line.values),
                SCAN));
    return TemplateProfile.read(profile.bytes());
  }

  /** Texts that stand one behind another in an array. */
  private static Utf8Slices slices(List<String> texts) {
    byte[] all = String.join("", texts).getBytes(UTF_8);
    Utf8Slices slices = new Utf8Slices();
    int start = 0;
    for (String text : texts) {
      int length = text.getBytes(UTF_8).length;
      slices.add(all, start, length);
      start += length;
    }
    return slices;
  }

  private static List<Object> told(TemplateProfile profile) {
    List<Object> told = new ArrayList<>();
    told.add(profile.count());
    told.add(profile.first());
    told.add(profile.last());
    told.add(profile.firstParams());
    for (ParamProfile param : profile.params()) {
      told.add(param.type());
      told.add(param.share());
      told.add(param.distinct());
      told.add(param.isExact());
      told.add(param.examples());
    }
    return told;
  }

  @Property(tries = 50)
  void orderAndPartsDoNotShow(
      @ForAll @IntRange(min = 1, max = 6000) int lines,
      @ForAll @IntRange(min = 1, max = 20) int parts,
      @ForAll long seed) {
    Random random = new Random(seed);
    List<Line> log = new ArrayList<>();
    for (int i = 0; i < lines; i++) {
      log.add(
          new Line(
              i,
              List.of("x" + random.nextInt(5000), random.nextInt(9) + (i % 4 == 0 ? ".5" : ""))));
    }
    List<Object> whole = told(profile(log));
    Collections.shuffle(log, random);
    TemplateProfile merged = new TemplateProfile();
    for (int part = 0; part < parts; part++) {
      merged.merge(profile(log.subList(part * lines / parts, (part + 1) * lines / parts)));
    }
    assertThat(told(merged)).isEqualTo(whole);
    assertThat(whole.subList(0, 3)).containsExactly((long) lines, 1001L - lines, 1000L);
    assertThat(whole.get(9)).isEqualTo(ParamType.DECIMAL);
    assertThat(whole.get(10)).isEqualTo(1.0);
    assertThat(log).anyMatch(line -> line.number == 0 && line.values.equals(whole.get(3)));
  }
}
