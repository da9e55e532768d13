package io.deeplog.log;

import io.deeplog.Pure;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * What the named values of a JSON object or a CSV row are for; of several names the first that is
 * there is taken.
 *
 * @param message names of the content
 * @param time names of the time
 * @param columns names by the header field they are: level, component, host, pid
 */
@Pure
record FieldRoles(List<String> message, List<String> time, Map<String, List<String>> columns)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The first of some names that is there; null when none is. */
  static String find(List<String> names, Map<String, String> values) {
    for (String name : names) {
      if (values.containsKey(name)) {
        return name;
      }
    }
    return null;
  }

  /** With names of the user's own in place of the message's and the time's, where not null. */
  FieldRoles with(String ownMessage, String ownTime) {
    return new FieldRoles(
        ownMessage == null ? message : List.of(ownMessage),
        ownTime == null ? time : List.of(ownTime),
        columns);
  }
}
