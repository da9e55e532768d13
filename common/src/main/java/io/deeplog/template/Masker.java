package io.deeplog.template;

import static io.deeplog.template.Characters.HEX;
import static io.deeplog.template.Characters.LETTER;
import static io.deeplog.template.Characters.is;
import static io.deeplog.template.Characters.isAlnum;
import static io.deeplog.template.Characters.isBoundary;
import static io.deeplog.template.Characters.isDelimiter;
import static io.deeplog.template.Characters.isDigit;
import static io.deeplog.template.Characters.isWordPart;

import io.deeplog.Pure;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Replaces what is plainly a value (numbers, addresses, paths, identifiers) by {@value #WILDCARD},
 * in one scan of the line. Equal masked lines are then learned once, however many lines there are.
 *
 * <p>The most important property: values of one kind in one place always give one masked text.
 * Hence sign, decimals, thousands and unit belong to the value, values that are glued by {@code . ,
 * : - + / @} become one, and blanks that pad a value (all but one) are part of it.
 *
 * <p>Not for use by several threads: the places of the values of the last line are kept.
 */
@Pure
public final class Masker {
  /** Stands for a value in masked lines and templates. */
  public static final String WILDCARD = "<*>";

  /** Joins values to one, alone or doubled. */
  private static final String GLUE = ".,:-+/@#~*^&\u00b1";

  private static final String[] TRUTHS = {"true", "false"};
  private static final int HEX_WORD = 8;
  private static final int CLASS_CHANGES = 4;

  /** A chunk with this many groups of digits between letters is an identifier as a whole. */
  private static final int DIGIT_GROUPS = 3;

  /** Signs of which a chunk must hold one to hold a value of a kind. */
  private static final long COLON = signs(":");

  private static final long DATE = signs("-/.");
  private static final long AT = signs("@");
  private static final long DOT = signs(".");
  private static final long GROUPS = signs(":.-");
  private static final long SLASHES = signs("/\\");
  private static final long HOST = signs(".:/");

  /** What comes after this many characters is one value; it bounds what a line can cost. */
  static final int MAX_MASKED = 4096;

  private final Masks masks;

  /** Without built-in masks the user's alone say what a value is. */
  private final boolean glue;

  private final boolean timestamps;
  private final boolean urls;
  private final boolean emails;
  private final boolean uuids;
  private final boolean macs;
  private final boolean addresses;
  private final boolean hosts;
  private final boolean paths;
  private final boolean hexes;
  private final boolean sizes;
  private final boolean quotes;
  private final boolean booleans;
  private final boolean identifiers;
  private final boolean numbers;

  private final DateScan dates = new DateScan();
  private final PlaceScan places;
  private final TokenScan tokens = new TokenScan();
  private final MaskedText out = new MaskedText();
  private String line;

  /** End of the part of the line that is masked. */
  private int limit;

  private int[] bounds = new int[48];
  private int count;

  /** Start and end of the user's matches, in the order of the line; then -1. */
  private int[] custom = {-1, -1};

  /** A masker of all built-in kinds. */
  public Masker() {
    this(Masks.DEFAULT);
  }

  /** A masker of some kinds. */
  public Masker(Masks masks) {
    this.masks = masks;
    Set<Mask> on = masks.builtin().isEmpty() ? EnumSet.noneOf(Mask.class) : masks.builtin();
    glue = !on.isEmpty();
    timestamps = on.contains(Mask.TIMESTAMP);
    urls = on.contains(Mask.URL);
    emails = on.contains(Mask.EMAIL);
    uuids = on.contains(Mask.UUID);
    macs = on.contains(Mask.MAC);
    addresses = on.contains(Mask.IP);
    hosts = on.contains(Mask.HOST);
    paths = on.contains(Mask.PATH);
    hexes = on.contains(Mask.HEX);
    sizes = on.contains(Mask.SIZE);
    quotes = on.contains(Mask.QUOTED);
    booleans = on.contains(Mask.BOOLEAN);
    identifiers = on.contains(Mask.IDENTIFIER);
    numbers = on.contains(Mask.NUMBER);
    places = new PlaceScan(macs, addresses);
  }

  /** Masks a line; {@link #count}, {@link #start} and {@link #end} then tell its values. */
  public String mask(String content) {
    line = content;
    out.setLength(0);
    count = 0;
    limit = content.length() <= MAX_MASKED ? content.length() : head(content);
    dates.on(content);
    places.on(content);
    tokens.on(content);
    if (!masks.custom().isEmpty()) {
      matchCustom();
    }
    int next = 0;
    int position = 0;
    while (position < limit) {
      while (custom[next] >= 0 && custom[next] < position) {
        next += 2;
      }
      int stop = custom[next] < 0 ? limit : custom[next];
      char c = content.charAt(position);
      if (position == stop) {
        value(stop, custom[next + 1]);
        position = custom[next + 1];
        next += 2;
      } else if (c == '<' && content.startsWith(WILDCARD, position)) {
        // Content that holds the wildcard itself: only a value can give it back.
        value(position, position + WILDCARD.length());
        position += WILDCARD.length();
      } else if (isDelimiter(c) || c == '\u2018' || c == '\u201c') {
        position = delimiter(c, position, stop);
      } else {
        position = chunk(position, stop);
      }
    }
    if (limit < content.length()) {
      value(limit, content.length());
    }
    return out.toString();
  }

  /** A delimiter, or the value that it begins. Returns where the scan goes on. */
  private int delimiter(char c, int position, int stop) {
    if (quotes && (c == '"' || c == '\'')) {
      int close = tokens.quoted(position, stop);
      if (close > 0) {
        out.append(c);
        value(position + 1, close);
        return close;
      }
    } else if (quotes && (c == '\u2018' || c == '\u201c')) {
      int close = tokens.typeset(position, stop);
      if (close > 0) {
        out.append(c);
        value(position + 1, close);
        out.append(line, close, close + 1);
        return close + 1;
      }
    } else if (addresses && c == '[') {
      int end = places.bracketed(position, stop);
      if (end > 0) {
        value(position, end);
        return end;
      }
    } else if (numbers && c == '<') {
      int end = tokens.bound(position, stop);
      if (end > 0) {
        value(position, end);
        return end;
      }
    }
    out.append(c);
    return position + 1;
  }

  /** Where the masked head of a very long line ends: behind a blank, or at once. */
  private static int head(String content) {
    return content.lastIndexOf(' ', MAX_MASKED) + 1;
  }

  /** Finds the user's matches; an earlier mask's win over a later one's that overlap them. */
  private void matchCustom() {
    int found = 0;
    for (Masks.Custom mask : masks.custom()) {
      Matcher matcher = mask.pattern().matcher(new WatchedText(line, mask.name())).region(0, limit);
      int known = found;
      while (matcher.find()) {
        if (matcher.end() == matcher.start() || overlaps(known, matcher.start(), matcher.end())) {
          continue;
        }
        if (2 * found + 4 > custom.length) {
          custom = Arrays.copyOf(custom, custom.length * 2);
        }
        custom[2 * found] = matcher.start();
        custom[2 * found + 1] = matcher.end();
        found++;
      }
    }
    for (int i = 1; i < found; i++) {
      for (int k = i; k > 0 && custom[2 * k] < custom[2 * k - 2]; k--) {
        for (int side = 0; side < 2; side++) {
          int swapped = custom[2 * k + side];
          custom[2 * k + side] = custom[2 * k - 2 + side];
          custom[2 * k - 2 + side] = swapped;
        }
      }
    }
    custom[2 * found] = -1;
  }

  private boolean overlaps(int known, int start, int end) {
    for (int i = 0; i < known; i++) {
      if (start < custom[2 * i + 1] && end > custom[2 * i]) {
        return true;
      }
    }
    return false;
  }

  /** Number of values in the last line. */
  public int count() {
    return count;
  }

  /** Where a value of the last line starts, in characters. */
  public int start(int value) {
    return bounds[3 * value];
  }

  /** Where a value of the last line ends, in characters. */
  public int end(int value) {
    return bounds[3 * value + 1];
  }

  /**
   * Of each value of the last line, one after the other, its start and its end in the line and the
   * end of its wildcard in the masked line.
   */
  int[] bounds() {
    return Arrays.copyOf(bounds, 3 * count);
  }

  /** A run without delimiters. Returns where the scan goes on. */
  private int chunk(int start, int stop) {
    int end = start;
    boolean plain = true;
    boolean hex = true;
    boolean joined = false;
    long signs = 0;
    while (end < stop) {
      char c = line.charAt(end);
      int bits = Characters.of(c);
      if ((bits & Characters.DELIMITER) != 0 || (c >= 128 && Character.isWhitespace(c))) {
        break;
      }
      plain &= (bits & LETTER) != 0 || c == '-' || c == '_' || c == '.' || c == ':';
      hex &= (bits & HEX) != 0;
      joined |= (bits & LETTER) == 0;
      signs |= sign(c);
      end++;
    }
    if (identifiers && end < stop && line.charAt(end) == '[') {
      int list = tokens.hostList(start, stop);
      if (list > 0) {
        value(start, list);
        return list;
      }
    }
    if (plain && !(joined && end - start >= HEX_WORD)) {
      return plain(start, end, stop, hex);
    }
    int core = end;
    if (core > start && Characters.isEscapedQuote(line, core - 1)) {
      core--;
    }
    while (core > start && ".:,!?".indexOf(line.charAt(core - 1)) >= 0) {
      core--;
    }
    int position = Math.max(start, tokens.mnemonic(start, core));
    out.append(line, start, position);
    while (position < core) {
      int after = whole(position, core, stop, signs);
      if (after > position) {
        position = after;
        continue;
      }
      position = word(position, core, stop);
    }
    if (position < end) {
      out.append(line, position, end);
      position = end;
    }
    return position;
  }

  /** A chunk without digits, slashes and signs. */
  private int plain(int start, int end, int stop, boolean hex) {
    int length = end - start;
    if (hex && hexes && length >= HEX_WORD) {
      value(start, end);
      return end;
    }
    char c = line.charAt(start);
    if (timestamps && length >= 3 && c >= 'A' && c <= 'W') {
      int date = dates.namedDate(start, stop);
      if (date > start) {
        value(start, date);
        return date;
      }
    }
    if (booleans) {
      int from = truth(start, end);
      if (from >= 0) {
        out.append(line, start, from);
        value(from, end);
        return end;
      }
    }
    out.append(line, start, end);
    return end;
  }

  /** A bit for a character from ! to ` (letters and digits are of no interest), 0 for others. */
  private static long sign(char c) {
    return c > ' ' && c <= '`' ? 1L << (c - '!') : 0;
  }

  private static long signs(String characters) {
    return characters.chars().mapToLong(c -> sign((char) c)).reduce(0, (a, b) -> a | b);
  }

  /** Where {@code true} or {@code false} at the end of a chunk starts, or -1. */
  private int truth(int start, int end) {
    char last = line.charAt(end - 1);
    if (last != 'e' && last != 'E') {
      return -1;
    }
    for (String word : TRUTHS) {
      int from = end - word.length();
      if (from >= start
          && line.regionMatches(true, from, word, 0, word.length())
          && (from == start || line.charAt(from - 1) == ':')) {
        return from;
      }
    }
    return -1;
  }

  /**
   * A value that more than one word makes, at a place where one may start. Returns where it ends,
   * or the place itself when there is none.
   *
   * @param signs of the chunk: without those that it needs, a kind of value is not tried
   */
  private int whole(int position, int core, int stop, long signs) {
    char c = line.charAt(position);
    char before = position == 0 ? ' ' : line.charAt(position - 1);
    if (isWordPart(before) || before == '.' || before == '-') {
      return position;
    }
    int end = -1;
    if (urls && (signs & COLON) != 0 && is(c, LETTER)) {
      end = places.url(position, core, stop);
    }
    if (end < 0 && timestamps && isDigit(c) && (signs & COLON) != 0) {
      end = dates.halfDayTime(position, stop);
    }
    if (end < 0 && timestamps) {
      // A day before the name of a month has none of a date's signs.
      end =
          isDigit(c) && ((signs & DATE) != 0 || core - position <= 2)
              ? dates.numericDate(position, stop)
              : is(c, LETTER) ? dates.namedDate(position, stop) : -1;
      end = end <= position ? -1 : end;
    }
    if (end < 0 && emails && (signs & AT) != 0 && isAlnum(c)) {
      end = places.email(position, core);
    }
    if (end < 0 && addresses && (signs & DOT) != 0) {
      end = places.address(position, core);
    }
    if (end < 0 && (macs || addresses) && (signs & GROUPS) != 0 && (is(c, HEX) || c == ':')) {
      end = places.hexGroups(position, core);
    }
    if (end < 0 && paths && (signs & SLASHES) != 0) {
      end = places.path(position, core, stop);
    }
    if (end < 0 && hosts && (signs & HOST) != 0 && isAlnum(c)) {
      end = places.host(position, core);
    }
    if (end < 0 && identifiers && isAlnum(c)) {
      end = tokens.random(position, core);
      end = end < 0 ? longIdentifier(position, core) : end;
    }
    if (end < 0) {
      return position;
    }
    value(position, end);
    return end;
  }

  /** Three or more groups of digits between letters: a place, a host, an id made of parts. */
  private int longIdentifier(int start, int core) {
    if (core - start < 2 * DIGIT_GROUPS - 1) {
      return -1;
    }
    int end = start;
    int groups = 0;
    int letters = 0;
    boolean digit = false;
    boolean letter = false;
    while (end < core) {
      char c = line.charAt(end);
      if (isDigit(c)) {
        groups += digit ? 0 : 1;
        digit = true;
        letter = false;
      } else if (isAlnum(c)) {
        letters += letter ? 0 : 1;
        letter = true;
        digit = false;
      } else if (c == '-' || c == '_' || c == ':' || c == '.') {
        digit = false;
        letter = false;
      } else {
        break;
      }
      end++;
    }
    while (end > start && !isAlnum(line.charAt(end - 1))) {
      end--;
    }
    // A word of plain letters before a dash or colon is a name and not part of the identifier.
    int first = start;
    int firstDigits = 0;
    while (first < end && isAlnum(line.charAt(first))) {
      firstDigits += isDigit(line.charAt(first)) ? 1 : 0;
      first++;
    }
    return groups >= DIGIT_GROUPS && letters >= DIGIT_GROUPS - 1 && firstDigits > 0 ? end : -1;
  }

  /** A word of the chunk, or the character between two. Returns where the scan goes on. */
  private int word(int position, int core, int stop) {
    char c = line.charAt(position);
    char before = position == 0 ? ' ' : line.charAt(position - 1);
    boolean signed =
        (c == '-' || c == '+')
            && position + 1 < core
            && isDigit(line.charAt(position + 1))
            && !isWordPart(before)
            && before != ')'
            && before != c;
    if (!signed && !isWordPart(c)) {
      out.append(c);
      return position + 1;
    }
    int first = signed ? position + 1 : position;
    int end = first;
    while (end < core && (isWordPart(line.charAt(end)) || isInnerSign(end, first, core))) {
      end++;
    }
    while (first < end && line.charAt(first) == '_') {
      first++;
    }
    int last = end;
    while (last > first && line.charAt(last - 1) == '_') {
      last--;
    }
    int protocol = tokens.protocol(position, end, core);
    if (protocol > 0) {
      out.append(line, position, protocol);
      return protocol;
    }
    if (numbers && last == end && isVersioned(first, last, core)) {
      while (end < core && (isWordPart(line.charAt(end)) || line.charAt(end) == '.')) {
        end++;
      }
      out.append(line, position, first);
      value(first, end);
      return end;
    }
    if (first < last && isValue(first, last, before)) {
      int from = signed && first == position + 1 ? position : first;
      if (uuids && last - first == 8) {
        int uuid = uuid(first, core);
        if (uuid > 0) {
          last = uuid;
          end = uuid;
        }
      }
      out.append(line, position, from);
      value(from, last);
      if (sizes && isDigit(line.charAt(first)) && last == end) {
        int size = size(last, stop);
        if (size > last && last >= core) {
          value(last, size);
          return size;
        }
      }
      if (numbers && last == end && isPercent(last, core)) {
        value(last, ++end);
        return end;
      }
      out.append(line, last, end);
    } else {
      out.append(line, position, end);
    }
    return end;
  }

  /** Letters and one digit before a dot and a digit: {@code TLSv1.2}, {@code eth0.100}. */
  private boolean isVersioned(int start, int end, int core) {
    return end - start > 1
        && end + 1 < core
        && line.charAt(end) == '.'
        && isDigit(line.charAt(end + 1))
        && isDigit(line.charAt(end - 1))
        && is(line.charAt(end - 2), LETTER)
        && is(line.charAt(start), LETTER);
  }

  private boolean isPercent(int position, int core) {
    return position < core
        && line.charAt(position) == '%'
        && isDigit(line.charAt(position - 1))
        && isBoundary(line, position + 1);
  }

  /** A minus between an underscore and a digit: {@code job_-5} is as {@code job_5}. */
  private boolean isInnerSign(int position, int first, int core) {
    return line.charAt(position) == '-'
        && position > first
        && line.charAt(position - 1) == '_'
        && position + 1 < core
        && isDigit(line.charAt(position + 1));
  }

  private int uuid(int start, int core) {
    if (start + 36 > core) {
      return -1;
    }
    for (int i = 0; i < 36; i++) {
      char c = line.charAt(start + i);
      boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
      if (dash ? c != '-' : !is(c, HEX)) {
        return -1;
      }
    }
    return start + 36 == core || !isWordPart(line.charAt(start + 36)) ? start + 36 : -1;
  }

  /** The end of a blank and a unit of bytes behind a number. */
  private int size(int end, int stop) {
    if (end + 1 >= stop || line.charAt(end) != ' ') {
      return end;
    }
    int unit = end + 1;
    if ("KMGTPk".indexOf(line.charAt(unit)) >= 0) {
      unit++;
      if (unit < stop && line.charAt(unit) == 'i') {
        unit++;
      }
    }
    return unit < stop && line.charAt(unit) == 'B' && isBoundary(line, unit + 1) ? unit + 1 : end;
  }

  /**
   * Whether a word is a value: it starts with a digit, has four digits or two that are not a key's,
   * is hexadecimal and long, or changes its character class as random identifiers do. A single
   * digit in a name (eth0, ssh2) makes none, nor does an ordinal (1st).
   */
  private boolean isValue(int start, int end, char before) {
    int digits = 0;
    int changes = 0;
    boolean hex = true;
    int previous = -1;
    for (int i = start; i < end; i++) {
      char c = line.charAt(i);
      boolean digit = isDigit(c);
      if (digit) {
        digits++;
      }
      hex &= is(c, HEX);
      int type = digit ? 0 : Characters.isUpper(c) ? 1 : isAlnum(c) ? 2 : 3;
      if (previous >= 0 && type != previous && !(previous == 1 && type == 2)) {
        changes++;
      }
      previous = type;
    }
    int length = end - start;
    if (hex && hexes && (length >= HEX_WORD || (before == '@' && digits > 0))) {
      return true;
    }
    if (digits == 0) {
      return false;
    }
    if (isDigit(line.charAt(start))) {
      return digits == length ? numbers : numbers && !ordinal(start, end, digits);
    }
    if (numbers
        && digits == length - 1
        && (line.charAt(start) == 'v' || line.charAt(start) == 'V')
        && end + 1 < line.length()
        && line.charAt(end) == '.'
        && isDigit(line.charAt(end + 1))) {
      // A version: v1.2
      return true;
    }
    boolean key = end < line.length() && "=:".indexOf(line.charAt(end)) >= 0;
    return identifiers
        && (digits >= 4
            || (digits >= 2 && !key)
            || (length >= HEX_WORD && changes >= CLASS_CHANGES));
  }

  private boolean ordinal(int start, int end, int digits) {
    if (end - start != digits + 2) {
      return false;
    }
    String ending = line.substring(end - 2, end);
    return ending.equals("st") || ending.equals("nd") || ending.equals("rd") || ending.equals("th");
  }

  /** Adds a value, or widens the one before when only a glue character lies between. */
  private void value(int start, int end) {
    if (glue && count > 0 && out.length() > 0) {
      int gap = start - bounds[3 * count - 2];
      if (gap == 0 && endsWithWildcard(out.length())) {
        bounds[3 * count - 2] = end;
        return;
      }
      if ((gap == 1 || (gap == 2 && line.charAt(start - 1) == line.charAt(start - 2)))
          && GLUE.indexOf(line.charAt(start - 1)) >= 0
          && endsWithWildcard(out.length() - gap)) {
        out.setLength(out.length() - gap);
        bounds[3 * count - 2] = end;
        return;
      }
    }
    int from = start;
    int length = out.length();
    while (length >= 2
        && out.charAt(length - 1) == ' '
        && out.charAt(length - 2) == ' '
        && line.charAt(from - 1) == ' ') {
      // Padding: all blanks but one are part of the value.
      length--;
      from--;
    }
    out.setLength(length);
    if (3 * count + 3 > bounds.length) {
      bounds = Arrays.copyOf(bounds, bounds.length * 2);
    }
    out.append(WILDCARD, 0, WILDCARD.length());
    bounds[3 * count] = from;
    bounds[3 * count + 1] = end;
    bounds[3 * count + 2] = out.length();
    count++;
  }

  private boolean endsWithWildcard(int end) {
    return end >= WILDCARD.length()
        && out.charAt(end - 1) == '>'
        && out.charAt(end - 2) == '*'
        && out.charAt(end - 3) == '<';
  }
}
