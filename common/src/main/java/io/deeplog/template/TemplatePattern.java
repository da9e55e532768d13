package io.deeplog.template;

import io.deeplog.Pure;
import java.util.List;

/** A form of a template as the matcher walks it: its tokens, and where its parameters are in it. */
@Pure
final class TemplatePattern {
  final Template template;
  final String[] texts;

  /** Start and end of every token in the form's text. */
  private final int[] bounds;

  /** Start and end of what stands for every wildcard of the template, in the form's text. */
  private final int[] params;

  private TemplatePattern(Template template, Tokens tokens, int[] params) {
    this.template = template;
    this.texts = tokens.texts();
    this.bounds = new int[2 * texts.length];
    for (int i = 0; i < texts.length; i++) {
      bounds[2 * i] = tokens.start(i);
      bounds[2 * i + 1] = tokens.end(i);
    }
    this.params = params;
  }

  /** The template's text itself. */
  static TemplatePattern of(Template template, Tokens.Grain grain) {
    return of(template, Template.ownWildcards(template.text()), grain);
  }

  /** A variant of the template. */
  static TemplatePattern of(Template template, List<String> variant, Tokens.Grain grain) {
    int[] params = new int[2 * variant.size()];
    String text = fill(template, variant, params);
    return new TemplatePattern(template, Tokens.of(text, grain), params);
  }

  /** The form's text. */
  static String text(Template template, List<String> variant) {
    return fill(template, variant, new int[2 * variant.size()]);
  }

  private static String fill(Template template, List<String> variant, int[] params) {
    StringBuilder out = new StringBuilder();
    String text = template.text();
    int position = 0;
    for (int i = 0; i < variant.size(); i++) {
      int wildcard = text.indexOf(Masker.WILDCARD, position);
      out.append(text, position, wildcard);
      params[2 * i] = out.length();
      out.append(variant.get(i));
      params[2 * i + 1] = out.length();
      position = wildcard + Masker.WILDCARD.length();
    }
    return out.append(text, position, text.length()).toString();
  }

  /**
   * Where the parameters are in a masked line.
   *
   * @param taken first and one behind the last token of the line that each wildcard of the form
   *     took
   */
  int[] places(Tokens line, int[] taken) {
    int[] starts = new int[texts.length];
    int[] ends = new int[texts.length];
    int token = 0;
    int wildcard = 0;
    for (int i = 0; i < texts.length; i++) {
      int first = token;
      int end = token + 1;
      if (texts[i].equals(Masker.WILDCARD)) {
        first = taken[2 * wildcard];
        end = taken[2 * wildcard + 1];
        wildcard++;
      }
      starts[i] = first < line.size() ? line.start(first) : first == 0 ? 0 : line.end(first - 1);
      ends[i] = end == first ? starts[i] : line.end(end - 1);
      token = end;
    }
    int[] places = new int[params.length];
    int at = 0;
    for (int i = 0; i < params.length / 2; i++) {
      while (at < texts.length && bounds[2 * at + 1] <= params[2 * i]) {
        at++;
      }
      if (params[2 * i] == params[2 * i + 1]) {
        int before = at < texts.length && bounds[2 * at] <= params[2 * i] ? at : at - 1;
        places[2 * i] =
            at < texts.length && bounds[2 * at] == params[2 * i]
                ? starts[at]
                : before < 0 ? 0 : ends[before];
        places[2 * i + 1] = places[2 * i];
        continue;
      }
      places[2 * i] = starts[at] + params[2 * i] - bounds[2 * at];
      while (bounds[2 * at + 1] < params[2 * i + 1]) {
        at++;
      }
      places[2 * i + 1] =
          bounds[2 * at + 1] == params[2 * i + 1]
              ? ends[at]
              : starts[at] + params[2 * i + 1] - bounds[2 * at];
    }
    return places;
  }
}
