package io.deeplog.template;

import io.deeplog.spark.Spark;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Learns templates from content on Spark: every task masks its lines and counts the distinct ones
 * within a budget, the counts are merged as a tree, and what comes to the driver is within the same
 * budget. The templates are the same whatever the partitioning, and equal to those of one miner
 * that sees all lines.
 */
final class TemplateLearner {
  private TemplateLearner() {}

  /**
   * Learns the templates of the lines that no known template fits.
   *
   * @param content of the lines, without nulls; for a miner that follows their order, in one
   *     partition and in order
   * @param known templates learned before
   * @return the new templates
   */
  static List<Template> learn(
      Dataset<String> content,
      List<Template> known,
      Miner miner,
      Masks masks,
      MinerOptions options) {
    if (!miner.followsOrder()) {
      return SampledLearner.learn(
          learned -> sample(content, learned, miner, masks), known, miner, options);
    }
    Dataset<String> masked = content.mapPartitions(new MaskLines(masks), Encoders.STRING());
    Dataset<String> unknown =
        known.isEmpty()
            ? masked
            : masked.filter(
                new Unknown(Spark.broadcast(content.sparkSession(), known), miner, masks));
    return miner.finish(
        unknown.mapPartitions(new MineInOrder(miner, options), Encoders.STRING()).collectAsList());
  }

  private static LineSample sample(
      Dataset<String> content, List<Template> known, Miner miner, Masks masks) {
    Broadcast<List<Template>> broadcast =
        known.isEmpty() ? null : Spark.broadcast(content.sparkSession(), known);
    // As Spark holds it: most lines need not be made strings.
    return content
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(new Sample(broadcast, miner, masks))
        .treeAggregate(new LineSample(), LineSample::merge, LineSample::merge);
  }

  /** Counts the distinct masked lines of a part that no known template fits. */
  private static final class Sample implements FlatMapFunction<Iterator<InternalRow>, LineSample> {
    private static final long serialVersionUID = 1L;

    /** Lines remembered to be known; they come again and again. */
    private static final int REMEMBERED = 10_000;

    /** Null when nothing is known. */
    private final Broadcast<List<Template>> known;

    private final Miner miner;
    private final Masks masks;

    Sample(Broadcast<List<Template>> known, Miner miner, Masks masks) {
      this.known = known;
      this.miner = miner;
      this.masks = masks;
    }

    @Override
    public Iterator<LineSample> call(Iterator<InternalRow> content) {
      TemplateMatcher matcher = known == null ? null : miner.matcher(known.value(), masks);
      LineSample sample = new LineSample();
      Set<String> fits = new HashSet<>();
      ObjLongConsumer<String> taker =
          (masked, count) -> {
            if (matcher == null || sample.holds(masked)) {
              sample.add(masked, count);
            } else if (!fits.contains(masked)) {
              if (!matcher.matchesMasked(masked)) {
                sample.add(masked, count);
              } else if (fits.size() < REMEMBERED) {
                fits.add(masked);
              }
            }
          };
      // Most lines only count up what their shape has: their number is added when it is forgotten.
      LineShapes<long[]> shapes =
          new LineShapes<>(
              masks,
              shape -> {
                if (shape.kept() != null) {
                  taker.accept(shape.masked(null), shape.kept()[0]);
                }
              });
      while (content.hasNext()) {
        byte[] line = content.next().getUTF8String(0).getBytes();
        LineShapes.Shape<long[]> shape = shapes.of(line);
        if (!shape.isShared()) {
          taker.accept(shape.masked(new String(line, StandardCharsets.UTF_8)), 1);
        } else if (shape.kept() == null) {
          shape.keep(new long[] {1});
        } else {
          shape.kept()[0]++;
        }
      }
      shapes.forget();
      return Collections.singleton(sample).iterator();
    }
  }

  private static final class MaskLines implements MapPartitionsFunction<String, String> {
    private static final long serialVersionUID = 1L;
    private final Masks masks;

    MaskLines(Masks masks) {
      this.masks = masks;
    }

    @Override
    public Iterator<String> call(Iterator<String> content) {
      Masker masker = new Masker(masks);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return content.hasNext();
        }

        @Override
        public String next() {
          return masker.mask(content.next());
        }
      };
    }
  }

  private static final class Unknown implements FilterFunction<String> {
    private static final long serialVersionUID = 1L;
    private final Broadcast<List<Template>> known;
    private final Miner miner;
    private final Masks masks;
    private transient TemplateMatcher matcher;

    Unknown(Broadcast<List<Template>> known, Miner miner, Masks masks) {
      this.known = known;
      this.miner = miner;
      this.masks = masks;
    }

    @Override
    public boolean call(String masked) {
      if (matcher == null) {
        matcher = miner.matcher(known.value(), masks);
      }
      return !matcher.matchesMasked(masked);
    }
  }

  private static final class MineInOrder implements MapPartitionsFunction<String, String> {
    private static final long serialVersionUID = 1L;
    private final Miner miner;
    private final MinerOptions options;

    MineInOrder(Miner miner, MinerOptions options) {
      this.miner = miner;
      this.options = options;
    }

    @Override
    public Iterator<String> call(Iterator<String> lines) {
      TemplateMiner started = miner.start(options);
      lines.forEachRemaining(masked -> started.add(masked, 1));
      return started.templates().iterator();
    }
  }
}
