package io.deeplog.template;

import static io.deeplog.template.Characters.HEX;
import static io.deeplog.template.Characters.LETTER;
import static io.deeplog.template.Characters.is;
import static io.deeplog.template.Characters.isDigit;
import static io.deeplog.template.Characters.isWordPart;

import io.deeplog.Pure;
import java.util.Locale;

/** What the text of a parameter is. */
@Pure
public enum ParamType {
  /** Nothing between brackets or quotes. */
  EMPTY,
  /** A whole number, with or without sign and thousands. */
  INTEGER,
  /** A number with decimals, an exponent or a percent sign. */
  DECIMAL,
  /** A number with a unit of time, or a clock's reading. */
  DURATION,
  /** A number with a unit of bytes. */
  SIZE,
  /** A date, with or without a time. */
  TIMESTAMP,
  /** An address, with or without host and port. */
  IP,
  /** A hardware address. */
  MAC,
  /** The name of a host. */
  HOST,
  /** A URL. */
  URL,
  /** An e-mail address. */
  EMAIL,
  /** A file's path. */
  PATH,
  /** True or false. */
  BOOLEAN,
  /** Hexadecimal digits: after 0x, or eight or more. */
  HEX_NUMBER,
  /** A word with digits. */
  ID,
  /** A word without. */
  WORD,
  /** All else: several words or values. */
  TEXT;

  /** Longer parameters are text; it bounds what telling a type costs. */
  private static final int LONGEST = 512;

  private static final int HEX_WORD = 8;

  /** The name in tables. */
  public String key() {
    return this == HEX_NUMBER ? "hex" : name().toLowerCase(Locale.ROOT);
  }

  boolean isNumber() {
    return this == INTEGER || this == DECIMAL;
  }

  /** Tells types; not for use by several threads. */
  @Pure
  static final class Scan {
    private final PlaceScan places = new PlaceScan(true, true);
    private final DateScan dates = new DateScan();

    /** The type of a parameter. */
    ParamType of(String text) {
      int length = text.length();
      if (length == 0) {
        return EMPTY;
      }
      if (length > LONGEST) {
        return TEXT;
      }
      int first = length > 1 && "+-".indexOf(text.charAt(0)) >= 0 ? 1 : 0;
      int digits = 0;
      int letters = 0;
      int hex = 0;
      int dots = 0;
      int blanks = 0;
      int wordParts = 0;
      for (int i = first; i < length; i++) {
        char c = text.charAt(i);
        digits += isDigit(c) ? 1 : 0;
        letters += is(c, LETTER) || (c >= 128 && Character.isLetter(c)) ? 1 : 0;
        hex += is(c, HEX) ? 1 : 0;
        dots += c == '.' ? 1 : 0;
        blanks += Character.isWhitespace(c) ? 1 : 0;
        wordParts += isWordPart(c) ? 1 : 0;
      }
      int body = length - first;
      if (digits == body) {
        return INTEGER;
      }
      if (dots == 1 && digits == body - 1 && digits > 0) {
        return DECIMAL;
      }
      if (first == 0 && letters == length && !(hex == length && length >= HEX_WORD)) {
        return text.equals("true") || text.equals("false") ? BOOLEAN : WORD;
      }
      if (hex == length && length >= HEX_WORD) {
        return HEX_NUMBER;
      }
      if (text.startsWith("0x") && length > 2 && hex == length - 1) {
        return HEX_NUMBER;
      }
      ParamType quantity = quantity(text, first);
      if (quantity != null) {
        return quantity;
      }
      if (wordParts == length) {
        return digits > 0 ? ID : WORD;
      }
      ParamType place = place(text, digits);
      if (place != null) {
        return place;
      }
      return blanks > 0 ? TEXT : digits > 0 ? ID : WORD;
    }

    private static ParamType quantity(String text, int first) {
      char c = text.charAt(first);
      if (!isDigit(c) && c != '.') {
        return null;
      }
      Quantity quantity = Quantity.of(text);
      if (quantity == null) {
        return null;
      }
      return switch (quantity.kind()) {
        case DURATION -> DURATION;
        case SIZE -> SIZE;
        case NUMBER -> {
          char last = text.charAt(text.length() - 1);
          boolean whole =
              isDigit(last) && text.chars().allMatch(d -> isDigit((char) d) || d == ',');
          yield whole || (first == 1 && isThousands(text)) ? INTEGER : DECIMAL;
        }
      };
    }

    private static boolean isThousands(String text) {
      return text.substring(1).chars().allMatch(d -> isDigit((char) d) || d == ',');
    }

    private ParamType place(String text, int digits) {
      int length = text.length();
      char c = text.charAt(0);
      places.on(text);
      dates.on(text);
      if (is(c, LETTER) && places.url(0, length, length) == length) {
        return URL;
      }
      if (digits > 0
          && (isDigit(c)
              ? dates.numericDate(0, length) == length
              : is(c, LETTER) && dates.namedDate(0, length) == length)) {
        return TIMESTAMP;
      }
      if (text.indexOf('@') > 0 && places.email(0, length) == length) {
        return EMAIL;
      }
      if (digits > 3 && places.address(0, length) == length) {
        return IP;
      }
      if ((is(c, HEX) || c == ':') && places.hexGroups(0, length) == length) {
        boolean pairs = length == 17 && (text.charAt(2) == ':' || text.charAt(2) == '-');
        boolean dotted = length == 14 && text.charAt(4) == '.';
        if (dotted || (pairs && text.charAt(14) == text.charAt(2))) {
          return MAC;
        }
        // Without a colon it is the number of a version.
        if (text.indexOf(':') >= 0) {
          return IP;
        }
      }
      if (places.path(0, length, length) == length && text.indexOf(' ') < 0) {
        return PATH;
      }
      return text.indexOf(' ') < 0 && places.host(0, length) == length ? HOST : null;
    }
  }
}
