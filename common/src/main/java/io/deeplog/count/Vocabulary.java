package io.deeplog.count;

import io.deeplog.Pure;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * A model's own dense numbering of template ids: 1 to {@link #size}, in the order of the ids; 0 is
 * any other template.
 */
@Pure
public final class Vocabulary implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<String> ids;
  private final Map<String, Integer> indices = new HashMap<>();

  /** The vocabulary of some template ids. */
  public Vocabulary(Collection<String> templateIds) {
    ids = templateIds.stream().distinct().sorted().toList();
    for (int i = 0; i < ids.size(); i++) {
      indices.put(ids.get(i), i + 1);
    }
  }

  /** Number of templates. */
  public int size() {
    return ids.size();
  }

  /** The template ids; the first has index 1. */
  public List<String> ids() {
    return ids;
  }

  /** A template's index, 0 when training never saw it. */
  public int index(String templateId) {
    return indices.getOrDefault(templateId, 0);
  }

  /** Tells vocabularies apart: equal ids have equal versions. */
  public String version() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", ids).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The template of an index from 1 on. */
  public String id(int index) {
    return ids.get(index - 1);
  }
}
