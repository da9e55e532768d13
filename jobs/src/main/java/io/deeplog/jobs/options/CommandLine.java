package io.deeplog.jobs.options;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.deeplog.UserException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.kohsuke.args4j.ClassParser;
import org.kohsuke.args4j.CmdLineException;
import org.kohsuke.args4j.CmdLineParser;
import org.kohsuke.args4j.NamedOptionDef;
import org.kohsuke.args4j.OptionHandlerFilter;
import org.kohsuke.args4j.ParserProperties;
import org.kohsuke.args4j.spi.OptionHandler;

/** Parses a command's options: default, then settings file, then command line. */
public final class CommandLine {
  private static final int WIDTH = 100;

  static {
    Handlers.register();
  }

  private CommandLine() {}

  /**
   * Parses arguments into option groups and validates them.
   *
   * @param known names of the options of all commands: a settings file may serve several
   * @throws UserException of usage
   */
  public static void parse(
      String command, List<OptionGroup> groups, String[] args, Set<String> known) {
    CmdLineParser parser = new CmdLineParser(new Object(), properties());
    groups.forEach(group -> new ClassParser().parse(group, parser));
    Set<String> own = new HashSet<>();
    groups.forEach(group -> own.addAll(names(group)));
    List<String> all = new ArrayList<>(fromSettings(args, own, known, excluded(parser, args)));
    all.addAll(Arrays.asList(args));
    try {
      parser.parseArgument(all);
    } catch (CmdLineException e) {
      throw UserException.usage(
          e.getMessage().replace("\n", " ") + " (see deeplog " + command + " --help)");
    }
    if (!wantsHelp(args)) {
      groups.forEach(OptionGroup::validate);
    }
  }

  private static boolean wantsHelp(String[] args) {
    return Arrays.asList(args).contains(Flags.HELP) || Arrays.asList(args).contains("-h");
  }

  private static ParserProperties properties() {
    return ParserProperties.defaults()
        .withUsageWidth(WIDTH)
        .withOptionSorter(null)
        .withShowDefaults(true);
  }

  /** Names of the options of a group. */
  public static Set<String> names(OptionGroup group) {
    Set<String> names = new HashSet<>();
    new CmdLineParser(group, properties())
        .getOptions()
        .forEach(handler -> names.add(((NamedOptionDef) handler.option).name()));
    return names;
  }

  /** Options that one of the command line stands in for: a settings file has no say in them. */
  private static Set<String> excluded(CmdLineParser parser, String[] args) {
    List<String> given = Arrays.asList(args);
    Set<String> excluded = new HashSet<>();
    for (OptionHandler<?> handler : parser.getOptions()) {
      NamedOptionDef option = (NamedOptionDef) handler.option;
      if (given.contains(option.name())) {
        excluded.add(option.name());
        excluded.addAll(Arrays.asList(option.forbids()));
      } else if (!Collections.disjoint(given, Arrays.asList(option.forbids()))) {
        excluded.add(option.name());
      }
    }
    return excluded;
  }

  private static List<String> fromSettings(
      String[] args, Set<String> own, Set<String> known, Set<String> excluded) {
    int at = Arrays.asList(args).indexOf(Flags.SETTINGS);
    if (at < 0 || at + 1 >= args.length) {
      return List.of();
    }
    String file = args[at + 1];
    List<String> result = new ArrayList<>();
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(Files.readAllBytes(Path.of(file)));
    } catch (IOException e) {
      throw UserException.usage("cannot read settings " + file + ": " + firstLine(e.getMessage()));
    }
    // A file of nothing but comments is no node at all.
    if (!root.isObject() && !root.isMissingNode() && !root.isNull()) {
      throw UserException.usage(
          "settings " + file + " are not lines of 'name: value' (see conf/settings.yaml)");
    }
    root.fields()
        .forEachRemaining(
            setting -> {
              String name = "--" + setting.getKey();
              if (!known.contains(name)) {
                throw UserException.usage(
                    "unknown setting '"
                        + setting.getKey()
                        + "' in "
                        + file
                        + " (see conf/settings.yaml)");
              }
              if (own.contains(name) && !excluded.contains(name)) {
                add(name, setting.getValue(), result);
              }
            });
    return result;
  }

  private static String firstLine(String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }

  private static void add(String name, JsonNode value, List<String> args) {
    if (value.isNull() || (value.isBoolean() && !value.asBoolean())) {
      return;
    }
    args.add(name);
    if (value.isArray()) {
      value.forEach(item -> args.add(item.asText()));
    } else if (!value.isBoolean()) {
      args.add(value.asText());
    }
  }

  /** The options of groups, with their defaults, group by group. */
  public static String usage(List<OptionGroup> groups) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    for (OptionGroup group : groups) {
      out.println();
      out.println(group.heading() + ":");
      out.flush();
      new CmdLineParser(group, properties()).printUsage(text, null, OptionHandlerFilter.PUBLIC);
    }
    return text.toString();
  }
}
