package io.deeplog.jobs.generate;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * A made-up system whose templates are known, to measure parsing by. It is declared in a text file
 * beside this class ({@code systems/NAME.txt}):
 *
 * <pre>
 * # a comment
 * slot user = alice | bob | user%{int 1 99}
 * 120 Login of '%{user}' from %{ip}
 * </pre>
 *
 * <p>A line with a number is a template and its share of the lines. {@code %{...}} is a value: one
 * of the alternatives of a slot, earlier ones more often, which may hold values themselves; or of a
 * kind of {@link TypedValues} with its bounds. It is a wildcard in the true template, together with
 * letters, units and values glued to it; unless the slot's name ends with {@code !}: then it is a
 * state, and each makes a template of its own. Constant numbers are wildcards too. That is how the
 * corrected truths of Loghub are written.
 */
public final class KnownSystem {
  /** The systems there are. */
  public static final List<String> NAMES =
      List.of(
          "mail",
          "storage",
          "game",
          "mobile",
          "batch",
          "switch",
          "installer",
          "cloud",
          "handset",
          "notebook",
          "updater",
          "supercomputer",
          "tracker",
          "tunnel",
          "cloudctl",
          "beowulf",
          "webshop",
          "database",
          "orchestrator",
          "firewall",
          "tablet",
          "workstation",
          "gridnodes",
          "ringapp",
          "relay",
          "vmfarm",
          "campus",
          "patcher",
          "watchos",
          "laptopd",
          "oldiron",
          "sleepapp",
          "gatekeeper",
          "cloudlet",
          "labcluster",
          "servicing",
          "mediad",
          "deskos",
          "hpcras",
          "dataflow",
          "connector",
          "racknodes",
          "setupsvc",
          "stepband",
          "carunit",
          "mainframe",
          "schedd",
          "clusternode",
          "netproxy",
          "wristapp",
          "lapos",
          "compstore",
          "pocketos",
          "petaras",
          "mathgrid",
          "doorward");

  private static final String WILDCARD = "<*>";

  // The rules of Khan et al. (ICSE 2022), by which Loghub's truths were corrected.
  private static final Pattern NUMBER =
      Pattern.compile("(?<![^\\s=(\\[:,#])[0-9][0-9.]*(?![^\\s)\\]=:,;/])");
  private static final Pattern PATH =
      Pattern.compile("(?<![^\\s=(:\"])(?:/|[A-Z]:\\\\)[^\\s\"),:;\\]]+");
  private static final Pattern WORD = Pattern.compile("(?<![^\\s(])[+-]<\\*>|\\w*<\\*>[\\w%]*");
  private static final Pattern GLUED = Pattern.compile("<\\*>[.:/@#+±,-]?<\\*>");

  /** A template and its share of the lines. */
  private record Event(int weight, String text) {}

  /** A line and its true template. */
  public record Line(String content, String template) {}

  private final Map<String, String[]> slots = new HashMap<>();
  private final List<Event> events = new ArrayList<>();

  private KnownSystem(String declaration) {
    for (String line : declaration.split("\n", -1)) {
      if (line.startsWith("slot ")) {
        int equals = line.indexOf('=');
        slots.put(
            line.substring("slot ".length(), equals).trim(),
            // The first alternative may be empty, too: "slot name =  | other".
            line.substring(equals + 1).stripTrailing().replaceFirst("^ ", "").split(" \\| ", -1));
      } else if (!line.isEmpty() && line.charAt(0) != '#') {
        int blank = line.indexOf(' ');
        events.add(
            new Event(Integer.parseInt(line.substring(0, blank)), line.substring(blank + 1)));
      }
    }
  }

  /**
   * A system of {@link #NAMES}.
   *
   * @throws IllegalArgumentException if there is none; the message names the choices
   */
  public static KnownSystem of(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "no system '" + name + "'; choose among " + String.join(", ", NAMES));
    }
    String file = "systems/" + name + ".txt";
    try (InputStream in = KnownSystem.class.getResourceAsStream(file)) {
      return new KnownSystem(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }

  /** Number of templates. */
  public int templates() {
    return events.size();
  }

  /**
   * Lines in random order. Every template has one at least, if there are so many lines, and the
   * others follow the shares.
   */
  public List<Line> lines(long seed, int lines) {
    SplittableRandom random = new SplittableRandom(seed);
    TypedValues values = new TypedValues(random.split());
    List<Event> order = new ArrayList<>(events.subList(0, Math.min(lines, events.size())));
    int total = events.stream().mapToInt(Event::weight).sum();
    while (order.size() < lines) {
      int at = random.nextInt(total);
      int event = 0;
      while (at >= events.get(event).weight) {
        at -= events.get(event++).weight;
      }
      order.add(events.get(event));
    }
    for (int i = order.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      Event moved = order.get(i);
      order.set(i, order.get(other));
      order.set(other, moved);
    }
    List<Line> result = new ArrayList<>();
    for (Event event : order) {
      // States are part of the template; what is left are values.
      String text = fill(event.text, values, true);
      result.add(new Line(fill(text, values, false), truth(text)));
    }
    return result;
  }

  /**
   * Writes {@code NAME/NAME.log} and {@code NAME/NAME.log_structured.csv} (LineId, Content,
   * EventId, EventTemplate, as Loghub has them).
   */
  public static void write(FileSink sink, String name, long seed, int lines) throws IOException {
    List<Line> log = of(name).lines(seed, lines);
    StringBuilder raw = new StringBuilder();
    StringBuilder csv = new StringBuilder("LineId,Content,EventId,EventTemplate\n");
    Map<String, Integer> ids = new HashMap<>();
    ToIntFunction<String> id = template -> ids.computeIfAbsent(template, t -> ids.size() + 1);
    int number = 0;
    for (Line line : log) {
      raw.append(line.content).append('\n');
      csv.append(++number)
          .append(',')
          .append(quoted(line.content))
          .append(",E")
          .append(id.applyAsInt(line.template))
          .append(',')
          .append(quoted(line.template))
          .append('\n');
    }
    write(sink, name + "/" + name + ".log", raw);
    write(sink, name + "/" + name + ".log_structured.csv", csv);
  }

  private static void write(FileSink sink, String path, CharSequence text) throws IOException {
    try (OutputStream out = sink.create(path)) {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  /** The true template: a value with the letters, signs and values that are glued to it. */
  private static String truth(String text) {
    String result = replace(text, slot -> WILDCARD);
    result = NUMBER.matcher(result).replaceAll(WILDCARD);
    result = PATH.matcher(result).replaceAll(WILDCARD);
    result = WORD.matcher(result).replaceAll(WILDCARD);
    String before;
    do {
      before = result;
      result = GLUED.matcher(result).replaceAll(WILDCARD);
    } while (!before.equals(result));
    return result;
  }

  private String fill(String text, TypedValues values, boolean states) {
    return replace(
        text,
        slot -> {
          if (states && !slot.endsWith("!")) {
            return "%{" + slot + "}";
          }
          String[] alternatives = slots.get(slot);
          return alternatives == null
              ? values.value(slot.split(" ", -1))
              : fill(alternatives[values.skewed(alternatives.length)], values, states);
        });
  }

  private static String replace(String text, UnaryOperator<String> replacement) {
    StringBuilder result = new StringBuilder();
    int position = 0;
    int start;
    while ((start = text.indexOf("%{", position)) >= 0) {
      int end = text.indexOf('}', start);
      result
          .append(text, position, start)
          .append(replacement.apply(text.substring(start + 2, end)));
      position = end + 1;
    }
    return result.append(text, position, text.length()).toString();
  }
}
