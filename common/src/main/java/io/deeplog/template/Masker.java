package io.deeplog.template;

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

  private static final int HEX_WORD = 8;
  private static final int CLASS_CHANGES = 4;

  /** A chunk with this many groups of digits between letters is an identifier as a whole. */
  private static final int DIGIT_GROUPS = 3;

  /** What comes after this many characters is one value; it bounds what a line can cost. */
  static final int MAX_MASKED = 4096;

  private static final int LETTER = 1;
  private static final int DIGIT = 2;
  private static final int HEX = 4;
  private static final int DELIMITER = 8;
  private static final byte[] CLASSES = classes();

  private static final Set<String> MONTHS =
      Set.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
  private static final Set<String> DAYS = Set.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");

  /** Generic and some country domains, without those that are also endings of files' names. */
  private static final Set<String> TOP_LEVEL =
      words(
          "com org net edu gov mil arpa lan localdomain ac ar "
              + "au bg br ca ch cl cn cz de dk ee es eu fi fr gr hk hr hu "
              + "ie il ir jp kr lt lu lv mx nl nz om pt ro ru se sg si sk "
              + "th tr tw ua uk vn za");

  /** Domains that are words too: only long names or those with a digit are hosts. */
  private static final Set<String> WORDS_TOO =
      words("in it id at no my us be co local internal corp info biz");

  /** Names that begin so are those of packages, written from the domain down. */
  private static final Set<String> REVERSED =
      Set.of("com", "org", "net", "edu", "gov", "io", "java", "javax", "sun", "de");

  private final Masks masks;
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
  private final boolean booleans;
  private final boolean identifiers;
  private final boolean numbers;

  private final StringBuilder out = new StringBuilder();
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
    booleans = on.contains(Mask.BOOLEAN);
    identifiers = on.contains(Mask.IDENTIFIER);
    numbers = on.contains(Mask.NUMBER);
  }

  private static Set<String> words(String text) {
    return Set.of(text.split(" ", -1));
  }

  private static byte[] classes() {
    byte[] result = new byte[128];
    for (char c = 0; c < 128; c++) {
      int bits = 0;
      if (Character.isLetter(c)) {
        bits |= LETTER;
      }
      if (c >= '0' && c <= '9') {
        bits |= DIGIT | HEX;
      }
      if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
        bits |= HEX;
      }
      if (Character.isWhitespace(c) || "=,;()[]{}\"'<>|".indexOf(c) >= 0) {
        bits |= DELIMITER;
      }
      result[c] = (byte) bits;
    }
    return result;
  }

  private static boolean is(char c, int type) {
    return c < 128 && (CLASSES[c] & type) != 0;
  }

  private static boolean isDelimiter(char c) {
    return c < 128 ? (CLASSES[c] & DELIMITER) != 0 : Character.isWhitespace(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isAlnum(char c) {
    return c < 128 ? (CLASSES[c] & (LETTER | DIGIT)) != 0 : Character.isLetterOrDigit(c);
  }

  private static boolean isWordPart(char c) {
    return isAlnum(c) || c == '_';
  }

  /** Masks a line; {@link #count}, {@link #start} and {@link #end} then tell its values. */
  public String mask(String content) {
    line = content;
    out.setLength(0);
    count = 0;
    limit = content.length() <= MAX_MASKED ? content.length() : head(content);
    if (!masks.custom().isEmpty()) {
      matchCustom();
    }
    int next = 0;
    int position = 0;
    while (position < limit) {
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
        while (custom[next] >= 0 && custom[next] < position) {
          next += 2;
        }
      } else if (isDelimiter(c)) {
        out.append(c);
        position++;
      } else {
        position = chunk(position, stop);
      }
    }
    if (limit < content.length()) {
      value(limit, content.length());
    }
    return out.toString();
  }

  /** Where the masked head of a very long line ends: behind a blank, or at once. */
  private static int head(String content) {
    return content.lastIndexOf(' ', MAX_MASKED) + 1;
  }

  /** Finds the user's matches; an earlier mask's win over a later one's that overlap them. */
  private void matchCustom() {
    int found = 0;
    for (Masks.Custom mask : masks.custom()) {
      Matcher matcher = mask.pattern().matcher(line).region(0, limit);
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

  /** Where the wildcard of a value ends in the masked line. */
  int maskedEnd(int value) {
    return bounds[3 * value + 2];
  }

  /** A run without delimiters. Returns where the scan goes on. */
  private int chunk(int start, int stop) {
    int end = start;
    boolean plain = true;
    boolean hex = true;
    boolean joined = false;
    while (end < stop) {
      char c = line.charAt(end);
      int bits = c < 128 ? CLASSES[c] : 0;
      if ((bits & DELIMITER) != 0 || (c >= 128 && Character.isWhitespace(c))) {
        break;
      }
      plain &= (bits & LETTER) != 0 || c == '-' || c == '_' || c == '.' || c == ':';
      hex &= (bits & HEX) != 0;
      joined |= (bits & LETTER) == 0;
      end++;
    }
    if (plain && !(joined && end - start >= HEX_WORD)) {
      return plain(start, end, hex);
    }
    int core = end;
    while (core > start && ".:,!?".indexOf(line.charAt(core - 1)) >= 0) {
      core--;
    }
    int position = start;
    while (position < core) {
      int after = whole(position, core, stop);
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

  private boolean hasDigit(int start, int end) {
    for (int i = start; i < end; i++) {
      if (isDigit(line.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private int dots(int start, int end) {
    int dots = 0;
    for (int i = start; i < end; i++) {
      dots += line.charAt(i) == '.' ? 1 : 0;
    }
    return dots;
  }

  /** A chunk without digits, slashes and signs. */
  private int plain(int start, int end, boolean hex) {
    int length = end - start;
    if (hex && hexes && length >= HEX_WORD) {
      value(start, end);
      return end;
    }
    char c = line.charAt(start);
    if (timestamps && length == 3 && c >= 'A' && c <= 'W') {
      int date = namedDate(start);
      if (date > start) {
        value(start, date);
        return date;
      }
    }
    if (booleans
        && ((length == 4 && line.startsWith("true", start))
            || (length == 5 && line.startsWith("false", start)))) {
      value(start, end);
      return end;
    }
    out.append(line, start, end);
    return end;
  }

  /**
   * A value that more than one word makes, at a place where one may start. Returns where it ends,
   * or the place itself when there is none.
   */
  private int whole(int position, int core, int stop) {
    char c = line.charAt(position);
    char before = position == 0 ? ' ' : line.charAt(position - 1);
    if (isWordPart(before) || before == '.' || before == '-') {
      return position;
    }
    int end = -1;
    if (urls && is(c, LETTER)) {
      end = url(position, core, stop);
    }
    if (end < 0 && timestamps) {
      end = isDigit(c) ? numericDate(position, stop) : is(c, LETTER) ? namedDate(position) : -1;
      end = end <= position ? -1 : end;
    }
    if (end < 0 && emails && isAlnum(c)) {
      end = email(position, core);
    }
    if (end < 0 && addresses) {
      end = address(position, core);
    }
    if (end < 0 && (macs || addresses) && (is(c, HEX) || c == ':')) {
      end = hexGroups(position, core);
    }
    if (end < 0 && paths) {
      end = path(position, core, stop);
    }
    if (end < 0 && hosts && isAlnum(c)) {
      end = host(position, core);
    }
    if (end < 0 && identifiers && isAlnum(c)) {
      end = longIdentifier(position, core);
    }
    if (end < 0) {
      return position;
    }
    value(position, end);
    return end;
  }

  private int url(int start, int core, int stop) {
    int colon = start;
    while (colon < core
        && (isAlnum(line.charAt(colon)) || "+.-".indexOf(line.charAt(colon)) >= 0)) {
      colon++;
    }
    if (!line.startsWith("://", colon) || colon + 3 >= stop) {
      return -1;
    }
    int end = colon + 3;
    while (end < stop) {
      char c = line.charAt(end);
      if (c != '=' && isDelimiter(c)) {
        break;
      }
      end++;
    }
    while (".:,!?=".indexOf(line.charAt(end - 1)) >= 0 && end > colon + 3) {
      end--;
    }
    return end > colon + 3 ? end : -1;
  }

  private int email(int start, int core) {
    int at = start;
    while (at < core && (isWordPart(line.charAt(at)) || ".+-".indexOf(line.charAt(at)) >= 0)) {
      at++;
    }
    if (at >= core || line.charAt(at) != '@') {
      return -1;
    }
    int end = hostEnd(at + 1, core);
    return end > 0 && topLevel(at + 1, end) ? end : -1;
  }

  /** Where a run of labels ends: letters, digits, dashes, and dots between them. */
  private int hostEnd(int start, int core) {
    int end = start;
    while (end < core && (isWordPart(line.charAt(end)) || ".-".indexOf(line.charAt(end)) >= 0)) {
      end++;
    }
    while (end > start && ".-".indexOf(line.charAt(end - 1)) >= 0) {
      end--;
    }
    return end > start ? end : -1;
  }

  private boolean topLevel(int start, int end) {
    int dot = line.lastIndexOf('.', end - 1);
    if (dot <= start || end - dot - 1 > 11 || end - dot < 3) {
      return false;
    }
    String domain = line.substring(dot + 1, end);
    return WORDS_TOO.contains(domain)
        ? hasDigit(start, dot) || dots(start, end) > 2
        : TOP_LEVEL.contains(domain);
  }

  private int host(int start, int core) {
    int end = hostEnd(start, core);
    if (end < 0) {
      return -1;
    }
    boolean local = end - start == 9 && line.startsWith("localhost", start);
    if (local) {
      int port = port(end, core);
      return port > end ? port : -1;
    }
    if (end < core && line.charAt(end) == ':' && port(end, core) >= end + 3 && named(start, end)) {
      return port(end, core);
    }
    if (!topLevel(start, end) || (end < core && ":/".indexOf(line.charAt(end)) < 0)) {
      return -1;
    }
    int dot = line.indexOf('.', start);
    return REVERSED.contains(line.substring(start, dot)) ? -1 : port(end, core);
  }

  /** Whether a name is that of one of many machines: letters and digits, and more than one part. */
  private boolean named(int start, int end) {
    boolean letter = false;
    boolean digit = false;
    for (int i = start; i < end; i++) {
      letter |= is(line.charAt(i), LETTER);
      digit |= isDigit(line.charAt(i));
    }
    return letter && digit && line.substring(start, end).indexOf('.') < 0;
  }

  /** The end of a port or a prefix's length behind an address, if there is one. */
  private int port(int position, int core) {
    if (position + 1 < core
        && ":/".indexOf(line.charAt(position)) >= 0
        && isDigit(line.charAt(position + 1))) {
      int end = position + 1;
      while (end < core && isDigit(line.charAt(end))) {
        end++;
      }
      if (end == core || !isWordPart(line.charAt(end))) {
        return end;
      }
    }
    return position;
  }

  /** IPv4, behind a slash or a host's name and a slash. */
  private int address(int start, int core) {
    int position = start;
    if (!isDigit(line.charAt(start))) {
      int slash = start;
      while (slash < core
          && (isWordPart(line.charAt(slash)) || ".-".indexOf(line.charAt(slash)) >= 0)) {
        slash++;
      }
      if (slash >= core - 6 || line.charAt(slash) != '/') {
        return -1;
      }
      position = slash + 1;
    } else {
      int named = hostEnd(start, core);
      if (named > 0 && named < core - 6 && line.charAt(named) == '/') {
        int behind = dotted(named + 1, core);
        if (behind > 0) {
          return afterAddress(behind, core);
        }
      }
    }
    int end = dotted(position, core);
    return end < 0 ? -1 : afterAddress(end, core);
  }

  /** Port behind an address; none when more of a word or a path follows. */
  private int afterAddress(int end, int core) {
    int port = port(end, core);
    if (port < core) {
      char c = line.charAt(port);
      boolean goesOn = c == '.' && port + 1 < core && isWordPart(line.charAt(port + 1));
      if (isWordPart(c) || c == '/' || c == '-' || goesOn) {
        return -1;
      }
    }
    return port;
  }

  private int dotted(int start, int core) {
    int position = start;
    for (int part = 0; part < 4; part++) {
      int digits = position;
      while (digits < core && isDigit(line.charAt(digits))) {
        digits++;
      }
      if (digits == position || digits - position > 3) {
        return -1;
      }
      position = digits;
      if (part < 3) {
        if (position >= core || line.charAt(position) != '.') {
          return -1;
        }
        position++;
      }
    }
    return position < core
            && line.charAt(position) == '.'
            && position + 1 < core
            && isDigit(line.charAt(position + 1))
        ? -1
        : position;
  }

  /** Hexadecimal groups between colons, dots or dashes: MAC, IPv6, places on a bus. */
  private int hexGroups(int start, int core) {
    int end = start;
    int separators = 0;
    int digits = 0;
    int group = 0;
    int longest = 0;
    int shortest = Integer.MAX_VALUE;
    boolean doubled = false;
    boolean colons = true;
    while (end < core) {
      char c = line.charAt(end);
      if (is(c, HEX)) {
        group++;
        digits += isDigit(c) ? 1 : 0;
      } else if (c == ':' || c == '.' || c == '-') {
        doubled |= c == ':' && end > start && line.charAt(end - 1) == ':';
        colons &= c == ':';
        separators++;
        longest = Math.max(longest, group);
        shortest = Math.min(shortest, group);
        group = 0;
      } else if (isWordPart(c) || c == '%' || c == '/') {
        if ((c == '%' || c == '/') && separators >= 2 && (doubled || separators == 7)) {
          // The zone or the prefix length of an IPv6 address.
          while (end < core
              && (isWordPart(line.charAt(end)) || "%/".indexOf(line.charAt(end)) >= 0)) {
            end++;
          }
          break;
        }
        return -1;
      } else {
        break;
      }
      end++;
    }
    longest = Math.max(longest, group);
    shortest = Math.min(shortest, group);
    boolean mac = separators == 5 && longest == 2 && shortest == 2;
    boolean six = colons && longest <= 4 && (separators == 7 || (doubled && end - start > 2));
    boolean mixed = separators >= 2 && longest <= 4 && digits >= 2 && shortest > 0;
    boolean led = six || separators >= 4 || isDigit(line.charAt(start));
    return (mac && macs) || ((six || mixed) && addresses && led) ? end : -1;
  }

  /** An absolute path; a query behind it belongs to it. */
  private int path(int start, int core, int stop) {
    char c = line.charAt(start);
    boolean windows =
        is(c, LETTER)
            && start + 3 < core
            && line.charAt(start + 1) == ':'
            && (line.charAt(start + 2) == '\\');
    boolean share = c == '\\' && start + 3 < core && line.charAt(start + 1) == '\\';
    if (windows || share) {
      return core;
    }
    int slash = c == '~' ? start + 1 : start;
    if (slash + 1 >= core || line.charAt(slash) != '/') {
      return -1;
    }
    char first = line.charAt(slash + 1);
    if ("/:,!?".indexOf(first) >= 0) {
      return -1;
    }
    int query = line.indexOf('?', slash);
    if (query < 0 || query >= core) {
      return core;
    }
    int end = core;
    while (end < stop && (!isDelimiter(line.charAt(end)) || line.charAt(end) == '=')) {
      end++;
    }
    return end;
  }

  /** Three or more groups of digits between letters: a place, a host, an id made of parts. */
  private int longIdentifier(int start, int core) {
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

  private boolean time(int position, int stop) {
    return position + 4 < stop
        && isDigit(line.charAt(position))
        && clockEnd(position, stop) > position;
  }

  /** The end of hh:mm, hh:mm:ss, with a fraction, a zone and a half of the day. */
  private int clockEnd(int start, int stop) {
    int end = start;
    while (end < stop && end < start + 2 && isDigit(line.charAt(end))) {
      end++;
    }
    int pairs = 0;
    while (pairs < 2
        && end + 2 < stop
        && line.charAt(end) == (pairs == 1 && line.charAt(start + 2) == '.' ? '.' : ':')
        && isDigit(line.charAt(end + 1))
        && isDigit(line.charAt(end + 2))) {
      end += 3;
      pairs++;
    }
    if (pairs == 0) {
      return start;
    }
    if (end + 1 < stop && ".,".indexOf(line.charAt(end)) >= 0 && isDigit(line.charAt(end + 1))) {
      end++;
      while (end < stop && isDigit(line.charAt(end))) {
        end++;
      }
    }
    if (end < stop && line.charAt(end) == 'Z') {
      end++;
    } else {
      int zone = end < stop && line.charAt(end) == ' ' ? end + 1 : end;
      if (zone + 4 < stop
          && "+-".indexOf(line.charAt(zone)) >= 0
          && isDigit(line.charAt(zone + 1))
          && isDigit(line.charAt(zone + 2))) {
        int rest = line.charAt(zone + 3) == ':' ? zone + 4 : zone + 3;
        if (rest + 1 < stop && isDigit(line.charAt(rest)) && isDigit(line.charAt(rest + 1))) {
          end = rest + 2;
        }
      } else if (zone + 1 < stop
          && "AP".indexOf(line.charAt(zone)) >= 0
          && line.charAt(zone + 1) == 'M'
          && boundary(zone + 2)) {
        end = zone + 2;
      }
    }
    return boundary(end) ? end : start;
  }

  private boolean boundary(int position) {
    return position >= line.length() || !isWordPart(line.charAt(position));
  }

  /** y-m-d, d/m/y, d.m.y or d-Mon-y, with a time behind a blank, T or colon. */
  private int numericDate(int start, int stop) {
    int position = start;
    for (int part = 0; part < 3; part++) {
      int digits = position;
      while (digits < stop && isDigit(line.charAt(digits))) {
        digits++;
      }
      int length = digits - position;
      if (part == 1 && length == 0 && position + 3 < stop) {
        if (!MONTHS.contains(line.substring(position, position + 3))) {
          return -1;
        }
        digits = position + 3;
      } else if (length == 0 || length > 4 || length == 3) {
        return part == 1 && length == 0 ? -1 : namedDayFirst(start, stop);
      }
      position = digits;
      if (part < 2) {
        if (position >= stop || "-/.".indexOf(line.charAt(position)) < 0) {
          return part == 0 ? namedDayFirst(start, stop) : -1;
        }
        position++;
      }
    }
    int end = withTime(position, stop);
    if (end == position && !boundary(position)) {
      return -1;
    }
    // Parts of an address or a host's name look like a date but go on.
    boolean more =
        end + 1 < stop && "-/.".indexOf(line.charAt(end)) >= 0 && isWordPart(line.charAt(end + 1));
    return more && end == position ? -1 : end;
  }

  private int withTime(int position, int stop) {
    if (position + 1 < stop && " T:-".indexOf(line.charAt(position)) >= 0) {
      int clock = position + 1;
      if (time(clock, stop)) {
        return clockEnd(clock, stop);
      }
    }
    return position;
  }

  /** {@code 17 Jul 2005 09:21:12}. */
  private int namedDayFirst(int start, int stop) {
    int digits = start;
    while (digits < stop && isDigit(line.charAt(digits))) {
      digits++;
    }
    if (digits - start > 2
        || digits + 8 >= stop
        || line.charAt(digits) != ' '
        || !MONTHS.contains(line.substring(digits + 1, digits + 4))
        || line.charAt(digits + 4) != ' ') {
      return -1;
    }
    int year = digits + 5;
    for (int i = 0; i < 4; i++) {
      if (year + i >= stop || !isDigit(line.charAt(year + i))) {
        return -1;
      }
    }
    return boundary(year + 4) ? withTime(year + 4, stop) : -1;
  }

  /** {@code Sun Jul 17 09:21:12 2005}, {@code Jul 17 09:21:12}, {@code Jul 17, 2005}. */
  private int namedDate(int start) {
    int stop = limit;
    int position = start;
    if (position + 3 > stop) {
      return start;
    }
    String name = line.substring(position, position + 3);
    if (DAYS.contains(name)) {
      position += 3;
      if (position < stop && line.charAt(position) == ',') {
        position++;
      }
      if (position + 5 >= stop || line.charAt(position) != ' ') {
        return start;
      }
      position++;
      if (isDigit(line.charAt(position))) {
        int end = namedDayFirst(position, stop);
        return end < 0 ? start : end;
      }
      name = line.substring(position, position + 3);
    }
    if (!MONTHS.contains(name)) {
      return start;
    }
    position += 3;
    int blanks = position;
    while (position < stop && position < blanks + 2 && line.charAt(position) == ' ') {
      position++;
    }
    int day = position;
    while (position < stop && position < day + 2 && isDigit(line.charAt(position))) {
      position++;
    }
    if (position == day || day == blanks || (position < stop && !boundary(position))) {
      return start;
    }
    int end = position;
    int clock = position + 1;
    if (clock < stop && line.charAt(position) == ' ' && time(clock, stop)) {
      end = clockEnd(clock, stop);
      int zone = end + 1;
      while (zone < stop && zone < end + 5 && Character.isUpperCase(line.charAt(zone))) {
        zone++;
      }
      if (zone - end > 3 && zone < stop && line.charAt(end) == ' ' && year(zone, stop) > 0) {
        end = zone;
      }
    } else if (position < stop && line.charAt(position) == ',' && year(position + 1, stop) > 0) {
      end = position + 1;
    }
    int year = year(end, stop);
    if (year > 0) {
      return year == end + 5 && end == position ? withTime(year, stop) : year;
    }
    return end == position ? start : end;
  }

  /** The end of a blank and a year of four digits, or 0. */
  private int year(int blank, int stop) {
    if (blank + 5 > stop || line.charAt(blank) != ' ') {
      return 0;
    }
    for (int i = 1; i < 5; i++) {
      if (!isDigit(line.charAt(blank + i))) {
        return 0;
      }
    }
    return boundary(blank + 5) ? blank + 5 : 0;
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
      out.append(line, last, end);
    } else {
      out.append(line, position, end);
    }
    return end;
  }

  /** A minus between an underscore and a digit: {@code blk_-5} is as {@code blk_5}. */
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
    return unit < stop && line.charAt(unit) == 'B' && boundary(unit + 1) ? unit + 1 : end;
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
      int type = digit ? 0 : Character.isUpperCase(c) ? 1 : isAlnum(c) ? 2 : 3;
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
    if (count > 0 && out.length() > 0) {
      int gap = start - bounds[3 * count - 2];
      if (gap == 0 && endsWithWildcard(out.length())) {
        bounds[3 * count - 2] = end;
        return;
      }
      if (gap == 1
          && ".,:-+/@".indexOf(line.charAt(start - 1)) >= 0
          && endsWithWildcard(out.length() - 1)) {
        out.setLength(out.length() - 1);
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
    out.append(WILDCARD);
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
