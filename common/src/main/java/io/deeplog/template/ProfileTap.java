package io.deeplog.template;

import io.deeplog.spark.SideFile;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Gathers profiles of the entries that pass, and writes those of a task to a file when it ends.
 * Public for the code only that Spark generates, which calls it.
 */
public final class ProfileTap implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The method's name. */
  static final String METHOD = "pass";

  /** Stands for no time: a primitive cannot be null. */
  static final long NO_TIME = Long.MIN_VALUE;

  private final SideFile.Place place;
  private transient ProfileParts parts;
  private transient SideFile file;

  ProfileTap(SideFile.Place place) {
    this.place = place;
  }

  /**
   * Notes an entry and gives back the id of its template. A task has a tap of its own, which came
   * with it, and one thread.
   *
   * @param id null, which is no template, is passed on
   */
  public UTF8String pass(
      UTF8String id, UTF8String source, long offset, long micros, ArrayData params) {
    if (id == null) {
      return null;
    }
    if (parts == null) {
      parts = new ProfileParts();
      file = SideFile.ofTask(place, this::write);
    }
    parts.add(id, source, offset, micros == NO_TIME ? null : micros, params);
    if (parts.isFull()) {
      write();
    }
    return id;
  }

  private void write() {
    parts.drain().forEach(piece -> file.append(piece._1, piece._2));
  }

  @Override
  public String toString() {
    return "profiles";
  }
}
