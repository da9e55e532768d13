package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class LineShapesTest {
  private static final String[] PARTS = {
    "Starting task job_-1608999687919862906 src: /10.250.19.102:54106 dest: /10.250.19.102:50010",
    "eth0 up, HTTP/1.1 200 in 12ms (99%)",
    "id 7f3e90ab-12cd-4a5b-8c6d-0123456789ab at Jul 17, 2005 09:21:12",
    "GET /index.html?id=17&x=2 from a9.example.com?",
    "size=64 KB  padded    7 <*> user12 0xdeadbeef deadbeef01 1st 2nd",
    "caf\u00e9 22 na\u00efve 3 \u4e2d\u6587 4 \ud83d\ude00 5",
    "\ud800 6 ? 7 \udc00",
    "node[001-004,7] 1,234,567 -5 +6 12:30:59,123 2005-11-09T20:35:18Z"
  };

  /** A line of parts of others, with other digits of the same number. */
  private static String line(Random random) {
    StringBuilder line = new StringBuilder();
    for (int part = random.nextInt(3); part >= 0; part--) {
      line.append(PARTS[random.nextInt(PARTS.length)]).append(part > 0 ? " " : "");
    }
    int share = random.nextInt(3);
    for (int i = 0; i < line.length(); i++) {
      if (Characters.isDigit(line.charAt(i)) && random.nextInt(3) < share) {
        line.setCharAt(i, (char) ('0' + random.nextInt(10)));
      }
    }
    return line.toString();
  }

  private static void assertAsMasked(LineShapes.Shape<Integer> shape, String line, Masker masker) {
    String masked = masker.mask(line);
    assertThat(shape.masked(line)).isEqualTo(masked);
    assertThat(shape.count()).isEqualTo(masker.count());
    for (int value = 0; value < shape.count(); value++) {
      assertThat(shape.end(value)).isEqualTo(masker.end(value));
      assertThat(shape.maskedEnd(value)).isEqualTo(masker.bounds()[3 * value + 2]);
    }
  }

  @Property(tries = 100)
  void whatIsRememberedIsWhatMaskingGives(@ForAll long seed) {
    Random random = new Random(seed);
    LineShapes<Integer> shapes = new LineShapes<>(Masks.DEFAULT);
    Masker masker = new Masker();
    int known = 0;
    for (int i = 0; i < 500; i++) {
      String line = line(random);
      LineShapes.Shape<Integer> shape =
          i % 2 == 0 ? shapes.of(line) : shapes.of(line.getBytes(StandardCharsets.UTF_8));
      boolean lost = i % 2 == 1 && line.indexOf('\ud800') >= 0;
      assertAsMasked(
          shape, lost ? line.replace('\ud800', '?').replace('\udc00', '?') : line, masker);
      if (shape.isShared()) {
        known += shape.kept() == null ? 0 : 1;
        shape.keep(i);
      }
    }
    assertThat(known).isPositive();
  }

  @Property(tries = 500)
  void anyTextIsMaskedAsWithoutMemory(@ForAll List<String> lines) {
    LineShapes<Integer> shapes = new LineShapes<>(Masks.DEFAULT);
    Masker masker = new Masker();
    lines.forEach(line -> assertAsMasked(shapes.of(line), line, masker));
  }

  @Test
  void shapesLeaveOnceWithWhatWasKept() {
    Map<String, Long> left = new TreeMap<>();
    LineShapes<long[]> shapes =
        new LineShapes<>(
            Masks.DEFAULT, shape -> left.merge(shape.masked(""), shape.kept()[0], Long::sum));
    for (int i = 0; i < 30_000; i++) {
      LineShapes.Shape<long[]> shape = shapes.of("block " + i % 7_000 + " of " + "x".repeat(i % 9));
      shape.keep(new long[] {shape.kept() == null ? 1 : shape.kept()[0] + 1});
    }
    shapes.forget();
    assertThat(left.values().stream().mapToLong(n -> n).sum()).isEqualTo(30_000);
    assertThat(left).hasSize(9);
    shapes.forget();
    assertThat(left.values().stream().mapToLong(n -> n).sum()).isEqualTo(30_000);
  }

  @Test
  void aUsersMaskMayAskForCertainDigits() {
    LineShapes<Integer> shapes = new LineShapes<>(Masks.of(List.of("answer: 42")));
    assertThat(shapes.of("is 42").masked("is 42")).isEqualTo("is <*>");
    assertThat(shapes.of("is 43").masked("is 43")).isEqualTo("is 43");
  }

  @Test
  void linesThatAreAllUnlikeAreNotRememberedForLong() {
    LineShapes<Integer> shapes = new LineShapes<>(Masks.DEFAULT);
    Random random = new Random(5);
    for (int i = 0; i < 100_000; i++) {
      shapes.of(Long.toString(random.nextLong(), 36));
    }
    assertThat(shapes.of("the same again").isShared()).isFalse();
  }
}
