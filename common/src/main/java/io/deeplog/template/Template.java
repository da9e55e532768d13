package io.deeplog.template;

import io.deeplog.Pure;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/**
 * A template: the constant text of a kind of line, with {@link Masker#WILDCARD} for its parameters.
 *
 * @param id hash of the text: the same template has the same id for ever and everywhere
 * @param text with wildcards
 * @param variants forms of masked lines, beside the text itself, that are lines of this template:
 *     for each of its wildcards what stands there, a wildcard or a run of tokens such as {@code
 *     [<*>]:<*>}
 */
@Pure
public record Template(String id, String text, List<List<String>> variants)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int ID_HEX_DIGITS = 16;

  /** A template without variants. */
  public Template(String id, String text) {
    this(id, text, List.of());
  }

  /** The template of a text. */
  public static Template of(String text) {
    return new Template(id(text), text);
  }

  /** The id of a template's text: the first 16 hex digits of its SHA-256. */
  public static String id(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, ID_HEX_DIGITS / 2);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The number of wildcards of a text. */
  static int wildcards(String text) {
    int count = 0;
    for (int at = text.indexOf(Masker.WILDCARD);
        at >= 0;
        at = text.indexOf(Masker.WILDCARD, at + Masker.WILDCARD.length())) {
      count++;
    }
    return count;
  }

  /** A wildcard for each of a text's: what stands for them in the text itself. */
  static List<String> ownWildcards(String text) {
    return Collections.nCopies(wildcards(text), Masker.WILDCARD);
  }

  /**
   * The content of a line, from its parameters.
   *
   * @param params one for every wildcard, in order
   */
  public String fill(List<String> params) {
    StringBuilder content = new StringBuilder();
    int position = 0;
    for (String param : params) {
      int wildcard = text.indexOf(Masker.WILDCARD, position);
      if (wildcard < 0) {
        throw new IllegalArgumentException(
            params.size() + " parameters for the template '" + text + "'");
      }
      content.append(text, position, wildcard).append(param);
      position = wildcard + Masker.WILDCARD.length();
    }
    return content.append(text, position, text.length()).toString();
  }
}
