package io.deeplog.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class LineDecoderTest {
  private final LineDecoder decoder = new LineDecoder();

  private String decode(byte... bytes) {
    return decoder.decode(bytes, bytes.length);
  }

  @Test
  void decodesUtf8() {
    assertThat(decode("Zürich – 東京 😀".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("Zürich – 東京 😀");
    assertThat(decoder.wasLatin1()).isFalse();
  }

  @Test
  void keepsBytesThatAreNoUtf8() {
    assertThat(decode((byte) 'a', (byte) 0xff, (byte) 0xc3)).isEqualTo("a\u00ff\u00c3");
    assertThat(decoder.wasLatin1()).isTrue();
    decode((byte) 'a');
    assertThat(decoder.wasLatin1()).isFalse();
  }

  @Test
  void onlyTheCarriageReturnOfTheLineBreakGoes() {
    assertThat(decode("a\rb\r".getBytes(StandardCharsets.UTF_8))).isEqualTo("a\rb");
    assertThat(decode((byte) '\r')).isEmpty();
    assertThat(decode()).isEmpty();
    assertThat(decode("a\r\r".getBytes(StandardCharsets.UTF_8))).isEqualTo("a\r");
  }

  @Test
  void readsNoFurtherThanTheLength() {
    assertThat(decoder.decode("abc\rxyz".getBytes(StandardCharsets.UTF_8), 4)).isEqualTo("abc");
  }

  @Property(seed = "1")
  void losesNoByte(@ForAll byte[] bytes) {
    String text = decode(bytes);
    byte[] back =
        text.getBytes(decoder.wasLatin1() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    int length =
        bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    assertThat(back).isEqualTo(java.util.Arrays.copyOf(bytes, length));
  }
}
