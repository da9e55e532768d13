package io.deeplog.jobs.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class KnownSystemTest {
  @Test
  void everyLineFitsItsTemplateAndEveryTemplateHasALine() {
    for (String name : KnownSystem.NAMES) {
      KnownSystem system = KnownSystem.of(name);
      List<KnownSystem.Line> lines = system.lines(3, 2000);
      assertThat(lines).hasSize(2000);
      Set<String> templates = new HashSet<>();
      for (KnownSystem.Line line : lines) {
        templates.add(line.template());
        String regex =
            Pattern.compile("<\\*>")
                .splitAsStream(line.template())
                .map(Pattern::quote)
                .collect(Collectors.joining(".*"));
        assertThat(line.content()).matches(line.template().endsWith("<*>") ? regex + ".*" : regex);
        assertThat(line.content()).doesNotContain("%{", "<*>");
      }
      // States make more than one of one declaration, glued values may make one of two.
      assertThat(templates.size()).as(name).isGreaterThanOrEqualTo(system.templates() - 3);
    }
  }

  @Test
  void theSeedDecides() {
    KnownSystem system = KnownSystem.of("mail");
    assertThat(system.lines(1, 100)).isEqualTo(system.lines(1, 100));
    assertThat(system.lines(1, 100)).isNotEqualTo(system.lines(2, 100));
  }

  @Test
  void anUnknownSystemIsNamedWithTheChoices() {
    assertThatThrownBy(() -> KnownSystem.of("fridge"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fridge")
        .hasMessageContaining("mail");
  }

  @Test
  void statesStayAndConstantNumbersAndGluedLettersDoNot() {
    assertThat(KnownSystem.of("storage").lines(1, 2000))
        .extracting(KnownSystem.Line::template)
        .contains(
            "Port <*>: link UP at <*> Gbit/s",
            "volume <*> is <*> full",
            "Power supply <*> removed");
  }
}
