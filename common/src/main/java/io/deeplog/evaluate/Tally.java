package io.deeplog.evaluate;

import io.deeplog.Pure;
import java.util.Comparator;
import java.util.List;

/**
 * The figures of a detector from sessions counted by label, flag and score.
 *
 * @param cells sessions that agree in all that counts
 * @param anomalyRate share of anomalous sessions that precision and area are given for; null for
 *     that of the cells
 */
@Pure
public record Tally(List<Cell> cells, Double anomalyRate) {
  /**
   * Sessions of one kind.
   *
   * @param score the higher the stranger
   * @param flagged whether the detector flags them
   * @param anomalous whether they are
   * @param count how many there are
   */
  public record Cell(double score, boolean flagged, boolean anomalous, long count) {}

  /** How flags and labels agree, in sessions, not reweighted. */
  public Confusion confusion() {
    long[] n = new long[4];
    for (Cell cell : cells) {
      n[(cell.flagged ? 0 : 2) + (cell.anomalous ? 0 : 1)] += cell.count;
    }
    return new Confusion(n[0], n[1], n[2], n[3]);
  }

  /** What a normal session weighs, where an anomalous one weighs 1. */
  private double normalWeight() {
    Confusion c = confusion();
    double anomalous = c.tp() + c.fn();
    double normal = c.fp() + c.tn();
    return anomalyRate == null || anomalous == 0 || normal == 0
        ? 1
        : anomalous * (1 - anomalyRate) / anomalyRate / normal;
  }

  /** Precision at the anomaly rate; 0 when nothing is flagged. */
  public double precision() {
    Confusion c = confusion();
    return c.tp() == 0 ? 0 : c.tp() / (c.tp() + normalWeight() * c.fp());
  }

  /** Share of the anomalous sessions that are flagged. */
  public double recall() {
    return confusion().recall();
  }

  /** Harmonic mean of {@link #precision} and {@link #recall}. */
  public double f1() {
    double sum = precision() + recall();
    return sum == 0 ? 0 : 2 * precision() * recall() / sum;
  }

  /** Share of the normal sessions that are flagged, in thousandths. */
  public double falseAlarmsPerThousand() {
    Confusion c = confusion();
    return c.fp() + c.tn() == 0 ? 0 : 1000.0 * c.fp() / (c.fp() + c.tn());
  }

  /**
   * Area under the curve of precision over recall as the scores rank the sessions, at the anomaly
   * rate: the sum over the distinct scores, from the highest, of the gain in recall times the
   * precision there (average precision). Equal scores count as one.
   */
  public double areaUnderPrecisionRecall() {
    Confusion c = confusion();
    double anomalous = c.tp() + c.fn();
    if (anomalous == 0) {
      return 0;
    }
    double weight = normalWeight();
    List<Cell> sorted =
        cells.stream().sorted(Comparator.comparingDouble((Cell cell) -> -cell.score)).toList();
    double area = 0;
    double found = 0;
    double wrong = 0;
    for (int i = 0; i < sorted.size(); ) {
      double score = sorted.get(i).score;
      double before = found;
      for (; i < sorted.size() && sorted.get(i).score == score; i++) {
        Cell cell = sorted.get(i);
        if (cell.anomalous) {
          found += cell.count;
        } else {
          wrong += weight * cell.count;
        }
      }
      area += (found - before) / anomalous * (found / (found + wrong));
    }
    return area;
  }
}
