package io.deeplog.jobs.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A session's steps while they are being written, and the changes to them that make anomalies.
 * Lines that a change makes abnormal are marked with its kind.
 */
final class Script {
  private final List<Step> steps = new ArrayList<>(24);

  int size() {
    return steps.size();
  }

  List<Step> steps() {
    return steps;
  }

  Script add(
      String name, long gapMillis, String level, String component, int origin, Step.Body body) {
    steps.add(new Step(name, gapMillis, level, component, origin, body, null));
    return this;
  }

  /** Returns the index of the first step of a type, or -1. */
  int indexOf(String name) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the index of the last step of a type, or -1. */
  int lastIndexOf(String name) {
    for (int i = steps.size() - 1; i >= 0; i--) {
      if (steps.get(i).name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  boolean has(String name) {
    return indexOf(name) >= 0;
  }

  /** Marks all steps of a type. */
  void mark(String name, AnomalyKind kind) {
    steps.replaceAll(step -> step.name.equals(name) ? step.marked(kind) : step);
  }

  /** Marks one step. */
  void markAt(int index, AnomalyKind kind) {
    steps.set(index, steps.get(index).marked(kind));
  }

  /** Lets two steps change places; the times stay, so the lines differ in nothing but order. */
  void swap(int i, int j) {
    Step a = steps.get(i);
    Step b = steps.get(j);
    steps.set(i, b.after(a.gapMillis).marked(AnomalyKind.WRONG_ORDER));
    steps.set(j, a.after(b.gapMillis).marked(AnomalyKind.WRONG_ORDER));
  }

  /** Takes out the first step of a type, which must not be the last, and marks the next one. */
  void drop(String name) {
    int at = indexOf(name);
    Step gone = steps.remove(at);
    Step next = steps.get(at);
    steps.set(at, next.after(gone.gapMillis + next.gapMillis).marked(AnomalyKind.MISSING_STEP));
  }

  /** Drops all steps from an index on. */
  void cut(int length) {
    steps.subList(length, steps.size()).clear();
  }

  /** Puts all of another script's steps, marked, before an index. */
  void insert(int at, Script other, AnomalyKind kind) {
    List<Step> marked = new ArrayList<>(other.steps);
    marked.replaceAll(step -> step.marked(kind));
    steps.addAll(at, marked);
  }

  /**
   * Returns the steps of two scripts that begin at the same time, in order of time. Of steps at the
   * same time the left script's come first.
   */
  static Script merge(Script left, Script right) {
    Script merged = new Script();
    int i = 0;
    int j = 0;
    long leftTime = left.gap(0);
    long rightTime = right.gap(0);
    long now = 0;
    while (i < left.size() || j < right.size()) {
      boolean takeLeft = j == right.size() || (i < left.size() && leftTime <= rightTime);
      Step step = takeLeft ? left.steps.get(i++) : right.steps.get(j++);
      long time = takeLeft ? leftTime : rightTime;
      merged.steps.add(step.after(time - now));
      now = time;
      if (takeLeft) {
        leftTime += left.gap(i);
      } else {
        rightTime += right.gap(j);
      }
    }
    return merged;
  }

  private long gap(int index) {
    return index < steps.size() ? steps.get(index).gapMillis : 0;
  }

  /** Returns a number from {@code low} to {@code high}, both included. */
  static int between(SplittableRandom random, int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** Returns true in {@code percent} of 100 cases. */
  static boolean chance(SplittableRandom random, int percent) {
    return random.nextInt(100) < percent;
  }

  /** Returns one of the choices. */
  static <T> T oneOf(SplittableRandom random, List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
