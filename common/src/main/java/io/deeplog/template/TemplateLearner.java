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
   * @param content of the lines, without nulls
   * @param known templates learned before
   * @return the new templates, in the order of their text
   */
  static List<Template> learn(
      Dataset<String> content,
      List<Template> known,
      Miner miner,
      Masks masks,
      DrainMiner.Options options) {
    Dataset<MaskedLine> lines =
        content
            .mapPartitions(new MaskLines(masks), Encoders.STRING())
            .groupBy(functions.col("value").as("masked"))
            .count()
            .as(MaskedLine.ENCODER);
    if (!known.isEmpty()) {
      Broadcast<List<Template>> broadcast = Spark.broadcast(content.sparkSession(), known);
      lines = lines.filter(new Unknown(broadcast, miner, masks));
    }
    List<String> results =
        lines
            .groupByKey(new Leaf(miner), Encoders.STRING())
            .flatMapSortedGroups(
                new Column[] {functions.col("masked")}, new Mine(miner, options), Encoders.STRING())
            .distinct()
            .collectAsList();
    return miner.finish(results).stream().map(Template::of).toList();
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
}
