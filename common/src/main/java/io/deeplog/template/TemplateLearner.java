package io.deeplog.template;

import io.deeplog.spark.Spark;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.functions;

/**
 * Learns templates from content on Spark: masks, counts equal masked lines, and mines every leaf
 * group of lines in the order of their text. The templates are the same whatever the partitioning,
 * and equal to those of one miner that sees all lines.
 */
final class TemplateLearner {
  private TemplateLearner() {}

  /**
   * Learns the templates of the lines that no known template fits.
   *
   * @param content of the lines, without nulls; for a miner that follows their order, in one
   *     partition and in order
   * @param known templates learned before
   * @return the new templates, in the order of their text
   */
  static List<Template> learn(
      Dataset<String> content,
      List<Template> known,
      Miner miner,
      Masks masks,
      DrainMiner.Options options) {
    Dataset<String> masked = content.mapPartitions(new MaskLines(masks), Encoders.STRING());
    if (miner.followsOrder()) {
      Dataset<MaskedLine> lines =
          masked
              .select(functions.col("value").as("masked"), functions.lit(1L).as("count"))
              .as(MaskedLine.ENCODER);
      return miner.finish(
          unknown(lines, known, miner, masks)
              .mapPartitions(new MineInOrder(miner, options), Encoders.STRING())
              .collectAsList());
    }
    Dataset<MaskedLine> lines =
        masked.groupBy(functions.col("value").as("masked")).count().as(MaskedLine.ENCODER);
    List<String> results =
        unknown(lines, known, miner, masks)
            .groupByKey(new Leaf(miner), Encoders.STRING())
            .flatMapSortedGroups(
                new Column[] {functions.col("masked")}, new Mine(miner, options), Encoders.STRING())
            .distinct()
            .collectAsList();
    return miner.finish(results);
  }

  private static Dataset<MaskedLine> unknown(
      Dataset<MaskedLine> lines, List<Template> known, Miner miner, Masks masks) {
    return known.isEmpty()
        ? lines
        : lines.filter(new Unknown(Spark.broadcast(lines.sparkSession(), known), miner, masks));
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

  private static final class Unknown implements FilterFunction<MaskedLine> {
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
    public boolean call(MaskedLine line) {
      if (matcher == null) {
        matcher = miner.matcher(known.value(), masks);
      }
      return !matcher.matchesMasked(line.getMasked());
    }
  }

  private static final class Leaf implements MapFunction<MaskedLine, String> {
    private static final long serialVersionUID = 1L;
    private final Miner miner;

    Leaf(Miner miner) {
      this.miner = miner;
    }

    @Override
    public String call(MaskedLine line) {
      return miner.leaf(line.getMasked());
    }
  }

  private static final class Mine implements FlatMapGroupsFunction<String, MaskedLine, String> {
    private static final long serialVersionUID = 1L;
    private final Miner miner;
    private final DrainMiner.Options options;

    Mine(Miner miner, DrainMiner.Options options) {
      this.miner = miner;
      this.options = options;
    }

    @Override
    public Iterator<String> call(String leaf, Iterator<MaskedLine> lines) {
      TemplateMiner started = miner.start(options);
      lines.forEachRemaining(line -> started.add(line.getMasked(), line.getCount()));
      return started.templates().iterator();
    }
  }

  private static final class MineInOrder implements MapPartitionsFunction<MaskedLine, String> {
    private static final long serialVersionUID = 1L;
    private final Miner miner;
    private final DrainMiner.Options options;

    MineInOrder(Miner miner, DrainMiner.Options options) {
      this.miner = miner;
      this.options = options;
    }

    @Override
    public Iterator<String> call(Iterator<MaskedLine> lines) {
      TemplateMiner started = miner.start(options);
      lines.forEachRemaining(line -> started.add(line.getMasked(), line.getCount()));
      return started.templates().iterator();
    }
  }
}
