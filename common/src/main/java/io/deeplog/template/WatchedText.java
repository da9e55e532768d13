package io.deeplog.template;

import io.deeplog.Pure;
import io.deeplog.UserException;

/**
 * A line as a user's regular expression sees it: one that goes over it again and again, as nested
 * repetitions do, is stopped.
 */
@Pure
final class WatchedText implements CharSequence {
  /** Looks at characters that a line may cost, whatever its length. */
  private static final long MOST_LOOKS = 1_000_000;

  private static final long MOST_LOOKS_OF_A_CHARACTER = 1000;
  private static final int SHOWN = 40;

  private final String text;
  private final String mask;
  private long left;

  WatchedText(String text, String mask) {
    this.text = text;
    this.mask = mask;
    this.left = MOST_LOOKS + MOST_LOOKS_OF_A_CHARACTER * text.length();
  }

  @Override
  public char charAt(int index) {
    if (--left < 0) {
      throw UserException.usage(
          "the mask '"
              + mask
              + "' takes too long on a line of "
              + text.length()
              + " characters, '"
              + UserException.shown(text, SHOWN)
              + "' (its repetitions can share a text in many ways: make them exclude each other)");
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
