package io.deeplog.template;

import static io.deeplog.template.Characters.HEX;
import static io.deeplog.template.Characters.LETTER;
import static io.deeplog.template.Characters.is;
import static io.deeplog.template.Characters.isAlnum;
import static io.deeplog.template.Characters.isDelimiter;
import static io.deeplog.template.Characters.isDigit;
import static io.deeplog.template.Characters.isWordPart;

import io.deeplog.Pure;
import java.util.List;
import java.util.Set;

/**
 * Finds what names a place: URLs, e-mail and network addresses, hosts and paths, in one line after
 * another. What is found is told by its end; -1 where there is none.
 */
@Pure
final class PlaceScan {
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

  /** Before an address they are a part of it, other words tell what it is of. */
  private static final List<String> PROTOCOLS =
      List.of("tcp:", "udp:", "tls:", "ssl:", "http:", "https:", "ipv4:", "inet:");

  private final boolean macs;
  private final boolean addresses;
  private String line;

  /**
   * A scan.
   *
   * @param macs whether groups of hexadecimal digits may be a MAC address
   * @param addresses whether they may be an IP address
   */
  PlaceScan(boolean macs, boolean addresses) {
    this.macs = macs;
    this.addresses = addresses;
  }

  private static Set<String> words(String text) {
    return Set.of(text.split(" ", -1));
  }

  /** Takes a line. */
  void on(String newLine) {
    line = newLine;
  }

  int url(int start, int core, int stop) {
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
    while (".:,!?".indexOf(line.charAt(end - 1)) >= 0 && end > colon + 3) {
      end--;
    }
    return end > colon + 3 ? end : -1;
  }

  int email(int start, int core) {
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

  int host(int start, int core) {
    int end = hostEnd(start, core);
    if (end < 0) {
      return -1;
    }
    boolean local = end - start == 9 && line.startsWith("localhost", start);
    if (local) {
      int port = port(end, core);
      return port > end ? port : -1;
    }
    boolean withPort = end < core && line.charAt(end) == ':' && port(end, core) >= end + 3;
    if (withPort && named(start, end)) {
      return port(end, core);
    }
    boolean plain = withPort && dots(start, end) > 1 && isLowerCase(start, end);
    if (!plain && (!topLevel(start, end) || (end < core && ":/".indexOf(line.charAt(end)) < 0))) {
      return -1;
    }
    int dot = line.indexOf('.', start);
    return REVERSED.contains(line.substring(start, dot)) ? -1 : port(end, core);
  }

  private boolean isLowerCase(int start, int end) {
    for (int i = start; i < end; i++) {
      char c = line.charAt(i);
      if (c == '_' || Character.isUpperCase(c)) {
        return false;
      }
    }
    return true;
  }

  /** IPv4, behind a slash, a host's name and a slash, or a protocol and a colon. */
  int address(int start, int core) {
    int position = start;
    if (!isDigit(line.charAt(start))) {
      int protocol = protocolEnd(start, core);
      if (protocol > 0) {
        int end = dotted(protocol, core);
        return end < 0 ? -1 : afterAddress(end, core);
      }
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

  /** Where a protocol and its colon end, or -1. */
  private int protocolEnd(int start, int core) {
    for (String protocol : PROTOCOLS) {
      if (line.startsWith(protocol, start) && start + protocol.length() < core) {
        return start + protocol.length();
      }
    }
    return -1;
  }

  /** An IPv6 address in brackets with a port behind: {@code [2001:db8::1]:443}. */
  int bracketed(int open, int stop) {
    int close = open + 1;
    int colons = 0;
    boolean doubled = false;
    while (close < stop && (is(line.charAt(close), HEX) || line.charAt(close) == ':')) {
      boolean colon = line.charAt(close) == ':';
      colons += colon ? 1 : 0;
      doubled |= colon && line.charAt(close - 1) == ':';
      close++;
    }
    if (colons > 0 && close < stop && line.charAt(close) == '%') {
      // The zone: "fe80::1%eth0".
      close++;
      while (close < stop && isWordPart(line.charAt(close))) {
        close++;
      }
    }
    if (!(doubled || colons == 7)
        || close + 2 >= stop
        || line.charAt(close) != ']'
        || line.charAt(close + 1) != ':') {
      return -1;
    }
    int end = port(close + 1, stop);
    return end > close + 1 ? end : -1;
  }

  /** Hexadecimal groups between colons, dots or dashes: MAC, IPv6, places on a bus. */
  int hexGroups(int start, int core) {
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
    boolean dotted =
        separators == 2 && longest == 4 && shortest == 4 && line.charAt(start + 4) == '.';
    return ((mac || dotted) && macs) || ((six || mixed) && addresses && led) ? end : -1;
  }

  /** An absolute path; a query behind it belongs to it. */
  int path(int start, int core, int stop) {
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
}
