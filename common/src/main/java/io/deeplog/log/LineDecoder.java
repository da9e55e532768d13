package io.deeplog.log;

import io.deeplog.Pure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Turns the bytes of a line into text, losing none. */
@Pure
final class LineDecoder {
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  /** What stands for bytes that are no UTF-8; a line may hold it, too. */
  private static final char REPLACEMENT = '\uFFFD';

  private boolean latin1;

  /**
   * Decodes a line as UTF-8, or byte by byte as ISO 8859-1 when it is not UTF-8: replacement
   * characters would lose what an attacker sent. A carriage return at the end is part of the line
   * break.
   */
  String decode(byte[] bytes, int length) {
    int end = length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
    latin1 = false;
    String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
    if (text.indexOf(REPLACEMENT) < 0) {
      return text;
    }
    try {
      return utf8.decode(ByteBuffer.wrap(bytes, 0, end)).toString();
    } catch (CharacterCodingException e) {
      latin1 = true;
      return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
    }
  }

  /** Whether the last line was not UTF-8. */
  boolean wasLatin1() {
    return latin1;
  }
}
