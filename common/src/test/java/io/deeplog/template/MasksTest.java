package io.deeplog.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeplog.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MasksTest {
  @Test
  void theUsersMasksGoBeforeTheBuiltInOnes() {
    Masks masks = Masks.of(List.of("order: ORD-\\w+", "state: (up|down)", "number"));
    Masker masker = new Masker(Masks.ofText(masks.text()));
    assertThat(masker.mask("link up ORD-ab12 5 now")).isEqualTo("link <*> <*> <*> now");
    assertThat(masker.count()).isEqualTo(3);
    assertThat(masker.mask("a <*> up")).isEqualTo("a <*> <*>");
  }

  @Test
  void masksCanBeOff() {
    assertThat(new Masker(Masks.NONE).mask("a 5 10.0.0.1 /a/b")).isEqualTo("a 5 10.0.0.1 /a/b");
  }

  @Test
  void mistakesAreTold() {
    assertThatThrownBy(() -> Masks.of(List.of("nope")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("no built-in mask 'nope'");
    assertThatThrownBy(() -> Masks.of(List.of("x: (")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("mask 'x'");
  }
}
