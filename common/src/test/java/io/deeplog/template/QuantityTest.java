package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeplog.template.Quantity.Kind;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, NUMBER, 0",
    "-12.5, NUMBER, -12.5",
    "+3, NUMBER, 3",
    "'1,234,567', NUMBER, 1234567",
    "1.5e3, NUMBER, 1500",
    "12%, NUMBER, 12",
    "350ms, DURATION, 0.35",
    "2s, DURATION, 2",
    "12us, DURATION, 0.000012",
    "5min, DURATION, 300",
    "2m, DURATION, 120",
    "1h2m3.5s, DURATION, 3723.5",
    "01:02:03, DURATION, 3723",
    "4kB, SIZE, 4096",
    "1.5MB, SIZE, 1572864",
    "2M, SIZE, 2097152",
    "3GiB, SIZE, 3221225472",
    "77bytes, SIZE, 77"
  })
  void quantitiesAreReadInOneUnit(String text, Kind kind, double value) {
    assertThat(Quantity.of(text).kind()).isEqualTo(kind);
    assertThat(Quantity.of(text).value()).isCloseTo(value, within(1e-12 + Math.abs(value) * 1e-12));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "root",
        "10.0.0.1",
        "10.0.0.1:80",
        "part_-12",
        "-",
        ".",
        "1.2.3",
        "12x",
        "1e999",
        "0x1f",
        "12:30",
        "a:b:c",
        "1::2",
        "5s6",
        "1h2x"
      })
  void whatIsNoQuantityIsAText(String text) {
    assertThat(Quantity.of(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "DURATION, 48.123, 48.1 s",
    "DURATION, 0.0123, 12.3 ms",
    "DURATION, 86400, 24 h",
    "SIZE, 1536, 1.5 kB",
    "SIZE, 67108864, 64 MB",
    "NUMBER, 12345, 12345",
    "NUMBER, 0.25, 0.25",
    "NUMBER, -1234.56, -1235"
  })
  void quantitiesAreShownInAUnitThatSuits(Kind kind, double value, String text) {
    assertThat(kind.text(value)).isEqualTo(text);
  }

  @Property(tries = 300)
  void anyTextIsReadOrIsNone(@ForAll @StringLength(max = 50) String text) {
    Quantity quantity = Quantity.of(text);
    assertThat(quantity == null || Double.isFinite(quantity.value())).isTrue();
  }

  @Property(tries = 300)
  void numbersAreReadAsJavaReadsThem(@ForAll int whole, @ForAll double any) {
    assertThat(Quantity.of(Integer.toString(whole))).isEqualTo(new Quantity(whole, Kind.NUMBER));
    if (Double.toString(any).length() <= 40) {
      assertThat(Quantity.of(Double.toString(any)).value()).isEqualTo(any);
    }
  }
}
